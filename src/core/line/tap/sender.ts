import { z } from 'zod'
import { failed, ok, type Result } from '../../faults.ts'
import { CR, EOT } from '../kit/control-characters.ts'
import type { LineSender } from '../kit/sender.ts'
import { encodeTapBlocks } from './block.ts'

const TapRecord = z.strictObject({
  pagerId: z.string(),
  message: z.string().default(''),
  fields: z.array(z.string()).default([]),
})

/** A remote entry device: CR, log-on as PG1, the blocks of each page, EOT. */
export const tapSender: LineSender = {
  opening: Uint8Array.from('\r\x1bPG1\r', (c) => c.charCodeAt(0)),
  encode(record): Result<Uint8Array> {
    const parsed = TapRecord.safeParse(record)
    if (!parsed.success) return failed('record-invalid', z.prettifyError(parsed.error))
    const { pagerId, message, fields } = parsed.data
    return ok(Uint8Array.from(encodeTapBlocks([pagerId, message, ...fields]).flatMap((block) => [...block])))
  },
  closing: Uint8Array.of(EOT, CR),
}
