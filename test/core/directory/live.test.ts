import { expect, test } from 'vitest'
import { takeRoll } from '../../../src/core/alert/roll-call.ts'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import { readinessOf } from '../../../src/core/deliver/readiness.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { findRotaFlaws, findUnclaimed } from '../../../src/core/directory/cover-check.ts'
import type { Person, Role, Target } from '../../../src/core/directory/directory.ts'
import { isCrash, whyTargetUnrung } from '../../../src/core/directory/live.ts'
import { asId, type TeamId } from '../../../src/core/ids.ts'
import { HOUR } from '../../../src/core/instant.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { route } from '../../../src/core/route/route.ts'
import { whoAt } from '../../../src/core/route/who.ts'
import type { Class } from '../../../src/core/vocabulary.ts'
import { aLine, aPerson, aRole, NUMBERS, role, smallSite } from '../../support/small-site.ts'

const AT = Date.UTC(2026, 10, 30, 10)
const policies = policiesSchema.parse({})
const TEAM: Target = { kind: 'team', team: asId<TeamId>('team') }

/** A team of two, `reg` (Ada by day) and `sho` (Cat by day), with what a test makes of each. */
function site(reg: Partial<Role> = {}, ada: Partial<Person> = {}, sho: Partial<Role> = {}) {
  const member = (id: string) => ({ role: role(id), need: 'mandatory', count: 1 }) as const
  return buildDirectory(
    smallSite({
      people: [aPerson('ada', ada), ...['ben', 'cat', 'dov'].map((id) => aPerson(id))],
      roles: [aRole('reg', { crash: true, ...reg }), aRole('sho', { crash: true, ...sho })],
      teams: [{ id: asId<TeamId>('team'), name: 'Team', members: [member('reg'), member('sho')] }],
      numbers: NUMBERS.map((row) =>
        row.number === '0028' ? { ...row, to: { kind: 'role', role: role('reg') } } : row,
      ),
      rota: [aLine('reg', 'ada', 'day'), aLine('reg', 'ben', 'night'), aLine('sho', 'cat', 'day')],
    }),
  )
}

const bleep = (number: string, more: Partial<Bleep> = {}): Bleep => ({
  ...{ id: asId('b'), number, stage: 'received', received: AT, sightings: 1, repeats: 0 },
  page: {
    ...{ to: { scheme: 'number', number }, type: 'tone', text: '', quality: 'clean', corrected: 0 },
    ...{ fields: {}, firstByte: AT, lastByte: AT },
  },
  ...more,
})
const go = (
  directory: ReturnType<typeof site>,
  number: string,
  c: Class = 'emergency',
  more?: Partial<Bleep>,
) =>
  route(
    bleep(number, more),
    { kind: 'x', class: c, rule: 'r', reason: 'number-plan' },
    directory,
    policies,
    AT,
  )

test('a role that listens rings nobody, even for an emergency, and nobody is told to act', () => {
  expect(go(site({ listens: true }), '0028')).toEqual({
    kind: 'review',
    stuck: false,
    reason: 'listening-only',
  })
  expect(whoAt(site({ listens: true }), AT)({ kind: 'role', role: role('reg') })).toEqual([])
})

test('gone live it rings, and back again it does not: the same role, one word changed', () => {
  expect(go(site(), '0028')).toMatchObject({ kind: 'raise' })
  expect(go(site({ listens: true }), '0028').kind).toBe('review')
})

test('a team rings those who are live and waits for no other; its record says who was left to the pagers', () => {
  const live = go(site({}, {}, { listens: true }), '2201')
  expect(live).toMatchObject({
    kind: 'raise',
    plan: { need: [{ role: 'reg' }], unrung: [{ role: 'sho', why: 'listening-only' }] },
  })
  const rung = whoAt(site({}, {}, { listens: true }), AT)(TEAM)
  expect(rung.map(({ person }) => person)).toEqual(['ada'])
  expect(go(site(), '2201')).not.toHaveProperty('plan.unrung')
})

test('a team of which nobody is rung is left to the pagers whole', () => {
  expect(go(site({ listens: true }, {}, { listens: true }), '2201').reason).toBe('listening-only')
  expect(go(site({}, { pagerOnly: true }, { listens: true }), '2201').reason).toBe('pager-only')
})

test('whoever has a pager only is neither rung nor missed; the relief with a phone is', () => {
  const directory = site({}, { pagerOnly: true })
  expect(go(directory, '0028')).toMatchObject({ kind: 'review', stuck: false, reason: 'pager-only' })
  expect(whyTargetUnrung(directory, { kind: 'role', role: role('reg') }, AT + 12 * HOUR)).toBeUndefined()
})

test('a role that nobody holds is no pager-only role: it is escalated', () => {
  expect(go(site({ hours: { from: '08:00', to: '20:00' } }), '0028')).toMatchObject({ kind: 'raise' })
  expect(whyTargetUnrung(site(), { kind: 'role', role: role('sho') }, AT + 12 * HOUR)).toBeUndefined()
})

test('what a ward asks for through us is raised all the same: nobody else has it', () => {
  const ask = { role: role('reg'), urgency: 'urgent' } as const
  const asked = go(site({ listens: true }), '0028', 'urgent', { ask })
  expect(asked).toMatchObject({
    kind: 'raise',
    reason: 'asked-by-role',
    plan: { steps: [{ radio: true }, {}, {}] },
  })
})

test('nobody is nagged about a role that listens: no gap, no unheld role, no phone to prove, no roll', () => {
  const directory = site({ listens: true, mustClaim: true }, {}, { listens: true })
  expect(findUnclaimed(directory, AT + 14 * HOUR, 0)).toEqual([])
  expect(findRotaFlaws(directory, AT, AT + 48 * HOUR, isCrash)).toEqual([])
  expect(readinessOf(directory, [], AT)).toEqual([])
  const window = { day: '2026-11-30', from: AT, to: AT + HOUR, due: AT + HOUR }
  const [daily] = policiesSchema.parse({
    dailyTests: [{ id: 't', number: '2299', from: '10:00', to: '10:30' }],
  }).dailyTests
  expect(takeRoll(daily!, window, TEAM, [], directory, AT).lines).toEqual([])
})

test('nobody waits to be shown the phone of somebody who has none', () => {
  const holders = readinessOf(site({}, { pagerOnly: true }), [], AT).map(({ holder }) => holder)
  expect(holders).toContain('ben')
  expect(holders).not.toContain('ada')
})
