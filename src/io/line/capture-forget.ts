import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CapturedSpan, CaptureEraser, CaptureKeys } from '../../ports/capture.ts'
import { CAPTURE_ENDING, type CaptureLine, parseCaptureLine, printCaptureLine } from './capture-format.ts'
import { inRoom, keyName, type SealedLine } from './capture-seal.ts'

const CHUNK = 1 << 20

/**
 * Writes noughts over what was heard within a span, in its place: the line that is being recorded goes on in the same file.
 * Where captures are sealed, what else stands under the same keys is sealed under others first. Done twice, it is the same.
 * @param keys absent: what else stands under the same keys goes with them
 */
export function captureEraser(folder: string, keys?: CaptureKeys): CaptureEraser {
  return {
    async forget(spans) {
      const names = await readdir(folder).catch((): string[] => [])
      const gone = new Set<string>()
      for (const name of names.filter((one) => one.endsWith(CAPTURE_ENDING))) {
        const own = spans.filter(({ feed }) => name.startsWith(`${feed}.`))
        if (own.length > 0) for (const key of await blank(join(folder, name), own, keys)) gone.add(key)
      }
      return [...gone]
    },
  }
}

/** Names of the keys under which something was that goes. */
async function blank(
  path: string,
  spans: readonly CapturedSpan[],
  keys: CaptureKeys | undefined,
): Promise<ReadonlySet<string>> {
  const file = await open(path, 'r+').catch(() => undefined)
  // It has had its keep time meanwhile.
  if (file === undefined) return new Set()
  const isWanted = ({ at }: CaptureLine) => spans.some(({ from, to }) => at >= from && at <= to)
  try {
    const gone = new Set<string>()
    for await (const { line } of linesOf(file)) if ('key' in line && isWanted(line)) gone.add(keyName(line))
    let changed = false
    for await (const { line, at, length } of linesOf(file)) {
      const anew = isWanted(line)
        ? noughts(line)
        : 'key' in line && gone.has(keyName(line))
          ? await sealedAnew(line, keys)
          : undefined
      const text = anew && printCaptureLine(anew)
      // A letter is a byte, and no line may grow into the next.
      if (text?.length !== length) continue
      await file.write(text, at, 'latin1')
      changed = true
    }
    if (changed) await file.sync()
    return gone
  } finally {
    await file.close()
  }
}

/** Captures are plain ASCII: a letter is a byte. */
async function* linesOf(file: FileHandle) {
  let [rest, at] = ['', 0]
  for (let read = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, read)
    if (bytesRead === 0) return
    read += bytesRead
    const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      const line = parseCaptureLine(text)
      if (line !== undefined) yield { line, at, length: text.length + 1 }
      at += text.length + 1
    }
  }
}

function noughts(line: CaptureLine): CaptureLine | undefined {
  if ('in' in line) return { ...line, in: '0'.repeat(line.in.length) }
  if ('out' in line) return { ...line, out: '0'.repeat(line.out.length) }
  // Nothing in base64.
  return 'sealed' in line ? { ...line, sealed: 'A'.repeat(line.sealed.length) } : undefined
}

async function sealedAnew(line: SealedLine, keys: CaptureKeys | undefined): Promise<CaptureLine | undefined> {
  const bytes = await keys?.open(keyName(line), line.sealed)
  const fresh = bytes && keys?.fresh()
  const sealed = fresh && keys?.seal(fresh, bytes)
  return fresh && sealed ? { ...line, key: inRoom(fresh), sealed } : undefined
}
