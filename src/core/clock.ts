import type { Instant, Millis } from './instant.ts'

/** Where wall time was last tied to the monotonic clock. */
export interface Anchor {
  readonly wall: Instant
  readonly monotonic: Millis
  /** How far the system clock is known to be off, where we do not follow it. Absent: we follow. */
  readonly stray?: Millis
}

export interface Reading {
  /** What the system says the time is. */
  readonly wall: Instant
  /** Milliseconds since some fixed point; never steps back. */
  readonly monotonic: Millis
}

/** Beyond this the system clock has stepped and we follow it; below it we go on smoothly (clock discipline by NTP). */
const STEP: Millis = 500
/** Nodes that keep time by NTP differ by less, and need not agree any better than they do. */
const APART: Millis = 1000

interface Steady {
  readonly anchor: Anchor
  readonly now: Instant
  /** How far the system clock stepped (positive: forwards), for the audit. */
  readonly jump?: Millis
}

const at = ({ wall, monotonic }: Anchor, reading: Reading): Instant => wall + (reading.monotonic - monotonic)

/**
 * The steady clock. Wall time is read once and then advanced by the monotonic clock; when the system clock steps, it
 * is read again. Where several nodes share a database a step is not followed: two nodes that disagree on the time would
 * take one call for two. Its clock says what is right (`agree`).
 */
export function steady(anchor: Anchor, reading: Reading): Steady {
  const now = at(anchor, reading)
  const jump = reading.wall - now - (anchor.stray ?? 0)
  if (Math.abs(jump) < STEP) return { anchor, now }
  if (anchor.stray === undefined) return { anchor: reading, now: reading.wall, jump }
  return { anchor: { ...anchor, stray: reading.wall - now }, now, jump }
}

/** Time as the shared database tells it: ours, unless it is further off than nodes may be. From here on a step is not followed. */
export function agree(anchor: Anchor, reading: Reading, shared: Instant): Steady {
  const now = at(anchor, reading)
  const jump = shared - now
  if (Math.abs(jump) < APART) return { anchor: { ...anchor, stray: reading.wall - now }, now }
  return {
    anchor: { wall: shared, monotonic: reading.monotonic, stray: reading.wall - shared },
    now: shared,
    jump,
  }
}
