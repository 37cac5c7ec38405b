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
