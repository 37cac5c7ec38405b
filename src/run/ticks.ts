import type { Millis } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'

/**
 * How long something takes, or how old what was found is: the difference of two of these. Wall time says nothing of that
 * where a clock may step: an hour forwards makes everything stale, an hour back keeps it fresh for an hour.
 */
export const ticks = (clock: Clock): Millis => clock.ticks?.() ?? clock.now()
