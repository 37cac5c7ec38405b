import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSite } from '../../../src/config/site.ts'
import type { Bleep, Page, Sighting } from '../../../src/core/bleep/bleep.ts'
import { delayKey, rePageKey } from '../../../src/core/deliver/re-page.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { type AlertId, asId, type BleepId, type FeedId, type NodeId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { createIngest, type Source } from '../../../src/run/line/ingest.ts'
import type { IngestParts } from '../../../src/run/line/ingest-parts.ts'
import { crash } from '../../support/call.ts'
import { aPage, ric } from '../../support/pages.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

// What T1 does at its edges: late pages, better copies, other taps, defects, and what it tells of each.

const AIR: Source = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 5 * SECOND }
const ROOF: Source = { ...AIR, feed: asId<FeedId>('roof'), tap: 'roof' }
const LINK: Source = { feed: asId<FeedId>('link'), tap: 'link', repeatMs: 0 }
const WORDS = 'CARDIAC ARREST WARD 7B'

const site = loadSite('config/sites/demo', Date.UTC(2026, 10, 30, 9))
if (!site.ok) throw new Error('the demo site does not load')
const directory = buildDirectory(site.site)

let clock: VirtualClock
let store: Store
let metrics: ReturnType<typeof listeningMetrics>
let rung: string[]
let random: ReturnType<typeof countingRandom>
let raised: BleepId[]
beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 10, 30, 9))
  store = await openSqlite(':memory:')
  metrics = listeningMetrics()
  random = countingRandom()
  rung = []
  raised = []
})
afterEach(() => store.close())

const ingest = (more: Partial<IngestParts> = {}) => {
  const on = more.store ?? store
  return createIngest({
    ...{ clock, metrics, random, log: quietLog, node: asId<NodeId>('n') },
    directory: () => directory,
    ...{ skewMs: 2 * SECOND, lag: () => 0, hearsRePages: () => true },
    onStored: (id) => raised.push(id),
    ...more,
    store: { ...on, wake: { ...on.wake, ring: (topic) => void rung.push(topic) } },
  })
}
type Ingest = ReturnType<typeof ingest>

const page = (more: Partial<Page> = {}): Page =>
  aPage(WORDS, { to: ric(1_999_992, 3), firstByte: clock.now() - 300, lastByte: clock.now(), ...more })
const DAMAGED = { text: 'CARDIAC \uFFFD\uFFFDREST WARD 7B', quality: 'damaged' } as const

async function hear(t1: Ingest, source: Source, it: Page, improves?: BleepId): Promise<BleepId> {
  const done = await t1.store(source, it, improves, clock.now())
  if (!done.ok) throw new Error(done.fault.code)
  return done.value
}
const bleep = (id: BleepId) => store.transact((tx) => tx.bleeps.get(id))
const sightings = (id: BleepId) => store.transact((tx) => tx.bleeps.sightings(id))
const counted = (name: string) =>
  metrics.counted.flatMap(([one, labels]) => (one === `bleepbridge_${name}_total` ? [labels] : []))

/** The same store, of which some tables do something else. */
const withTables = (change: (tx: Tx) => Partial<Tx>): Store => ({
  ...store,
  transact: (work, within) => store.transact((tx) => work({ ...tx, ...change(tx) }), within),
})
const planted = (): never => {
  throw new TypeError('planted')
}

test.each([
  [30, 'first-sighting'],
  [31, 'heard-late'],
])('a page stored %i s after it was on the air is entered as %s', async (seconds, reason) => {
  const late = page()
  await clock.elapse(seconds * SECOND)
  expect((await sightings(await hear(ingest(), AIR, late)))[0]?.reason).toBe(reason)
})

test.each([
  [20, 'second-request', 'echo-bleep'],
  [120, 'second-request', undefined],
  [121, 'first-sighting', undefined],
])('the same words %i s later are entered as %s', async (seconds, reason, related) => {
  const t1 = ingest()
  const one = await hear(t1, AIR, page())
  await clock.elapse(seconds * SECOND)
  const two = await hear(t1, AIR, page())
  expect((await sightings(two)).map((s) => s.reason)).toEqual([reason])
  expect((await bleep(two))?.related).toEqual(related && { bleep: one, reason: related })
})

test('a number of the feed that comes round again is a new call, though we paged the old one again meanwhile', async () => {
  const t1 = ingest({ lag: () => 10 * SECOND })
  const one = await hear(t1, AIR, page({ sequence: '7' }))
  await clock.elapse(4 * MINUTE)
  const { number } = (await bleep(one))!
  const { alert } = crash()
  await store.transact(async (tx) => {
    await tx.alerts.add({ ...alert, id: asId('a'), bleep: one, revision: 1 }, [
      { kind: 'raised', at: clock.now() },
    ])
    await tx.notes.set(
      rePageKey(number),
      [{ bleep: one, alert: 'a', text: WORDS, at: clock.now() }],
      clock.now(),
    )
  })
  await clock.elapse(3 * SECOND)
  expect(await hear(t1, AIR, page({ sequence: '9' }))).toBe(one)
  await clock.elapse(MINUTE)
  expect(await hear(t1, AIR, page({ sequence: '7' }))).not.toBe(one)
})

test('what is stored at one moment of one number waits for each other, and for no other number', async () => {
  const asked: string[] = []
  const alone = withTables(() => ({ alone: async (key) => void asked.push(key) }))
  await hear(ingest({ store: alone }), AIR, page({ to: { scheme: 'number', number: '2222' } }))
  await hear(ingest({ store: alone }), AIR, page())
  expect(asked).toEqual(['bleep/2222', 'bleep/ric:1999992/3'])
})

test('a tap that may hear minutes behind the request is another ear of the same call for as long', async () => {
  const t1 = ingest({ lag: (tap) => (tap === 'air' ? 4 * MINUTE : 0) })
  const one = await hear(t1, LINK, page())
  await clock.elapse(200 * SECOND)
  expect(await hear(t1, AIR, page())).toBe(one)
  expect((await sightings(one)).map((s) => s.reason)).toEqual(['first-sighting', 'other-tap'])
})

test('a page whose line was held up in its middle for minutes is still the page that it began as', async () => {
  const t1 = ingest()
  const one = await hear(t1, AIR, page(DAMAGED))
  const begun = clock.now() + SECOND
  await clock.elapse(150 * SECOND)
  expect(await hear(t1, AIR, page({ firstByte: begun }), one)).toBe(one)
  expect((await bleep(one))?.page.text).toBe(WORDS)
})

describe('a better copy behind the repeat time', () => {
  const radio = { baud: 1200, addressBit: 640, endBit: 900, emittedBit: 900, words: [] }

  test('of the page that this tap has heard is no second call', async () => {
    const t1 = ingest({ lag: () => 20 * SECOND })
    const one = await hear(t1, LINK, page())
    await clock.elapse(9 * SECOND)
    expect(await hear(t1, AIR, page({ radio }))).toBe(one)
    await clock.elapse(6 * SECOND)
    expect(await hear(t1, AIR, page({ radio }), one)).toBe(one)
    expect(raised).toEqual([one])
  })

  test.each<[string, Partial<Sighting>]>([
    ['another tap', { tap: 'roof' }],
    ['another node', { node: asId<NodeId>('other') }],
  ])('of what %s counted as the same bit of its own is a second call', async (_, whose) => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page({ ...DAMAGED, radio }))
    await store.transact((tx) => tx.bleeps.resight(one, (s) => ({ ...s, ...whose })))
    await clock.elapse(9 * SECOND)
    expect(await hear(t1, AIR, page({ radio }), one)).not.toBe(one)
  })

  test('that is none leaves what is shown as it was', async () => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page())
    await clock.elapse(9 * SECOND)
    expect(await hear(t1, AIR, page(DAMAGED), one)).not.toBe(one)
    expect((await bleep(one))?.page).toMatchObject({ text: WORDS, quality: 'clean' })
  })

  test('at the very end of the repeat time still belongs to the first', async () => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page(DAMAGED))
    await clock.elapse(5 * SECOND)
    expect(await hear(t1, AIR, page(), one)).toBe(one)
    expect((await sightings(one)).map((s) => s.reason)).toEqual(['first-sighting', 'better-reading'])
  })

  test('of a bleep that is gone is a call of its own', async () => {
    expect(await hear(ingest(), AIR, page(), asId<BleepId>('gone'))).not.toBe('gone')
    expect(raised).toHaveLength(1)
  })
})

test('what was taken from a call says nothing about what its taps have heard', async () => {
  const t1 = ingest({ lag: () => 30 * SECOND })
  const one = await hear(t1, LINK, page())
  expect(await hear(t1, AIR, page())).toBe(one)
  const taken = (s: Sighting): Sighting => (s.tap === 'air' ? { ...s, reason: 'joined-undone' } : s)
  await store.transact((tx) => tx.bleeps.resight(one, taken))
  await clock.elapse(10 * SECOND)
  expect(await hear(t1, AIR, page())).toBe(one)
})

test('a re-page of an alert that is no more holds up nothing, and only our own tells how long the encoder takes', async () => {
  const t1 = ingest({ lag: () => 10 * SECOND })
  const one = await hear(t1, LINK, page())
  const sent = [{ bleep: one, alert: 'gone', text: WORDS, at: clock.now() }]
  const number = (await bleep(one))!.number
  await store.transact((tx) => tx.notes.set(rePageKey(number), sent, clock.now()))
  await clock.elapse(SECOND)
  expect(await hear(t1, AIR, page())).toBe(one)
  await clock.elapse(SECOND)
  expect(await hear(t1, AIR, page())).toBe(one)
  const reasons = (await sightings(one)).map((s) => s.reason)
  expect(reasons).toEqual(['first-sighting', 'other-tap', 'transmitter-repeat'])
  expect(await store.transact((tx) => tx.notes.get(delayKey('air')))).toBeUndefined()
})

describe('a clock that is set back by an hour', () => {
  test.each([
    ['the same words', {}],
    ['the same words under the same number of the feed', { sequence: '7' }],
  ])('makes no second call of that hour a copy of one before it: %s', async (_, more) => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page(more))
    clock.step(-60 * MINUTE)
    await clock.elapse(20 * MINUTE)
    const two = await hear(t1, AIR, page(more))
    expect(two).not.toBe(one)
    expect(raised).toEqual([one, two])
    // What the transmitter itself repeats is known as before.
    await clock.elapse(3 * SECOND)
    expect(await hear(t1, AIR, page(more))).toBe(two)
  })

  test('makes no better copy that comes minutes later the one before it', async () => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page(DAMAGED))
    clock.step(-60 * MINUTE)
    await clock.elapse(9 * SECOND)
    expect(await hear(t1, AIR, page(), one)).not.toBe(one)
  })

  test('makes no copy of our own page on the air of what is said again', async () => {
    const t1 = ingest({ lag: () => 10 * SECOND })
    const one = await hear(t1, LINK, page())
    await store.transact((tx) =>
      tx.bleeps.sight({
        ...{ id: asId('echo'), bleep: one, feed: AIR.feed, tap: 'air', node: asId<NodeId>('n') },
        ...{ page: page(), begun: clock.now(), reason: 'own-re-page' },
      }),
    )
    clock.step(-MINUTE)
    await clock.elapse(20 * SECOND)
    expect(await hear(t1, AIR, page())).not.toBe(one)
  })
})

describe('a call that we have paged again', () => {
  const OTHER = 'FALL WARD 3'
  /** We page it again now, in these words; its alert is open. */
  async function paged(one: BleepId, text = WORDS): Promise<void> {
    const { alert } = crash()
    const at = clock.now()
    await store.transact(async (tx) => {
      const open = { ...alert, id: asId<AlertId>(`a-${one}`), bleep: one, revision: 1 }
      await tx.alerts.add(open, [{ kind: 'raised', at }])
      await tx.notes.set(rePageKey('ric:1999992/3'), [{ bleep: one, alert: open.id, text, at }], at)
    })
  }

  test('is still known by all that was heard of it: its transmitter’s own repeat rings nobody', async () => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page())
    await clock.elapse(SECOND)
    await paged(one, OTHER)
    await clock.elapse(2 * SECOND)
    expect(await hear(t1, AIR, page())).toBe(one)
    expect((await sightings(one)).map((s) => s.reason)).toEqual(['first-sighting', 'transmitter-repeat'])
  })

  test('minutes later is known when it comes back, whatever else its number was called for meanwhile', async () => {
    const t1 = ingest({ lag: () => 10 * SECOND })
    const one = await hear(t1, LINK, page())
    await clock.elapse(4 * MINUTE)
    const two = await hear(t1, LINK, page({ text: OTHER }))
    await paged(one)
    await clock.elapse(3 * SECOND)
    expect(await hear(t1, AIR, page())).toBe(one)
    expect(raised).toEqual([one, two])
    // Once: said again, it is somebody who bleeps again.
    await clock.elapse(6 * SECOND)
    expect([one, two]).not.toContain(await hear(t1, AIR, page()))
  })
})

test('a call that no tap has heard, as our own tests are, keeps no page of its words from ringing', async () => {
  const ours = { ...page(), to: { scheme: 'number', number: '0042' } as const }
  await store.transact((tx) =>
    tx.bleeps.add({
      ...{ id: asId<BleepId>('ours'), number: 'ric:1999992/3', page: ours, received: clock.now() },
      ...{ passed: { decoded: clock.now() }, stage: 'routed', sightings: 1, repeats: 0 },
    }),
  )
  await clock.elapse(SECOND)
  const one = await hear(ingest(), AIR, page())
  expect(await bleep(one)).toMatchObject({ stage: 'received' })
  expect(raised).toEqual([one])
})

test('of a number that is called again and again only calls like this one are looked into', async () => {
  const read: (readonly string[])[] = []
  const on = withTables((tx) => ({
    bleeps: {
      ...tx.bleeps,
      sightingsOf: (ids) => {
        read.push(ids)
        return tx.bleeps.sightingsOf(ids)
      },
    },
  }))
  const t1 = ingest({ store: on })
  await hear(t1, AIR, page({ text: 'FALL WARD 3' }))
  const like = await hear(t1, AIR, page())
  await clock.elapse(SECOND)
  await hear(t1, AIR, page())
  expect(read.at(-1)).toEqual([like])
})

describe('where the alert is made in the same transaction', () => {
  test('it is made of what is a call of its own and of nothing else', async () => {
    const asked: unknown[] = []
    const straight = async (_tx: Tx, made: Bleep | undefined) => void asked.push(made?.id)
    const t1 = ingest({ straight })
    const one = await hear(t1, AIR, page())
    expect(await hear(t1, ROOF, page())).toBe(one)
    expect(asked).toEqual([one])
  })

  test('a store that takes no page is asked once, so that the line hears so while its sender waits', async () => {
    let tries = 0
    const away: Store = {
      ...store,
      transact: () => {
        tries += 1
        return Promise.reject(new StoreFault('store-lost'))
      },
    }
    const t1 = ingest({ store: away, straight: async () => undefined })
    expect(await t1.store(AIR, page(), undefined, clock.now())).toEqual({
      ok: false,
      fault: { code: 'store-lost' },
    })
    expect(tries).toBe(1)
  })
})

describe('ids that all nodes give alike', () => {
  const ALIKE = asId<BleepId>('0199b1f0-0000-8000-8000-000000000000')

  test('are taken where they are free', async () => {
    const t1 = ingest({ alike: () => ALIKE })
    expect(await hear(t1, AIR, page())).toBe(ALIKE)
    await clock.elapse(MINUTE)
    const two = await hear(t1, AIR, page())
    expect(two).not.toBe(ALIKE)
    expect(raised).toEqual([ALIKE, two])
  })
})

describe('what it tells', () => {
  test('the raise loop of a new call and of a better copy, the boards of all else', async () => {
    const t1 = ingest()
    const one = await hear(t1, AIR, page(DAMAGED))
    await hear(t1, AIR, page(), one)
    await hear(t1, ROOF, page(DAMAGED))
    expect(rung).toEqual(['bleeps', 'bleeps', 'alerts'])
    expect(raised).toEqual([one])
  })

  test('each page by its feed and quality, and each choice by its reason', async () => {
    const t1 = ingest()
    await hear(t1, AIR, page())
    await hear(t1, ROOF, page(DAMAGED))
    expect(counted('feed_pages')).toEqual([
      { feed: 'air', quality: 'clean' },
      { feed: 'roof', quality: 'damaged' },
    ])
    expect(counted('reasons')).toEqual([{ reason: 'first-sighting' }, { reason: 'other-tap' }])
  })
})

test('a sighting of which the commit was not heard is found again, and read though nobody was woken', async () => {
  const one = await hear(ingest(), AIR, page(DAMAGED))
  const deaf: Store = {
    ...store,
    transact: async (work, within) => {
      await store.transact(work, within)
      throw new StoreFault('store-lost')
    },
  }
  let on = deaf
  const t1 = ingest({ store: { ...store, transact: (work, within) => on.transact(work, within) } })
  const other = page()
  expect(await t1.store(ROOF, other, undefined, clock.now())).toMatchObject({ ok: false })
  expect(counted('faults')).toEqual([{ fault: 'store-lost' }])
  on = store
  rung = []
  expect(await hear(t1, ROOF, other)).toBe(one)
  expect([rung, raised, (await sightings(one)).length]).toEqual([['bleeps'], [one], 2])
})

describe('a page that meets a defect', () => {
  const broken = () => withTables((tx) => ({ bleeps: { ...tx.bleeps, sight: planted } }))

  test.each([
    [ric(1_999_992, 3), 'ric:1999992/3'],
    [{ scheme: 'number', number: '0042' } as const, '0042'],
  ])('stands whole in front of the switchboard: %j', async (to, number) => {
    const met = page({ to })
    const id = await hear(ingest({ store: broken() }), AIR, met)
    expect(await bleep(id)).toEqual({
      ...{ id, number, page: met, received: clock.now(), passed: { decoded: clock.now() } },
      ...{ stage: 'stuck', review: { reason: 'page-defect', waits: true }, sightings: 1, repeats: 0 },
    })
    expect(counted('reasons')).toEqual([{ reason: 'page-defect' }])
    expect(counted('faults')).toEqual([{ fault: 'page-failed' }])
    expect([rung, raised]).toEqual([['alerts'], []])
  })

  test('takes nothing into itself that is heard beside it', async () => {
    const stuck = await hear(ingest({ store: broken() }), AIR, page())
    await clock.elapse(SECOND)
    const rings = await hear(ingest(), ROOF, page())
    expect(rings).not.toBe(stuck)
    expect(raised).toEqual([rings])
    expect((await bleep(rings))?.related).toBeUndefined()
    expect((await sightings(rings)).map((s) => s.reason)).toEqual(['first-sighting'])
  })

  test.each([
    ['store-full', () => Promise.reject(new StoreFault('store-full'))],
    ['page-failed', planted],
  ] as const)('and cannot be put aside either is refused: %s', async (code, add) => {
    const worse = withTables((tx) => ({ bleeps: { ...tx.bleeps, sight: planted, add } }))
    let met = 0
    const once = withTables((tx) => ({
      bleeps: { ...tx.bleeps, sight: planted, add: (b) => (met++ === 0 ? tx.bleeps.add(b) : add()) },
    }))
    for (const on of code === 'store-full' ? [once] : [worse])
      expect(await ingest({ store: on }).store(AIR, page(), undefined, clock.now())).toEqual({
        ok: false,
        fault: { code },
      })
    expect(counted('faults').at(-1)).toEqual({ fault: code })
    expect(rung).toEqual([])
  })
})

describe('a call record', () => {
  const RECORD = {
    ...{ from: '4421', to: '4406', internal: true, answered: true, mailbox: false },
    precisionSeconds: 60,
  }

  test('is stored with its feed, its node and its moment', async () => {
    expect(await ingest().call(LINK, RECORD)).toEqual({ ok: true, value: undefined })
    const all = await store.transact((tx) => tx.calls.page({ at: 0, id: '' }, clock.now() + 1, 10))
    expect(all).toEqual([
      { id: expect.any(String), feed: 'link', node: 'n', arrived: clock.now(), record: RECORD },
    ])
  })

  test.each([
    ['store-lost', () => Promise.reject(new StoreFault('store-lost'))],
    ['page-failed', planted],
  ] as const)('that cannot be stored is counted: %s', async (code, add) => {
    const on = withTables((tx) => ({ calls: { ...tx.calls, add } }))
    expect(await ingest({ store: on }).call(LINK, RECORD)).toEqual({ ok: false, fault: { code } })
    expect(counted('faults')).toEqual([{ fault: code }])
  })
})
