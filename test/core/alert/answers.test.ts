import { expect, test } from 'vitest'
import type { Actor } from '../../../src/core/alert/alert.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { Call, covered, crash } from '../../support/call.ts'

const PBX: Actor = { kind: 'pbx' }
const OPERATOR: Actor = { kind: 'switchboard', operator: 'op' }
const self = (person: string): Actor => ({ kind: 'person', person: asId(person) })
const id = (person: string) => asId<PersonId>(person)

test('the same answer again is no new one, however old the screen it was given on', () => {
  const call = crash().says('reg', 'accepted').says('nurse', 'accepted')
  const before = call.alert
  call.look()
  expect(call.says('reg', 'accepted', 1).look()).toEqual(['0 already: already-answered reg'])
  expect(call.alert).toBe(before)
})

test('a promise to call back is confirmed by the exchange once, and by nothing else', () => {
  const call = new Call('role:med-reg', 'routine').says('reg', 'call-back')
  call.look()
  expect(call.alert.responders[id('reg')]).not.toHaveProperty('confirmed')
  expect(call.says('reg', 'call-back').look()).toEqual(['0 already: already-answered reg'])
  expect(call.says('reg', 'call-back', 0, PBX).look()).toEqual(['0 applied: call-back-answered reg'])
  expect(call.alert.responders[id('reg')]).toMatchObject({ state: 'call-back', confirmed: true })
  expect(call.says('reg', 'call-back', 0, PBX).look()).toEqual(['0 already: already-answered reg'])
})

test('the exchange has no screen: what it heard counts whatever has changed since', () => {
  const call = new Call('role:surg-f1', 'urgent').says('f1a', 'declined')
  expect(call.says('f1b', 'call-back', 0, PBX).state('f1b')).toBe('call-back')
})

test('an exchange heard after the answer was firmer says nothing new', () => {
  const call = new Call('role:med-reg', 'urgent').says('reg', 'attending')
  call.look()
  expect(call.says('reg', 'call-back', 0, PBX).look()).toEqual(['0 already: already-answered reg'])
})

test('a note with an answer stands on the thread under whoever gave it', () => {
  const call = crash().says('reg', 'accepted', undefined, undefined, 'two minutes')
  call.says('nurse', 'accepted', undefined, OPERATOR, 'rang in')
  expect(call.alert.thread).toEqual([
    { at: call.at, by: 'reg', kind: 'note', text: 'two minutes' },
    { at: call.at, by: 'switchboard', operator: 'op', kind: 'note', text: 'rang in' },
  ])
  call.happen({ kind: 'closed', at: call.at, by: OPERATOR, version: call.alert.version, note: 'false alarm' })
  expect(call.alert.thread.at(-1)).toEqual({
    at: call.at,
    by: 'switchboard',
    operator: 'op',
    kind: 'note',
    text: 'false alarm',
  })
  const quiet = crash()
  quiet.happen({ kind: 'closed', at: quiet.at, by: OPERATOR, version: 1 })
  expect(quiet.alert.thread).toEqual([])
})

test('outside emergencies whoever comes too late hears who is coming, on whatever screen; no is taken from all', () => {
  const call = new Call('role:surg-f1', 'urgent').says('f1a', 'accepted')
  call.look()
  for (const seen of [1, call.alert.version])
    for (const answer of ['accepted', 'attending', 'call-back'] as const)
      expect(call.says('f1b', answer, seen).look()).toEqual(['0 already: already-covered f1a'])
  expect(call.says('f1b', 'declined').state('f1b')).toBe('declined')
  expect(call.says('f1b', 'not-me').state('f1b')).toBe('not-me')
  expect(call.says('f1a', 'arrived').state('f1a')).toBe('arrived')
})

test('an answer from somebody named gives them no role', () => {
  const call = new Call('person:gas', 'urgent')
  expect(call.alert.responders[id('gas')]?.roles).toEqual([])
  call.alert = { ...call.alert, responders: {} }
  expect(call.says('gas', 'accepted').alert.responders[id('gas')]).toMatchObject({
    roles: [],
    state: 'accepted',
    asked: call.at,
    rung: call.at,
    path: 0,
  })
})

test('whoever holds a substitute role by now may answer unasked, once for all their roles', () => {
  const call = crash().holds('icu-reg', 'two').holds('outreach', 'two')
  expect(call.says('two', 'accepted').alert.responders[id('two')]?.roles).toEqual(['icu-reg', 'outreach'])
})

test('released by themselves they have said no; by anybody else they are told to stop', () => {
  const released = (by: Actor) => {
    const call = covered()
    call.look()
    call.board({ kind: 'released', person: 'nurse', by })
    return [call.state('nurse'), call.look().slice(0, 2)]
  }
  expect(released(self('nurse'))).toEqual(['declined', ['0 applied: released nurse', '0 forget close']])
  const stood = ['stood-down', ['0 stand-down nurse: released', '0 applied: released nurse']]
  expect(released(OPERATOR)).toEqual(stood)
  expect(released(self('reg'))).toEqual(stood)
})

test('releasing on an old screen: refused, and fitting only where that person has not answered since', () => {
  const call = crash().says('reg', 'accepted').says('nurse', 'accepted')
  call.look()
  expect(call.board({ kind: 'released', person: 'reg', version: 1 }).look()).toEqual(['0 stale: look-again'])
  expect(call.board({ kind: 'released', person: 'reg', version: 2 }).look()).toEqual([
    '0 stale: look-again, still fits',
  ])
})

test('taking over while steps are to come stops them; taking over again on a new screen is another hold', () => {
  const call = crash().receipt('reg').receipt('nurse').receipt('gas')
  call.look()
  expect(call.board({ kind: 'taken-over' }).look()).toEqual([
    '0 forget step-1',
    '0 due hold at 300',
    '0 applied: taken-over switchboard',
  ])
  const first = call.alert.takenOver?.version
  expect(
    call
      .until(60)
      .board({ kind: 'taken-over', version: first ?? 0 })
      .look(),
  ).toEqual(['5 forget receipt', '60 due hold at 360', '60 applied: taken-over switchboard'])
  expect(call.alert.takenOver).toMatchObject({ at: call.at, by: 'op' })
  expect(call.board({ kind: 'taken-over', version: 1 }).look()).toEqual([
    '60 already: already-taken-over switchboard',
  ])
})

test('taking over what nobody has taken over, on an old screen, still fits', () => {
  const call = crash().says('gas', 'declined')
  call.look()
  expect(call.board({ kind: 'taken-over', version: 1 }).look()).toEqual(['0 stale: look-again, still fits'])
})

test('the switchboard asks again: whoever is awaited rings once more, the page goes out by radio, the alarm stands', () => {
  const call = crash().receipt('reg', 'opened').says('gas', 'declined').until(31)
  const again = (version = call.alert.version) =>
    call.happen({ kind: 'asked-again', at: call.at, by: OPERATOR, version }).look()
  const { attention, version } = call.alert
  call.look()
  expect(again(1)).toEqual(['31 stale: look-again, still fits'])
  expect(again().filter((l) => !l.includes('due'))).toEqual([
    '31 again reg: asked-again',
    '31 again nurse: asked-again',
    '31 again icu: asked-again',
    '31 again out: asked-again',
    '31 radio: asked-again',
    '31 applied: asked-again switchboard',
  ])
  expect(call.alert).toMatchObject({ attention, version })
  call.says('reg', 'accepted').says('nurse', 'accepted').look()
  for (const seen of [1, call.alert.version])
    expect(again(seen)).toEqual(['31 already: already-covered nurse'])
  call.board({ kind: 'closed' }).look()
  expect(again()).toEqual(['31 late: already-closed switchboard'])
})

test.each<[Actor, string]>([
  [OPERATOR, 'op'],
  [self('reg'), 'reg'],
  [PBX, 'pbx'],
])('who took over is kept by name: %o', (by, name) => {
  const call = crash()
  call.happen({ kind: 'taken-over', at: call.at, by, version: 1 })
  expect(call.alert.takenOver?.by).toBe(name)
})

test('the end names who ended it, and tells everybody still concerned once', () => {
  const call = new Call('role:surg-f1', 'urgent').says('f1a', 'accepted')
  expect(call.state('f1b')).toBe('stood-down')
  call.look()
  expect(call.board({ kind: 'closed' }).look()).toEqual([
    '0 forget close',
    '0 forget lapse',
    '0 stand-down f1a: closed-by-person',
    '0 applied: closed-by-person',
    '0 is closed',
  ])
  expect(call.alert.closed).toEqual({
    at: call.at,
    by: 'switchboard',
    operator: 'op',
    reason: 'closed-by-person',
  })
  expect(call.says('f1a', 'arrived').look()).toEqual(['0 late: already-closed switchboard'])
})

test('cancelled by hand must have seen what it cancels and is answered; by a page it is neither', () => {
  const call = crash().says('reg', 'accepted')
  call.look()
  const cancel = (by: Actor | 'page', seen?: number) =>
    call
      .happen({
        kind: 'cancelled',
        at: call.at,
        by,
        reason: 'cancelled-by-page',
        ...(seen === undefined ? {} : { version: seen }),
      })
      .look()
  for (const seen of [0, 1, 3]) expect(cancel(OPERATOR, seen)).toEqual(['0 stale: look-again'])
  expect(cancel(self('reg'), 2)).toEqual([
    '0 forget receipt',
    '0 forget step-1',
    '0 cancel reg: cancelled-by-page',
    '0 cancel nurse: cancelled-by-page',
    '0 cancel gas: cancelled-by-page',
    '0 applied: cancelled-by-page',
    '0 is closed',
  ])
  expect(call.alert.closed?.by).toBe('reg')
  const page = crash()
  page.happen({ kind: 'cancelled', at: page.at, by: 'page', reason: 'cancelled-by-page' })
  expect(page.look().at(-1)).toBe('0 is closed')
  expect(page.alert.closed?.by).toBe('system')
})

test('the end takes the alarm down', () => {
  const call = crash().until(31)
  expect(call.alert.attention?.level).toBe('act')
  expect(call.board({ kind: 'closed' }).alert).not.toHaveProperty('attention')
})
