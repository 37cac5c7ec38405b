import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FAULTS } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { HOUR, type Instant, MINUTE, printInstant, SECOND } from '../../../src/core/instant.ts'
import type { Finding } from '../../../src/core/measure/watch/standing.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { createAlerts } from '../../../src/run/alert/alerts.ts'
import { type Auditor, startAuditor } from '../../../src/run/alert/auditor.ts'
import { startFirstLine } from '../../../src/run/watch/first-line.ts'
import { createHealth, type Health, type HealthParts } from '../../../src/run/watch/health.ts'
import { type StoreProbe, startStoreProbe } from '../../../src/run/watch/store-probe.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, wardDirectory } from '../../support/ward.ts'

type How = 'well' | 'hangs' | 'full' | 'lost' | 'reads only'

let clock: VirtualClock
let real: Store
let how: How
let hanging: (() => void)[]
/** Of the row that is due next, where a test says so. */
let due: Instant | undefined
let probe: StoreProbe
let auditor: Auditor
let health: Health
let troubles: Finding[]
let feed: Pick<HealthParts['feeds'][number], 'faults' | 'uncaptured'>

const HUNG = new Promise<never>(() => undefined)

/** A store that does as it is told; one that hangs can be let go. */
function moody(): Store {
  return {
    ...real,
    transact: async (work) => {
      if (how === 'hangs') {
        await new Promise<void>((go) => {
          hanging.push(go)
        })
      }
      if (how === 'full' || how === 'lost') throw new StoreFault(`store-${how}`)
      return real.transact((tx) =>
        work(
          how === 'reads only'
            ? { ...tx, notes: { ...tx.notes, set: () => Promise.reject(new StoreFault('store-full')) } }
            : due === undefined
              ? tx
              : { ...tx, due: { ...tx.due, next: async () => due } },
        ),
      )
    },
  }
}

beforeEach(async () => {
  clock = new VirtualClock()
  real = await openSqlite(':memory:')
  how = 'well'
  hanging = []
  due = undefined
  troubles = []
  feed = { faults: () => [] }
  const store = moody()
  const tools = { store, clock, wake: store.wake, log: quietLog, metrics: quietMetrics }
  probe = startStoreProbe({ ...tools, node: 'north' })
  const alerts = createAlerts({
    ...tools,
    random: countingRandom(),
    directory: () => wardDirectory(aHolding()),
    radio: true,
  })
  auditor = startAuditor({ ...tools, alerts })
  health = createHealth({
    clock,
    probe,
    auditor,
    feeds: [
      {
        id: 'roof',
        view: () => ({ id: 'roof', state: 'open', sentence: '' }),
        faults: () => feed.faults(),
        held: () => 0,
        uncaptured: () => feed.uncaptured?.(),
      },
    ],
    broker: () => undefined,
    troubles: () => troubles,
  })
})
afterEach(async () => {
  how = 'well'
  for (const go of hanging) go()
  await settle()
  await Promise.all([probe.stop(), auditor.stop()])
  await real.close()
})

const codes = (): string[] => health.standing().map((one) => one.code)
const status = async () => (await health.ready()).status

test('nothing is well that was not shown to be: before the first write and the first audit we are not ready', async () => {
  expect([await status(), codes()]).toEqual(['not-ready', ['alerts-unproved', 'store-unproved']])
  await clock.elapse(SECOND)
  expect([await status(), codes()]).toEqual(['ready', []])
})

test('a site that waits for its first line is not ready and no alarm; one that lost its lines is', async () => {
  await clock.elapse(SECOND)
  let first = true
  const bare = createHealth({
    ...{ clock, probe, auditor, feeds: [], broker: () => undefined },
    firstLine: () => first,
  })
  expect(await bare.ready()).toMatchObject({
    ...{ status: 'not-ready', reasons: [{ code: 'no-line-yet', subject: 'feeds', unfit: true }] },
  })
  expect(FAULTS['no-line-yet'].severity).toBe('warning')
  first = false
  expect((await bare.ready()).reasons).toMatchObject([{ code: 'no-feed', unfit: true }])
})

test('that a line was set up once outlives a restart, and the file that named it', async () => {
  const awaited = async (lines: number) => {
    const watch = startFirstLine({
      ...{ store: real, clock, wake: real.wake, log: quietLog, metrics: quietMetrics, lines },
    })
    // Until it was looked up, what stands is an alarm.
    expect(watch.isToCome()).toBe(false)
    await clock.elapse(SECOND)
    await watch.stop()
    return watch.isToCome()
  }
  expect(await awaited(0)).toBe(true)
  expect(await awaited(2)).toBe(false)
  expect(await awaited(0)).toBe(false)
})

test('a line whose capture cannot be written pages on, and it is told', async () => {
  await clock.elapse(SECOND)
  feed = { faults: () => [], uncaptured: () => 'capture-unwritable' }
  expect([await status(), codes()]).toEqual(['ready', ['capture-unwritable']])
  feed = { faults: () => [] }
  expect([await status(), codes()]).toEqual(['ready', []])
})

describe.each([HOUR, -HOUR])('a clock that is set by %i ms', (by) => {
  test('makes nothing stale that was just proved, and keeps nothing fresh', async () => {
    await clock.elapse(10 * SECOND)
    due = clock.now() + 10 * MINUTE
    await clock.elapse(10 * SECOND)
    clock.step(by)
    expect([await status(), codes()]).toEqual(['ready', []])
    // The ticker gets to what has become due within a second.
    await auditor.check()
    due = undefined
    expect([await status(), codes()]).toEqual(['ready', []])
    how = 'hangs'
    await clock.elapse(5 * SECOND)
    expect(codes()).toEqual(['store-unproved'])
    await clock.elapse(30 * SECOND)
    expect(codes().toSorted()).toEqual(['alerts-unproved', 'store-unproved'])
  })

  test('does not hide that a row is late', async () => {
    await clock.elapse(10 * SECOND)
    clock.step(by)
    due = clock.now()
    await clock.elapse(15 * SECOND)
    expect(codes()).toEqual(['due-late'])
  })
})

describe('the database', () => {
  test('writes that fail while reads work are told within seconds, and so is their end', async () => {
    await clock.elapse(10 * SECOND)
    how = 'reads only'
    await clock.elapse(3 * SECOND)
    expect([await status(), codes()]).toEqual(['not-ready', ['store-full']])
    how = 'well'
    await clock.elapse(3 * SECOND)
    expect([await status(), codes()]).toEqual(['ready', []])
  })

  test('the first fault of a row is kept: what comes after it says less', async () => {
    how = 'full'
    await clock.elapse(3 * SECOND)
    how = 'lost'
    await clock.elapse(MINUTE)
    expect(codes()).toContain('store-full')
    expect(codes()).not.toContain('store-lost')
  })

  test('one that hangs gives "not proved", at once and for as long as it hangs, and is well when it comes back', async () => {
    await clock.elapse(10 * SECOND)
    how = 'hangs'
    await clock.elapse(5 * SECOND)
    const said = await Promise.race([health.ready(), HUNG])
    expect(said).toMatchObject({
      status: 'not-ready',
      reasons: [{ code: 'store-unproved', subject: 'store', unfit: true }],
    })
    await clock.elapse(MINUTE)
    expect(codes()).toEqual(expect.arrayContaining(['store-unproved', 'alerts-unproved']))
    how = 'well'
    for (const go of hanging) go()
    await clock.elapse(5 * SECOND)
    expect([await status(), codes()]).toEqual(['ready', []])
  })
})

test('a page taken in and not raised in time is told, and its obligation fails', async () => {
  const now = clock.now()
  await real.transact((tx) =>
    tx.bleeps.add({
      ...{
        id: asId<BleepId>('b1'),
        number: '2222',
        received: now,
        sightings: 1,
        repeats: 0,
        stage: 'received',
      },
      page: {
        ...{
          to: { scheme: 'number', number: '2222' },
          type: 'alpha',
          text: 'ARREST',
          quality: 'clean',
          corrected: 0,
        },
        ...{ fields: {}, firstByte: now, lastByte: now },
      },
    }),
  )
  await clock.elapse(2 * SECOND)
  expect(codes()).toEqual([])
  await clock.elapse(10 * SECOND)
  expect(await health.ready()).toMatchObject({
    status: 'not-ready',
    reasons: [{ code: 'page-not-raised', subject: 'bleeps', detail: '1' }],
  })
  expect(health.obligations.find((o) => o.name === 'raised')?.holds()).toBe(false)
})

describe('what stands', () => {
  beforeEach(() => clock.elapse(SECOND))

  test('says since when, and begins anew when it had gone', async () => {
    const began = clock.now()
    troubles = [{ code: 'backup-old', subject: 'backup', detail: '90000 s' }]
    health.standing()
    await clock.elapse(MINUTE)
    troubles = [{ code: 'backup-old', subject: 'backup', detail: '90060 s' }]
    expect((await health.ready()).reasons).toEqual([
      {
        ...{ code: 'backup-old', subject: 'backup', detail: '90060 s', since: printInstant(began) },
        ...{ sentence: FAULTS['backup-old'].sentence, remedy: FAULTS['backup-old'].remedy },
      },
    ])
    troubles = []
    health.standing()
    await clock.elapse(MINUTE)
    troubles = [{ code: 'backup-old', subject: 'backup' }]
    expect((await health.ready()).reasons[0]?.since).toBe(printInstant(clock.now()))
  })

  test('is told once of each subject, what makes us unfit first', () => {
    troubles = [
      { code: 'backup-old', subject: 'backup' },
      { code: 'crash-role-unheld', subject: 'med-reg' },
      { code: 'crash-role-unheld', subject: 'anaes' },
      { code: 'crash-role-unheld', subject: 'anaes' },
    ]
    feed.faults = () => ['line-silent']
    expect(health.standing().map((one) => `${one.code} ${one.subject}`)).toEqual([
      'backup-old backup',
      'crash-role-unheld anaes',
      'crash-role-unheld med-reg',
      'line-silent roof',
    ])
  })

  test('a task without which nobody is paged makes us unfit; another does not', async () => {
    troubles = [{ code: 'task-failed', subject: 'rota' }]
    expect(await status()).toBe('ready')
    troubles = [{ code: 'store-lost', subject: 'raise' }]
    expect(await status()).toBe('not-ready')
  })
})
