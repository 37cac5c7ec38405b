import { afterEach, beforeEach, expect, test } from 'vitest'
import { dailyTestSchema, windowAfter, windowAt } from '../../../src/core/alert/daily-test.ts'
import { takeRoll } from '../../../src/core/alert/roll-call.ts'
import { asId } from '../../../src/core/ids.ts'
import { HOUR } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** Sunday 22 November 2026, ten o'clock: the morning's test is over. */
const TEN = Date.UTC(2026, 10, 22, 10)
const daily = dailyTestSchema.parse({ id: 'crash', number: '2299', from: '08:45', to: '09:00' })

let bed: Bed
beforeEach(async () => {
  bed = await openBed({
    clock: new VirtualClock(TEN),
    dailyTests: async () => {
      const directory = bed.roster.current()
      const window = windowAt(daily, TEN, directory.zone)!
      const next = windowAfter(daily, TEN, directory.zone)!
      const called = await bed.call({
        text: 'TEST CALL',
        kind: 'test',
        class: 'test',
        roles: ['med-reg', 'ccu-nurse'],
      })
      const person = bed.holder('med-reg')
      await bed.alerts.apply(called.id, {
        kind: 'answered',
        at: TEN,
        by: { kind: 'person', person },
        person,
        answer: 'accepted',
        version: 1,
      })
      const alert = (await bed.store.transact((tx) => tx.alerts.get(called.id)))!
      const to = { kind: 'team', team: asId<never>('adult-crash') } as const
      const roll = takeRoll(daily, window, to, [alert], directory, TEN)
      return [{ test: daily, now: { window, roll }, next, rolls: [roll], lastComplete: TEN - 24 * HOUR }]
    },
  })
})
afterEach(() => bed.close())

const ask = async (key: string) =>
  bed.http.app.inject({ url: '/api/v1/daily-tests', headers: { authorization: `Bearer ${key}` } })

test('the switchboard sees each test with its rolls: who was expected, who answered and when, who did not', async () => {
  const { tests, now } = (await ask(KEYS.switchboard)).json()
  expect(now).toBe('2026-11-22T10:00:00.000Z')
  expect(tests).toMatchObject([
    {
      id: 'crash',
      number: '2299',
      call: 'heard',
      from: '08:45',
      to: '09:00',
      days: [1, 2, 3, 4, 5, 6, 7],
      next: { day: '2026-11-23', from: '2026-11-23T08:45:00.000Z', due: '2026-11-23T09:05:00.000Z' },
      lastComplete: '2026-11-21T10:00:00.000Z',
      running: { window: { day: '2026-11-22' } },
    },
  ])
  const [roll] = tests[0].rolls
  expect(roll).toEqual(tests[0].running.roll)
  expect(roll).toMatchObject({
    day: '2026-11-22',
    from: '2026-11-22T08:45:00.000Z',
    to: '2026-11-22T09:00:00.000Z',
    outcome: 'incomplete',
    call: { at: '2026-11-22T10:00:00.000Z', calls: 1 },
  })
  const by = (role: string) => roll.roles.find((r: { role: string }) => r.role === role)
  expect(by('med-reg')).toMatchObject({
    name: bed.roster.current().roles.get(asId('med-reg'))?.name,
    mandatory: true,
    count: 1,
    answered: true,
    people: [
      { answered: true, state: 'accepted', since: '2026-11-22T10:00:00.000Z', name: expect.any(String) },
    ],
  })
  // Beside whoever is silent stands how to ring them.
  const nurse = bed.roster.current().people.get(bed.holder('ccu-nurse'))
  expect(by('ccu-nurse')).toMatchObject({
    ...{ answered: false, bleep: '1326' },
    people: [{ answered: false, state: 'asked', name: nurse?.name, phone: nurse?.phone }],
  })
  expect(nurse?.phone).toBeDefined()
})

test('estates and governance see the roll without names; a phone does not see it', async () => {
  for (const key of [KEYS.estates, KEYS.governance]) {
    const answer = await ask(key)
    expect(answer.statusCode).toBe(200)
    expect(answer.json().tests[0].rolls[0].roles[0].people[0]).not.toHaveProperty('name')
    expect(answer.body).not.toContain('"phone"')
  }
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  expect((await ask(phone.token)).json()).toMatchObject({ status: 403, code: 'not-permitted' })
})

test('the route is in OpenAPI with the shape of its answer', async () => {
  const { paths } = (await bed.http.app.inject({ url: '/openapi.json' })).json()
  const { schema } = paths['/api/v1/daily-tests'].get.responses['200'].content['application/json']
  expect(Object.keys(schema.properties)).toEqual(['now', 'tests'])
})
