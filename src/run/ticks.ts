import type { Instant, Millis } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * How long something takes, or how old what was found is: the difference of two of these. Wall time says nothing of that
 * where a clock may step: an hour forwards makes everything stale, an hour back keeps it fresh for an hour.
 */
export const ticks = (clock: Clock): Millis => clock.ticks?.() ?? clock.now()

/** Clocks that part by more than this between two looks have stepped. */
const STEPPED: Millis = 500

/**
 * For what keeps instants: each call tells `move` of a step since the last one.
 * @param move given the step (positive: forwards), the earliest instant that the clock as it is now can have given since, and now
 */
export function followSteps<T>(
  clock: Clock,
  move: (kept: T, by: Millis, from: Instant, at: Instant) => void,
): (kept: T) => void {
  let seen = { at: clock.now(), ticks: ticks(clock) }
  return (kept) => {
    const now = { at: clock.now(), ticks: ticks(clock) }
    const by = now.at - seen.at - (now.ticks - seen.ticks)
    if (Math.abs(by) > STEPPED) move(kept, by, seen.at + by, now.at)
    seen = now
  }
}
