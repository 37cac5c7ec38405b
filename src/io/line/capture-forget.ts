import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CapturedSpan, CaptureEraser } from '../../ports/capture.ts'
import { CAPTURE_ENDING, parseCaptureLine } from './capture-format.ts'

const CHUNK = 1 << 20
const HEX = /"(?:in|out)":"([0-9a-f]+)"/

/**
 * Writes noughts over what was heard within a span, in its place: the line that is being recorded goes on in the same file.
 * Done twice, it is the same.
 */
export function captureEraser(folder: string): CaptureEraser {
  return {
    async forget(spans) {
      const names = await readdir(folder).catch((): string[] => [])
      for (const name of names.filter((one) => one.endsWith(CAPTURE_ENDING))) {
        const own = spans.filter(({ feed }) => name.startsWith(`${feed}.`))
        if (own.length > 0) await blank(join(folder, name), own)
      }
    },
  }
}

async function blank(path: string, spans: readonly CapturedSpan[]): Promise<void> {
  const file = await open(path, 'r+').catch(() => undefined)
  // It has had its keep time meanwhile.
  if (file === undefined) return
  try {
    let [rest, at, changed] = ['', 0, false]
    for (let read = 0; ; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, read)
      if (bytesRead === 0) break
      read += bytesRead
      // Captures are plain ASCII: a letter is a byte.
      const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const hex = wanted(line, spans)
        if (hex !== undefined) {
          await file.write('0'.repeat(hex.length), at + hex.at, 'latin1')
          changed = true
        }
        at += line.length + 1
      }
    }
    if (changed) await file.sync()
  } finally {
    await file.close()
  }
}

function wanted(line: string, spans: readonly CapturedSpan[]) {
  const found = HEX.exec(line)
  const parsed = found === null ? undefined : parseCaptureLine(line)
  if (found === null || parsed === undefined) return undefined
  if (!spans.some(({ from, to }) => parsed.at >= from && parsed.at <= to)) return undefined
  const [whole, hex = ''] = found
  return { at: found.index + whole.length - 1 - hex.length, length: hex.length }
}
