import type { Instant } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'

interface Bucket {
  left: number
  at: Instant
}

/** Askers remembered; beyond it the one that asked longest ago is forgotten, which only gives it a full bucket. */
const MOST = 20_000

/**
 * How often each asker may do a thing: so many at once, and so many a second on average. A forgotten or new asker has
 * a full bucket.
 */
export class Buckets {
  readonly #clock: Clock
  readonly #burst: number
  readonly #perSecond: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Clock, burst: number, perSecond: number) {
    this.#clock = clock
    this.#burst = burst
    this.#perSecond = perSecond
  }

  /** Takes one; false: this asker has none left now. */
  take(asker: string): boolean {
    const bucket = this.#of(asker)
    if (bucket.left < 1) return false
    bucket.left -= 1
    return true
  }

  /** Gives back one that was taken in case, and was not used. */
  give(asker: string): void {
    const bucket = this.#of(asker)
    bucket.left = Math.min(this.#burst, bucket.left + 1)
  }

  forget(asker: string): void {
    this.#buckets.delete(asker)
  }

  #of(asker: string): Bucket {
    const at = this.#clock.now()
    const was = this.#buckets.get(asker) ?? { left: this.#burst, at }
    // A clock that was set back gives nothing and takes nothing.
    const left = Math.min(this.#burst, was.left + (Math.max(0, at - was.at) / 1000) * this.#perSecond)
    const now = { left, at }
    this.#buckets.delete(asker)
    this.#buckets.set(asker, now)
    if (this.#buckets.size > MOST) this.#buckets.delete(this.#buckets.keys().next().value ?? asker)
    return now
  }
}
