import { expect, test } from 'vitest'
import {
  type AnswerClaim,
  readAnswerToken,
  usedWith,
  writeAnswerToken,
} from '../../../src/core/deliver/answer-token.ts'
import { asId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE } from '../../../src/core/instant.ts'

const NOW = Date.UTC(2026, 10, 30, 4)
const CLAIM: AnswerClaim = {
  ...{ device: asId('dev-1'), attempt: asId('att-1'), said: 'accepted', until: NOW + 30 * MINUTE },
}
/** No hash, but a sum that changes with every character and its place. */
const mac = (text: string): string =>
  [...text].reduce((sum, c, i) => (sum * 31 + c.charCodeAt(0) * (i + 1)) % 4_294_967_291, 7).toString(36)
const token = writeAnswerToken(CLAIM, mac)

test('a token is read as it was written until its time is over', () => {
  expect(readAnswerToken(token, mac, NOW)).toEqual(CLAIM)
  expect(readAnswerToken(token, mac, CLAIM.until - 1)).toEqual(CLAIM)
  expect(readAnswerToken(token, mac, CLAIM.until)).toBe('answer-token-late')
})

test.each(['accepted', 'declined', 'call-back', 'not-me', 'heard'] as const)('%s can be said', (said) => {
  expect(readAnswerToken(writeAnswerToken({ ...CLAIM, said }, mac), mac, NOW)).toMatchObject({ said })
})

test('a token with any one character changed, left out or added is none of ours', () => {
  for (let i = 0; i < token.length; i++)
    for (const put of ['', 'x', `${token[i]}0`]) {
      const forged = token.slice(0, i) + put + token.slice(i + 1)
      if (forged !== token) expect(readAnswerToken(forged, mac, NOW), forged).toBe('answer-token-wrong')
    }
})

test.each([
  ['nothing', ''],
  ['too few parts', 'a.b.accepted.z'],
  ['too many', `${token}.more`],
  ['no device', `.att-1.accepted.z.${mac('.att-1.accepted.z')}`],
  ['no attempt', `dev-1..accepted.z.${mac('dev-1..accepted.z')}`],
  ['no time', `dev-1.att-1.accepted..${mac('dev-1.att-1.accepted.')}`],
  ['a word that is no answer', `dev-1.att-1.constructor.z.${mac('dev-1.att-1.constructor.z')}`],
  ['no sum', 'dev-1.att-1.accepted.z.'],
])('%s is no token', (_, text) => expect(readAnswerToken(text, mac, NOW)).toBe('answer-token-wrong'))

test('another key makes other tokens', () => {
  expect(readAnswerToken(token, (text) => `${mac(text)}1`, NOW)).toBe('answer-token-wrong')
})

test('a button works once; the other button of the same notice works as well', () => {
  const once = usedWith(undefined, CLAIM, NOW)
  expect(once).toEqual({ 'att-1/accepted': NOW })
  expect(usedWith(once, CLAIM, NOW + 1)).toBeUndefined()
  expect(usedWith(once, { ...CLAIM, said: 'declined' }, NOW + 1)).toEqual({
    ...once,
    'att-1/declined': NOW + 1,
  })
})

test('presses are kept for longer than any token lives, and what was stored wrong counts as none', () => {
  const old = { 'att-0/accepted': NOW - 3 * HOUR, 'att-9/accepted': NOW - 3 * HOUR + 1 }
  expect(usedWith(old, CLAIM, NOW)).toEqual({ 'att-9/accepted': NOW - 3 * HOUR + 1, 'att-1/accepted': NOW })
  expect(usedWith('rubbish', CLAIM, NOW)).toEqual({ 'att-1/accepted': NOW })
})
