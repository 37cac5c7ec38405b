import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../../src/core/instant.ts'
import {
  endSession,
  isResend,
  type Owed,
  owe,
  paid,
  startSession,
  storeAnswered,
} from '../../../../src/core/line/kit/session.ts'

const AT = 10 * HOUR
const WINDOW = 20_000
/** The last block was answered, or stored when its sender had given up waiting. */
function after(how: 'answered' | 'too late'): Owed {
  const { owed } = startSession()
  if (how === 'answered') paid(owed, 'ARREST', AT)
  else storeAnswered(owed, 'stored', owe(owed, 'ARREST', AT), AT + 5000, 3000)
  return owed
}

describe('the same block again', () => {
  test.each([
    ['answered', WINDOW - 1, true],
    ['answered', WINDOW, false],
    ['too late', MINUTE - 1, true],
    ['too late', MINUTE, false],
    // A clock that was set back says nothing of how long ago it was: a second call must ring.
    ['answered', -HOUR / 3, false],
    ['too late', -HOUR / 3, false],
  ] as const)('of one that was %s, %i ms later, is a resend: %s', (how, later, resend) => {
    expect(isResend(after(how), 'ARREST', AT + later, WINDOW)).toBe(resend)
  })

  test('in another session is a call of its own, unless the last one was never acknowledged', () => {
    for (const how of ['answered', 'too late'] as const) {
      const owed = after(how)
      endSession(owed)
      expect(isResend(owed, 'ARREST', AT + 1, WINDOW)).toBe(how === 'too late')
    }
  })

  test('is none where the block is another, or the first', () => {
    expect(isResend(after('answered'), 'FALL', AT + 1, WINDOW)).toBe(false)
    expect(isResend(startSession().owed, 'ARREST', AT, WINDOW)).toBe(false)
  })
})
