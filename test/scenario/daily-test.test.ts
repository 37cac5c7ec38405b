import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DailyTest, dailyTestSchema } from '../../src/core/alert/daily-test.ts'
import { type AlertId, asId } from '../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/instant.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { createAlerts } from '../../src/run/alert/alerts.ts'
import { type DailyTests, startDailyTests } from '../../src/run/alert/daily-test.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import {
  aHolding,
  countingRandom,
  EVERYBODY,
  enrol,
  startWard,
  type Ward,
  wardDirectory,
} from '../support/ward.ts'

const EIGHT = Date.UTC(2026, 10, 22, 8, 0)
const START = EIGHT + 40 * MINUTE
const aTest = (more: Partial<DailyTest> = {}): DailyTest => ({
  ...dailyTestSchema.parse({ id: 'crash', number: '2299', from: '08:45', to: '09:00' }),
  ...more,
})

let store: Store
let clock: VirtualClock
let ward: Ward
let tests: DailyTests
let warnings: string[]
const rung: string[] = []

async function start(daily: DailyTest): Promise<void> {
  const holding = aHolding()
  const random = countingRandom()
  const shared = { store, clock, random, metrics: quietMetrics }
  const directory = () => wardDirectory(holding)
  ward = startWard({ ...shared, holding, tick: 10 * SECOND, onSent: ({ person }) => rung.push(person) })
  tests = startDailyTests({
    ...shared,
    directory,
    log: { ...quietLog, warn: (event) => warnings.push(event) },
    alerts: createAlerts({ ...shared, directory, log: quietLog, radio: true }),
    policies: () => policiesSchema.parse({ dailyTests: [daily] }),
  })
  await settle()
}

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(START)
  warnings = []
  rung.length = 0
  await enrol(store, EVERYBODY)
})

afterEach(async () => {
  await tests.stop()
  await ward.stop()
  await store.close()
})

const until = (hour: number, minute: number, second = 0) =>
  clock.elapse(EIGHT + (hour - 8) * HOUR + minute * MINUTE + second * SECOND - clock.now())

const last = async () => (await tests.records())[0]?.rolls[0]

async function accept(person: string): Promise<void> {
  const [alert] = await store.transact((tx) => tx.alerts.list({ limit: 1 }))
  await ward.alerts.apply(alert?.id ?? asId<AlertId>('none'), {
    kind: 'answered',
    at: clock.now(),
    by: { kind: 'person', person: asId(person) },
    person: asId(person),
    answer: 'accepted',
    version: alert?.version ?? 0,
  })
}

test('the test call is heard and every mandatory role answers: complete, optional roles listed as they are', async () => {
  await start(aTest())
  await until(8, 50)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await until(8, 50, 30)
  await accept('reg')
  await accept('nurse')
  await until(9, 5, 10)
  const roll = await last()
  expect(roll?.outcome).toBe('complete')
  expect(roll?.day).toBe('2026-11-22')
  expect(roll?.lines.map((l) => [l.role, l.mandatory, l.answered])).toEqual([
    ['med-reg', true, true],
    ['ccu-nurse', true, true],
    ['anaes', false, false],
  ])
  expect(warnings).toEqual([])
})

test('a mandatory role that does not answer is on the roll, and the switchboard hears', async () => {
  await start(aTest())
  await until(8, 50)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await settle()
  await accept('reg')
  await until(9, 4)
  expect(await last()).toBeUndefined()
  await until(9, 5, 10)
  expect((await last())?.outcome).toBe('incomplete')
  expect(warnings).toEqual(['daily-test-incomplete'])
})

test('a second call for the slow ones counts into the same roll', async () => {
  await start(aTest())
  await until(8, 46)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await settle()
  await accept('reg')
  await until(8, 55)
  await ward.page('2299', 'TEST CALL AGAIN')
  await settle()
  await accept('nurse')
  await until(9, 5, 10)
  expect((await last())?.outcome).toBe('complete')
})

test('no test call in the window is said loudest', async () => {
  await start(aTest())
  await until(9, 5, 10)
  expect(await last()).toMatchObject({ outcome: 'missed' })
  expect(warnings).toEqual(['daily-test-missed'])
})

test('a missed test is made good by a late call, and then nothing is amiss any more', async () => {
  await start(aTest())
  await until(9, 5, 10)
  expect(tests.troubles()).toEqual([
    { code: 'daily-test-missed', subject: 'crash', detail: 'med-reg ccu-nurse' },
  ])
  await until(9, 30)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await settle()
  await accept('reg')
  await until(9, 31)
  expect(tests.troubles()).toEqual([{ code: 'daily-test-incomplete', subject: 'crash', detail: 'ccu-nurse' }])
  await accept('nurse')
  await until(9, 32)
  expect(tests.troubles()).toEqual([])
  const [record] = await tests.records()
  expect(record?.rolls.map((r) => [r.day, r.outcome])).toEqual([['2026-11-22', 'complete']])
  expect(record?.lastComplete).toBeGreaterThan(EIGHT + 91 * MINUTE)
  expect(warnings).toEqual(['daily-test-missed'])
})

test('while people answer, the roll so far is there to chase the others; the next morning adds one', async () => {
  await start(aTest())
  await until(8, 44)
  expect((await tests.records())[0]).toMatchObject({ rolls: [], next: { day: '2026-11-22' } })
  expect((await tests.records())[0]).not.toHaveProperty('now')
  await until(8, 50)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await settle()
  await accept('reg')
  const [open] = await tests.records()
  expect(open?.next?.day).toBe('2026-11-23')
  expect(open?.now?.roll.lines.map((l) => l.answered)).toEqual([true, false, false])
  await until(9, 6)
  await tests.stop()
  await ward.stop()
  clock = new VirtualClock(START + 24 * HOUR)
  await start(aTest())
  await until(24 + 9, 6)
  const [record] = await tests.records()
  expect(record?.rolls.map((r) => [r.day, r.outcome])).toEqual([
    ['2026-11-23', 'missed'],
    ['2026-11-22', 'incomplete'],
  ])
  expect(record).not.toHaveProperty('now')
  expect(record).not.toHaveProperty('lastComplete')
})

test('what an older version remembered of a test is read, and no roll is taken twice for it', async () => {
  await store.transact((tx) => tx.notes.set('daily-test/crash', { since: EIGHT - 24 * HOUR }, EIGHT))
  await start(aTest())
  expect((await tests.records())[0]?.rolls).toEqual([])
})

test('a test by hand has a roll of its own, live, until a day later, and leaves the morning’s as it was', async () => {
  const hand = async () => (await tests.records())[0]?.hand
  await start(aTest())
  expect(await hand()).toBeUndefined()
  await until(8, 50)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await settle()
  await accept('reg')
  await accept('nurse')
  await until(14, 0)
  expect(await hand()).toBeUndefined()
  await tests.call('crash')
  await settle()
  expect((await hand())?.lines.map((l) => [l.role, l.answered])).toEqual([
    ['med-reg', false],
    ['ccu-nurse', false],
    ['anaes', false],
  ])
  await accept('reg')
  expect((await hand())?.lines[0]).toMatchObject({ role: 'med-reg', answered: true })
  expect(await hand()).toMatchObject({ outcome: 'incomplete', call: { calls: 1 } })
  // For whoever was slow.
  await until(14, 2)
  await tests.call('crash')
  await settle()
  await accept('nurse')
  expect(await hand()).toMatchObject({ outcome: 'complete', call: { calls: 2 } })
  expect(await last()).toMatchObject({ outcome: 'complete', call: { calls: 1 } })
  // Another one, hours later, begins anew.
  await until(18, 0)
  await tests.call('crash')
  await settle()
  expect(await hand()).toMatchObject({ outcome: 'incomplete', call: { calls: 1 } })
  await until(18 + 24, 1)
  expect(await hand()).toBeUndefined()
})

test('a phone that was revoked meanwhile is silent on the roll, with its holder, and the others count', async () => {
  await start(aTest())
  await until(8, 50)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await settle()
  await store.transact(async (tx) => {
    const phone = await tx.devices.get(asId('webpush-reg'))
    if (phone === undefined) throw new Error('reg has no phone')
    await tx.devices.save({ ...phone, state: 'revoked' })
  })
  await accept('nurse')
  await accept('gas')
  await until(9, 30)
  const roll = await last()
  expect(roll?.outcome).toBe('incomplete')
  expect(roll?.lines.map((l) => [l.role, l.answered, l.people.map(({ person }) => person)])).toEqual([
    ['med-reg', false, ['reg']],
    ['ccu-nurse', true, ['nurse']],
    ['anaes', true, ['gas']],
  ])
})

test('a test call outside the window does not count', async () => {
  await start(aTest())
  await until(8, 44)
  await ward.page('2299', 'TEST CALL ADULT ARREST TEAM')
  await until(9, 5, 10)
  expect(warnings).toEqual(['daily-test-missed'])
})

test('the bridge makes the call itself when the window opens, once', async () => {
  await start(aTest({ call: 'own' }))
  await until(8, 44, 55)
  expect(rung).toEqual([])
  await until(8, 59)
  expect([...new Set(rung)].sort()).toEqual(['gas', 'nurse', 'reg'])
  expect((await store.transact((tx) => tx.alerts.list({ limit: 9 }))).length).toBe(1)
  await until(9, 5, 10)
  expect((await last())?.call).toMatchObject({ calls: 1 })
})

test('a restart in the window neither calls again nor takes the roll twice', async () => {
  await start(aTest({ call: 'own' }))
  await until(8, 50)
  await tests.stop()
  await ward.stop()
  await start(aTest({ call: 'own' }))
  await until(9, 10)
  await tests.stop()
  await ward.stop()
  await start(aTest({ call: 'own' }))
  await until(9, 20)
  expect((await store.transact((tx) => tx.alerts.list({ limit: 9 }))).length).toBe(1)
  expect(warnings).toEqual(['daily-test-incomplete'])
  expect((await last())?.outcome).toBe('incomplete')
})

test('a daemon set up after the window opened does not cry wolf about it', async () => {
  clock = new VirtualClock(EIGHT + 50 * MINUTE)
  await start(aTest())
  await until(9, 30)
  expect(warnings).toEqual([])
})
