import { afterEach, beforeEach, expect, test } from 'vitest'
import { rePageKey } from '../../src/core/deliver/re-page.ts'
import { cardOf } from '../../src/core/desk/card.ts'
import { joinedTo } from '../../src/core/desk/joined.ts'
import { type AlertId, asId, type BleepId, type SightingId } from '../../src/core/ids.ts'
import { SECOND } from '../../src/core/instant.ts'
import type { Quality } from '../../src/core/vocabulary.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { type ListeningMetrics, listeningMetrics } from '../support/quiet.ts'
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

const OPERATOR = { kind: 'switchboard', operator: 'sam' } as const

let store: Store
let clock: VirtualClock
let ward: Ward
let rung: string[]
let metrics: ListeningMetrics
/** Topics that were rung. */
let woken: string[]

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  await enrol(store, EVERYBODY)
  rung = []
  woken = []
  metrics = listeningMetrics()
  for (const topic of ['bleeps', 'attempts'] as const) store.wake.on(topic, () => void woken.push(topic))
  ward = startWard({
    ...{ store, clock, random: countingRandom(), holding: aHolding(), metrics },
    onSent: ({ person, purpose, channel }) => {
      if (channel === 'webpush') rung.push(`${purpose} ${person}`)
    },
  })
  await settle()
})
afterEach(async () => {
  await ward.stop()
  await store.close()
})

async function hear(
  number: string,
  text: string,
  more: { quality?: Quality; tap?: string; repeatMs?: number } = {},
) {
  const at = clock.now()
  const { quality = 'clean', tap = 'air', repeatMs = 20_000 } = more
  const stored = await ward.ingest.store(
    { feed: asId(tap), tap, repeatMs },
    {
      ...{ to: { scheme: 'number', number }, type: 'alpha', text, quality },
      ...{ corrected: 0, fields: {}, firstByte: at, lastByte: at },
    },
    undefined,
    at,
  )
  await settle()
  if (!stored.ok) throw new Error(stored.fault.code)
  return stored.value
}
const alertOf = (id: BleepId) => store.transact(async (tx) => (await tx.alerts.byBleep(id))!)
const bleepOf = (id: BleepId) => store.transact(async (tx) => (await tx.bleeps.get(id))!)
const sightingsOf = (id: BleepId) => store.transact((tx) => tx.bleeps.sightings(id))
const open = () => store.transact((tx) => tx.alerts.list({ phase: 'open', limit: 20 }))

async function shown(id: BleepId) {
  const { repeats } = await alertOf(id)
  const joined = await Promise.all(repeats.map(bleepOf))
  const bleep = await bleepOf(id)
  return joinedTo(bleep, joined, await sightingsOf(id), { access: 'switchboard' }, wardDirectory(aHolding()))
}

async function takeApart(id: AlertId, joined: string) {
  const alert = await ward.separate(id, asId<BleepId>(joined), OPERATOR)
  await clock.elapse(SECOND)
  return alert
}

test('a request that was joined rings on its own after one press, and only once', async () => {
  const first = await hear('1113', 'RING 4421')
  await clock.elapse(25 * SECOND)
  rung.length = 0
  await hear('1113', 'PLEASE RING 4421')
  const alert = await alertOf(first)
  const [again] = alert.repeats
  expect(await shown(first)).toMatchObject([{ id: again, words: 'PLEASE RING 4421', reason: 'echo-bleep' }])
  expect(await open()).toHaveLength(1)

  const before = (await bleepOf(again!)).passed
  clock.advance(1)
  const at = clock.now()
  woken = []
  const own = await takeApart(alert.id, again!)
  expect(own).toMatchObject({ bleep: again, phase: 'ringing', plan: { class: 'routine' } })
  // When it came stays; it was routed now.
  expect((await bleepOf(again!)).passed).toMatchObject({ ...before, routed: at })
  expect(woken).toContain('bleeps')
  const undone = () =>
    metrics.counted.filter(
      ([name, labels]) => name.endsWith('reasons_total') && labels?.reason === 'joined-undone',
    )
  const counted = undone().length
  expect(counted).toBeGreaterThan(0)
  expect(rung).toContain('ask reg')
  expect((await alertOf(first)).repeats).toEqual([])
  expect(await bleepOf(again!)).not.toHaveProperty('related')
  expect(await shown(first)).toEqual([])

  rung.length = 0
  woken = []
  expect(await takeApart(alert.id, again!)).toMatchObject({ id: own!.id })
  expect([undone().length, woken]).toEqual([counted, []])
  expect(await open()).toHaveLength(2)
  expect(rung).toEqual([])
})

test('what was taken for our own page on the air rings as the second arrest that it was', async () => {
  const first = await hear('2222', 'CARDIAC ARREST WARD 7B', { repeatMs: 0 })
  const { id: alert } = await alertOf(first)
  await clock.elapse(60 * SECOND)
  const sent = { bleep: first, alert, text: 'CARDIAC ARREST WARD 7B', at: clock.now() }
  await store.transact((tx) => tx.notes.set(rePageKey('2222'), [sent], clock.now()))
  await clock.elapse(3 * SECOND)
  await hear('2222', 'CARDIAC ARREST WARD 7B', { repeatMs: 0 })
  const [echo] = await shown(first)
  expect(echo).toMatchObject({ reason: 'own-re-page', words: 'CARDIAC ARREST WARD 7B' })

  rung.length = 0
  const own = await takeApart(alert, echo!.id)
  expect(own).toMatchObject({ plan: { class: 'emergency' }, phase: 'ringing' })
  expect(rung).toEqual(expect.arrayContaining(['ask reg', 'ask nurse']))
  // Ours is still to be heard: it is known when it comes, and rings nobody.
  await clock.elapse(2 * SECOND)
  await hear('2222', 'CARDIAC ARREST WARD 7B', { repeatMs: 0 })
  expect(await open()).toHaveLength(2)
})

test('a reading that had taken the place of the first leaves it, with its words', async () => {
  const first = await hear('1113', 'RING 4421 BED \uFFFD', { quality: 'damaged' })
  await hear('1113', 'RING 4421 BED 8', { tap: 'wire', repeatMs: 0 })
  expect((await bleepOf(first)).page.text).toBe('RING 4421 BED 8')
  const other = (await sightingsOf(first)).find((s) => s.tap === 'wire')!
  const alert = await alertOf(first)
  const own = await takeApart(alert.id, other.id)
  expect((await bleepOf(own!.bleep)).stage).toBe('routed')
  expect((await sightingsOf(first)).map((s) => s.reason)).toEqual(['first-sighting', 'joined-undone'])
  expect((await bleepOf(own!.bleep)).page.text).toBe('RING 4421 BED 8')
  expect(await bleepOf(first)).toMatchObject({
    page: { text: 'RING 4421 BED \uFFFD' },
    sightings: 1,
    stage: 'routed',
  })
  expect((await sightingsOf(own!.bleep)).map((s) => s.reason)).toEqual(['own-call'])
})

test('nothing else can be taken apart: the first reading, an unknown one, another call’s', async () => {
  const first = await hear('1113', 'RING 4421')
  const alert = await alertOf(first)
  const [its] = await sightingsOf(first)
  const other = await hear('0028', 'RING 4422')
  for (const id of [its!.id, asId<SightingId>('none'), first])
    expect(await ward.separate(alert.id, id, OPERATOR)).toBeUndefined()
  await clock.elapse(25 * SECOND)
  await hear('1113', 'PLEASE RING 4421')
  expect((await alertOf(first)).repeats).toHaveLength(1)
  // It has no call of its own yet, and was joined to none.
  expect(await ward.separate(alert.id, await hear('9999', 'RING 4423'), OPERATOR)).toBeUndefined()
  const { id: foreign } = (await sightingsOf(other))[0]!
  expect(await ward.separate(alert.id, foreign, OPERATOR)).toBeUndefined()
  expect(await ward.separate(asId<AlertId>('none'), foreign, OPERATOR)).toBeUndefined()
  expect(await open()).toHaveLength(2)
})

test('where nothing says whom to ask, the people of the call that it had been joined to are asked', async () => {
  const first = await hear('9999', 'RING 4421')
  const asked = await ward.raise.ask(first, asId('anaes'))
  await clock.elapse(SECOND)
  await hear('9999', 'RING 4421', { tap: 'roof' })
  const other = (await sightingsOf(first)).find((s) => s.tap === 'roof')!
  rung.length = 0
  const own = await takeApart(asked!.id, other.id)
  expect(Object.keys(own?.responders ?? {})).toEqual(['gas'])
  expect(rung).toContain('ask gas')
})

test('it rings by what it says itself, however the call that it had been joined to was asked', async () => {
  const first = await hear('1113', 'RING 4421')
  await clock.elapse(25 * SECOND)
  const again = await hear('1113', 'PLEASE RING 4421')
  await clock.elapse(SECOND)
  const alert = await alertOf(first)
  const louder = { ...alert, plan: { ...alert.plan, class: 'urgent' as const }, revision: alert.revision + 1 }
  await store.transact((tx) => tx.alerts.save(louder, alert.revision, []))
  expect(await takeApart(alert.id, again)).toMatchObject({ plan: { class: 'routine' } })
})

test('two who take it apart at one moment do so one after the other', async () => {
  const alone: string[] = []
  await ward.stop()
  ward = startWard({
    store: {
      ...store,
      transact: (work, within) =>
        store.transact(
          (tx) =>
            work({
              ...tx,
              alone: async (key) => {
                alone.push(key)
                await tx.alone(key)
              },
            }),
          within,
        ),
    },
    ...{ clock, random: countingRandom(), holding: aHolding(), onSent: () => undefined },
  })
  const first = await hear('1113', 'RING 4421')
  await clock.elapse(25 * SECOND)
  const again = await hear('1113', 'PLEASE RING 4421')
  const { id } = await alertOf(first)
  await clock.elapse(SECOND)
  alone.length = 0
  const all = await Promise.all([0, 1].map(() => ward.separate(id, again, OPERATOR)))
  expect(new Set(all.map((alert) => alert?.id)).size).toBe(1)
  expect(alone).toEqual(['bleep/1113', 'bleep/1113'])
  expect(await ward.separate(asId('none'), again, OPERATOR)).toBeUndefined()
  expect(alone).toHaveLength(2)
  expect(await open()).toHaveLength(2)
})

test('a repeat that was cut off before its last word rings on its own: it may be the other bed', async () => {
  await hear('2222', 'CARDIAC ARREST WARD 7 BED 3')
  rung.length = 0
  await clock.elapse(5 * SECOND)
  await hear('2222', 'CARDIAC ARREST WARD 7 BED', { quality: 'unterminated' })
  expect(await open()).toHaveLength(2)
  expect(rung).toContain('ask reg')
})

test('a transmitter that says an arrest three times, later than we were told, rings each time and says that it is likely one', async () => {
  const heard: BleepId[] = []
  for (let i = 0; i < 3; i++) {
    heard.push(await hear('2222', 'CARDIAC ARREST WARD 7B', { repeatMs: 5 * SECOND }))
    await clock.elapse(7 * SECOND)
  }
  expect(await open()).toHaveLength(3)
  const again = await Promise.all(
    heard.map(async (id) => {
      const context = {
        directory: wardDirectory(aHolding()),
        title: (kind: string) => kind,
        now: clock.now(),
      }
      return cardOf(await alertOf(id), await bleepOf(id), { access: 'holder' }, context).again
    }),
  )
  const likely = 'Same words as a call just before: likely one call, sent again'
  expect(again).toEqual([undefined, likely, likely])
})

test('said three times within the time of the transmitter it is one call, and so it is said to be another where words differ', async () => {
  const heard: BleepId[] = []
  for (let i = 0; i < 3; i++) {
    heard.push(await hear('2222', 'CARDIAC ARREST WARD 7B', { repeatMs: 5 * SECOND }))
    await clock.elapse(2 * SECOND)
  }
  expect(new Set(heard).size).toBe(1)
  const other = await hear('2222', 'CARDIAC ARREST WARD 7C', { repeatMs: 5 * SECOND })
  expect(await bleepOf(other)).not.toHaveProperty('related')
  expect(await open()).toHaveLength(2)
})
