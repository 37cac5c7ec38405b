import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { pauseBefore, readRetryAfter } from '../../../src/core/deliver/retry.ts'

describe('pause before the next try', () => {
  test.each([
    [1, 'emergency', 0, 125],
    [1, 'emergency', 1, 250],
    [2, 'emergency', 1, 500],
    [9, 'emergency', 1, 4000],
    [1, 'routine', 1, 1000],
    [99, 'routine', 1, 30_000],
  ] as const)('try %i, %s, random %d: %d ms', (next, c, random, want) => {
    expect(pauseBefore(next, c, random)).toBe(want)
  })

  test('is never shorter than what the provider asked for, up to five minutes', () => {
    const any = fc.tuple(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(600_000),
    )
    fc.assert(
      fc.property(any, ([next, random, wish]) => {
        const pause = pauseBefore(next, 'urgent', random, wish)
        expect(pause).toBeGreaterThanOrEqual(Math.min(wish, 300_000))
        expect(pause).toBeLessThanOrEqual(300_000)
      }),
      { seed: 6 },
    )
  })
})

describe('Retry-After', () => {
  const now = Date.UTC(1994, 10, 6, 8, 49, 0)
  test.each([
    ['120', 120_000],
    [' 3 ', 3000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sun, 06 Nov 1994 08:48:37 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['12 s', undefined],
    ['0 Sun, 22 Nov 2026 03:00:00 GMT', undefined],
    [undefined, undefined],
  ] as const)('%s', (text, want) => expect(readRetryAfter(text, now)).toBe(want))
})
