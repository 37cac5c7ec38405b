import { z } from 'zod'
import { failed, ok, type Result } from '../../faults.ts'
import { EOT } from '../kit/control-characters.ts'
import type { LineSender } from '../kit/sender.ts'
import { encodeBlock } from './block.ts'
import { HEADER, RECORD_NAMES } from './records.ts'

const Record_ = z.strictObject({
  header: z.string().min(1).default(HEADER.callToPager),
  ...Object.fromEntries(Object.values(RECORD_NAMES).map((name) => [name, z.string().optional()])),
  other: z.record(z.string().min(1), z.string()).default({}),
})

/** A switchboard with a call: EOT, self-poll, select of station 2, block, EOT. Records go out in the order given. */
export const espa444Sender: LineSender = {
  opening: new Uint8Array(),
  encode(record): Result<Uint8Array> {
    const parsed = Record_.safeParse(record)
    if (!parsed.success) return failed('record-invalid', z.prettifyError(parsed.error))
    const { header, other } = parsed.data
    const given = Object.entries(record as Record<string, string>).filter(
      ([name]) => name !== 'header' && name !== 'other',
    )
    const others = Object.entries(other).map(([identifier, value]) => [`other.${identifier}`, value])
    const block = encodeBlock(Object.fromEntries([['header', header], ...given, ...others]))
    return ok(Uint8Array.from([...SELECT, ...block, EOT]))
  },
  closing: new Uint8Array(),
}

/** EOT, `1 ENQ`, `2 ENQ`. */
const SELECT = [0x04, 0x31, 0x05, 0x32, 0x05] as const
