import { spawnSync } from 'node:child_process'

/** A page as multimon-ng prints it. */
export interface HeardPage {
  readonly baud: number
  readonly ric: number
  readonly function: number
  readonly type: 'tone' | 'numeric' | 'alpha'
  readonly text: string
}

/** Why tests and benches that need multimon-ng cannot run here, or nothing. */
export function multimonMissing(): string | undefined {
  return spawnSync('multimon-ng', ['-h']).error ? 'needs multimon-ng' : undefined
}

/** Runs multimon-ng over 16-bit samples at 22050 a second. */
export function multimon(samples: Int16Array, bauds: readonly number[]): HeardPage[] {
  const { stdout } = spawnSync(
    'multimon-ng',
    ['-q', ...bauds.flatMap((baud) => ['-a', `POCSAG${baud}`]), '-t', 'raw', '-'],
    { input: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), maxBuffer: 1 << 26 },
  )
  return stdout
    .toString('latin1')
    .split('\n')
    .flatMap((line) => {
      const m = /^POCSAG(\d+): Address: +(\d+) +Function: (\d) *(?:(Alpha|Numeric): +(.*))?$/.exec(line)
      if (!m) return []
      const text = (m[5] ?? '').replace(/(<(NUL|ETX|EOT|ETB|EM)>)+$/, '')
      const type = m[4] === 'Alpha' ? 'alpha' : m[4] === 'Numeric' ? 'numeric' : 'tone'
      return [
        {
          baud: Number(m[1]),
          ric: Number(m[2]),
          function: Number(m[3]),
          type,
          text: type === 'numeric' ? text.trimEnd() : text,
        } as const,
      ]
    })
}
