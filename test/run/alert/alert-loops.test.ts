import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alert/alert.ts'
import { asId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { type Alerts, createAlerts } from '../../../src/run/alert/alerts.ts'
import { type Auditor, startAuditor } from '../../../src/run/alert/auditor.ts'
import type { RunningFeed } from '../../../src/run/line/feeds.ts'
import { createHealth } from '../../../src/run/watch/health.ts'
import { type ListeningMetrics, listeningMetrics, quietLog } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import {
  aHolding,
  countingRandom,
  EVERYBODY,
  enrol,
  startWard,
  type Ward,
  wardDirectory,
} from '../../support/ward.ts'

let store: Store
let clock: VirtualClock
let alerts: Alerts
let ward: Ward
let auditor: Auditor
let metrics: ListeningMetrics
let errors: string[]

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  await enrol(store, EVERYBODY)
})

afterEach(async () => {
  await auditor?.stop()
  await ward?.stop()
  await store.close()
})

function start(wrap?: (alerts: Alerts) => Alerts): void {
  const holding = aHolding()
  metrics = listeningMetrics()
  errors = []
  const log = {
    ...quietLog,
    error: (event: string, more?: object) => void errors.push(`${event} ${Object.values(more ?? {})}`),
  }
  const shared = { store, clock, random: countingRandom(), metrics, log }
  alerts = createAlerts({ ...shared, directory: () => wardDirectory(holding), radio: true })
  ward = startWard({
    store,
    clock,
    random: shared.random,
    holding,
    onSent: () => undefined,
    ...(wrap ? { wrap } : {}),
  })
  auditor = startAuditor({ ...shared, alerts })
}

/** What a probe of `/readyz` is told, with one feed that is open and well. */
async function unfit(): Promise<string[]> {
  const feed: RunningFeed = {
    id: 'feed',
    view: () => ({ id: 'feed', state: 'open', sentence: '' }),
    faults: () => [],
    held: () => 0,
    send: () => Promise.reject(new Error('sends nothing')),
    status: () => undefined,
    know: () => undefined,
    overdue: () => undefined,
    stop: async () => undefined,
  }
  const { status, reasons } = await createHealth({
    clock,
    probe: { found: () => undefined },
    auditor,
    feeds: [feed],
    broker: () => undefined,
  }).ready()
  expect(status).toBe(reasons.length > 0 ? 'not-ready' : 'ready')
  return reasons.map(({ code, detail }) => `${code} ${detail}`)
}

const gauged = (name: string, labels?: object) =>
  metrics.gauges.findLast(([n, , l]) => n === name && JSON.stringify(l) === JSON.stringify(labels))?.[1]

async function openCall(number = '2222', text = 'CARDIAC ARREST WARD 7B'): Promise<Alert> {
  await settle()
  const bleep = await ward.page(number, text)
  await settle()
  return store.transact(async (tx) => (await tx.alerts.byBleep(bleep!))!)
}

test('the auditor finds an alert whose due rows were lost and writes them again from the alert', async () => {
  start()
  const alert = await openCall()
  await store.transact((tx) => tx.due.forget(alert.id, 'all'))
  await auditor.check()
  expect(auditor.state()).toMatchObject({ open: 1, withoutFuture: 1, good: false })
  const rows = await store.transact((tx) => tx.due.of(alert.id))
  expect(rows.map((row) => row.name).sort()).toEqual(['receipt', 'step-1'])
  await auditor.check()
  expect(auditor.state()).toMatchObject({ withoutFuture: 0, good: true })
})

test('an alert that itself knows no future is put in front of the switchboard', async () => {
  start()
  const alert = await openCall()
  await store.transact(async (tx) => {
    await tx.due.forget(alert.id, 'all')
    await tx.alerts.save({ ...alert, revision: alert.revision + 1, due: {} }, alert.revision, [])
  })
  await auditor.check()
  const after = await store.transact((tx) => tx.alerts.get(alert.id))
  expect(after?.attention).toMatchObject({ level: 'act', reason: 'no-future' })
  expect(after?.phase).toBe('exhausted')
  await auditor.check()
  expect(auditor.state().good).toBe(true)
})

test('a ticker that has fallen behind is not fit to page', async () => {
  start()
  const alert = await openCall()
  await ward.stop()
  await store.transact((tx) => tx.due.set([{ alert: alert.id, name: 'step-1', at: clock.now() - 6000 }]))
  await auditor.check()
  expect(auditor.state()).toMatchObject({ late: 6000, good: false })
  expect(await unfit()).toEqual(['due-late 6000 ms'])
})

test('an alert without a future is told by /readyz, by a metric and by a log line until one is found', async () => {
  start()
  const alert = await openCall()
  await auditor.check()
  expect([await unfit(), gauged('bleepbridge_alerts_without_future')]).toEqual([[], 0])
  expect(gauged('bleepbridge_alerts_open', { phase: 'ringing' })).toBe(1)
  await store.transact((tx) => tx.due.forget(alert.id, 'all'))
  await auditor.check()
  expect([await unfit(), gauged('bleepbridge_alerts_without_future')]).toEqual([
    ['alert-without-future 1'],
    1,
  ])
  expect(gauged('bleepbridge_obligation', { obligation: 'obligations' })).toBe(0)
  expect(errors).toEqual([`alert-without-future ${alert.id}`])
  await auditor.check()
  expect([await unfit(), gauged('bleepbridge_alerts_without_future')]).toEqual([[], 0])
  expect(gauged('bleepbridge_obligation', { obligation: 'obligations' })).toBe(1)
})

test('a defect in one alert holds up no other, and its row comes again', async () => {
  const broken = new Set<string>()
  let met = 0
  start((made) => ({
    ...made,
    applyIn(tx, id, event) {
      if (!broken.has(id) || event.kind !== 'due') return made.applyIn(tx, id, event)
      met += 1
      return Promise.reject(new Error('a defect'))
    },
    apply(id, event) {
      if (!broken.has(id) || !('kind' in event) || event.kind !== 'due') return made.apply(id, event)
      met += 1
      return Promise.reject(new Error('a defect'))
    },
  }))
  const ill = await openCall('0028', '4421')
  const well = await openCall('1113', '4421')
  broken.add(ill.id)
  await clock.elapse(60_000)
  const after = await store.transact((tx) => tx.alerts.get(well.id))
  expect(after?.step).toBe(1)
  expect(met).toBeGreaterThan(3)
  broken.clear()
  await clock.elapse(10_000)
  expect((await store.transact((tx) => tx.alerts.get(ill.id)))?.step).toBe(1)
})

test('a bleep that a defect keeps from being raised is stuck on the screen, and the next one goes on', async () => {
  let failing = true
  start((made) => ({
    ...made,
    raiseIn(tx, bleep, plan, at) {
      return failing ? Promise.reject(new Error('a defect')) : made.raiseIn(tx, bleep, plan, at)
    },
  }))
  await settle()
  const lost = await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  await settle()
  failing = false
  const next = await ward.page('2222', 'CARDIAC ARREST WARD 9')
  await settle()
  expect(await store.transact((tx) => tx.bleeps.get(lost!))).toMatchObject({
    review: { reason: 'raise-defect', waits: true },
  })
  const stages = await store.transact(async (tx) => [
    (await tx.bleeps.get(lost!))?.stage,
    (await tx.bleeps.get(next!))?.stage,
  ])
  expect(stages).toEqual(['stuck', 'routed'])
  expect(await store.transact((tx) => tx.alerts.byBleep(lost!))).toBeUndefined()
})

test('a bleep that rang nobody can be put to a role, once, and rings as urgently as it was sent', async () => {
  let failing = true
  start((made) => ({
    ...made,
    raiseIn(tx, bleep, plan, at) {
      return failing ? Promise.reject(new Error('a defect')) : made.raiseIn(tx, bleep, plan, at)
    },
  }))
  await settle()
  const lost = await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  await settle()
  failing = false
  const alert = await ward.raise.ask(lost!, asId('anaes'))
  expect(alert?.plan.class).toBe('emergency')
  expect(Object.keys(alert?.responders ?? {})).toEqual(['gas'])
  expect(await store.transact((tx) => tx.bleeps.get(lost!))).toMatchObject({
    stage: 'routed',
    review: { reason: 'raise-defect', waits: false },
  })
  expect(await ward.raise.ask(lost!, asId('anaes'))).toBeUndefined()
  const known = await ward.page('1113', '4421')
  await settle()
  expect(await ward.raise.ask(known!, asId('anaes'))).toBeUndefined()
})

test('a bleep that the database will not take holds up none behind it, and is tried again', async () => {
  let failing = true
  start((made) => ({
    ...made,
    raiseIn(tx, bleep, plan, at) {
      const refused = failing && bleep.page.text.endsWith('WARD 7B')
      return refused ? Promise.reject(new StoreFault('store-lost')) : made.raiseIn(tx, bleep, plan, at)
    },
  }))
  await settle()
  const first = await ward.page('2222', 'CARDIAC ARREST WARD 7B')
  const next = await ward.page('2222', 'CARDIAC ARREST WARD 9')
  await clock.elapse(3000)
  const stages = () =>
    store.transact(async (tx) => [(await tx.bleeps.get(first!))?.stage, (await tx.bleeps.get(next!))?.stage])
  expect(await stages()).toEqual(['received', 'routed'])
  failing = false
  await clock.elapse(2000)
  expect(await stages()).toEqual(['routed', 'routed'])
})

test('an event for an alert that does not exist is answered so', async () => {
  start()
  expect(await alerts.apply(asId('none'), { kind: 'due', at: 0, name: 'step-1' })).toBeUndefined()
})

test('who was asked, and where each look-up led, is on the record of every event', async () => {
  start()
  const alert = await openCall()
  const [raised] = await store.transact((tx) => tx.alerts.events(alert.id))
  expect(
    raised?.resolved?.map((r) => [JSON.stringify(r.target), r.holders.map((h) => h.person).join()]),
  ).toEqual([['{"kind":"team","team":"crash"}', 'reg,nurse,gas']])
})

test('a due row that its alert does not know goes, and one at another time is put where the alert has it', async () => {
  start()
  const alert = await openCall()
  const right = alert.due['step-1']
  if (right === undefined) throw new Error('the call has a second step')
  const now = clock.now()
  await store.transact((tx) =>
    tx.due.set([
      { alert: alert.id, name: 'step-7', at: now },
      { alert: alert.id, name: 'step-1', at: now },
    ]),
  )
  for (const name of ['step-7', 'step-1'] as const)
    expect(await alerts.apply(alert.id, { kind: 'due', name, at: now })).toMatchObject({ events: [] })
  const rows = await store.transact((tx) => tx.due.of(alert.id))
  expect(rows.map(({ name, at }) => [name, at]).filter(([name]) => String(name).startsWith('step'))).toEqual([
    ['step-1', right],
  ])
})
