import type { CallsSeen } from './match.ts'

/** Sorts of calls that are counted: taken by somebody; taken by nobody; and of those, which found the line engaged. */
type Sort = keyof CallsSeen
const SORTS = ['answered', 'vain', 'engaged'] as const satisfies readonly Sort[]

/** What the exchange saw at the extension in the whole window after each request of a group. */
export class CallTally {
  n = 0
  /** Requests with no call at all. */
  quiet = 0
  readonly #sum: Record<Sort, number> = { answered: 0, vain: 0, engaged: 0 }
  readonly #squares: Record<Sort, number> = { answered: 0, vain: 0, engaged: 0 }

  add(seen: CallsSeen): void {
    this.n += 1
    if (seen.answered + seen.vain === 0) this.quiet += 1
    for (const sort of SORTS) {
      this.#sum[sort] += seen[sort]
      this.#squares[sort] += seen[sort] * seen[sort]
    }
  }

  merge(other: CallTally): void {
    this.n += other.n
    this.quiet += other.quiet
    for (const sort of SORTS) {
      this.#sum[sort] += other.#sum[sort]
      this.#squares[sort] += other.#squares[sort]
    }
  }

  /** Calls a request, and the variance of that mean. */
  mean(sort: Sort): Estimate {
    if (this.n === 0) return { value: 0, variance: 0 }
    const value = this.#sum[sort] / this.n
    return { value, variance: Math.max(0, this.#squares[sort] / this.n - value * value) / this.n }
  }
}

export interface Estimate {
  readonly value: number
  readonly variance: number
}

/**
 * Calls that the request itself led to: those seen in the window, less those that the same window shows where there was
 * no request. Both are counted over the whole window, so what chance adds is the same in both and goes out whole.
 */
export function ledTo(seen: CallTally, chance: CallTally, sort: Sort): Estimate {
  return less(seen.mean(sort), chance.mean(sort))
}

/** Difference of two estimates that are independent: their variances add. */
export function less(a: Estimate, b: Estimate): Estimate {
  return { value: a.value - b.value, variance: a.variance + b.variance }
}

/**
 * Share of requests that led to no call. Its own calls and those of no concern are independent, so the share without
 * any call is the product of both, and what chance leaves without one divides out. The variance is that of a quotient
 * of two shares, to first order.
 */
export function needNoCall(seen: CallTally, chance: CallTally): Estimate | undefined {
  if (seen.n === 0 || chance.quiet === 0) return undefined
  const [p, q] = [seen.quiet / seen.n, chance.quiet / chance.n]
  const value = p / q
  const own = p === 0 ? 0 : (1 - p) / (p * seen.n)
  return { value: Math.min(1, value), variance: value * value * (own + (1 - q) / (q * chance.n)) }
}
