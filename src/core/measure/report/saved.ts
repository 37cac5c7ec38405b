import { type Millis, SECOND } from '../../instant.ts'
import { poisson, type Seeded, seeded } from '../../seeded.ts'
import { WINDOW } from './match.ts'

/** Waits are kept by the second up to the window; the last bin holds those censored there. */
const BINS = WINDOW / SECOND
/** Steps of the curves that intervals are computed on. */
const STEP = 5
const STEPS = BINS / STEP

/** Waits of one group: how many ended in each second, and how many not within the window. */
export class Waits {
  readonly bins = new Uint32Array(BINS + 1)
  n = 0
  /** Of all waits, each cut at the window. */
  sum: Millis = 0

  add(wait: Millis | undefined): void {
    this.n += 1
    if (wait === undefined || wait >= WINDOW) {
      this.bins[BINS]! += 1
      this.sum += WINDOW
      return
    }
    const cut = Math.max(0, wait)
    this.bins[Math.floor(cut / SECOND)]! += 1
    this.sum += cut
  }

  get censored(): number {
    return this.bins[BINS]!
  }

  /** By steps of five seconds, the last one censored. */
  steps(): Float64Array {
    const out = new Float64Array(STEPS + 1)
    for (let i = 0; i < BINS; i++) out[Math.floor(i / STEP)]! += this.bins[i]!
    out[STEPS] = this.bins[BINS]!
    return out
  }

  merge(other: Waits): void {
    for (let i = 0; i <= BINS; i++) this.bins[i]! += other.bins[i]!
    this.n += other.n
    this.sum += other.sum
  }
}

/** Share still waiting at the start of each step, and at the window: `STEPS + 1` values from 1 down. */
function survival(counts: Float64Array): Float64Array {
  const total = counts.reduce((a, b) => a + b, 0)
  const out = new Float64Array(STEPS + 1)
  let left = total
  for (let i = 0; i <= STEPS; i++) {
    out[i] = total === 0 ? 1 : left / total
    left -= counts[i]!
  }
  return out
}

/**
 * Observed waits end by the true call-back or by a call that has nothing to do with it, whichever comes first. The two
 * are independent, so the share still waiting is the product of both, and dividing by the share that chance alone
 * leaves waiting gives the true one. Made to fall, because sampling noise can make a quotient rise.
 */
function corrected(observed: Float64Array, chance: Float64Array): Float64Array {
  const [seen, by] = [survival(observed), survival(chance)]
  const out = new Float64Array(STEPS + 1)
  let last = 1
  for (let i = 0; i <= STEPS; i++) {
    last = Math.min(last, by[i]! > 0 ? seen[i]! / by[i]! : last)
    out[i] = last
  }
  return out
}

/** Mean wait cut at the window: the area under the curve, by trapezoids, in seconds. */
function area(curve: Float64Array): number {
  let sum = 0
  for (let i = 0; i < STEPS; i++) sum += ((curve[i]! + curve[i + 1]!) / 2) * STEP
  return sum
}

/** Median of a curve in seconds, or `undefined` when more than half still wait at the window. */
function medianOf(curve: Float64Array): number | undefined {
  for (let i = 0; i < STEPS; i++)
    if (curve[i + 1]! <= 0.5) {
      const fall = curve[i]! - curve[i + 1]!
      return STEP * (i + (fall > 0 ? (curve[i]! - 0.5) / fall : 0))
    }
  return undefined
}

export interface Before {
  readonly n: number
  readonly censored: number
  /** As observed, seconds; `undefined` when more than half were censored. */
  readonly median: number | undefined
  /** Corrected for chance, cut at the window, seconds. */
  readonly mean: number
  readonly correctedMedian: number | undefined
  /** Share of requests that a call of no concern would have ended within the window. */
  readonly chanceRate: number
  readonly chanceN: number
}

export interface After {
  readonly n: number
  readonly censored: number
  readonly median: number | undefined
  readonly mean: number
}

/** The weeks without phones: waits until a call, as observed and with calls of no concern reckoned out. */
export function before(observed: Waits, chance: Waits): Before {
  const curve = corrected(observed.steps(), chance.steps())
  return {
    n: observed.n,
    censored: observed.censored,
    median: medianOf(survival(observed.steps())),
    mean: area(curve),
    correctedMedian: medianOf(curve),
    chanceRate: chance.n === 0 ? 0 : 1 - chance.censored / chance.n,
    chanceN: chance.n,
  }
}

/** The weeks with phones, by the same rule as those before: a call of no concern may have ended these waits too. */
export function after(waits: Waits, chance: Waits): After {
  const curve = corrected(waits.steps(), chance.steps())
  return {
    n: waits.n,
    censored: waits.censored,
    median: medianOf(curve),
    mean: waits.n === 0 ? 0 : area(curve),
  }
}

/** A point every fifteen seconds for a picture: seconds, share still waiting. */
export function curveOf(observed: Waits, chance?: Waits): [seconds: number, share: number][] {
  const curve = chance ? corrected(observed.steps(), chance.steps()) : survival(observed.steps())
  return [...curve.entries()].filter(([i]) => i % 3 === 0).map(([i, share]) => [i * STEP, share])
}

const RESAMPLES = 400
/** Of them in one step: two milliseconds. */
const AT_ONCE = 100
/** Share of resamples cut off at each end. With 0.025 only 94 of 100 seeded hospitals held their truth. */
const CUT = 0.015

/**
 * 95 % interval of (mean before − mean after) in seconds: percentiles of bootstrap resamples. Each count is redrawn as
 * Poisson, which resamples requests as if each had come or not come by itself; the seed makes the figure repeatable. Told in steps.
 */
export function* interval(
  observed: Waits,
  chance: Waits,
  now: Waits,
  nowChance: Waits,
  seed: number,
  resamples = RESAMPLES,
): Generator<void, readonly [low: number, high: number]> {
  const random = seeded(seed)
  const [seen, by] = [observed.steps(), chance.steps()]
  const [present, presentBy] = [now.steps(), nowChance.steps()]
  const draws: number[] = []
  for (let r = 0; r < resamples; r++) {
    if (r % AT_ONCE === 0) yield
    const curve = corrected(redrawn(seen, random), redrawn(by, random))
    const since = corrected(redrawn(present, random), redrawn(presentBy, random))
    draws.push(area(curve) - area(since))
  }
  draws.sort((a, b) => a - b)
  return [draws[Math.floor(resamples * CUT)]!, draws[Math.ceil(resamples * (1 - CUT)) - 1]!]
}

function redrawn(counts: Float64Array, random: Seeded): Float64Array {
  const out = new Float64Array(counts.length)
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) out[i] = poisson(counts[i]!, random)
  return out
}
