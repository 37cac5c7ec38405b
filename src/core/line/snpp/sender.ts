import { z } from 'zod'
import { failed, ok, type Result } from '../../faults.ts'
import type { LineSender } from '../kit/sender.ts'
import { FIELD_OF, PAGER_ID } from './draft.ts'

const COMMAND_OF = Object.entries(FIELD_OF).map(([verb, field]) => [field, verb] as const)

/** A command's value is one line of printable characters with none but single spaces at its ends to lose. */
const value = z.string().regex(/^[^\p{Cc}\s](?:[^\p{Cc}]*[^\p{Cc}\s])?$/u)

const SnppRecord = z.strictObject({
  pagerId: z.string().regex(PAGER_ID),
  message: z
    .string()
    .min(1)
    .regex(/^(?:[^\p{Cc}]|[\n\t])*$/u),
  ...Object.fromEntries(COMMAND_OF.map(([field]) => [field, value.optional()])),
})

/** A client of RFC 1861 that pages and leaves, without waiting for our answers. */
export const snppSender: LineSender = {
  opening: new Uint8Array(),
  encode(record): Result<Uint8Array> {
    const parsed = SnppRecord.safeParse(record)
    if (!parsed.success) return failed('record-invalid', z.prettifyError(parsed.error))
    const { pagerId, message } = parsed.data
    const given = z.record(z.string(), z.string()).parse(record)
    const set = COMMAND_OF.flatMap(([field, verb]) =>
      given[field] === undefined ? [] : [`${verb} ${given[field]}`],
    )
    return ok(bytesOf([`PAGE ${pagerId}`, ...set, ...messageLines(message), 'SEND']))
  },
  closing: bytesOf(['QUIT']),
}

/** MESS for what one command can carry; else DATA, in which a dot that begins a line is doubled. */
function messageLines(message: string): readonly string[] {
  if (value.safeParse(message).success) return [`MESS ${message}`]
  return ['DATA', ...message.split('\n').map((line) => (line.startsWith('.') ? `.${line}` : line)), '.']
}

function bytesOf(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''))
}
