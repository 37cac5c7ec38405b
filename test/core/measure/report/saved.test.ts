import { expect, test } from 'vitest'
import { SECOND } from '../../../../src/core/instant.ts'
import { after, before, interval, Waits } from '../../../../src/core/measure/report/saved.ts'
import { poisson, seeded, seedOf } from '../../../../src/core/seeded.ts'

/** Nothing of no concern ended any wait. */
const none = new Waits()

function waits(...seconds: (number | undefined)[]): Waits {
  const out = new Waits()
  for (const s of seconds) out.add(s === undefined ? undefined : s * SECOND)
  return out
}

function intervalOf(...of: Parameters<typeof interval>) {
  const steps = interval(...of)
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value
}

const many = (n: number, make: (i: number) => number | undefined): Waits =>
  waits(...Array.from({ length: n }, (_, i) => make(i)))

test('a wait that was cut counts as fifteen minutes and is listed', () => {
  expect(after(waits(10, 20, undefined, 1000), none)).toEqual({
    n: 4,
    censored: 2,
    median: expect.any(Number),
    mean: expect.closeTo((10 + 20 + 900 + 900) / 4, -1),
  })
})

test('without chance the corrected mean is the plain mean, to half a step', () => {
  const w = many(900, (i) => i)
  const none = many(100, () => undefined)
  expect(before(w, none).mean).toBeCloseTo(after(w, none).mean, -0.5)
  expect(before(w, none).chanceRate).toBe(0)
})

test('chance is taken out: half the callers never answered look prompt until it is', () => {
  const random = seeded(5)
  const exponential = (mean: number) => -Math.log(1 - random()) * mean
  // Nobody ever calls back; a busy telephone is picked up every ten minutes for other reasons.
  const seen = many(20_000, () => exponential(600))
  const chance = many(60_000, () => exponential(600))
  const raw = before(
    seen,
    many(100, () => undefined),
  )
  const true_ = before(seen, chance)
  expect(raw.mean).toBeLessThan(500)
  expect(true_.mean).toBeGreaterThan(860)
  expect(true_.correctedMedian).toBeUndefined()
  expect(true_.chanceRate).toBeCloseTo(1 - Math.exp(-1.5), 1)
})

test('an interval is repeatable by its seed, holds the estimate and narrows with more waits', () => {
  const of = (n: number) => ({
    seen: many(n, (i) => (i * 37) % 880),
    chance: many(n * 3, (i) => ((i * 53) % 3 === 0 ? (i * 53) % 880 : undefined)),
    now: many(n, (i) => (i * 7) % 90),
  })
  const small = of(60)
  const large = of(2000)
  const one = intervalOf(small.seen, small.chance, small.now, none, 9)
  expect(intervalOf(small.seen, small.chance, small.now, none, 9)).toEqual(one)
  expect(intervalOf(small.seen, small.chance, small.now, none, 10)).not.toEqual(one)
  const estimate = before(small.seen, small.chance).mean - after(small.now, none).mean
  expect(one[0]).toBeLessThan(estimate)
  expect(one[1]).toBeGreaterThan(estimate)
  const two = intervalOf(large.seen, large.chance, large.now, none, 9)
  expect(two[1] - two[0]).toBeLessThan((one[1] - one[0]) / 3)
})

test('resampling draws have the mean and spread they should', () => {
  const random = seeded(seedOf('spread'))
  for (const mean of [0.3, 4, 80]) {
    const draws = Array.from({ length: 20_000 }, () => poisson(mean, random))
    const average = draws.reduce((a, b) => a + b, 0) / draws.length
    const variance = draws.reduce((a, b) => a + (b - average) ** 2, 0) / draws.length
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(mean / draws.length))
    expect(variance / mean).toBeCloseTo(1, 1)
  }
})
