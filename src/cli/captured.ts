import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { say } from '../core/catalogue/say.ts'
import type { Instant } from '../core/instant.ts'
import type { Wire } from '../core/line/kit/protocol.ts'
import { beginsCapture, CAPTURE_ENDING, parseCaptureLine } from '../io/line/capture-format.ts'
import { heardIn } from '../io/line/capture-seal.ts'
import type { CaptureKeys } from '../ports/capture.ts'

export interface CapturedBytes {
  readonly bytes: Uint8Array
  /** Milliseconds since the first line of the capture; 0 for bytes that came without times. */
  readonly at: Instant
  readonly wire?: Wire
}

/** What a capture heard, with its times and both wires; any other file, or standard input (`-`), as it comes, all at once. */
export async function* captured(file: string): AsyncGenerator<CapturedBytes> {
  const chunks = chunksOf(file)
  const head = await chunks.next()
  if (head.done) return
  if (!file.endsWith(CAPTURE_ENDING) && !beginsCapture(head.value)) {
    yield { bytes: head.value, at: 0 }
    for await (const bytes of chunks) yield { bytes, at: 0 }
    return
  }
  async function* whole() {
    yield head.value
    yield* chunks
  }
  let first: number | undefined
  let keys: CaptureKeys | undefined
  let unread = 0
  for await (const text of createInterface({ input: Readable.from(whole()) })) {
    const line = parseCaptureLine(text)
    if (line === undefined) continue
    first ??= line.at
    if ('key' in line) keys ??= await openKeys()
    const hex = await heardIn(line, keys)
    if (hex !== undefined)
      yield { bytes: Uint8Array.from(Buffer.from(hex, 'hex')), at: line.at - first, wire: line.wire }
    else if ('key' in line && line.of === 'in') unread += 1
  }
  // What was erased is gone for good; a capture of which nothing can be opened was brought where the keys are not.
  if (unread > 0) process.stderr.write(`${say('cli.captureUnread', { unread })}\n`)
}

/** The keys of the daemon whose configuration is found here, for a capture that is sealed. */
async function openKeys(): Promise<CaptureKeys> {
  const { configured } = await import('./beside.ts')
  const { openWordKeys } = await import('../app/word-keys.ts')
  const { captureKeys } = await import('../io/store/capture-keys.ts')
  const whole = configured(undefined)
  const keys = typeof whole === 'number' ? undefined : await openWordKeys(whole, Date.now(), false)
  const found = keys && captureKeys(keys)
  if (found === undefined) throw new Error(say('cli.captureSealed'))
  return found
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of file === '-' ? process.stdin : createReadStream(file))
    yield Uint8Array.from(chunk as Buffer)
}
