import { expect, test } from 'vitest'
import type { Alert, Responder } from '../../../src/core/alert/alert.ts'
import { isDecided } from '../../../src/core/alert/decided.ts'
import { asId } from '../../../src/core/ids.ts'
import type { ResponderState } from '../../../src/core/vocabulary.ts'
import { covered, crash } from '../../support/call.ts'

const reg = asId<Responder['person']>('reg')
const with_ = (alert: Alert, more: Partial<Responder>): Alert => ({
  ...alert,
  responders: { ...alert.responders, [reg]: { ...alert.responders[reg]!, ...more } },
})

test.each<[ResponderState, boolean]>([
  ['on-device', false],
  ['presented', false],
  ['opened', false],
  ['accepted', true],
  ['call-back', true],
  ['attending', true],
  ['arrived', true],
  ['declined', true],
  ['not-me', true],
  ['stood-down', true],
])('a responder who is %s after having been asked: decided %s', (state, decided) => {
  const { alert } = crash()
  expect(isDecided(alert, with_(alert, { state }))).toBe(decided)
  expect(isDecided(with_(alert, { state }), alert)).toBe(decided)
})

test('being asked, rung again, unreachable, or at another time is no decision; being released is', () => {
  const { alert } = covered()
  const { [reg]: known, ...others } = crash().alert.responders
  expect(
    isDecided({ ...crash().alert, responders: others }, { ...crash().alert, plan: crash().alert.plan }),
  ).toBe(true)
  const asked = crash().alert
  expect(isDecided({ ...asked, responders: others }, asked)).toBe(false)
  expect(known?.state).toBe('asked')
  expect(isDecided(asked, with_(asked, { rung: 5, path: 2, unreachable: true, eta: '5 min' }))).toBe(false)
  expect(isDecided(asked, { ...asked, step: 2, rounds: 9, due: {}, thread: [], gaps: [] })).toBe(false)
  const out = with_(alert, { state: 'declined' })
  expect(isDecided(out, with_(out, { released: true }))).toBe(true)
  expect(isDecided(out, with_(out, { since: 5 }))).toBe(false)
})

test('phase, plan, take-over, a further bleep and a role asked for besides are decisions each', () => {
  const { alert } = crash()
  expect(isDecided(alert, { ...alert })).toBe(false)
  expect(isDecided(alert, { ...alert, phase: 'exhausted' })).toBe(true)
  expect(isDecided(alert, { ...alert, plan: { ...alert.plan } })).toBe(true)
  expect(isDecided(alert, { ...alert, takenOver: { at: 1, by: 'op', version: 2 } })).toBe(true)
  expect(isDecided(alert, { ...alert, repeats: [asId('b2')] })).toBe(true)
  expect(isDecided(alert, { ...alert, also: [{ kind: 'role', role: asId('anaes') }] })).toBe(true)
})
