import { expect, test } from 'vitest'
import { errorsSince, type LineErrors, NO_ERRORS, worstOf } from '../../../src/core/line/kit/line-errors.ts'

const counts = (framing: number): LineErrors => ({ ...NO_ERRORS, framing })

test.each([
  ['nothing came', 7, 7, 0],
  ['some came', 7, 12, 5],
  ['the counter ran over its 32 bits', 2 ** 32 - 3, 2, 5],
  ['the driver was loaded anew', 1000, 4, 4],
  ['the driver was loaded anew and has counted nothing', 1000, 0, 0],
])('%s: %d, then %d, is %d', (_, before, now, came) => {
  expect(errorsSince(counts(before), counts(now))).toEqual(counts(came))
})

test('a line with a fault that stops it is not called working, whatever else ails it', () => {
  expect(worstOf([])).toBeUndefined()
  expect(worstOf(['line-errors'])).toEqual({ code: 'line-errors', works: true })
  expect(worstOf(['port-overrun', 'line-silent'])).toEqual({ code: 'line-silent', works: false })
  expect(worstOf(['port-absent', 'line-errors'])).toEqual({ code: 'port-absent', works: false })
})
