import { expect, test } from 'vitest'
import { Buckets } from '../../../src/io/http/buckets.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('so many at once, so many a second after that, each asker for itself', () => {
  const clock = new VirtualClock()
  const buckets = new Buckets(clock, 3, 2)
  const takes = (asker: string, count: number) =>
    Array.from({ length: count }, () => buckets.take(asker)).filter(Boolean).length
  expect(takes('a', 5)).toBe(3)
  expect(takes('b', 5)).toBe(3)
  clock.advance(1000)
  expect(takes('a', 5)).toBe(2)
  clock.advance(3_600_000)
  expect(takes('a', 5)).toBe(3)
})

test('what was taken in case is given back, and never more than there was', () => {
  const buckets = new Buckets(new VirtualClock(), 2, 1)
  buckets.take('a')
  buckets.give('a')
  buckets.give('a')
  expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([true, true, false])
  buckets.give('a')
  expect([buckets.take('a'), buckets.take('a')]).toEqual([true, false])
})

test('whoever is forgotten has a full bucket', () => {
  const buckets = new Buckets(new VirtualClock(), 1, 1)
  buckets.take('a')
  expect(buckets.take('a')).toBe(false)
  buckets.forget('a')
  expect(buckets.take('a')).toBe(true)
})

test('a clock that was set back gives nothing and takes nothing', () => {
  const clock = new VirtualClock()
  const buckets = new Buckets(clock, 2, 1)
  buckets.take('a')
  clock.step(-3_600_000)
  expect([buckets.take('a'), buckets.take('a')]).toEqual([true, false])
  clock.advance(1000)
  expect([buckets.take('a'), buckets.take('a')]).toEqual([true, false])
})

test('of twenty thousand askers the one that asked longest ago is forgotten', () => {
  const buckets = new Buckets(new VirtualClock(), 1, 1)
  for (let i = 0; i < 20_000; i++) buckets.take(`asker-${i}`)
  // Asked again: it is the latest now.
  expect(buckets.take('asker-0')).toBe(false)
  buckets.take('one-more')
  expect([buckets.take('asker-0'), buckets.take('asker-1')]).toEqual([false, true])
})
