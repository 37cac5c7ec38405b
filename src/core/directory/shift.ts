import type { Instant } from '../instant.ts'
import type { CivilDay } from './civil.ts'
import { instantOf } from './civil.ts'
import type { Hours } from './directory.ts'

/** A shift as the rota office writes it: civil clock times, the night shift ending on the next day. */
export interface ShiftPattern extends Hours {
  readonly id: string
  readonly name: string
}

/** Half-open `[from, to)`. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

/**
 * Civil hours beginning on `day` as instants. The night that the clocks go forward is an hour shorter than its hours
 * say, the night they go back an hour longer: that is what the people on it work.
 */
export function spanOn(hours: Hours, day: CivilDay, zone: string): Span {
  const endDay = hours.to <= hours.from ? day + 1 : day
  return { from: instantOf(day, hours.from, zone), to: instantOf(endDay, hours.to, zone) }
}
