import { type Millis, SECOND } from '../../core/instant.ts'

/** How much is brought back at once, and how long paging stands still for it at most. */
export interface Pace {
  /** Bleeps, and entries of the audit, in one turn. */
  readonly bleeps: number
  readonly within: Millis
  /** For the last turn, which cannot be divided. */
  readonly lastWithin: Millis
}

/** Pages that come meanwhile wait no longer than a sender does. */
export const AT_FIRST: Pace = { bleeps: 50, within: 2 * SECOND, lastWithin: 2 * SECOND }
export const LONGEST: Millis = 20 * SECOND
const QUICK: Millis = SECOND

/** A turn that failed was too much for the database or for this machine: the next one is half of it. One bleep gets more time. */
export function afterFailure(pace: Pace, last: boolean): Pace {
  if (last) return { ...pace, lastWithin: twice(pace.lastWithin) }
  return pace.bleeps > 1
    ? { ...pace, bleeps: Math.ceil(pace.bleeps / 2) }
    : { ...pace, within: twice(pace.within) }
}

/** Only a turn that went quickly is followed by a larger one. */
export function afterTurn(pace: Pace, took: Millis): Pace {
  if (took > QUICK) return pace
  const bleeps = Math.min(AT_FIRST.bleeps, pace.bleeps + Math.ceil(pace.bleeps / 4))
  return { ...pace, bleeps, within: AT_FIRST.within }
}

const twice = (within: Millis): Millis => Math.min(LONGEST, within * 2)
