import type { Instant, Millis } from '../../src/core/instant.ts'
import type { Clock, Timer } from '../../src/ports/clock.ts'

interface Due {
  readonly at: Instant
  readonly order: number
  readonly run: () => void
}

/** Time that moves only when a test says so. Timers run in order of due time, then of creation. */
export class VirtualClock implements Clock {
  #now: Instant
  #order = 0
  /** How far the system's clock has stepped. */
  #stepped: Millis = 0
  readonly #due = new Set<Due>()

  constructor(start: Instant = Date.UTC(2026, 10, 22, 3, 0, 0)) {
    this.#now = start
  }

  now(): Instant {
    return this.#now + this.#stepped
  }

  ticks(): Millis {
    return this.#now
  }

  /** Somebody sets the system's clock: timers count on as before. */
  step(by: Millis): void {
    this.#stepped += by
  }

  after(ms: Millis, run: () => void): Timer {
    const due = { at: this.#now + Math.max(0, ms), order: this.#order++, run }
    this.#due.add(due)
    return { cancel: () => void this.#due.delete(due) }
  }

  /** How many timers wait; a loop that has stopped must leave none. */
  get pending(): number {
    return this.#due.size
  }

  /** Due time of the next timer, if any. */
  get next(): Instant | undefined {
    const first = this.#first()
    return first && first.at + this.#stepped
  }

  /** Moves time on without letting promises settle: for loops that are purely synchronous. */
  advance(ms: Millis): void {
    const end = this.#now + ms
    for (let due = this.#first(); due && due.at <= end; due = this.#first()) this.#fire(due)
    this.#now = end
  }

  /** Moves time on and lets promises settle before, between and after timers: for loops that await. */
  async elapse(ms: Millis): Promise<void> {
    const end = this.#now + ms
    await settle()
    for (let due = this.#first(); due && due.at <= end; due = this.#first()) {
      this.#fire(due)
      await settle()
    }
    this.#now = end
  }

  #fire(due: Due): void {
    this.#due.delete(due)
    this.#now = Math.max(this.#now, due.at)
    due.run()
  }

  #first(): Due | undefined {
    let first: Due | undefined
    for (const due of this.#due)
      if (!first || due.at < first.at || (due.at === first.at && due.order < first.order)) first = due
    return first
  }
}

/** Lets every promise and immediate that is ready run; several turns, because one may start another. */
export async function settle(turns = 3): Promise<void> {
  for (let i = 0; i < turns; i++) await new Promise<void>((done) => setImmediate(done))
}
