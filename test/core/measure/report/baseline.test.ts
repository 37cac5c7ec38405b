import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../../../src/core/instant.ts'
import {
  allowedSilence,
  learn,
  NOTHING_LEARNT,
  silenceRatio,
} from '../../../../src/core/measure/report/baseline.ts'

/** Monday 5 January 2026, civil midnight. */
const MONDAY = Date.UTC(2026, 0, 5)

/** Four weeks: sixty pages an hour by day, one by night, a third of both at the weekend. */
function learnt() {
  let pattern = NOTHING_LEARNT
  for (let hour = 0; hour < 28 * 24; hour++) {
    const at = MONDAY + hour * HOUR
    const day = hour % 24 >= 8 && hour % 24 < 20
    const weekend = Math.floor(hour / 24) % 7 >= 5
    pattern = learn(pattern, at, (day ? 60 : 3) / (weekend ? 3 : 1))
  }
  return pattern
}

const noon = MONDAY + 28 * DAY + 12 * HOUR
const four = MONDAY + 28 * DAY + 4 * HOUR

test('ten minutes of silence are remarkable at noon and nothing at four in the morning', () => {
  const pattern = learnt()
  expect(silenceRatio(pattern, noon, noon + 10 * MINUTE)).toBeGreaterThan(1)
  expect(silenceRatio(pattern, four, four + 10 * MINUTE)).toBeLessThan(0.2)
})

test('a silence that runs from night into day is weighed hour by hour', () => {
  const pattern = learnt()
  const seven = MONDAY + 28 * DAY + 7 * HOUR
  expect(silenceRatio(pattern, seven, seven + 59 * MINUTE)).toBeLessThan(0.4)
  expect(silenceRatio(pattern, seven, seven + 70 * MINUTE)).toBeGreaterThan(1)
})

test('the allowed silence is where the ratio passes one, and longer at the weekend', () => {
  const pattern = learnt()
  const allowed = allowedSilence(pattern, noon) ?? 0
  expect(silenceRatio(pattern, noon, noon + allowed)).toBeCloseTo(1, 1)
  expect(allowedSilence(pattern, noon + 5 * DAY) ?? 0).toBeGreaterThan(2 * allowed)
})

test('less than a minute and a half is never remarkable, half a day always is', () => {
  const pattern = learnt()
  expect(silenceRatio(pattern, noon, noon + 90_000)).toBe(0)
  let dead = NOTHING_LEARNT
  for (let hour = 0; hour < 28 * 24; hour++) dead = learn(dead, MONDAY + hour * HOUR, 0)
  expect(silenceRatio(dead, noon, noon + 13 * HOUR)).toBeGreaterThan(1)
})

test('hours not yet learnt say nothing', () => {
  expect(silenceRatio(NOTHING_LEARNT, noon, noon + HOUR)).toBeUndefined()
  expect(allowedSilence(learn(NOTHING_LEARNT, noon, 60), noon)).toBeUndefined()
})
