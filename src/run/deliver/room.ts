import { type Attempt, FIRST, turnOf } from '../../core/deliver/attempt.ts'
import { classRank } from '../../core/vocabulary.ts'
import type { Choice } from '../../ports/store.ts'

/** Rows in one transaction: few enough that a page heard meanwhile need not wait for long. */
const BATCH = 32

/**
 * How many hand-overs there is room for. A quarter is kept free for emergencies, and half of that for those that have not
 * rung yet: what nobody answers rings again and again, and would fill it.
 */
export class Room {
  readonly limit: number
  readonly #reserve: number
  readonly #first: number

  constructor(limit: number) {
    this.limit = limit
    this.#reserve = Math.ceil(limit / 4)
    this.#first = Math.floor(this.#reserve / 2)
  }

  /** Places for this one, while so many are under way. */
  free(attempt: Attempt, flying: number): number {
    return this.limit - flying - this.#keptFrom(turnOf(attempt))
  }

  /** What may be claimed while so many are under way; undefined: nothing. */
  claim(flying: number): { readonly limit: number; readonly atLeast: Choice['atLeast'] } | undefined {
    const free = this.limit - flying
    if (free <= 0) return undefined
    const most = (places: number): number => Math.min(places, BATCH)
    if (free <= this.#first) return { limit: most(free), atLeast: 'first' }
    if (free <= this.#reserve) return { limit: most(free - this.#first), atLeast: 'emergency' }
    return { limit: most(free), atLeast: 'test' }
  }

  #keptFrom(turn: number): number {
    if (turn >= FIRST) return 0
    return turn >= classRank('emergency') ? this.#first : this.#reserve
  }
}
