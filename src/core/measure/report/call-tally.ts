/** What the exchange saw at the extension in the whole window after each request of a group. */
export class CallTally {
  n = 0
  /** Requests with no call at all. */
  quiet = 0
  #answered = 0
  #answeredSquares = 0
  #vain = 0
  #vainSquares = 0

  /**
   * @param answered calls that somebody took
   * @param vain calls that found the line engaged, or nobody there
   */
  add(answered: number, vain: number): void {
    this.n += 1
    if (answered + vain === 0) this.quiet += 1
    this.#answered += answered
    this.#answeredSquares += answered * answered
    this.#vain += vain
    this.#vainSquares += vain * vain
  }

  merge(other: CallTally): void {
    this.n += other.n
    this.quiet += other.quiet
    this.#answered += other.#answered
    this.#answeredSquares += other.#answeredSquares
    this.#vain += other.#vain
    this.#vainSquares += other.#vainSquares
  }

  /** Calls a request, and the variance of that mean. */
  mean(sort: 'answered' | 'vain'): Estimate {
    const [sum, squares] =
      sort === 'answered' ? [this.#answered, this.#answeredSquares] : [this.#vain, this.#vainSquares]
    if (this.n === 0) return { value: 0, variance: 0 }
    const value = sum / this.n
    return { value, variance: Math.max(0, squares / this.n - value * value) / this.n }
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
export function ledTo(seen: CallTally, chance: CallTally, sort: 'answered' | 'vain'): Estimate {
  return less(seen.mean(sort), chance.mean(sort))
}

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
