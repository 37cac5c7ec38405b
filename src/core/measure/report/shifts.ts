import { dayAt, instantOf } from '../../directory/civil.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../../instant.ts'

/** Civil working hours in the site's zone, half-open; `to` at or before `from` ends on the next day. */
export interface ShiftHours {
  readonly name: string
  readonly from: string
  readonly to: string
  /** Only for this staff group; absent: for every group that has no hours of its own. */
  readonly staffGroup?: string
  /** Nurses on one ward in this shift: what a ward's waiting is shared among. */
  readonly nurses?: number
}

/** The usual pattern where a site has not said otherwise. */
export const USUAL_SHIFTS: readonly ShiftHours[] = [
  { name: 'day', from: '08:00', to: '20:00' },
  { name: 'night', from: '20:00', to: '08:00' },
]

export interface ShiftSpan {
  readonly name: string
  readonly from: Instant
  readonly to: Instant
}

/** Shifts of one staff group over a span, prepared so that millions of look-ups are cheap. */
export interface ShiftPlan {
  /** The shift a bleep at this instant fell into; where two overlap at hand-over, the one that began first. */
  at(instant: Instant): ShiftSpan | undefined
  readonly names: readonly string[]
  /** How many shifts of this name lie between two instants, parts counting as parts. */
  held(name: string, from: Instant, to: Instant): number
}

/**
 * The shifts as they were worked: on the night that the clocks go forward an hour shorter than their hours say, on the
 * night they go back an hour longer.
 */
export function shiftPlan(
  hours: readonly ShiftHours[],
  staffGroup: string | undefined,
  zone: string,
  from: Instant,
  to: Instant,
): ShiftPlan {
  const own = hours.filter((h) => h.staffGroup !== undefined && h.staffGroup === staffGroup)
  const used = own.length > 0 ? own : hours.filter((h) => h.staffGroup === undefined)
  const spans = spansOf(used, zone, from, to)
  let last = 0
  return {
    names: used.map((h) => h.name),
    at(instant) {
      const known = spans[last]
      const held = known && instant >= known.from && instant < known.to
      const ruled = held && !(spans[last - 1] && instant < spans[last - 1]!.to)
      if (ruled) return known
      last = spans.findIndex((s) => instant >= s.from && instant < s.to)
      return spans[last]
    },
    held: (name, begin, end) =>
      spans
        .filter((s) => s.name === name)
        .reduce((sum, s) => sum + overlap(s, begin, end) / Math.max(MINUTE, s.to - s.from), 0),
  }
}

/** Shifts of any staff group that ended after `from` and not after `to`, each once. */
export function shiftsEnded(
  hours: readonly ShiftHours[],
  zone: string,
  from: Instant,
  to: Instant,
): readonly ShiftSpan[] {
  const ended = spansOf(hours, zone, from - DAY, to).filter((s) => s.to > from && s.to <= to)
  return ended.filter(
    (s, i) => ended.findIndex((o) => o.name === s.name && o.from === s.from && o.to === s.to) === i,
  )
}

function spansOf(hours: readonly ShiftHours[], zone: string, from: Instant, to: Instant): ShiftSpan[] {
  const out: ShiftSpan[] = []
  for (let day = dayAt(from, zone) - 1; day <= dayAt(to, zone); day++)
    for (const h of hours) {
      const span = {
        name: h.name,
        from: instantOf(day, h.from, zone),
        to: instantOf(h.to <= h.from ? day + 1 : day, h.to, zone),
      }
      if (span.from < to && span.to > from) out.push(span)
    }
  return out.sort((a, b) => a.from - b.from)
}

const overlap = (span: ShiftSpan, from: Instant, to: Instant): Millis =>
  Math.max(0, Math.min(span.to, to) - Math.max(span.from, from))
