import { expect, test } from 'vitest'
import type { Need, Plan, Responder } from '../../../src/core/alert/alert.ts'
import { coverOf, hopelessNeeds, missingNeeds } from '../../../src/core/alert/cover.ts'
import { asId, type PersonId, type RoleId } from '../../../src/core/ids.ts'
import type { ResponderState } from '../../../src/core/vocabulary.ts'

const role = (id: string) => asId<RoleId>(id)
const need = (id: string, more: Partial<Need> = {}): Need => ({
  role: role(id),
  count: 1,
  mandatory: true,
  substitutes: [],
  ...more,
})

let asked = 0
const who = (
  person: string,
  roles: string,
  state: ResponderState = 'accepted',
  more: Partial<Responder> = {},
): Responder => ({
  person: asId(person),
  roles: roles.split(' ').filter(Boolean).map(role),
  state,
  asked: asked++,
  rung: 0,
  path: 0,
  since: 0,
  changed: 1,
  ...more,
})

function alert(needs: readonly Need[], people: readonly Responder[], c: Plan['class'] = 'emergency') {
  const plan: Plan = {
    policy: 'p',
    class: c,
    steps: [],
    need: needs,
    receiptWithin: 5000,
    repeatLast: 30_000,
    escalates: true,
  }
  return {
    plan,
    responders: Object.fromEntries(people.map((r) => [r.person, r])) as Record<PersonId, Responder>,
  }
}

/** needs · people coming · is it covered, and by whom place by place */
const TABLE: readonly [string, Need[], Responder[], boolean, string][] = [
  ['nobody', [need('a')], [], false, ''],
  ['the holder', [need('a')], [who('x', 'a')], true, 'x'],
  ['somebody else', [need('a')], [who('x', 'b')], false, ''],
  ['a substitute', [need('a', { substitutes: [role('b')] })], [who('x', 'b')], true, 'x'],
  [
    'holder before substitute',
    [need('a', { substitutes: [role('b')] })],
    [who('s', 'b'), who('x', 'a')],
    true,
    'x',
  ],
  [
    'who holds a needed role fills that one, whatever else they could stand in for',
    [need('reg', { substitutes: [role('sho')] }), need('sho')],
    [who('x', 'sho')],
    false,
    '|x',
  ],
  [
    'unless moving up lets somebody else in',
    [need('reg', { substitutes: [role('sho')] }), need('sho', { substitutes: [role('f1')] })],
    [who('x', 'sho'), who('y', 'f1')],
    true,
    'x|y',
  ],
  [
    'or somebody of the same role',
    [need('reg', { substitutes: [role('icu')] }), need('sho')],
    [who('x', 'sho icu'), who('y', 'sho')],
    true,
    'x|y',
  ],
  [
    'a place that nobody must fill holds nobody back',
    [need('reg', { substitutes: [role('sho')] }), need('sho', { mandatory: false })],
    [who('x', 'sho')],
    true,
    'x|',
  ],
  ['one body for two places', [need('a'), need('b')], [who('x', 'a b')], false, 'x|'],
  ['two bodies, whichever order', [need('a'), need('b')], [who('x', 'a b'), who('y', 'a')], true, 'y|x'],
  [
    'a chain of three',
    [need('a'), need('b'), need('c')],
    [who('x', 'a b'), who('y', 'b c'), who('z', 'a')],
    true,
    'z|x|y',
  ],
  ['two of a role', [need('a', { count: 2 })], [who('x', 'a')], false, 'x'],
  ['two of a role, two', [need('a', { count: 2 })], [who('x', 'a'), who('y', 'a')], true, 'x,y'],
  ['optional only missing', [need('a'), need('b', { mandatory: false })], [who('x', 'a')], true, 'x|'],
  ['optional only coming', [need('a'), need('b', { mandatory: false })], [who('x', 'b')], false, '|x'],
  [
    'mandatory goes before optional',
    [need('b', { mandatory: false }), need('a')],
    [who('x', 'a b')],
    true,
    '|x',
  ],
  ['nothing mandatory: anybody', [need('a', { mandatory: false })], [who('x', 'z')], true, ''],
  ['no needs: anybody', [], [who('x', '')], true, ''],
  ['no needs: nobody', [], [], false, ''],
]

for (const [name, needs, people, complete, seats] of TABLE)
  test(`cover: ${name}`, () => {
    const cover = coverOf(alert(needs, people))
    expect(cover.complete).toBe(complete)
    expect(cover.needs.map((n) => n.filledBy.join(',')).join('|')).toBe(seats)
    expect(cover.coming).toEqual(people.map((r) => r.person))
  })

test.each<[ResponderState, boolean, boolean]>([
  ['asked', false, false],
  ['on-device', false, false],
  ['presented', false, false],
  ['opened', false, false],
  ['accepted', true, true],
  ['call-back', false, true],
  ['attending', true, true],
  ['arrived', true, true],
  ['declined', false, false],
  ['not-me', false, false],
  ['stood-down', false, false],
])('%s counts for an emergency: %s, for a routine call: %s', (state, emergency, routine) => {
  expect(coverOf(alert([need('a')], [who('x', 'a', state)])).complete).toBe(emergency)
  expect(coverOf(alert([need('a')], [who('x', 'a', state)], 'routine')).complete).toBe(routine)
})

test('what is missing names mandatory roles, with how many', () => {
  const cover = coverOf(
    alert([need('a', { count: 3 }), need('b', { mandatory: false }), need('c')], [who('x', 'a')]),
  )
  expect(cover.missing).toEqual(['a', 'c'])
  expect(cover.needs.map((n) => n.missing)).toEqual([2, 1, 1])
  expect(missingNeeds(alert([need('a'), need('b')], [who('x', 'a')])).map((n) => n.role)).toEqual(['b'])
})

test('a missing need is hopeless when nobody who was asked could still fill it', () => {
  const hopeless = (...people: Responder[]) =>
    hopelessNeeds(alert([need('a', { substitutes: [role('s')] })], people)).length > 0
  expect(hopeless()).toBe(true)
  expect(hopeless(who('x', 'a', 'asked'))).toBe(false)
  expect(hopeless(who('x', 's', 'opened'))).toBe(false)
  expect(hopeless(who('x', 'b', 'asked'))).toBe(true)
  expect(hopeless(who('x', 'a', 'declined'))).toBe(true)
  expect(hopeless(who('x', 'a', 'asked', { unreachable: true }))).toBe(true)
  expect(hopeless(who('x', 'a', 'accepted'))).toBe(false)
})
