import { HOUR, type Millis } from '../../instant.ts'
import type { Civil } from '../zone.ts'

/**
 * How often a line speaks at each hour, learnt from the line itself: a switchboard that is silent for ten minutes at
 * noon is ill, at four in the morning it is asleep. Rates are kept for the hours of a working day and of a day at the
 * weekend.
 */
export interface Pattern {
  /** Pages an hour, 24 for Monday to Friday, then 24 for Saturday and Sunday; -1 where nothing was learnt yet. */
  readonly rates: readonly number[]
  /** Hours seen, each bin apart. */
  readonly seen: readonly number[]
}

const BINS = 48
/** New hours count for at least this share, so that the pattern follows the seasons within weeks. */
const WEIGHT = 0.1
/** Fewer hours than this in a bin say nothing yet. */
const ENOUGH = 3
/**
 * Silence is remarkable once this many pages should have come: by a Poisson process that happens once in ten thousand
 * such spans, e^-9.2.
 */
const REMARKABLE = 9.2
/** However rare pages are, silence longer than this is never normal; however frequent, shorter than this always is. */
const LONGEST: Millis = 12 * HOUR
const SHORTEST: Millis = 90_000

export const NOTHING_LEARNT: Pattern = {
  rates: new Array<number>(BINS).fill(-1),
  seen: new Array<number>(BINS).fill(0),
}

function binOf(civil: Civil): number {
  const hours = Math.floor(civil / HOUR)
  const day = Math.floor(hours / 24)
  // 1970-01-01 was a Thursday.
  const weekend = (((day + 3) % 7) + 7) % 7 >= 5
  return (((hours % 24) + 24) % 24) + (weekend ? 24 : 0)
}

/** The pattern after one whole hour, beginning at `hour`, in which `pages` came. Hours with the line down teach nothing. */
export function learn(pattern: Pattern, hour: Civil, pages: number): Pattern {
  const bin = binOf(hour)
  const seen = pattern.seen[bin]! + 1
  const weight = Math.max(WEIGHT, 1 / seen)
  const before = pattern.rates[bin]!
  const rate = before < 0 ? pages : before + weight * (pages - before)
  return { rates: pattern.rates.with(bin, rate), seen: pattern.seen.with(bin, seen) }
}

/**
 * Silence from `from` until `to` over the longest the pattern allows: above 1 it is remarkable. `undefined` while the
 * hours it touches are not learnt.
 */
export function silenceRatio(pattern: Pattern, from: Civil, to: Civil): number | undefined {
  const silent = to - from
  if (silent <= SHORTEST) return 0
  let expected = 0
  for (let at = from; at < to; ) {
    const bin = binOf(at)
    if (pattern.seen[bin]! < ENOUGH) return undefined
    const next = Math.min(to, (Math.floor(at / HOUR) + 1) * HOUR)
    expected += (pattern.rates[bin]! * (next - at)) / HOUR
    at = next
  }
  return Math.max(expected / REMARKABLE, silent / LONGEST)
}

/** How long the line may be silent from `from` on; `undefined` while not learnt. */
export function allowedSilence(pattern: Pattern, from: Civil): Millis | undefined {
  let [low, high] = [SHORTEST, LONGEST]
  if (silenceRatio(pattern, from, from + high) === undefined) return undefined
  while (high - low > 1000) {
    const middle = (low + high) / 2
    if ((silenceRatio(pattern, from, from + middle) ?? 0) > 1) high = middle
    else low = middle
  }
  return high
}
