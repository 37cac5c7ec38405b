import fc from 'fast-check'
import { expect, test } from 'vitest'
import { errorsSince, LINE_ERRORS, type LineErrors, NO_ERRORS } from '../../src/core/line/kit/line-errors.ts'

const seed = 20261125
const uint32 = fc.nat(0xffffffff)
const each = (of: fc.Arbitrary<number>): fc.Arbitrary<LineErrors> =>
  fc.record({ parity: of, framing: of, break: of, overrun: of })
const after = (before: LineErrors, came: LineErrors): LineErrors => ({
  parity: (before.parity + came.parity) >>> 0,
  framing: (before.framing + came.framing) >>> 0,
  break: (before.break + came.break) >>> 0,
  overrun: (before.overrun + came.overrun) >>> 0,
})

test('from any start, over any turn of the 32 bits, what is told is what came', () => {
  fc.assert(
    fc.property(each(uint32), fc.array(each(fc.nat(2 ** 31 - 1)), { maxLength: 20 }), (start, steps) => {
      let read = start
      for (const came of steps) {
        const next = after(read, came)
        expect(errorsSince(read, next)).toEqual(came)
        read = next
      }
    }),
    { seed },
  )
})

test('a driver that was loaded anew never makes more of what came than came', () => {
  fc.assert(
    fc.property(each(fc.nat(2 ** 31 - 1)), each(fc.nat(10_000)), (before, since) => {
      const told = errorsSince(before, after(NO_ERRORS, since))
      for (const of of LINE_ERRORS) {
        expect(told[of]).toBeGreaterThanOrEqual(0)
        expect(told[of]).toBeLessThanOrEqual(since[of])
        if (since[of] < before[of]) expect(told[of]).toBe(since[of])
      }
    }),
    { seed },
  )
})
