import { expect, test } from 'vitest'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { DEFAULT_POLICIES, snapshotPlan } from '../../../src/core/route/policy.ts'
import { Call } from '../../support/call.ts'
import { aHolding, targetOf, wardDirectory } from '../../support/ward.ts'

const id = (person: string) => asId<PersonId>(person)
const OP = { kind: 'switchboard', operator: 'op' } as const

/** A routine call to two in turn, found to be an arrest by a better copy. */
function upgrade(call: Call): Call {
  const plan = snapshotPlan(DEFAULT_POLICIES[0]!, targetOf('team:crash'), wardDirectory(aHolding()), call.at)
  return call.happen({
    kind: 'upgraded',
    at: call.at,
    plan,
    was: call.alert.plan,
    reason: 'reading-more-urgent',
  })
}

test('a better copy reads more urgent: its own plan from the first step, everybody asked anew, both told', () => {
  const call = new Call('role:surg-f1', 'routine').receipt('f1a', 'presented').until(3)
  call.look()
  expect(upgrade(call).look()).toEqual([
    '3 forget receipt',
    '3 forget step-1',
    '3 tell switchboard prompt: reading-more-urgent med-reg ccu-nurse',
    '3 tell team info: reading-more-urgent',
    '3 ask reg: reading-more-urgent',
    '3 due receipt at 8',
    '3 ask nurse: reading-more-urgent',
    '3 ask gas: reading-more-urgent',
    '3 due step-1 at 18',
    '3 again f1a: reading-more-urgent',
    '3 tell team info: cover-short med-reg ccu-nurse',
    '3 tell switchboard info: cover-short med-reg ccu-nurse',
  ])
  expect(call.alert.plan.policy).toBe('default-emergency')
  // f1a at first, then the three of the team and f1a again: nobody counts twice for one event.
  expect(call.alert.rounds).toBe(5)
  expect(call.alert.responders[id('f1a')]).toMatchObject({ state: 'asked', since: call.at, rung: call.at })
})

test('yes and no to the lesser call are neither to this one; who has arrived is there, who is not meant stays out', () => {
  const call = new Call('team:crash', 'urgent').says('reg', 'accepted')
  call.happen({
    kind: 'said',
    at: call.at,
    by: { kind: 'person', person: id('reg') },
    said: { kind: 'eta', text: '5 min' },
  })
  call.board({ kind: 'released', person: 'reg' })
  call.says('gas', 'call-back', undefined, { kind: 'pbx' }).says('nurse', 'declined')
  call.says('icu', 'arrived', undefined, OP).says('out', 'not-me', undefined, OP)
  const { revision, version } = call.alert
  upgrade(call)
  const seen = (person: string) => call.alert.responders[id(person)]
  for (const person of ['reg', 'gas', 'nurse']) {
    expect(seen(person)).toMatchObject({ state: 'asked', changed: revision + 1 })
    for (const gone of ['eta', 'confirmed', 'released']) expect(seen(person)).not.toHaveProperty(gone)
  }
  expect(seen('icu')?.state).toBe('arrived')
  expect(seen('out')?.state).toBe('not-me')
  // The old yes is refused and must be thought over; the answer to this call counts.
  call.look()
  expect(call.says('reg', 'accepted', version).look()).toEqual(['0 stale: look-again'])
  expect(call.says('reg', 'accepted').state('reg')).toBe('accepted')
})

test('who is of both calls is rung once for the more urgent one', () => {
  const call = new Call('role:med-reg', 'routine').until(3)
  call.look()
  expect(
    upgrade(call)
      .look()
      .filter((l) => l.includes(' reg:')),
  ).toEqual(['3 again reg: reading-more-urgent'])
  expect(call.alert.rounds).toBe(4)
})

test('whoever had no way to be reached is tried again', () => {
  const call = new Call('role:surg-f1', 'routine')
  call.happen({ kind: 'unreachable', at: call.at, person: id('f1a'), reason: 'no-device' })
  expect(call.alert.responders[id('f1a')]?.unreachable).toBe(true)
  call.look()
  expect(upgrade(call).look()).toContain('0 again f1a: reading-more-urgent')
  expect(call.alert.responders[id('f1a')]).not.toHaveProperty('unreachable')
})

test('covered, taken over or alarmed for the lesser call is none of it for this one', () => {
  const call = new Call('role:surg-f1', 'routine').says('f1a', 'accepted')
  expect(call.alert).toMatchObject({ phase: 'covered', covered: call.at })
  call.until(2)
  expect(upgrade(call).alert.phase).toBe('ringing')
  expect(call.alert).not.toHaveProperty('covered')
  const held = new Call('role:nobody', 'routine').board({ kind: 'taken-over' })
  expect(upgrade(held).alert).not.toHaveProperty('takenOver')
  expect(held.alert.gaps).toEqual([])
  const alarmed = new Call('role:nobody', 'routine')
  expect(alarmed.alert.attention?.level).toBe('act')
  expect(upgrade(alarmed).alert.attention).toMatchObject({ level: 'prompt', reason: 'reading-more-urgent' })
})

test('an urgent call again rings whoever has not answered, a routine one nobody; all are counted and told', () => {
  const again = (c: 'urgent' | 'routine') => {
    const call = new Call('role:surg-f1', c).receipt('f1a', 'opened').until(2)
    call.look()
    call.happen({ kind: 'repeated', at: call.at, bleep: asId('b2'), reason: 'same-call-again' })
    expect(call.alert.repeats).toEqual(['b2'])
    return call.look()
  }
  const told = ['2 tell switchboard info: same-call-again', '2 tell team info: same-call-again']
  expect(again('routine')).toEqual(told)
  expect(again('urgent')).toEqual(['2 again f1a: same-call-again', '2 again f1b: same-call-again', ...told])
})
