import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Instant } from '../core/instant.ts'
import type { Wire } from '../core/line/kit/protocol.ts'
import { beginsCapture, CAPTURE_ENDING, parseCaptureLine } from '../io/line/capture-format.ts'

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
  for await (const text of createInterface({ input: Readable.from(whole()) })) {
    const line = parseCaptureLine(text)
    first ??= line?.at
    if (line && first !== undefined && 'in' in line)
      yield { bytes: Uint8Array.from(Buffer.from(line.in, 'hex')), at: line.at - first, wire: line.wire }
  }
}

async function* chunksOf(file: string): AsyncGenerator<Uint8Array, undefined> {
  for await (const chunk of file === '-' ? process.stdin : createReadStream(file))
    yield Uint8Array.from(chunk as Buffer)
}
