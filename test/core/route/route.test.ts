import { expect, test } from 'vitest'
import type { Bleep, Meaning } from '../../../src/core/bleep/bleep.ts'
import type { Directory, PlanNumber } from '../../../src/core/directory/directory.ts'
import { asId, type PersonId, type RoleId, type TeamId } from '../../../src/core/ids.ts'
import {
  DEFAULT_POLICIES,
  planFor,
  policiesSchema,
  policyFor,
  policySchema,
  snapshotPlan,
} from '../../../src/core/route/policy.ts'
import { type Earlier, route } from '../../../src/core/route/route.ts'
import { whoAt } from '../../../src/core/route/who.ts'
import type { Class } from '../../../src/core/vocabulary.ts'
import { aHolding, wardDirectory } from '../../support/ward.ts'

const AT = Date.UTC(2026, 10, 22, 3)
const ward = wardDirectory(aHolding())
const policies = policiesSchema.parse({})

const aBleep = (number: string, more: Partial<Bleep> = {}, ric?: number): Bleep => ({
  id: asId('b'),
  number,
  page: {
    to: ric === undefined ? { scheme: 'number', number } : { scheme: 'ric', ric, fn: 2 },
    type: 'alpha',
    text: '',
    quality: 'clean',
    corrected: 0,
    fields: {},
    firstByte: AT,
    lastByte: AT,
  },
  stage: 'received',
  received: AT,
  sightings: 1,
  repeats: 0,
  ...more,
})
const means = (c: Class, kind = 'x', place?: string): Meaning => ({
  kind,
  class: c,
  rule: 'r',
  reason: 'number-plan',
  ...(place ? { place } : {}),
})
const open = (id: string, more: Partial<Earlier> = {}): Earlier => ({
  alert: asId(id),
  phase: 'ringing',
  class: 'emergency',
  related: false,
  ...more,
})
const go = (
  bleep: Bleep,
  meaning: Meaning,
  earlier: readonly Earlier[] = [],
  directory: Directory = ward,
) => {
  const r = route(bleep, meaning, directory, policies, AT, earlier)
  return r.kind === 'raise'
    ? `raise ${r.plan.class} ${r.reason}`
    : `${r.kind} ${'alert' in r ? r.alert : r.stuck} ${r.reason}`
}

test('a number of the plan raises', () => {
  expect(go(aBleep('2222'), means('emergency'))).toBe('raise emergency number-plan')
})

test('a test call stays open as long as its daily test gives people to answer', () => {
  const daily = policiesSchema.parse({
    dailyTests: [
      { id: 'long', number: '2222', from: '08:45', to: '09:00', answerWithinMs: 900_000 },
      { id: 'short', number: '1113', from: '08:45', to: '09:00', answerWithinMs: 60_000 },
    ],
  })
  const closes = (number: string, c: Class) => {
    const r = route(aBleep(number), means(c, 'test'), ward, daily, AT)
    return r.kind === 'raise' && r.plan.closeAfter
  }
  expect(closes('2222', 'test')).toBe(900_000)
  expect(closes('1113', 'test')).toBe(300_000)
  expect(closes('0028', 'test')).toBe(300_000)
  expect(closes('2222', 'emergency')).toBe(3_600_000)
})

test('radio addresses: with function first, then alone; unknown ones never reach a phone', () => {
  const row = (number: string): PlanNumber => ({ ...ward.numbers.get('1113')!, number })
  const rics = new Map([
    ['100/2', row('with function')],
    ['100', row('alone')],
    ['200', row('alone')],
  ])
  const directory = { ...ward, rics }
  expect(go(aBleep('ric:100/2', {}, 100), means('routine'), [], directory)).toBe('raise routine number-plan')
  expect(go(aBleep('ric:200/2', {}, 200), means('routine'), [], directory)).toBe('raise routine number-plan')
  expect(go(aBleep('ric:300/2', {}, 300), means('routine'), [], directory)).toBe(
    'review false address-unknown',
  )
  expect(go(aBleep('ric:300/2', {}, 300), means('test'), [], directory)).toBe('review false address-unknown')
  expect(go(aBleep('ric:300/2', {}, 300), means('urgent'), [], directory)).toBe('review true address-unknown')
  expect(go(aBleep('ric:300/2', {}, 300), means('emergency'), [], directory)).toBe(
    'review true address-unknown',
  )
})

test('an unknown switchboard number waits for a human, or goes to the fallback', () => {
  expect(go(aBleep('9999'), means('routine'))).toBe('review true number-unknown')
  const fallback = policiesSchema.parse({ fallback: 'role:manager' })
  const r = route(aBleep('9999'), means('urgent'), ward, fallback, AT)
  expect(r).toMatchObject({
    kind: 'raise',
    reason: 'number-unknown-fallback',
    to: { kind: 'role', role: 'manager' },
  })
})

test.each<[string, Meaning, Earlier[], string]>([
  ['no open call', means('urgent', 'stand-down'), [], 'raise urgent nothing-to-cancel'],
  [
    'a closed call',
    means('urgent', 'stand-down'),
    [open('a', { phase: 'closed' })],
    'raise urgent nothing-to-cancel',
  ],
  ['the only call', means('urgent', 'stand-down'), [open('a')], 'cancel a cancelled-by-page'],
  [
    'a covered call',
    means('urgent', 'stand-down'),
    [open('a', { phase: 'covered' })],
    'cancel a cancelled-by-page',
  ],
  ['two calls', means('urgent', 'stand-down'), [open('a'), open('b')], 'raise emergency nothing-to-cancel'],
  [
    'two calls, one at the place',
    means('urgent', 'stand-down', 'WARD 7B'),
    [open('a', { place: 'WARD 9' }), open('b', { place: 'WARD 7B' })],
    'cancel b cancelled-by-page',
  ],
  [
    'the place is another',
    means('urgent', 'stand-down', 'WARD 1'),
    [open('a', { place: 'WARD 9' })],
    'raise emergency nothing-to-cancel',
  ],
  [
    'the call has no place',
    means('urgent', 'stand-down', 'WARD 1'),
    [open('a')],
    'cancel a cancelled-by-page',
  ],
  [
    'two at the place',
    means('urgent', 'stand-down', 'WARD 7B'),
    [open('a', { place: 'WARD 7B' }), open('b', { place: 'WARD 7B' })],
    'raise emergency nothing-to-cancel',
  ],
  [
    'only routine calls open',
    means('urgent', 'stand-down'),
    [open('a', { class: 'routine' }), open('b', { class: 'routine' })],
    'raise urgent nothing-to-cancel',
  ],
])('stand-down: %s', (_, meaning, earlier, expected) => {
  expect(go(aBleep('2222'), meaning, earlier)).toBe(expected)
})

const echo: Partial<Bleep> = { related: { bleep: asId('b0'), reason: 'echo-bleep' } }
test.each<[string, Partial<Bleep>, Class, Earlier[], string]>([
  [
    'an echo of an open routine call',
    echo,
    'routine',
    [open('a', { class: 'routine', related: true })],
    'join a same-call-again',
  ],
  [
    'an echo of a closed call',
    echo,
    'routine',
    [open('a', { class: 'routine', related: true, phase: 'closed' })],
    'raise routine number-plan',
  ],
  ['an emergency echo', echo, 'emergency', [open('a', { related: true })], 'raise emergency number-plan'],
  [
    'an echo more urgent than the call',
    echo,
    'urgent',
    [open('a', { class: 'routine', related: true })],
    'raise urgent number-plan',
  ],
  [
    'an echo less urgent than the call',
    echo,
    'routine',
    [open('a', { class: 'urgent', related: true })],
    'join a same-call-again',
  ],
  [
    'a déjà: another telephone',
    { related: { bleep: asId('b0'), reason: 'deja-bleep' } },
    'routine',
    [open('a', { class: 'routine', related: true })],
    'raise routine number-plan',
  ],
  ['an unrelated open call', {}, 'routine', [open('a', { class: 'routine' })], 'raise routine number-plan'],
])('the same again: %s', (_, more, c, earlier, expected) => {
  expect(go(aBleep('1113', more), means(c), earlier)).toBe(expected)
})

test('a plan is a frozen snapshot: needs by hour, substitutes, and when to ask whom', () => {
  const team = { kind: 'team', team: asId<TeamId>('crash') } as const
  const plan = snapshotPlan(policyFor(policies, 'emergency', 'x', team), team, ward, AT)
  expect(
    plan.steps.map((s) => [s.after, s.ask.length, s.missing, s.inParallel, s.radio, s.switchboard, s.reason]),
  ).toEqual([
    [0, 1, false, true, false, 'none', 'first-ask'],
    [15_000, 0, true, true, true, 'prompt', 'cover-late'],
    [30_000, 0, true, true, true, 'act', 'switchboard-must-act'],
  ])
  expect(plan.need.map((n) => [n.role, n.count, n.mandatory, n.substitutes.join()])).toEqual([
    ['med-reg', 1, true, 'icu-reg'],
    ['ccu-nurse', 1, true, 'outreach'],
    ['anaes', 1, false, ''],
  ])
  expect(plan.receiptWithin).toBe(5000)
  expect(plan.escalates).toBe(true)
  expect(plan).not.toHaveProperty('lapse')
})

test('members outside their hours are neither needed nor asked', () => {
  const team = { kind: 'team', team: asId<TeamId>('hours') } as const
  const directory: Directory = {
    ...ward,
    teams: new Map([
      [
        asId('hours'),
        {
          id: asId('hours'),
          name: 'hours',
          members: [
            { role: asId('med-reg'), need: 'mandatory', count: 1, hours: { from: '20:00', to: '08:00' } },
            { role: asId('anaes'), need: 'mandatory', count: 1, hours: { from: '08:00', to: '16:00' } },
            { role: asId('ccu-nurse'), need: 'optional', count: 2 },
          ],
        },
      ],
    ]),
  }
  const at = (hour: number) => Date.UTC(2026, 10, 22, hour)
  const needs = (hour: number) =>
    snapshotPlan(DEFAULT_POLICIES[0]!, team, directory, at(hour)).need.map((n) => n.role)
  const asked = (hour: number) => whoAt(directory, at(hour))(team).map((h) => h.person)
  expect(needs(3)).toEqual(['med-reg', 'ccu-nurse'])
  expect(asked(3)).toEqual(['reg', 'nurse'])
  expect(needs(8)).toEqual(['anaes', 'ccu-nurse'])
  expect(asked(15)).toEqual(['gas', 'nurse'])
  expect(needs(16)).toEqual(['ccu-nurse'])
})

test('leavers are never asked, by role or by name', () => {
  const people = new Map([...ward.people].map(([id, p]) => [id, { ...p, active: id !== 'gas' }]))
  const who = whoAt({ ...ward, people }, AT)
  expect(who({ kind: 'person', person: asId('gas') })).toEqual([])
  expect(who({ kind: 'role', role: asId('anaes') })).toEqual([])
  expect(who({ kind: 'team', team: asId('crash') }).map((h) => h.person)).toEqual(['reg', 'nurse'])
  expect(who({ kind: 'person', person: asId('reg') })).toEqual([
    { person: 'reg', role: 'named', source: 'named' },
  ])
  expect(who({ kind: 'team', team: asId('unknown') })).toEqual([])
})

test('tests need nobody and never escalate; routine asks in turn through the substitutes', () => {
  const role = { kind: 'role', role: asId<RoleId>('surg-f1') } as const
  const test = snapshotPlan(policyFor(policies, 'test', 'x', role), role, ward, AT)
  expect(test).toMatchObject({ escalates: false, need: [], closeAfter: 300_000 })
  expect(test.steps.length).toBe(1)
  const routine = snapshotPlan(policyFor(policies, 'routine', 'x', role), role, ward, AT)
  expect(routine.steps.map((s) => [s.after, s.ask.length, s.inParallel, s.reason])).toEqual([
    [0, 1, false, 'first-ask'],
    [45_000, 2, false, 'next-in-turn'],
    [90_000, 2, false, 'next-in-turn'],
    [300_000, 2, true, 'switchboard-must-act'],
  ])
  const person = { kind: 'person', person: asId<PersonId>('gas') } as const
  expect(snapshotPlan(policyFor(policies, 'urgent', 'x', person), person, ward, AT)).toMatchObject({
    need: [],
    lapse: 900_000,
  })
})

test('the first policy that fits a class, kind and team is taken, the built-in one last', () => {
  const act = { afterMs: 5000, switchboard: 'act' }
  const own = policiesSchema.parse({
    policies: [
      { id: 'stroke', class: 'emergency', kinds: ['stroke'], steps: [{ afterMs: 0 }, act] },
      { id: 'gap', class: 'emergency', teams: ['gap'], steps: [{ afterMs: 0 }, act] },
      { id: 'rest', class: 'urgent', steps: [{ afterMs: 0 }, act] },
    ],
  })
  const crash = { kind: 'team', team: asId<TeamId>('crash') } as const
  const gap = { kind: 'team', team: asId<TeamId>('gap') } as const
  const role = { kind: 'role', role: asId<RoleId>('gap') } as const
  expect(policyFor(own, 'emergency', 'stroke', gap).id).toBe('stroke')
  expect(policyFor(own, 'emergency', 'x', gap).id).toBe('gap')
  expect(policyFor(own, 'emergency', 'x', role).id).toBe('default-emergency')
  expect(policyFor(own, 'emergency', 'x', crash).id).toBe('default-emergency')
  expect(policyFor(own, 'urgent', 'stroke', crash).id).toBe('rest')
  expect(policyFor(own, 'routine', 'stroke', crash).id).toBe('default-routine')
})

test.each<[string, unknown, string]>([
  [
    'a first step that waits',
    { steps: [{ afterMs: 5 }, { afterMs: 9000, switchboard: 'act' }] },
    'steps.0.afterMs',
  ],
  [
    'steps closer than a second',
    { steps: [{ afterMs: 0 }, { afterMs: 999, switchboard: 'act' }] },
    'steps.1.afterMs',
  ],
  ['an end without the switchboard', { steps: [{ afterMs: 0 }] }, 'steps'],
  [
    'the switchboard before the end',
    { steps: [{ afterMs: 0 }, { afterMs: 2000, switchboard: 'act' }, { afterMs: 9000, switchboard: 'act' }] },
    'steps.1.switchboard',
  ],
  ['a test that escalates', { class: 'test', steps: [{ afterMs: 0 }, { afterMs: 9000 }] }, 'steps'],
  [
    'a word that is no target',
    { steps: [{ afterMs: 0, ask: ['boss'], switchboard: 'act' }] },
    'steps.0.ask.0',
  ],
  ['no steps', { steps: [] }, 'steps'],
])('refused: %s', (_, more, path) => {
  const read = policySchema.safeParse({ id: 'p', class: 'emergency', ...(more as object) })
  expect(read.success).toBe(false)
  expect(read.error?.issues.map((i) => i.path.join('.'))).toContain(path)
})

test('a step names ways, a class an order: both are frozen on the plan', () => {
  const policies = policiesSchema.parse({
    ways: { urgent: ['voice', 'webpush'] },
    policies: [
      {
        id: 'u',
        class: 'urgent',
        steps: [{ afterMs: 0 }, { afterMs: 5000, by: ['voice'], switchboard: 'act' }],
      },
    ],
  })
  const call = { class: 'urgent', kind: 'x', number: '1' } as const
  const to = { kind: 'role', role: asId<RoleId>('gap') } as const
  const plan = planFor(policies, call, to, ward, 0)
  expect(plan.ways).toEqual(['voice', 'webpush'])
  expect(plan.steps.map(({ by }) => by)).toEqual([undefined, ['voice']])
  expect(planFor(policies, { ...call, class: 'routine' }, to, ward, 0).ways).toBeUndefined()
})

test('steps exactly one second apart are allowed', () => {
  const steps = [
    { afterMs: 0, ask: ['target'] },
    { afterMs: 1000, switchboard: 'act' },
  ]
  expect(policySchema.safeParse({ id: 'p', class: 'urgent', steps }).success).toBe(true)
})

test('a page whose address is doubtful goes nowhere without the switchboard looking on', () => {
  const radio = { baud: 1200, addressBit: 0, endBit: 64, emittedBit: 96, words: [1] }
  const asked = (doubt?: 'address' | 'words' | 'address and words') => {
    const plain = aBleep('0028')
    const page = {
      ...plain.page,
      quality: 'doubtful' as const,
      radio: { ...radio, ...(doubt ? { doubt } : {}) },
    }
    const r = route({ ...plain, page }, means('routine'), ward, policies, AT)
    const step = r.kind === 'raise' ? r.plan.steps[0] : undefined
    return `${step?.switchboard} ${step?.reason}`
  }
  expect(asked('address')).toBe('prompt address-doubtful')
  expect(asked('address and words')).toBe('prompt address-doubtful')
  expect(asked('words')).toBe(asked())
})
