import { expect, test } from 'vitest'
import type { Alert, Responder } from '../../../src/core/alert/alert.ts'
import { type DailyTest, dailyTestSchema } from '../../../src/core/alert/daily-test.ts'
import { blankAlert } from '../../../src/core/alert/lifecycle.ts'
import { takeRoll } from '../../../src/core/alert/roll-call.ts'
import type { Directory } from '../../../src/core/directory/directory.ts'
import { asId, type PersonId } from '../../../src/core/ids.ts'
import { DEFAULT_POLICIES, snapshotPlan } from '../../../src/core/route/policy.ts'
import type { ResponderState } from '../../../src/core/vocabulary.ts'
import { aPerson, person } from '../../support/small-site.ts'
import { aHolding, targetOf, wardDirectory } from '../../support/ward.ts'

const FROM = Date.UTC(2026, 10, 22, 8, 45)
const TO = FROM + 15 * 60_000
const daily: DailyTest = dailyTestSchema.parse({ id: 'crash', number: '2299', from: '08:45', to: '09:00' })
const window = { day: '2026-11-22', from: FROM, to: TO, due: TO + daily.answerWithinMs }
const ward = wardDirectory(aHolding())

type Heard = readonly [person: string, role: string, state: ResponderState, since?: number]

/** One test call and how far each person it rang has got. */
function call(at: number, ...heard: readonly Heard[]): Alert {
  const plan = snapshotPlan(DEFAULT_POLICIES.at(-1)!, targetOf('team:crash'), ward, at)
  const responders = heard.map(([person, role, state, since = at]): [PersonId, Responder] => [
    asId(person),
    {
      person: asId(person),
      roles: role === '' ? [] : [asId(role)],
      state,
      asked: at,
      rung: at,
      path: 0,
      since,
      changed: 1,
    },
  ])
  return {
    ...blankAlert(asId(`a${at - FROM}`), asId(`b${at - FROM}`), plan, at),
    responders: Object.fromEntries(responders),
  }
}

const roll = (to: string, alerts: readonly Alert[], directory: Directory = ward) =>
  takeRoll(daily, window, targetOf(to), alerts, directory, TO)
const short = (to: string, alerts: readonly Alert[], directory: Directory = ward) => {
  const { outcome, lines } = roll(to, alerts, directory)
  const people = lines.map(
    (l) =>
      `${l.role}${l.answered ? '+' : '-'} ${l.people.map((p) => `${p.person}${p.answered ? '+' : '-'}${p.state ?? 'never asked'}`).join(' ')}`,
  )
  return [outcome, ...people]
}

test('no call: missed, with everybody who was expected by the rota', () => {
  expect(short('team:crash', [])).toEqual([
    'missed',
    'med-reg- reg-never asked',
    'ccu-nurse- nurse-never asked',
    'anaes- gas-never asked',
  ])
  expect(roll('team:crash', [])).not.toHaveProperty('call')
  expect(roll('team:crash', [])).toMatchObject({
    test: 'crash',
    day: '2026-11-22',
    from: FROM,
    to: TO,
    made: TO,
  })
})

test.each<[ResponderState, boolean]>([
  ['asked', false],
  ['on-device', false],
  ['presented', false],
  ['opened', false],
  ['accepted', true],
  ['call-back', true],
  ['attending', true],
  ['arrived', true],
  ['declined', true],
  ['not-me', false],
  ['stood-down', false],
])('%s counts as an answer to the test: %s', (state, answered) => {
  const { lines } = roll('role:med-reg', [call(FROM, ['reg', 'med-reg', state])])
  expect(lines).toMatchObject([
    { mandatory: true, count: 1, answered, people: [{ person: 'reg', answered, state }] },
  ])
})

test('every mandatory role must answer, optional ones are listed as they are', () => {
  const reg: Heard = ['reg', 'med-reg', 'accepted']
  const gas: Heard = ['gas', 'anaes', 'asked']
  expect(short('team:crash', [call(FROM, reg, ['nurse', 'ccu-nurse', 'accepted'], gas)])[0]).toBe('complete')
  expect(short('team:crash', [call(FROM, reg, ['nurse', 'ccu-nurse', 'opened'], gas)])[0]).toBe('incomplete')
})

test('where no role is mandatory, one answer makes it complete and none does not', () => {
  const members = ward.teams.get(asId('crash'))!.members.map((m) => ({ ...m, need: 'optional' as const }))
  const teams = new Map([[asId<never>('crash'), { id: asId<never>('crash'), name: 'crash', members }]])
  const directory = { ...ward, teams }
  expect(short('team:crash', [call(FROM, ['reg', 'med-reg', 'asked'])], directory)[0]).toBe('incomplete')
  expect(short('team:crash', [call(FROM, ['reg', 'med-reg', 'accepted'])], directory)[0]).toBe('complete')
})

test('a role of two is answered by two', () => {
  const members = [{ role: asId<never>('surg-f1'), need: 'mandatory' as const, count: 2 }]
  const directory = {
    ...ward,
    teams: new Map([[asId<never>('pair'), { id: asId<never>('pair'), name: 'pair', members }]]),
  }
  const one = call(FROM, ['f1a', 'surg-f1', 'accepted'], ['f1b', 'surg-f1', 'asked'])
  const both = call(FROM, ['f1a', 'surg-f1', 'accepted'], ['f1b', 'surg-f1', 'accepted'])
  expect(short('team:pair', [one], directory)).toEqual(['incomplete', 'surg-f1- f1a+accepted f1b-asked'])
  expect(short('team:pair', [both], directory)[0]).toBe('complete')
})

test('several calls are one roll: the first is named, and the first answer of each person counts', () => {
  const early = call(
    FROM + 60_000,
    ['reg', 'med-reg', 'accepted', FROM + 61_000],
    ['nurse', 'ccu-nurse', 'opened'],
  )
  const late = call(
    FROM + 600_000,
    ['reg', 'med-reg', 'attending', FROM + 601_000],
    ['nurse', 'ccu-nurse', 'accepted'],
  )
  const made = roll('team:crash', [late, early])
  expect(made.call).toEqual({ at: FROM + 60_000, bleep: 'b60000', alert: 'a60000', calls: 2 })
  expect(made.outcome).toBe('complete')
  expect(made.lines[0]?.people).toEqual([
    { person: 'reg', state: 'accepted', since: FROM + 61_000, answered: true },
  ])
})

test('who never answered stands as far as the last call got', () => {
  const early = call(FROM + 60_000, ['reg', 'med-reg', 'opened'])
  const late = call(FROM + 600_000, ['reg', 'med-reg', 'on-device'])
  expect(short('role:med-reg', [early, late])).toEqual(['incomplete', 'med-reg- reg-on-device'])
})

test('whoever was rung for the role is on the roll, and so is who holds it and was not', () => {
  expect(short('role:med-reg', [call(FROM, ['icu', 'med-reg', 'accepted'])])).toEqual([
    'complete',
    'med-reg+ icu+accepted reg-never asked',
  ])
})

test('expected are those on duty at the first call, not when the window opened', () => {
  const directory: Directory = {
    ...ward,
    people: new Map([...ward.people, ...['early', 'day'].map((id) => [person(id), aPerson(id)] as const)]),
    holders: (role, at) => [{ person: asId(at < FROM + 60_000 ? 'early' : 'day'), role, source: 'x' }],
  }
  expect(short('role:med-reg', [], directory)).toEqual(['missed', 'med-reg- early-never asked'])
  expect(short('role:med-reg', [call(FROM + 60_000)], directory)).toEqual([
    'incomplete',
    'med-reg- day-never asked',
  ])
})

test('a number of one person has one line, and somebody else of the call does not answer it', () => {
  expect(short('person:gas', [])).toEqual(['missed', 'named- gas-never asked'])
  expect(roll('person:gas', []).lines).toMatchObject([{ mandatory: true, count: 1 }])
  expect(short('person:gas', [call(FROM, ['gas', '', 'accepted'], ['reg', '', 'asked'])])).toEqual([
    'complete',
    'named+ gas+accepted',
  ])
})
