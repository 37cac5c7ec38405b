import type { Instant, Millis } from './instant.ts'

/** Where wall time was last tied to the monotonic clock. */
export interface Anchor {
  readonly wall: Instant
  readonly monotonic: Millis
}

export interface Reading {
  /** What the system says the time is. */
  readonly wall: Instant
  /** Milliseconds since some fixed point; never steps back. */
  readonly monotonic: Millis
}

/** Beyond this the system clock has stepped and we follow it; below it we go on smoothly (clock discipline by NTP). */
const STEP: Millis = 500

/**
 * The steady clock. Wall time is read once and then advanced by the monotonic clock; when the system clock steps, it
 * is read again. `jump` is how far it stepped (positive: forwards), for the audit.
 */
export function steady(anchor: Anchor, reading: Reading): { anchor: Anchor; now: Instant; jump?: Millis } {
  const now = anchor.wall + (reading.monotonic - anchor.monotonic)
  const off = reading.wall - now
  if (Math.abs(off) < STEP) return { anchor, now }
  return { anchor: reading, now: reading.wall, jump: off }
}
