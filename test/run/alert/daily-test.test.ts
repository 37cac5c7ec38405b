import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DailyTest, dailyTestSchema } from '../../../src/core/alert/daily-test.ts'
import type { Directory } from '../../../src/core/directory/directory.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { policiesSchema } from '../../../src/core/route/policy.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { createAlerts } from '../../../src/run/alert/alerts.ts'
import { type DailyTests, startDailyTests } from '../../../src/run/alert/daily-test.ts'
import { aBleep } from '../../contract/store.ts'
import { type ListeningMetrics, listeningMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, EVERYBODY, enrol, wardDirectory } from '../../support/ward.ts'

// What is remembered, told and measured of the daily tests; how each goes is in test/scenario/daily-test.

const START = Date.UTC(2026, 10, 22, 8, 40)
/** From 8:45 to 9:00; everybody has answered by 9:05. */
const aTest = (more: Partial<DailyTest> = {}): DailyTest => ({
  ...dailyTestSchema.parse({ id: 'crash', number: '2299', from: '08:45', to: '09:00' }),
  ...more,
})

let clock: VirtualClock
let store: Store
let metrics: ListeningMetrics
let tests: DailyTests
let all: DailyTest[]
let directory: Directory
let said: unknown[][]
let rung: string[]
/** What each transaction meets instead of the store. */
let meets: (tx: Tx) => Partial<Tx>

beforeEach(async () => {
  clock = new VirtualClock(START)
  store = await openSqlite(':memory:')
  await enrol(store, EVERYBODY)
  metrics = listeningMetrics()
  directory = wardDirectory(aHolding())
  ;[all, said, rung, meets] = [[aTest()], [], [], () => ({})]
  const write = (what: string, more?: object) => void said.push([what, ...Object.values(more ?? {})])
  const base = {
    ...{ clock, metrics, random: countingRandom(), directory: () => directory },
    log: { info: write, warn: write, error: write, debug: write },
    store: {
      ...store,
      transact: ((work, within) =>
        store.transact((tx) => work({ ...tx, ...meets(tx) }), within)) as Store['transact'],
      wake: { ...store.wake, ring: (topic: string) => void rung.push(topic) },
    },
  }
  tests = startDailyTests({
    ...base,
    alerts: createAlerts({ ...base, radio: true }),
    policies: () => policiesSchema.parse({ dailyTests: all }),
  })
})
afterEach(async () => {
  await tests.stop()
  expect(clock.pending).toBe(0)
  await store.close()
})

/** So many minutes after eight. */
const until = (minutes: number, more = 0) =>
  clock.elapse(START - 40 * MINUTE + minutes * MINUTE + more - clock.now())
const record = async (id = 'crash') => (await tests.records()).find(({ test }) => test.id === id)!
const age = () => metrics.gauges.findLast(([name]) => name === 'bleepbridge_test_age_seconds')?.[1]
const faults = () =>
  metrics.counted.flatMap(([name, labels]) => (name === 'bleepbridge_faults_total' ? [labels?.fault] : []))

/** The test call, and who accepts it. */
async function call(...people: readonly string[]): Promise<void> {
  const alert = (await tests.call('crash'))!
  await store.transact(async (tx) => {
    const known = (await tx.alerts.get(alert.id))!
    const answered = Object.entries(known.responders).map(([id, r]) => [
      id,
      people.includes(id) ? { ...r, state: 'accepted' as const } : r,
    ])
    const after = { ...known, responders: Object.fromEntries(answered), revision: known.revision + 1 }
    await tx.alerts.save(after, known.revision, [])
  })
}

describe('how old the proof is', () => {
  test('is counted from when a test was first known, and anew from when all had answered', async () => {
    await until(50)
    expect(age()).toBe(600)
    await call('reg', 'nurse')
    await until(65)
    expect(age()).toBe(0)
    expect((await record()).lastComplete).toBe(clock.now())
    await until(75)
    expect(age()).toBe(600)
  })

  test('of several is that of the oldest', async () => {
    await until(50)
    all = [...all, aTest({ id: 'other', number: '2224' })]
    await until(60)
    expect(age()).toBe(1200)
  })

  test('of one that cannot be looked at is as old as can be, and the others are looked at', async () => {
    all = [aTest({ id: 'ill' }), aTest()]
    meets = (tx) => ({
      notes: {
        ...tx.notes,
        get: (key) => {
          if (key === 'daily-test/ill') throw new TypeError('planted')
          return tx.notes.get(key)
        },
      },
    })
    await until(65)
    expect(age()).toBe(clock.now() / 1000)
    expect(said.find(([what]) => what === 'defect')?.slice(1, 3)).toEqual(['task-failed', 'daily-test/ill'])
    expect(tests.troubles().map(({ subject }) => subject)).toEqual(['crash'])
  })

  test('is not told where a site has no test, nor where all of it is left to the pagers', async () => {
    all = []
    await until(50)
    expect(age()).toBeUndefined()
  })
})

test('a test that is left to the pagers is nobody’s to answer, and what was amiss with it is over', async () => {
  await until(65)
  expect(tests.troubles()).toHaveLength(1)
  const listens = [...directory.roles].map(([id, role]) => [id, { ...role, listens: true }] as const)
  directory = { ...directory, roles: new Map(listens) }
  metrics.gauges.length = 0
  await until(66)
  expect([tests.troubles(), age()]).toEqual([[], undefined])
})

test('it looks every ten seconds, and tells by its name what the store does', async () => {
  let looks = 0
  meets = (tx) => {
    looks += 1
    throw new StoreFault(tx.isPart ? 'store-full' : 'store-lost')
  }
  await clock.elapse(10 * SECOND - 1)
  expect(looks).toBe(1)
  await clock.elapse(1)
  expect(looks).toBe(2)
  expect(said[0]?.slice(0, 3)).toEqual(['defect', 'store-lost', 'daily-test'])
})

describe('a roll is told', () => {
  test('as complete, with whoever did not have to answer', async () => {
    await until(50)
    await call('reg', 'nurse')
    rung = []
    await until(65)
    expect(said).toEqual([['daily-test-complete', 'crash', '2026-11-22', true, ['anaes']]])
    expect([faults(), rung, tests.troubles()]).toEqual([[], ['alerts'], []])
  })

  test('as incomplete once, and as complete when it was made good', async () => {
    await until(50)
    await call('reg')
    await until(70)
    const told = ['daily-test-incomplete', 'crash', '2026-11-22', true, ['ccu-nurse', 'anaes']]
    expect([said, faults()]).toEqual([[told], ['daily-test-incomplete']])
    await call('nurse')
    await until(71)
    expect(said.slice(1)).toEqual([['daily-test-complete', 'crash', '2026-11-22', true, ['anaes']]])
    expect([faults(), tests.troubles()]).toEqual([['daily-test-incomplete'], []])
    rung = []
    await until(80)
    expect(rung).toEqual([])
  })

  test('as missed, with all of whom nobody heard', async () => {
    await until(65)
    expect(said).toEqual([
      ['daily-test-missed', 'crash', '2026-11-22', false, ['med-reg', 'ccu-nurse', 'anaes']],
    ])
    expect(faults()).toEqual(['daily-test-missed'])
  })

  test('with no role where its number is of nobody who must answer', async () => {
    all = [aTest({ number: '2201' })]
    const named = {
      ...directory.numbers.get('2299')!,
      number: '2201',
      to: { kind: 'team', team: asId('free') },
    }
    const free = {
      id: asId('free'),
      name: 'free',
      members: [{ role: asId('anaes'), need: 'optional', count: 1 }],
    }
    directory = {
      ...directory,
      numbers: new Map([['2201', named as never]]),
      teams: new Map([[free.id as never, free as never]]),
    }
    await until(65)
    expect(tests.troubles()).toEqual([{ code: 'daily-test-missed', subject: 'crash' }])
  })
})

describe('a roll is taken', () => {
  /** Whoever had not answered the last call does now. */
  const accept = async (person: string) =>
    store.transact(async (tx) => {
      const [bleep] = await tx.bleeps.recent('2299', START, 1)
      const known = (await tx.alerts.byBleep(bleep!.id))!
      const r = known.responders[asId<never>(person)]!
      const responders = { ...known.responders, [person]: { ...r, state: 'accepted' as const } }
      await tx.alerts.save({ ...known, responders, revision: known.revision + 1 }, known.revision, [])
    })

  test('anew for a late answer to the call of the window, in place of the first', async () => {
    await until(50)
    expect(tests.troubles()).toEqual([])
    await call('reg')
    await until(65)
    await accept('nurse')
    await until(66)
    expect(said.map(([what]) => what)).toEqual(['daily-test-incomplete', 'daily-test-complete'])
    expect((await record()).rolls.map(({ outcome }) => outcome)).toEqual(['complete'])
  })

  test('no more once it was complete, whoever answers then', async () => {
    await until(50)
    await call('reg', 'nurse')
    await until(65)
    await accept('gas')
    await until(66)
    expect(said.map(([what]) => what)).toEqual(['daily-test-complete'])
  })

  test('first of the calls in the window alone: a late one makes good what was missed', async () => {
    await until(62)
    await call('reg', 'nurse')
    await until(66)
    expect(said.map(([what]) => what)).toEqual(['daily-test-missed', 'daily-test-complete'])
  })

  test('of a window that opens in the moment from which the test is known', async () => {
    all = []
    await until(45, -1)
    all = [aTest()]
    expect((await record()).rolls).toEqual([])
    await until(50)
    expect((await record()).now).toMatchObject({ window: { day: '2026-11-22' } })
    await until(65)
    expect(faults()).toEqual(['daily-test-missed'])
  })

  test('of none whose number is nobody’s, and nothing is made of that', async () => {
    all = [aTest({ number: '9999' })]
    await until(50)
    expect((await record()).now).toBeUndefined()
    await until(65)
    expect([said, tests.troubles()]).toEqual([[], []])
  })
})

test('a test of our own is called in its window and not in the moment that it ends', async () => {
  all = []
  await store.transact((tx) => tx.notes.set('daily-test/crash', { since: START - DAY, rolls: [] }, START))
  await until(60, -1)
  all = [aTest({ call: 'own' })]
  await until(61)
  expect(rung).toEqual([])
  expect((await record()).hand).toBeUndefined()
})

test('two months of mornings are kept, the newest first', async () => {
  await until(65)
  const [roll] = (await record()).rolls
  const older = Array.from({ length: 62 }, (_, i) => ({ ...roll!, day: `old ${i}` }))
  await store.transact((tx) => tx.notes.set('daily-test/crash', { since: START - DAY, rolls: older }, START))
  await until(66)
  const days = (await record()).rolls.map(({ day }) => day)
  expect([days.length, days[0], days[1], days.at(-1)]).toEqual([62, '2026-11-22', 'old 0', 'old 60'])
})

describe('a call by hand', () => {
  test('is a bleep of our own to the number, and rings as a test', async () => {
    const alert = (await tests.call('crash'))!
    expect(alert.plan).toMatchObject({ class: 'test' })
    const at = clock.now()
    expect(await store.transact((tx) => tx.bleeps.get(alert.bleep))).toEqual({
      ...{ id: alert.bleep, number: '2299', stage: 'routed', received: at, sightings: 1, repeats: 0 },
      page: {
        ...{ to: { scheme: 'number', number: '2299' }, type: 'alpha', text: 'TEST CALL', quality: 'clean' },
        ...{ corrected: 0, fields: {}, firstByte: at, lastByte: at },
      },
      meaning: { kind: 'test', class: 'test', rule: 'crash', reason: 'daily-test' },
    })
    expect(rung).toContain('attempts')
  })

  test('is none of a test that the site has not, or whose number is nobody’s', async () => {
    expect(await tests.call('other')).toBeUndefined()
    all = [aTest({ number: '9999' })]
    expect(await tests.call('crash')).toBeUndefined()
    expect(rung).toEqual([])
  })

  test.each([
    [45, undefined],
    [60, 1],
  ])('at %i minutes past belongs to the morning’s or not', async (minutes, calls) => {
    await until(minutes)
    await tests.call('crash')
    await until(62)
    expect((await record()).hand?.call?.calls).toBe(calls)
  })

  test('together with one five minutes before is one roll, and with an earlier one it is not', async () => {
    await until(120)
    await tests.call('crash')
    await until(125)
    await tests.call('crash')
    expect((await record()).hand).toMatchObject({ from: clock.now() - 5 * MINUTE, call: { calls: 2 } })
    expect((await record()).hand?.day).toBe('2026-11-22')
    await until(130, 1)
    await tests.call('crash')
    expect((await record()).hand?.call?.calls).toBe(1)
  })

  test('is shown for a day', async () => {
    await until(120)
    await tests.call('crash')
    await until(120 + 24 * 60)
    expect((await record()).hand).toBeDefined()
    await clock.elapse(1)
    expect((await record()).hand).toBeUndefined()
  })
})

test('only test calls count, of those that have a call to answer', async () => {
  await until(50)
  const other = aBleep('b1', { number: '2299', received: clock.now(), stage: 'routed' })
  const lost = aBleep('b2', {
    ...{ number: '2299', received: clock.now(), stage: 'routed' },
    meaning: { kind: 'test', class: 'test', rule: 'r', reason: 'daily-test' },
  })
  const alert = (await tests.call('crash'))!
  await store.transact(async (tx) => {
    await tx.bleeps.add(other)
    await tx.bleeps.add(lost)
    await tx.alerts.add({ ...alert, id: asId('a1'), bleep: other.id }, [{ kind: 'raised', at: clock.now() }])
  })
  await until(65)
  expect((await record()).rolls[0]?.call?.calls).toBe(1)
})

test('the roll so far stands from the window’s beginning until it is taken, of a test that was known by then', async () => {
  await until(45)
  await settle()
  expect((await record()).now).toMatchObject({ window: { day: '2026-11-22' }, roll: { outcome: 'missed' } })
  await until(65)
  expect((await record()).now).toBeUndefined()
  all = [...all, aTest({ id: 'new', from: '08:50', to: '08:55' })]
  expect(await record('new')).toMatchObject({ rolls: [] })
  expect((await record('new')).now).toBeUndefined()
  await until(66)
  expect((await record('new')).now).toBeUndefined()
  expect((await record('new')).next?.from).toBe(START + 10 * MINUTE + 24 * HOUR)
})
