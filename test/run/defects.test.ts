import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from '../../src/core/bleep/bleep.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import type { LineEffect, LineInput } from '../../src/core/line/kit/protocol.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { type Store, StoreFault, type Tx } from '../../src/ports/store.ts'
import { createFeed } from '../../src/run/line/feed.ts'
import { startLoop } from '../../src/run/loop.ts'
import { type DefectWatch, watchDefects } from '../../src/run/watch/defect-watch.ts'
import { type ListeningMetrics, listeningMetrics, quietLog } from '../support/quiet.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import {
  aHolding,
  countingRandom,
  EVERYBODY,
  enrol,
  type Sent,
  startWard,
  type Ward,
  type WardParts,
} from '../support/ward.ts'

// A defect is planted at one stage of the path, for one page only; all others must go their way, and it must be told.

const POISON = 'ARREST BED 3 PLANTED'
const planted = (): never => {
  throw new TypeError('planted')
}

let store: Store
let clock: VirtualClock
let defects: DefectWatch
let metrics: ListeningMetrics
let sent: Sent[]
let ward: Ward

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  metrics = listeningMetrics()
  defects = watchDefects(quietLog, clock)
  sent = []
  await enrol(store, EVERYBODY)
})
afterEach(async () => {
  await ward.stop()
  await store.close()
})

function start(more: Partial<WardParts> = {}): void {
  ward = startWard({
    ...{ store, clock, random: countingRandom(), holding: aHolding(), log: defects.log, metrics },
    onSent: (one) => void sent.push(one),
    ...more,
  })
}

/** The same store, of which some tables do something else. */
function withTables(change: (tx: Tx) => Partial<Tx>): Store {
  return { ...store, transact: (work) => store.transact((tx) => work({ ...tx, ...change(tx) })) }
}

const codes = (): string[] => defects.standing().map(({ code }) => code)
const counted = (): unknown[] =>
  metrics.counted.filter(([name]) => name === 'bleepbridge_faults_total').map(([, labels]) => labels?.fault)
const rung = async (text: string): Promise<number> => {
  const alerts = await store.transact(async (tx) => {
    const all = await tx.alerts.list({ limit: 100 })
    const bleeps = await Promise.all(all.map((a) => tx.bleeps.get(a.bleep)))
    return all.filter((_, i) => bleeps[i]?.page.text === text).map((a) => a.id)
  })
  return sent.filter((s) => alerts.includes(s.alert)).length
}
const stuck = () => store.transact((tx) => tx.bleeps.inStage('stuck', clock.now() + SECOND, 10))

/** A line that only listens: each byte n is the page of `texts[n]`. */
function listen(texts: readonly string[], heard: string[], lost: string[], onStep = (_: LineInput) => {}) {
  let ref = 0
  const page = (text: string): Page => ({
    ...{ to: { scheme: 'number', number: '2222' }, type: 'alpha', text, quality: 'clean', corrected: 0 },
    ...{ fields: {}, firstByte: clock.now(), lastByte: clock.now() },
  })
  return createFeed(
    {
      listensOnly: true,
      step(input): readonly LineEffect[] {
        heard.push(input.kind)
        onStep(input)
        if (input.kind !== 'bytes') return []
        return [...input.bytes].map((n) => ({ kind: 'page', ref: ref++, page: page(texts[n] ?? '') }))
      },
    },
    {
      store: (it, improves, decoded) =>
        ward.ingest.store({ feed: asId('f'), tap: 'tap', repeatMs: 0 }, it, improves, decoded),
      takes: () => true,
      call: () => undefined,
      discarded: (_, fault) => void lost.push(fault),
      noted: () => undefined,
      checked: () => undefined,
      write: () => undefined,
      hangUp: () => undefined,
      failed: () => void lost.push('line-failed'),
    },
    clock,
  )
}

const TEXTS = ['ARREST BED 1', 'ARREST BED 2', POISON, 'ARREST BED 4']

describe('taking a page in', () => {
  test('the third page waits in its raw words in front of the switchboard, the line goes on, the fourth rings', async () => {
    const sighting = withTables((tx) => ({
      bleeps: { ...tx.bleeps, sight: async (s) => (s.page.text === POISON ? planted() : tx.bleeps.sight(s)) },
    }))
    start({ store: sighting })
    const heard: string[] = []
    const lost: string[] = []
    const feed = listen(TEXTS, heard, lost)
    for (const n of TEXTS.keys()) {
      feed.bytes(Uint8Array.of(n), clock.now())
      await clock.elapse(3 * SECOND)
    }
    expect(heard.filter((kind) => kind === 'stored')).toHaveLength(4)
    expect([lost, feed.held()]).toEqual([[], 0])
    for (const text of TEXTS) expect([text, (await rung(text)) > 0]).toEqual([text, text !== POISON])
    expect((await stuck()).map((b) => [b.page.text, b.review])).toEqual([
      [POISON, { reason: 'page-defect', waits: true }],
    ])
    expect(codes()).toEqual(['page-failed'])
    expect(counted()).toContain('page-failed')
  })

  test('a page that cannot even be put aside is counted as lost, and does not stand in front of the next', async () => {
    const adding = withTables((tx) => ({
      bleeps: { ...tx.bleeps, add: async (b) => (b.page.text === POISON ? planted() : tx.bleeps.add(b)) },
    }))
    start({ store: adding })
    const lost: string[] = []
    const feed = listen(TEXTS, [], lost)
    feed.bytes(Uint8Array.of(0, 2, 3), clock.now())
    await clock.elapse(10 * SECOND)
    expect([lost, feed.held()]).toEqual([['page-lost'], 0])
    expect(await rung('ARREST BED 4')).toBeGreaterThan(0)
    expect(codes()).toEqual(['page-failed'])
  })

  test('an absent store is no defect: the page is kept and tried again', async () => {
    let away = true
    start({
      store: {
        ...store,
        transact: (work) => (away ? Promise.reject(new StoreFault('store-lost')) : store.transact(work)),
      },
    })
    const feed = listen(TEXTS, [], [])
    feed.bytes(Uint8Array.of(0), clock.now())
    await clock.elapse(5 * SECOND)
    expect(feed.held()).toBe(1)
    expect(codes()).not.toContain('page-failed')
    away = false
    await clock.elapse(5 * SECOND)
    expect(feed.held()).toBe(0)
    expect(await rung('ARREST BED 1')).toBeGreaterThan(0)
  })

  test('the same page heard by another tap rings: it does not drown in the one that met the defect', async () => {
    let once = true
    const sighting = withTables((tx) => ({
      bleeps: {
        ...tx.bleeps,
        sight: async (s) => {
          if (!once) return tx.bleeps.sight(s)
          once = false
          return planted()
        },
      },
    }))
    start({ store: sighting })
    await ward.page('2222', POISON, { tap: 'a' })
    await ward.page('2222', POISON, { tap: 'b' })
    await clock.elapse(2 * SECOND)
    expect(await rung(POISON)).toBeGreaterThan(0)
  })
})

test('a protocol that throws begins anew with what comes next', async () => {
  start()
  const heard: string[] = []
  const lost: string[] = []
  const feed = listen(TEXTS, heard, lost, (input) => {
    if (input.kind === 'bytes' && input.bytes[0] === 2) planted()
  })
  for (const n of [0, 2, 3]) feed.bytes(Uint8Array.of(n), clock.now())
  await clock.elapse(2 * SECOND)
  expect(lost).toEqual(['line-failed'])
  expect(heard.slice(2, 4)).toEqual(['closed', 'opened'])
  expect(await rung('ARREST BED 4')).toBeGreaterThan(0)
})

test('a bleep that cannot be raised waits for the switchboard, and the next one rings', async () => {
  start({ onClassify: (bleep) => (bleep.page.text === POISON ? planted() : undefined) })
  for (const text of TEXTS) await ward.page('2222', text)
  await clock.elapse(2 * SECOND)
  for (const text of TEXTS) expect([text, (await rung(text)) > 0]).toEqual([text, text !== POISON])
  expect((await stuck()).map((b) => b.review?.reason)).toEqual(['raise-defect'])
  expect(codes()).toEqual(['raise-failed'])
})

test('a step that fails takes no other alert with it, is tried again, and is told until it goes well', async () => {
  let broken = true
  let poisoned: string | undefined
  start({
    wrap: (alerts) => ({
      ...alerts,
      apply: async (id, event) =>
        broken && 'kind' in event && event.kind === 'due' && id === poisoned
          ? planted()
          : alerts.apply(id, event),
      applyIn: async (tx, id, event) =>
        broken && event.kind === 'due' && id === poisoned ? planted() : alerts.applyIn(tx, id, event),
    }),
  })
  const bleep = await ward.page('2222', POISON)
  await clock.elapse(SECOND)
  poisoned = (await store.transact((tx) => tx.alerts.byBleep(bleep ?? asId<BleepId>(''))))?.id
  await ward.page('2222', 'ARREST BED 4')
  await clock.elapse(60 * SECOND)
  const again = sent.filter((s) => s.purpose === 'again' || s.reason !== 'first-ask')
  expect(again.some((s) => s.alert !== poisoned)).toBe(true)
  expect(again.some((s) => s.alert === poisoned)).toBe(false)
  expect(defects.standing().map((d) => [d.code, d.subject])).toEqual([['step-failed', poisoned]])
  broken = false
  await clock.elapse(60 * SECOND)
  expect(sent.some((s) => s.alert === poisoned && s.reason !== 'first-ask')).toBe(true)
  expect(codes()).toEqual([])
})

describe('handing over', () => {
  test('a channel that throws for one phone leaves the others ringing, and the next way is taken for that one', async () => {
    await enrol(store, ['reg'], 'nudge')
    start({ broken: (one) => one.person === 'reg' && one.channel === 'webpush' && planted() })
    await ward.page('2222', 'ARREST BED 1')
    await clock.elapse(2 * SECOND)
    expect(new Set(sent.map((s) => s.person))).toEqual(new Set(['reg', 'nurse', 'gas']))
    expect(codes()).toContain('hand-over-failed')
  })

  test('a device that cannot be read leaves the others ringing', async () => {
    const reading = withTables((tx) => ({
      devices: { ...tx.devices, get: async (id) => (id === 'webpush-reg' ? planted() : tx.devices.get(id)) },
    }))
    start({ store: reading, apart: true })
    await ward.page('2222', 'ARREST BED 1')
    await clock.elapse(2 * SECOND)
    expect(sent.some((s) => s.person === 'nurse')).toBe(true)
    expect(codes()).toContain('hand-over-failed')
  })
})

test('a tick that throws goes on, leaves other loops alone, and stands until a whole turn went well', async () => {
  start()
  let broken = true
  let turns = 0
  const tools = { clock, wake: store.wake, log: defects.log, metrics }
  const failing = startLoop('rota', [], SECOND, async () => (broken ? planted() : undefined), tools)
  const well = startLoop('supervision', [], SECOND, async () => void turns++, tools)
  await clock.elapse(5 * SECOND)
  expect(turns).toBeGreaterThan(4)
  expect(defects.standing()).toMatchObject([{ code: 'task-failed', subject: 'rota' }])
  broken = false
  await clock.elapse(2 * SECOND)
  expect(codes()).toEqual([])
  await failing.stop()
  await well.stop()
  await settle()
})
