import { expect, test } from 'vitest'
import { agree, steady } from '../../src/core/clock.ts'

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

test('once nodes share a clock, a step of the system clock is reported once and not followed', () => {
  const shared = agree(anchor, { wall: 1_010_000, monotonic: 10_050 }, 1_010_300)
  expect([shared.now, shared.jump]).toEqual([1_010_000, undefined])
  const stepped = steady(shared.anchor, { wall: 4_620_000, monotonic: 20_050 })
  expect([stepped.now, stepped.jump]).toEqual([1_020_000, 3_600_000])
  const later = steady(stepped.anchor, { wall: 4_630_000, monotonic: 30_050 })
  expect([later.now, later.jump, later.anchor.stray]).toEqual([1_030_000, undefined, 3_600_000])
  const back = steady(later.anchor, { wall: 1_040_000, monotonic: 40_050 })
  expect([back.now, back.jump, back.anchor.stray]).toEqual([1_040_000, -3_600_000, 0])
})

test('a node that begins with a wrong clock goes by the one that all share, and says how far its own is off', () => {
  const agreed = agree(anchor, { wall: 1_010_000, monotonic: 10_050 }, 4_610_000)
  expect([agreed.now, agreed.jump, agreed.anchor.stray]).toEqual([4_610_000, 3_600_000, -3_600_000])
  const later = steady(agreed.anchor, { wall: 1_020_000, monotonic: 20_050 })
  expect([later.now, later.jump]).toEqual([4_620_000, undefined])
})
