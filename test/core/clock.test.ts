import { expect, test } from 'vitest'
import { steady } from '../../src/core/clock.ts'

const anchor = { wall: 1_000_000, monotonic: 50 }

test('time goes on with the monotonic clock while the system clock is only nudged', () => {
  const step = steady(anchor, { wall: 1_010_000 + 499, monotonic: 10_050 })
  expect(step.now).toBe(1_010_000)
  expect(step.jump).toBeUndefined()
})

test.each([3_600_000, -3_600_000, 500])(
  'a step of the system clock by %i ms is followed and reported',
  (by) => {
    const step = steady(anchor, { wall: 1_010_000 + by, monotonic: 10_050 })
    expect(step).toEqual({
      anchor: { wall: 1_010_000 + by, monotonic: 10_050 },
      now: 1_010_000 + by,
      jump: by,
    })
  },
)
