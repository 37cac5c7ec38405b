import type { Instant, Millis } from '../core/instant.ts'

/** The one source of time for every loop; adapters are the steady system clock and, in tests, a virtual one. */
export interface Clock {
  now(): Instant
  /** Milliseconds since some fixed point, which no step of the system's clock touches. Absent: `now` never steps. */
  ticks?(): Millis
  /** Runs once after at least `ms`; `run` must not throw. Zero or less means as soon as the caller has returned. */
  after(ms: Millis, run: () => void): Timer
  /** What the clock says that all nodes share; from then on steps of the system's own are not followed. */
  agree?(shared: Instant): void
  /** How far the system's clock is from the time that we go by, positive: ahead. */
  stray?(): Millis
}

export interface Timer {
  /** Idempotent; has no effect once the timer has run. */
  cancel(): void
}
