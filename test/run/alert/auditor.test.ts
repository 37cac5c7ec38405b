import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Alert, AlertEvent } from '../../../src/core/alert/alert.ts'
import type { Bleep } from '../../../src/core/bleep/bleep.ts'
import { asId } from '../../../src/core/ids.ts'
import { SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { type Auditor, startAuditor } from '../../../src/run/alert/auditor.ts'
import { aBleep } from '../../contract/store.ts'
import { Call } from '../../support/call.ts'
import { type ListeningMetrics, listeningMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// Whether every open call has a future, and every page came as far as it should: what is found, told and mended.

const START = 10_000_000
let clock: VirtualClock
let store: Store
let metrics: ListeningMetrics
let auditor: Auditor
let said: string[]
let rung: string[]
/** What was asked of the alerts. */
let asked: unknown[]
let meets: Error | undefined

beforeEach(async () => {
  clock = new VirtualClock(START)
  store = await openSqlite(':memory:')
  metrics = listeningMetrics()
  ;[said, rung, asked, meets] = [[], [], [], undefined]
  auditor = made()
})
afterEach(async () => {
  await auditor.stop()
  expect(clock.pending).toBe(0)
  await store.close()
})

const write = (what: string, more?: object) =>
  void said.push([what, ...Object.values(more ?? {}).slice(0, 2)].join(' '))
function made(on: Store = store): Auditor {
  return startAuditor({
    ...{ clock, metrics, log: { info: write, warn: write, error: write, debug: write } },
    store: { ...on, wake: { ...on.wake, ring: (topic) => void rung.push(topic) } },
    alerts: {
      apply: async (id, event) => {
        asked.push([id, event])
        if (meets) throw meets
        return undefined
      },
      applyIn: () => Promise.reject(new Error('is its own transaction')),
      raiseIn: () => Promise.reject(new Error('raises nothing')),
      announce: () => undefined,
    },
  })
}

async function open(id: string, more: Partial<Alert> = {}, rows = true): Promise<void> {
  const { alert } = new Call('role:med-reg', 'urgent')
  const due = { 'step-1': START + 60 * SECOND }
  await store.transact(async (tx) => {
    await tx.bleeps.add(bleep(`b-${id}`, { stage: 'routed' }))
    const known: Alert = { ...alert, ...{ id: asId(id), bleep: asId(`b-${id}`), due, revision: 1 }, ...more }
    await tx.alerts.add(known, [{ kind: 'raised', at: START }])
    if (rows) await tx.due.set(Object.entries(known.due).map(([name, at]) => ({ alert: known.id, name, at })))
  })
}
const bleep = (id: string, more: Partial<Bleep> = {}): Bleep => aBleep(id, { received: START, ...more })
const add = (...all: readonly Bleep[]) =>
  store.transact(async (tx) => {
    for (const one of all) await tx.bleeps.add(one)
  })
const gauge = (name: string, labels?: object) =>
  metrics.gauges.findLast(
    ([n, , l]) => n === `bleepbridge_${name}` && JSON.stringify(l) === JSON.stringify(labels),
  )?.[1]
const obliged = () =>
  Object.fromEntries(
    ['obligations', 'due', 'raised'].map((obligation) => [obligation, gauge('obligation', { obligation })]),
  )

test('before its first look nothing is proved and nothing is wrong', () => {
  expect(auditor.state()).toEqual({
    ...{ checked: undefined, open: 0, oldest: undefined, withoutFuture: 0, late: 0 },
    ...{ good: true, unraised: 0, parked: 0 },
  })
})

test('it looks at once and every five seconds, and tells by its name what the store does', async () => {
  await auditor.stop()
  const looks = () => metrics.gauges.filter(([name]) => name === 'bleepbridge_bleeps_stuck').length
  let fails = false
  auditor = made({
    ...store,
    transact: (work, within) =>
      fails ? Promise.reject(new StoreFault('store-lost')) : store.transact(work, within),
  })
  await clock.elapse(5 * SECOND - 1)
  expect(looks()).toBe(1)
  await clock.elapse(5 * SECOND)
  expect([looks(), said]).toEqual([2, []])
  fails = true
  await clock.elapse(5 * SECOND)
  expect([looks(), said]).toEqual([2, ['defect store-lost auditor']])
})

test('a hospital that is well: how many calls are open, in which phase and since when', async () => {
  await open('a', { raised: START - 5 })
  await open('b', { raised: START - 7, phase: 'covered' })
  await open('c', { raised: START - 9, phase: 'closed', due: {} })
  await auditor.check()
  expect(auditor.state()).toEqual({
    ...{ checked: START, open: 2, oldest: START - 7, withoutFuture: 0, late: 0 },
    ...{ good: true, unraised: 0, parked: 0 },
  })
  expect(['ringing', 'exhausted', 'covered'].map((phase) => gauge('alerts_open', { phase }))).toEqual([
    1, 0, 1,
  ])
  expect([gauge('alerts_without_future'), gauge('bleeps_stuck')]).toEqual([0, 0])
  expect(obliged()).toEqual({ obligations: 1, due: 1, raised: 1 })
  expect([said, rung, asked]).toEqual([[], [], []])
})

describe('a call without a future', () => {
  test('is found behind hundreds that have one, and other work is done between two parts of a look', async () => {
    for (let i = 0; i < 410; i++) await open(`a${i}`, { raised: START + i }, i !== 405)
    const order: string[] = []
    await auditor.stop()
    auditor = made({
      ...store,
      transact: (work, within) => {
        order.push('part')
        setImmediate(() => order.push('other'))
        return store.transact(work, within)
      },
    })
    await auditor.check()
    expect(order.slice(0, 5)).toEqual(['part', 'other', 'part', 'other', 'part'])
    expect(auditor.state()).toMatchObject({ open: 410, withoutFuture: 1 })
  })

  test('whose rows were lost has them again, all of them, and the ticker is woken', async () => {
    const due = { 'step-1': START + 60 * SECOND, receipt: START + 5 * SECOND }
    await open('a', { due }, false)
    await auditor.check()
    const rows = await store.transact((tx) => tx.due.of(asId('a')))
    expect(Object.fromEntries(rows.map(({ name, at }) => [name, at]))).toEqual(due)
    expect([rung, asked]).toEqual([['due'], []])
    expect(auditor.state()).toMatchObject({ withoutFuture: 1, good: false })
    expect([gauge('alerts_without_future'), obliged()]).toEqual([1, { obligations: 0, due: 1, raised: 1 }])
    expect(said).toEqual(['alert-without-future a'])
    expect(metrics.counted).toEqual([['bleepbridge_faults_total', { fault: 'alert-without-future' }, 1]])
  })

  test('that knows of none itself is put in front of the switchboard, and the ticker is woken', async () => {
    await open('a', { due: {} })
    await auditor.check()
    const obliges: AlertEvent = { kind: 'obliged', at: START }
    expect([asked, rung]).toEqual([[['a', obliges]], ['due']])
  })

  test('are seen to a hundred at a time, before any others are looked for', async () => {
    for (let i = 0; i < 250; i++) await open(`a${i}`, { raised: START + i }, i >= 100 && i !== 220)
    await auditor.check()
    expect(auditor.state().withoutFuture).toBe(100)
    await auditor.check()
    expect(auditor.state().withoutFuture).toBe(1)
  })

  test('that is gone by then is no defect', async () => {
    await auditor.stop()
    auditor = made({
      ...store,
      transact: (work, within) =>
        store.transact(
          (tx) =>
            work({
              ...tx,
              alerts: { ...tx.alerts, withoutFuture: async () => ({ lost: [asId('gone')] }) },
            }),
          within,
        ),
    })
    await auditor.check()
    expect(said.filter((line) => line.startsWith('defect'))).toEqual([])
  })

  test('and meets a defect keeps no other from one', async () => {
    meets = new TypeError('planted')
    await open('a', { due: {} })
    await open('b', {}, false)
    await auditor.check()
    expect(said).toContain('defect step-failed a')
    expect(await store.transact((tx) => tx.due.of(asId('b')))).toHaveLength(1)
  })
})

describe('how late the ticker is', () => {
  test.each([
    [-1, 0, true],
    [0, 0, true],
    [5999, 5999, true],
    [6000, 6000, false],
  ])('a row that fell due %i ms ago: %i ms, well: %s', async (ago, late, good) => {
    await open('a', { due: { 'step-1': START - ago } })
    await auditor.check()
    expect(auditor.state()).toMatchObject({ late, good })
    expect(obliged()).toEqual({ obligations: 1, due: good ? 1 : 0, raised: 1 })
  })

  test('a clock that is set forwards makes it no later than it can have been', async () => {
    await open('a', { due: { 'step-1': START - SECOND } })
    await auditor.check()
    clock.step(3600 * SECOND)
    await clock.elapse(2 * SECOND)
    await auditor.check()
    expect(auditor.state()).toMatchObject({ checked: START + 2 * SECOND, late: 3 * SECOND, good: true })
  })

  test('and is over as soon as the row is', async () => {
    await open('a', { due: { 'step-1': START - 10 * SECOND } })
    await auditor.check()
    await store.transact((tx) => tx.due.set([{ alert: asId('a'), name: 'step-1', at: START + SECOND }]))
    await auditor.check()
    expect(auditor.state()).toMatchObject({ late: 0, good: true })
  })
})

describe('pages', () => {
  test('that have been raised for nobody in five seconds are told', async () => {
    await add(bleep('b1', { received: START }), bleep('b2', { received: START + SECOND }))
    await clock.elapse(5 * SECOND - 1)
    await auditor.check()
    expect([auditor.state().unraised, obliged().raised]).toEqual([0, 1])
    await clock.elapse(1)
    await auditor.check()
    expect([auditor.state().unraised, obliged().raised]).toEqual([1, 0])
  })

  test('that a defect kept from ringing are told apart from those that a person has to read', async () => {
    const stuck = (id: string, reason: NonNullable<Bleep['review']>['reason']) =>
      bleep(id, { stage: 'stuck', review: { reason, waits: true }, received: START - 1 })
    await add(stuck('b1', 'raise-defect'), stuck('b2', 'page-defect'), stuck('b3', 'address-unknown'))
    await add(bleep('b4', { stage: 'stuck', received: START - 1 }))
    await auditor.check()
    expect([auditor.state().parked, gauge('bleeps_stuck')]).toEqual([2, 4])
  })
})
