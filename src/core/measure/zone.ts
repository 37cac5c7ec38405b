import { Temporal } from 'temporal-polyfill'
import { DAY, HOUR, type Instant, type Millis } from '../instant.ts'

/** A civil time as if it were UTC, milliseconds: what a wall clock shows, without saying where. */
export type Civil = number

/**
 * The offsets of a zone over a span, looked up once, so that turning millions of call records into instants need not
 * ask the calendar each time.
 */
export interface ZoneTable {
  civil(at: Instant): Civil
  /**
   * The instant at which the zone's clocks show `civil`: of the two in the repeated hour the one nearest to `near`, in the
   * skipped hour NaN.
   */
  nearest(civil: Civil, near: Instant): Instant
}

interface Stretch {
  readonly from: Instant
  readonly offset: Millis
}

export function zoneTable(zone: string, from: Instant, to: Instant): ZoneTable {
  const stretches = stretchesOf(zone, from - 2 * DAY, to + 2 * DAY)
  const offsets = [...new Set(stretches.map((s) => s.offset))]
  // Spans are read in order, so the last answer is nearly always the next one.
  let last = 0
  const offsetAt = (at: Instant): Millis => {
    const within = (i: number): boolean =>
      at >= (i === 0 ? Number.NEGATIVE_INFINITY : stretches[i]!.from) &&
      at < (stretches[i + 1]?.from ?? Number.POSITIVE_INFINITY)
    if (!within(last)) last = stretches.findIndex((_, i) => within(i))
    return stretches[last]!.offset
  }
  return {
    civil: (at) => at + offsetAt(at),
    nearest(civil, near) {
      if (offsets.length === 1) return civil - offsets[0]!
      let best = Number.NaN
      for (const offset of offsets) {
        const at = civil - offset
        if (offsetAt(at) !== offset) continue
        if (Number.isNaN(best) || Math.abs(near - at) < Math.abs(near - best)) best = at
      }
      return best
    },
  }
}

function stretchesOf(zone: string, from: Instant, to: Instant): Stretch[] {
  let at = Temporal.Instant.fromEpochMilliseconds(Math.floor(from)).toZonedDateTimeISO(zone)
  const out: Stretch[] = [{ from: at.epochMilliseconds, offset: at.offsetNanoseconds / 1e6 }]
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (next === null || next.epochMilliseconds > to) return out
    out.push({ from: next.epochMilliseconds, offset: next.offsetNanoseconds / 1e6 })
    at = next
  }
}

const digits = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48
  const units = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN
}

/**
 * Reads `YYYY-MM-DDTHH:MM[:SS]`, `--MM-DDTHH:MM[:SS]` or `THH:MM[:SS]` as a civil time; NaN for anything else. Without a
 * year, it is the one nearest to `near`; without a date, the day is the
 * one that puts it nearest to, and not more than an hour after, `near`: a record is printed when its call ends.
 */
export function readCivil(text: string, near: Civil): Civil {
  const t = text.indexOf('T')
  const time = t < 0 ? Number.NaN : timeOfDay(text, t + 1)
  if (t === 0) {
    const today = Math.floor(near / DAY) * DAY + time
    if (today - near > HOUR) return today - DAY
    return near - today > DAY - HOUR ? today + DAY : today
  }
  if (t === 7 && text.startsWith('--')) return nearestYear(digits(text, 2), digits(text, 5), time, near)
  if (t !== 10) return Number.NaN
  const year = digits(text, 0) * 100 + digits(text, 2)
  const [month, day] = [digits(text, 5), digits(text, 8)]
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN
  return Date.UTC(year, month - 1, day) + time
}

/** A stamp without year lies in the year that brings it nearest: a record of New Year's Eve may arrive in January. */
function nearestYear(month: number, day: number, time: Millis, near: Civil): Civil {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31)) return Number.NaN
  const year = new Date(near).getUTCFullYear()
  const inYear = (y: number): Civil => Date.UTC(y, month - 1, day) + time
  return [year - 1, year + 1].reduce(
    (best, y) => (Math.abs(inYear(y) - near) < Math.abs(best - near) ? inYear(y) : best),
    inYear(year),
  )
}

function timeOfDay(text: string, at: number): Millis {
  const [hour, minute] = [digits(text, at), digits(text, at + 3)]
  const second = text.length > at + 5 ? digits(text, at + 6) : 0
  return hour < 24 && minute < 60 && second < 60 ? ((hour * 60 + minute) * 60 + second) * 1000 : Number.NaN
}
