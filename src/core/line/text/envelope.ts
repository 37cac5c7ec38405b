import { z } from 'zod'
import { readJson } from '../../json.ts'

/** A container's log, and the journal, which writes what holds control characters as a list of bytes. */
const envelope = z.union([
  z.object({ log: z.string() }).transform(({ log }) => log),
  z.object({ MESSAGE: z.string() }).transform(({ MESSAGE }) => MESSAGE),
  z
    .object({ MESSAGE: z.array(z.number().int().min(0).max(255)) })
    .transform(({ MESSAGE }) => new TextDecoder().decode(Uint8Array.from(MESSAGE))),
])

/** The line that a log has put into an object of its own; any other line as it is. */
export function outOfEnvelope(line: string): string {
  if (!line.startsWith('{')) return line
  return envelope.safeParse(readJson(line)).data?.replace(/\r?\n$/, '') ?? line
}
