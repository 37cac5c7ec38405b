import { Temporal } from 'temporal-polyfill'
import { type Instant, MINUTE } from '../instant.ts'
import type { Hours } from './directory.ts'

/** A civil date as days since 1970-01-01: counts and compares as a whole number, knows no zone. */
export type CivilDay = number

const EPOCH = Temporal.PlainDate.from('1970-01-01')
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/
const DATE = /^\d{4}-\d\d-\d\d$/

/** True for `HH:MM` from 00:00 to 23:59. */
export function isClock(text: string): boolean {
  return CLOCK.test(text)
}

/** Reads `YYYY-MM-DD`; `undefined` for anything else, and for dates that no calendar has. */
export function parseDay(text: string): CivilDay | undefined {
  if (!DATE.test(text)) return undefined
  try {
    return EPOCH.until(Temporal.PlainDate.from(text, { overflow: 'reject' })).days
  } catch {
    return undefined
  }
}

/** As ISO 8601 has it: `2026-11-30`. */
export function printDay(day: CivilDay): string {
  return dateOf(day).toString()
}

/** ISO weekday: 1 Monday … 7 Sunday. 1970-01-01 was a Thursday. */
export function weekday(day: CivilDay): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

const DAYS_KEPT = 512
const days = new Map<string, CivilDay>()

/**
 * The civil day it is in `zone` at an instant. Answers are kept by the minute, because each role of a rota asks about the
 * same few instants. A day always begins on a whole minute of universal time: the last offset with seconds went in 1972.
 */
export function dayAt(at: Instant, zone: string): CivilDay {
  const key = `${Math.floor(at / MINUTE)} ${zone}`
  const known = days.get(key)
  if (known !== undefined) return known
  const here = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone)
  const day = EPOCH.until(here.toPlainDate()).days
  if (days.size >= DAYS_KEPT) days.clear()
  days.set(key, day)
  return day
}

/** The civil clock time `HH:MM` it is in `zone` at an instant, seconds cut. */
export function clockAt(at: Instant, zone: string): string {
  const here = Temporal.Instant.fromEpochMilliseconds(Math.floor(at)).toZonedDateTimeISO(zone)
  return here.toPlainTime().toString({ smallestUnit: 'minute' })
}

/**
 * The instant a wall clock in `zone` shows `clock` on `day`. A time that the spring change skips is read as the same
 * time after the change. A time that the autumn change repeats is read as its first occurrence. So two spans that
 * meet in the rota also meet in time.
 */
export function instantOf(day: CivilDay, clock: string, zone: string): Instant {
  return dateOf(day)
    .toPlainDateTime(Temporal.PlainTime.from(clock))
    .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

/** {@link instantOf} for a clock's face with seconds: milliseconds since 1970-01-01 00:00 by that clock. */
export function instantOfFace(face: number, zone: string): Instant {
  return Temporal.Instant.fromEpochMilliseconds(face)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
}

const IANA = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/

/**
 * Whether `zone` is a name of the IANA list, by the judge that every civil time here goes by: what passes cannot fail
 * later. `BST` and plain offsets are none.
 */
export function isZone(zone: string): boolean {
  if (!IANA.test(zone)) return false
  try {
    instantOfFace(0, zone)
    return true
  } catch {
    return false
  }
}

/** True when `clock` lies in half-open civil hours; hours with equal ends are the whole day. */
export function withinHours(hours: Hours, clock: string): boolean {
  if (hours.from === hours.to) return true
  return hours.from < hours.to
    ? clock >= hours.from && clock < hours.to
    : clock >= hours.from || clock < hours.to
}

function dateOf(day: CivilDay): Temporal.PlainDate {
  return EPOCH.add({ days: day })
}
