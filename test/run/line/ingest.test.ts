import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSite } from '../../../src/config/site.ts'
import type { Plan } from '../../../src/core/alert/alert.ts'
import { blankAlert } from '../../../src/core/alert/lifecycle.ts'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { rememberedWith, rePageKey } from '../../../src/core/deliver/re-page.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { type AlertId, asId, type BleepId, type FeedId, type NodeId } from '../../../src/core/ids.ts'
import { hopsOf } from '../../../src/core/measure/hops.ts'
import { openMetrics } from '../../../src/io/metrics.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { createIngest, type Ingest, type Source } from '../../../src/run/line/ingest.ts'
import type { IngestParts } from '../../../src/run/line/ingest-parts.ts'
import { quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

const START = Date.UTC(2026, 10, 21, 10)
const site = loadSite('config/sites/demo', START)
if (!site.ok) throw new Error('the demo site does not load')
const directory = buildDirectory(site.site)

const AIR: Source = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 5000 }
const LINK: Source = { feed: asId<FeedId>('link'), tap: 'link', repeatMs: 0 }

const PLAN: Plan = {
  ...{ policy: 'x', class: 'emergency', steps: [], need: [], escalates: true },
  ...{ receiptWithin: 5000, repeatLast: 60_000 },
}

let clock: VirtualClock
let store: Store
let ingest: Ingest
let stored: BleepId[]

beforeEach(async () => {
  clock = new VirtualClock(START)
  store = await openSqlite(':memory:')
  stored = []
  ingest = createIngest(parts())
})
const parts = (): IngestParts => ({
  store,
  clock,
  random: countingRandom(),
  metrics: openMetrics(),
  log: quietLog,
  node: asId<NodeId>('n'),
  directory: () => directory,
  skewMs: 2000,
  lag: (tap) => (tap === 'air' ? 10_000 : 0),
  hearsRePages: (tap) => tap !== 'link',
  onStored: (bleep) => stored.push(bleep),
})
afterEach(() => store.close())

const arrest = (more: Partial<Page> = {}): Page => ({
  to: { scheme: 'ric', ric: 1310720, fn: 3 },
  type: 'alpha',
  text: 'ADULT CARDIAC ARREST WARD 7B',
  quality: 'clean',
  corrected: 0,
  fields: {},
  firstByte: clock.now() - 300,
  lastByte: clock.now(),
  ...more,
})

async function hear(source: Source, page: Page, improves?: BleepId): Promise<BleepId> {
  const done = await ingest.store(source, page, improves, clock.now() - 5)
  if (!done.ok) throw new Error(done.fault.code)
  return done.value
}
const bleep = (id: BleepId) => store.transact((tx) => tx.bleeps.get(id))
const reasons = (id: BleepId) =>
  store.transact(async (tx) => (await tx.bleeps.sightings(id)).map((s) => s.reason))

test('asked for on the link and heard on the air is one bleep with two sightings', async () => {
  const one = await hear(LINK, arrest({ to: { scheme: 'number', number: '2201' } }))
  clock.advance(4000)
  expect(await hear(AIR, arrest())).toBe(one)
  expect(await reasons(one)).toEqual(['first-sighting', 'other-tap'])
  expect(await bleep(one)).toMatchObject({ number: '2201', sightings: 2, stage: 'received' })
  expect(stored).toEqual([one])
})

test("the transmitter's own repeat is counted; the same words later are a new call", async () => {
  const one = await hear(AIR, arrest())
  clock.advance(3000)
  expect(await hear(AIR, arrest())).toBe(one)
  clock.advance(27_000)
  const two = await hear(AIR, arrest())
  expect(two).not.toBe(one)
  expect(await bleep(one)).toMatchObject({ repeats: 1 })
  expect(await reasons(two)).toEqual(['second-request'])
})

test('a better copy inside the repeat time mends what is shown', async () => {
  const one = await hear(AIR, arrest({ text: 'ADULT CARDIAC \uFFFD\uFFFDREST WARD 7B', quality: 'damaged' }))
  clock.advance(2000)
  expect(await hear(AIR, arrest(), one)).toBe(one)
  expect(await bleep(one)).toMatchObject({ page: { text: 'ADULT CARDIAC ARREST WARD 7B', quality: 'clean' } })
})

test('a better copy after the repeat time mends the first and is a second call of its own', async () => {
  const one = await hear(AIR, arrest({ text: 'ADULT CARDIAC \uFFFD\uFFFDREST WARD 7B', quality: 'damaged' }))
  clock.advance(30_000)
  const two = await hear(AIR, arrest(), one)
  expect(two).not.toBe(one)
  expect(await bleep(one)).toMatchObject({ page: { quality: 'clean' } })
  expect(await bleep(two)).toMatchObject({ stage: 'received' })
  expect(stored).toEqual([one, two])
})

/** A call on the link, paged again by us at the present moment; closed where that is asked for. */
async function pagedAgain(phase: 'ringing' | 'closed' = 'ringing'): Promise<BleepId> {
  const one = await hear(LINK, arrest({ to: { scheme: 'number', number: '2201' } }))
  clock.advance(15_000)
  await sendAgain(one, phase)
  return one
}

async function sendAgain(one: BleepId, phase: 'ringing' | 'closed'): Promise<void> {
  const id = asId<AlertId>(`a-${one}`)
  const at = clock.now()
  const text = 'ADULT CARDIAC ARREST WARD 7B'
  await store.transact(async (tx) => {
    if (!(await tx.alerts.get(id)))
      await tx.alerts.add({ ...blankAlert(id, one, PLAN, at), revision: 1, phase }, [{ kind: 'raised', at }])
    const key = rePageKey('2201')
    await tx.notes.set(key, rememberedWith(await tx.notes.get(key), { bleep: one, alert: id, text, at }), at)
  })
}

test('our own re-page heard on the air is a sighting, not a bleep', async () => {
  const one = await pagedAgain()
  clock.advance(20_000)
  expect(await hear(AIR, arrest())).toBe(one)
  expect(await reasons(one)).toEqual(['first-sighting', 'own-re-page'])
})

test('the same arrest on a link, or after the first was closed, is a second patient', async () => {
  const one = await pagedAgain()
  clock.advance(5000)
  const two = await hear(LINK, arrest({ to: { scheme: 'number', number: '2201' } }))
  expect(two).not.toBe(one)
  clock.advance(60_000)
  const three = await pagedAgain('closed')
  clock.advance(5000)
  const four = await hear(AIR, arrest())
  expect([one, two, three]).not.toContain(four)
})

test('each re-page comes back once, also long after the call itself', async () => {
  const one = await pagedAgain()
  for (const wait of [20_000, 150_000]) {
    clock.advance(wait)
    await sendAgain(one, 'ringing')
  }
  clock.advance(6000)
  expect(await hear(AIR, arrest())).toBe(one)
  clock.advance(6000)
  expect(await hear(AIR, arrest())).not.toBe(one)
})

test('an encoder that always took two seconds is not waited for half a minute', async () => {
  for (let i = 0; i < 3; i++) {
    const one = await pagedAgain()
    clock.advance(2000)
    expect(await hear(AIR, arrest())).toBe(one)
    clock.advance(200_000)
  }
  const last = await pagedAgain()
  clock.advance(10_000)
  expect(await hear(AIR, arrest())).not.toBe(last)
})

test('an address no plan holds is kept under its radio address', async () => {
  const id = await hear(AIR, arrest({ to: { scheme: 'ric', ric: 1999992, fn: 3 } }))
  expect(await bleep(id)).toMatchObject({ number: 'ric:1999992/3' })
})

test('a store that cannot work is an answer with its code, and nothing is kept', async () => {
  await store.close()
  const broken: Store = {
    ...store,
    transact: async () => {
      throw new StoreFault('store-full')
    },
  }
  const refusing = createIngest({
    store: broken,
    clock,
    random: countingRandom(),
    metrics: openMetrics(),
    log: quietLog,
    node: asId<NodeId>('n'),
    directory: () => directory,
    skewMs: 0,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: (id) => stored.push(id),
  })
  expect(await refusing.store(AIR, arrest(), undefined, START)).toEqual({
    ok: false,
    fault: { code: 'store-full' },
  })
  expect(stored).toEqual([])
  store = await openSqlite(':memory:')
})

const hops = async (id: BleepId) => {
  const rows = await store.transact(async (tx) => [await tx.bleeps.get(id), await tx.hops.of(id)] as const)
  return hopsOf(rows[0]!, rows[1]).map((h) => [h.hop, h.at - START])
}

test('a bleep holds when it passed each hop so far, with no row for any of them', async () => {
  const id = await hear(AIR, arrest({ firstByte: START - 300, lastByte: START - 20 }))
  expect(await hops(id)).toEqual([
    ['first-byte', -300],
    ['last-byte', -20],
    ['decoded', -5],
  ])
  expect(await store.transact((tx) => tx.hops.of(id))).toEqual([])
})

test('a page that waited for the store was decoded when it was heard, and received when it could be', async () => {
  clock.advance(7000)
  const done = await ingest.store(
    AIR,
    arrest({ firstByte: START - 300, lastByte: START }),
    undefined,
    START + 1,
  )
  if (!done.ok) throw new Error(done.fault.code)
  expect(await hops(done.value)).toContainEqual(['decoded', 1])
  expect(await bleep(done.value)).toMatchObject({ received: START + 7000 })
})

test('somebody was bleeped when the first copy came, whatever copy is shown', async () => {
  const one = await hear(AIR, arrest({ text: 'ADULT CARDIAC \uFFFD\uFFFDREST WARD 7B', quality: 'damaged' }))
  const before = await hops(one)
  clock.advance(3000)
  expect(await hear(AIR, arrest(), one)).toBe(one)
  expect(await bleep(one)).toMatchObject({ page: { quality: 'clean' } })
  expect(await hops(one)).toEqual(before)
})

test('what a cut-off node held for minutes is another sighting of what its neighbour stored, never a second call', async () => {
  const held = arrest()
  const first = await hear(AIR, arrest())
  clock.advance(150_000)
  const cutOff = createIngest({
    ...{ store, clock, random: countingRandom(), metrics: openMetrics(), log: quietLog },
    node: asId<NodeId>('cut-off'),
    directory: () => directory,
    skewMs: 2000,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: (bleep) => stored.push(bleep),
  })
  const late = await cutOff.store(AIR, held, undefined, held.lastByte)
  expect(late).toEqual({ ok: true, value: first })
  expect(stored).toEqual([first])
})

test('a page held for minutes that nobody else heard rings, and says that it was heard late; its repeat does not', async () => {
  const held = arrest()
  const repeat = arrest({ firstByte: clock.now() + 2700, lastByte: clock.now() + 3000 })
  clock.advance(150_000)
  const id = await hear(AIR, held)
  expect(await hear(AIR, repeat)).toBe(id)
  expect(stored).toEqual([id])
  const sightings = await store.transact((tx) => tx.bleeps.sightings(id))
  expect(sightings.map((s) => s.reason)).toEqual(['heard-late', 'transmitter-repeat'])
})

test('a page whose commit was made though nothing was heard of it is stored once, however often it is tried', async () => {
  let lost = 3
  const deaf: Store = {
    ...store,
    async transact(work, within) {
      const done = await store.transact(work, within)
      lost -= 1
      if (lost >= 0) throw new StoreFault('store-lost')
      return done
    },
  }
  const again = createIngest({ ...parts(), store: deaf })
  const page = arrest()
  for (let tries = 0; tries < 3; tries += 1)
    expect((await again.store(AIR, page, undefined, clock.now())).ok).toBe(false)
  clock.advance(30_000)
  const done = await again.store(AIR, page, undefined, clock.now())
  expect(done.ok).toBe(true)
  expect(stored).toHaveLength(1)
  const all = await store.transact((tx) => tx.bleeps.between(0, clock.now() + 1, 10))
  expect(all).toHaveLength(1)
  expect(await store.transact((tx) => tx.bleeps.sightings(all[0]!.id))).toHaveLength(1)
  // The same words once more are another call: somebody bleeped again.
  clock.advance(30_000)
  await hear(AIR, arrest())
  expect(await store.transact((tx) => tx.bleeps.between(0, clock.now() + 1, 10))).toHaveLength(2)
})

test('what a node reads that has just stood still is a call that others heard; what comes later is one of its own', async () => {
  const first = await hear(AIR, arrest())
  const from = clock.now() - 2000
  clock.advance(150_000)
  const until = clock.now()
  const thawed = createIngest({
    ...{ ...parts(), node: asId<NodeId>('thawed'), lag: () => 0 },
    since: (read) => (read <= until ? from : read),
  })
  const read = async (page: Page) => {
    const done = await thawed.store({ ...AIR, tap: 'own' }, page, undefined, clock.now())
    return done.ok ? done.value : done.fault.code
  }
  expect(await read(arrest())).toBe(first)
  const seen = await store.transact((tx) => tx.bleeps.sightings(first))
  expect(seen.map(({ since }) => since)).toEqual([undefined, from])
  expect(await read(arrest({ text: 'ADULT CARDIAC ARREST WARD 9' }))).not.toBe(first)
  clock.advance(60_000)
  expect(await read(arrest())).not.toBe(first)
})
