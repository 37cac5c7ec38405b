import { expect, test } from 'vitest'
import type { PlanStep } from '../../../src/core/alert/alert.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { Call, covered, crash } from '../../support/call.ts'
import { targetOf } from '../../support/ward.ts'

const id = (person: string) => asId<PersonId>(person)
const of = (lines: readonly string[], ...words: readonly string[]) =>
  lines.filter((l) => words.some((w) => l.includes(w)))
const aStep = (more: Partial<PlanStep>): PlanStep => ({
  after: 0,
  ask: [],
  missing: false,
  inParallel: true,
  radio: false,
  switchboard: 'none',
  reason: 'first-ask',
  ...more,
})

test('nobody holds the role: every step gives way to the next at once, on the air only once', () => {
  const call = new Call('role:nobody', 'emergency')
  expect(call.look()).toEqual([
    '0 tell switchboard prompt: nobody-to-ask nobody',
    '0 radio: nobody-to-ask',
    '0 tell switchboard act: nobody-to-ask nobody',
    '0 due repeat at 30',
    '0 is exhausted',
  ])
  expect(call.alert.step).toBe(2)
  expect(call.alert.attention).toEqual({
    level: 'act',
    reason: 'nobody-to-ask',
    roles: ['nobody'],
    since: call.at,
  })
})

test('keys of rings and re-pages hold the alert, the version, the person, the purpose and the way', () => {
  const call = crash().until(15)
  const keys = call.effects.flatMap((e) => (e.kind === 'deliver' || e.kind === 'radio' ? [e.key] : []))
  expect(keys.slice(0, 4)).toEqual(['a/1/reg/ask/0', 'a/1/nurse/ask/0', 'a/1/gas/ask/0', 'a/2/reg/again/1'])
  expect(keys).toContain('a/4/radio')
})

test('a plan of one step that is the last asks the substitutes of a role nobody holds', () => {
  const only = aStep({ ask: [targetOf('team:gap')], switchboard: 'act', reason: 'switchboard-must-act' })
  const call = new Call('team:gap', 'emergency', { steps: [only] })
  expect(of(call.look(), 'ask')).toEqual(['0 ask reg: switchboard-must-act', '0 ask surg: substitute-asked'])
})

test('a mandatory role is not waited for: substitutes at once, and switchboard hears whether anybody held it', () => {
  const empty = new Call('team:gap', 'emergency')
  expect(empty.look()).toEqual([
    '0 ask reg: first-ask',
    '0 due receipt at 5',
    '0 tell switchboard prompt: nobody-holds-role night-coord',
    '0 ask surg: substitute-asked',
    '0 due step-1 at 15',
  ])
  expect(empty.alert.gaps).toEqual(['night-coord'])
  const silent = crash().says('nurse', 'declined')
  expect(of(silent.look(), 'role-', 'out')).toEqual([
    '0 tell switchboard prompt: role-without-answer ccu-nurse',
    '0 ask out: substitute-asked',
  ])
  // Once: a second no of the same role is not told again.
  expect(of(silent.says('out', 'declined').look(), 'role-')).toEqual([])
})

test('where people are asked in turn the next step is the substitute, not a gap to be filled', () => {
  const call = new Call('role:surg-f1', 'routine').says('f1a', 'declined')
  call.look()
  expect(of(call.says('f1b', 'declined').look(), 'ask ')).toEqual(['0 ask surg: all-declined'])
  expect(call.alert.gaps).toEqual([])
})

test('whoever was stood down for another may stand in after all', () => {
  const call = crash().holds('med-reg', 'both').holds('icu-reg', 'both')
  // They gave the role away and hold the substitute's.
  call.happen({ kind: 'handed-over', at: call.at, role: asId('med-reg'), from: id('reg'), to: id('both') })
  call.happen({ kind: 'handed-over', at: call.at, role: asId('med-reg'), from: id('both'), to: id('new') })
  expect(call.state('both')).toBe('stood-down')
  call.holds('med-reg', 'new').look()
  expect(of(call.says('new', 'declined').look(), 'both')).toEqual(['0 again both: substitute-asked'])
})

test('a substitute stands down when cover is complete, a member of the team does not', () => {
  const call = crash().receipt('reg').receipt('nurse').receipt('gas').until(16)
  for (const p of ['icu', 'out']) call.receipt(p)
  expect(call.alert.responders[id('icu')]?.substitute).toBe(true)
  expect(call.alert.responders[id('reg')]).not.toHaveProperty('substitute')
  call.says('reg', 'accepted').says('nurse', 'accepted')
  expect(['icu', 'out', 'gas'].map((p) => call.state(p))).toEqual(['stood-down', 'stood-down', 'on-device'])
})

test('whoever comes on later and is asked for a missing role is no substitute', () => {
  const call = crash().holds('ccu-nurse', 'late').until(15)
  expect(call.alert.responders[id('late')]).not.toHaveProperty('substitute')
  call.says('reg', 'accepted').says('nurse', 'accepted')
  expect(call.state('late')).toBe('asked')
})

test('two roles in one pair of hands ring once, for both', () => {
  const call = crash().holds('icu-reg', 'two').holds('outreach', 'two')
  call.until(14).look()
  expect(of(call.until(15).look(), 'two')).toEqual(['15 ask two: cover-late'])
  expect(call.alert.responders[id('two')]?.roles).toEqual(['icu-reg', 'outreach'])
  expect(call.alert.responders[id('reg')]?.roles).toEqual(['med-reg'])
})

test('ringing again adds a role newly held and keeps what is known', () => {
  const call = crash().receipt('gas', 'presented').holds('icu-reg', 'gas').until(15)
  expect(call.alert.responders[id('gas')]).toMatchObject({
    roles: ['anaes', 'icu-reg'],
    state: 'presented',
    asked: call.at - 15_000,
    rung: call.at,
    since: call.at - 15_000,
  })
})

test('a call to one person rings that person again at every step', () => {
  const call = new Call('person:gas', 'urgent')
  expect(call.look()).toContain('0 ask gas: first-ask')
  call.receipt('gas')
  expect(of(call.until(30).look(), 'again gas')).toEqual(['30 again gas: cover-late'])
  expect(call.says('gas', 'accepted').alert.phase).toBe('covered')
})

test('a test nobody could hear names the role that nobody holds, where it is one role', () => {
  expect(new Call('role:nobody', 'test').look()).toEqual([
    '0 tell switchboard info: nobody-holds-role nobody',
    '0 due close at 300',
  ])
  const team = new Call('team:crash', 'test', { steps: [aStep({ ask: [targetOf('person:who')] })] })
  expect(of(team.look(), 'nobody')).toEqual(['0 tell switchboard info: nobody-holds-role'])
})

test('an alarm that stands is never weakened by a prompt, and keeps its own beginning', () => {
  const call = crash().receipt('reg').receipt('nurse').receipt('gas').until(31)
  const alarm = call.alert.attention
  expect(alarm).toMatchObject({ level: 'act', since: call.at - 16_000 })
  call.asks('nobody')
  expect(call.look()).toContain('31 tell switchboard prompt: nobody-holds-role nobody')
  expect(call.alert.attention).toEqual(alarm)
})

test('a prompt is replaced by a later one', () => {
  const call = crash().says('nurse', 'declined')
  expect(call.alert.attention).toMatchObject({ level: 'prompt', reason: 'role-without-answer' })
  expect(call.asks('nobody').alert.attention).toMatchObject({
    level: 'prompt',
    reason: 'nobody-holds-role',
    roles: ['nobody'],
  })
})

test('of several asked besides, those are rung again who have not answered, unless one is coming', () => {
  const two = () =>
    crash().receipt('reg').receipt('nurse').receipt('gas').asks('surg-f1').receipt('f1a').receipt('f1b')
  const chased = (call: Call) => {
    call.until(14).look()
    return of(call.until(15).look(), 'also-ask')
  }
  const told = '15 tell switchboard prompt: also-ask-unanswered surg-f1'
  expect(chased(two())).toEqual([
    told,
    '15 again f1a: also-ask-unanswered',
    '15 again f1b: also-ask-unanswered',
  ])
  expect(chased(two().says('f1a', 'declined'))).toEqual([told, '15 again f1b: also-ask-unanswered'])
  expect(chased(two().says('f1a', 'accepted'))).toEqual([])
  expect(chased(two().says('f1a', 'declined').says('f1b', 'declined'))).toEqual([])
  // Nobody who was asked holds it any more: there is nobody to chase.
  expect(chased(two().holds('surg-f1', 'new'))).toEqual([])
})

test('whoever holds two roles asked for besides is rung once', () => {
  const call = covered().holds('surg-reg', 'two').holds('outreach', 'two')
  call.asks('surg-reg').asks('outreach').receipt('two')
  call.until(14).look()
  expect(of(call.until(15).look(), 'again two')).toEqual(['15 again two: also-ask-unanswered'])
  expect(call.alert.responders[id('two')]).toMatchObject({ roles: ['surg-reg', 'outreach'] })
  expect(call.alert.responders[id('two')]).not.toHaveProperty('substitute')
})

test('cover does not call off a role that somebody asked for besides, and it is still chased', () => {
  const call = new Call('team:crash', 'urgent').asks('surg-reg').receipt('surg').until(1)
  call.says('reg', 'accepted').says('nurse', 'accepted')
  expect(['surg', 'gas'].map((p) => call.state(p))).toEqual(['on-device', 'stood-down'])
  call.look()
  expect(of(call.until(15).look(), 'surg:')).toEqual(['15 again surg: also-ask-unanswered'])
})

test('a second arrest call rings everybody of the first, new holders too, and never who said it is not them', () => {
  const call = covered().says('gas', 'declined').holds('anaes', 'new').until(2)
  call.says('out', 'not-me', undefined, { kind: 'switchboard', operator: 'op' })
  const again = (c: Call) => {
    c.look()
    c.happen({ kind: 'repeated', at: c.at, bleep: asId('b2'), reason: 'same-call-again' })
    return of(c.look(), 'same-call-again')
  }
  expect(again(call)).toEqual([
    '2 again reg: same-call-again',
    '2 again nurse: same-call-again',
    '2 again gas: same-call-again',
    '2 ask new: same-call-again',
    '2 tell switchboard info: same-call-again',
    '2 tell team info: same-call-again',
  ])
  expect(call.alert.responders[id('gas')]).toMatchObject({ state: 'asked', roles: ['anaes'] })
  expect(call.alert.responders[id('new')]).not.toHaveProperty('substitute')
  expect(call.alert.repeats).toEqual(['b2'])
  expect(again(crash().says('nurse', 'not-me')).filter((l) => l.includes('nurse'))).toEqual([])
})

test('only those rung since cover was complete are chased for a receipt', () => {
  const call = crash().until(1).says('reg', 'accepted').says('nurse', 'accepted').until(3).asks('surg-reg')
  call.look()
  expect(of(call.until(8).look(), 'again')).toEqual(['8 again surg by path 1: no-receipt'])
  const atOnce = covered().asks('surg-reg')
  atOnce.look()
  expect(of(atOnce.until(5).look(), 'again surg')).toEqual(['5 again surg by path 1: no-receipt'])
  const lost = crash().until(1).says('reg', 'accepted').says('nurse', 'accepted').until(3)
  lost.says('nurse', 'declined').look()
  expect(of(lost.until(8).look(), 'again gas')).toEqual(['8 again gas by path 1: no-receipt'])
})

test('receipts are looked for at the time of whoever was rung last', () => {
  const call = crash().receipt('reg').receipt('nurse').until(3).asks('surg-reg')
  expect(call.alert.due.receipt).toBe(call.at + 2000)
  call.look()
  expect(call.until(5).look()).toEqual([
    '5 forget receipt',
    '5 again gas by path 1: no-receipt',
    '5 due receipt at 8',
  ])
})

test('a clock set back makes nobody wait the hour for a receipt', () => {
  const call = crash().receipt('reg').receipt('nurse')
  call.happen({ kind: 'clock-set-back', at: call.at - 3_600_000, by: 3_600_000 })
  call.look()
  call.happen({ kind: 'due', name: 'receipt', at: call.at - 3_595_000 })
  expect(of(call.look(), 'gas')).toEqual(['0 again gas by path 1: no-receipt'])
})
