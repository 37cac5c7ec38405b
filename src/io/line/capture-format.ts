import { z } from 'zod'
import { readJson } from '../../core/json.ts'

/**
 * A capture is a text file of JSON objects, one a line, in order of time (hardware/README.md describes it):
 * `at` in milliseconds since 1970, `wire`, and one of `in` (heard) or `out` (written), in hexadecimal, or `event`. Where
 * `encryption` is set, `of` says which of the two it is, and the bytes are `sealed` under `key`.
 */
const captureLine = z.union([
  z.strictObject({ at: z.number(), wire: z.enum(['a', 'b']), in: z.hex() }),
  z.strictObject({ at: z.number(), wire: z.enum(['a', 'b']), out: z.hex() }),
  z.strictObject({
    ...{ at: z.number(), wire: z.enum(['a', 'b']), of: z.enum(['in', 'out']) },
    ...{ key: z.string(), sealed: z.base64() },
  }),
  z.strictObject({ at: z.number(), wire: z.enum(['a', 'b']), event: z.enum(['opened', 'closed']) }),
])

export type CaptureLine = z.infer<typeof captureLine>

/** How the files of captures end. */
export const CAPTURE_ENDING = '.capture.jsonl'

/** Whether a file is a capture, by how it begins: people rename files, and its letters are no bytes of a line. */
export function beginsCapture(head: Uint8Array): boolean {
  return /^\{"at":[\d.]+,"wire":"[ab]",/.test(Buffer.from(head.subarray(0, 64)).toString('latin1'))
}

export function printCaptureLine(line: CaptureLine): string {
  return `${JSON.stringify(line)}\n`
}

/** One line of a capture file, or `undefined` when it is none: the last line of a file cut short, for example. */
export function parseCaptureLine(text: string): CaptureLine | undefined {
  const parsed = captureLine.safeParse(readJson(text))
  return parsed.success ? parsed.data : undefined
}
