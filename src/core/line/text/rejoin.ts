import { given } from '../../given.ts'
import type { TextRecord } from './framer.ts'
import type { Taken } from './gather.ts'
import type { TextOptions } from './options.ts'
import type { TextReader } from './read.ts'

/** A record that a pause ended, and the page that was given out of it, if any. */
export interface Cut {
  readonly record: TextRecord
  readonly ref?: number
}

/** What would do as a page of its own is the rest of one only behind no longer stall than networks make. Milliseconds. */
const STALL = 2000

/**
 * The line that a pause cut in two, as one, where what came behind the pause is its rest and no record by itself: it
 * fits nothing, or it names nobody and has the end that the first part lacks. In doubt they are two calls.
 */
export function rejoin(record: TextRecord, cut: Cut, reader: TextReader, o: TextOptions): Taken | undefined {
  const { framing } = o
  // Either way: behind a clock that was set back lies a record of its own.
  const pause = Math.abs(record.first - cut.record.last)
  if (pause > framing.giveUp) return undefined
  const body = Uint8Array.from([...cut.record.body, ...record.body])
  if (body.length > framing.maxLength) return undefined
  const whole = { ...record, body, first: cut.record.first }
  const reading = reader.read(reader.text(whole))
  if (reading === undefined || reading === 'noise') return undefined
  if (reading.rule.role === 'log' || reading.rule.continues) return undefined
  const alone = record.body.length === 0 ? undefined : reader.read(reader.text(record))
  const stalled = record.terminated && pause <= STALL
  if (alone === 'noise' ? cut.ref !== undefined : alone && (alone.groups.address !== undefined || !stalled))
    return undefined
  return { reading, record: whole, ...given({ improves: cut.ref }) }
}
