import { expect, test } from 'vitest'
import { CLOCK_WITHIN, claimedAt } from '../../../src/core/deliver/claims.ts'
import { DAY, MINUTE } from '../../../src/core/instant.ts'

const CREATED = Date.UTC(2026, 10, 30, 4)
const NOW = CREATED + 5 * MINUTE
const said = (claimed: number | undefined, offset?: number) =>
  claimedAt(
    { created: CREATED },
    offset === undefined ? {} : { clock: { offset, uncertainty: 5 } },
    claimed,
    NOW,
  )

test('what a device says of the time is put by our clock', () => {
  expect(said(CREATED + 1000)).toBe(CREATED + 1000)
  expect(said(CREATED + 1000 + 3600_000, 3600_000)).toBe(CREATED + 1000)
  expect(said(undefined)).toBeUndefined()
})

test('it cannot lie before the attempt or after now, by more than clocks differ', () => {
  expect(said(CREATED - MINUTE)).toBe(CREATED - MINUTE)
  expect(said(CREATED - MINUTE - 1)).toBeUndefined()
  expect(said(NOW + MINUTE)).toBe(NOW + MINUTE)
  expect(said(NOW + MINUTE + 1)).toBeUndefined()
  expect(said(1e300)).toBeUndefined()
  expect(said(Number.NaN)).toBeUndefined()
})

test('a clock a day off tells no time', () => {
  expect(CLOCK_WITHIN).toBe(DAY)
})
