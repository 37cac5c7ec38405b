import { DAY, HOUR, type Instant, type Millis, SECOND } from '../../instant.ts'
import type { CallRecord } from '../../line/kit/call-record.ts'
import { MOVED } from '../clock-offset.ts'
import { type Civil, readCivil, type ZoneTable } from '../zone.ts'

/** What a call record says, with where and when it reached us. */
export interface CallFact {
  readonly feed: string
  readonly arrived: Instant
  readonly record: CallRecord
}

/** Buffers of exchanges hold a long week-end; a stamp further off than this has a wrong date. */
export const OLDEST: Millis = 8 * DAY
export const FUTURE: Millis = 26 * HOUR
/** Stamps this coarse, or coarser, are worse than the time the record arrived. */
export const COARSE: Millis = 6 * SECOND
/** When the exchange's clock showed `civil`; of two such hours the one nearest to the arrival. */
export function instantOf(civil: Civil, arrived: Instant, zone: ZoneTable): Instant {
  const at = zone.nearest(civil, arrived)
  // In the hour that spring skips, an exchange that was not put forward still shows it.
  return Number.isNaN(at) ? zone.nearest(civil + HOUR, arrived) - HOUR : at
}

/**
 * When somebody picked up, in our time, for one record on its own; `undefined` where its stamp or the exchange's clock
 * does not tell.
 * @param offset of the exchange's clock, milliseconds to add to its stamps
 */
export function pickedUp(call: ReadCall, zone: ZoneTable, offset: Millis | undefined): Instant | undefined {
  const end = instantOf(call.end, call.arrived, zone)
  if (offset === undefined || Number.isNaN(end)) return undefined
  const late = call.arrived - end - offset
  const precision = call.precision * SECOND
  if (late < -MOVED - precision || late > OLDEST) return undefined
  const prompt = precision >= COARSE && late <= precision + MOVED
  return (prompt ? call.arrived : end + offset) - call.talk * SECOND
}

/** A call record as far as figures need it, its stamp read as a civil time. */
export interface ReadCall {
  readonly feed: string
  readonly arrived: Instant
  /** When the call ended, by the exchange's own clock face; NaN when the record does not tell. */
  readonly end: Civil
  /** Seconds. */
  readonly talk: number
  readonly ring: number
  /** Enough of the caller to know a copy by; nothing to find anybody by. */
  readonly caller: number
  readonly called: string
  readonly dialled: string | undefined
  /** Between two telephones of the house, and not from a telephone to itself. */
  readonly internal: boolean
  /** By a person, not by voicemail. */
  readonly answered: boolean
  /** The line was engaged, as the exchange says outright. */
  readonly engaged: boolean
  /** Resolution of the stamp, seconds. */
  readonly precision: number
}

/** What a report needs of a call record; its stamp is civil time, and read near the time at which the record came. */
export function readCall({ feed, arrived, record }: CallFact, zone: ZoneTable): ReadCall {
  const talk = Math.round(record.talkSeconds ?? 0)
  const ring = Math.round(record.ringSeconds ?? 0)
  const stamp = record.end ?? record.start
  const civil = stamp === undefined ? Number.NaN : readCivil(stamp, zone.civil(arrived))
  return {
    feed,
    arrived,
    end: civil + (record.end === undefined ? (talk + ring) * SECOND : 0),
    talk,
    ring,
    caller: hash16(record.from),
    called: record.to,
    dialled: record.dialled,
    internal: record.internal && record.from !== record.to,
    answered: record.answered && !record.mailbox,
    engaged: record.engaged === true,
    precision: record.precisionSeconds,
  }
}

/** Enough of a caller to tell a copy of a record from another call; never printed (FNV-1a, folded to 16 bits). */
function hash16(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return ((hash >>> 16) ^ hash) & 0xffff
}
