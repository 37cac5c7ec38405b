import { z } from 'zod'
import type { Page } from '../../bleep/bleep.ts'
import { failed, type Result } from '../../faults.ts'
import type { LineSender } from '../kit/sender.ts'
import type { TextOptions } from './options.ts'
import { sendBytes } from './send.ts'

/** What `bleepd decode --as text` prints for a page; `type` is told by the text where it is missing. */
const printed = z
  .object({
    address: z.string().optional(),
    function: z.number().int().min(0).max(9).optional(),
    type: z.enum(['tone', 'numeric', 'alpha']).optional(),
    text: z.string().default(''),
  })
  .catchall(z.union([z.string(), z.boolean()]))

/** An encoder link's sender by its profile, for simulators and `bleepd encode`. */
export function textSender(options: TextOptions): LineSender {
  return {
    opening: new Uint8Array(),
    encode(record): Result<Uint8Array> {
      const parsed = printed.safeParse(record)
      if (!parsed.success) return failed('record-invalid', z.prettifyError(parsed.error))
      const { text, type, function: fn, ...rest } = parsed.data
      const fields: Record<string, string> = {}
      for (const [name, value] of Object.entries(rest)) if (value !== undefined) fields[name] = String(value)
      if (fn !== undefined) fields.function = String(fn)
      const page: Page = {
        to: { scheme: 'number', number: fields.address ?? '' },
        type: type ?? (text === '' ? 'tone' : 'alpha'),
        text,
        quality: 'clean',
        corrected: 0,
        fields,
        firstByte: 0,
        lastByte: 0,
      }
      return sendBytes(page, options)
    },
    closing: new Uint8Array(),
  }
}
