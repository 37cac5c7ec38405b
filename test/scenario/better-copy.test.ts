import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RadioDetail } from '../../src/core/bleep/bleep.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import type { Quality } from '../../src/core/vocabulary.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'
import { aHolding, countingRandom, EVERYBODY, enrol, startWard, type Ward } from '../support/ward.ts'

const ARREST = 'CARDIAC ARREST WARD 7B'
const DAMAGED = 'C\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDC \uFFFD\uFFFD\uFFFD\uFFFDST WARD 7B'

let store: Store
let clock: VirtualClock
let ward: Ward
let rung: string[]

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
  await enrol(store, EVERYBODY)
  rung = []
  ward = startWard({
    store,
    clock,
    random: countingRandom(),
    holding: aHolding(),
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

/** The page of one transmission as far as it has come. */
const ONE_PAGE = { baud: 1200, addressBit: 608, endBit: 900, emittedBit: 932, words: [] }

async function hear(
  text: string,
  quality: Quality,
  improves?: BleepId,
  number = '1113',
  radio?: RadioDetail,
): Promise<BleepId> {
  const at = clock.now()
  const stored = await ward.ingest.store(
    { feed: asId('air'), tap: 'air', repeatMs: 5000 },
    {
      to: { scheme: 'number', number },
      type: 'alpha',
      text,
      quality,
      corrected: 0,
      fields: {},
      firstByte: at,
      lastByte: at,
      ...(radio ? { radio } : {}),
    },
    improves,
    at,
  )
  await settle()
  if (!stored.ok) throw new Error(stored.fault.code)
  return stored.value
}
const alertOf = (id: BleepId) => store.transact(async (tx) => (await tx.alerts.byBleep(id))!)
const bleepOf = (id: BleepId) => store.transact(async (tx) => (await tx.bleeps.get(id))!)

test('a better copy that turns out to be an arrest rings as one, whoever has answered the lesser call', async () => {
  const id = await hear(DAMAGED, 'damaged')
  const before = await alertOf(id)
  expect(before).toMatchObject({ plan: { class: 'routine' } })
  await ward.alerts.apply(before.id, {
    kind: 'answered',
    at: clock.now(),
    by: { kind: 'person', person: asId('reg') },
    person: asId('reg'),
    answer: 'accepted',
    version: before.version,
  })
  expect(await alertOf(id)).toMatchObject({ phase: 'covered' })
  rung.length = 0
  await clock.elapse(2000)
  expect(await hear(ARREST, 'clean', id)).toBe(id)
  const after = await alertOf(id)
  expect(after.id).toBe(before.id)
  expect(after).toMatchObject({
    phase: 'ringing',
    plan: { class: 'emergency' },
    responders: { reg: { state: 'asked' } },
    attention: { reason: 'reading-more-urgent' },
  })
  expect(rung).toEqual(['again reg'])
  expect(await bleepOf(id)).toMatchObject({
    stage: 'routed',
    meaning: { class: 'emergency', reason: 'class-text' },
  })
  await clock.elapse(15_000)
  expect((await alertOf(id)).step).toBeGreaterThan(0)
})

test('a better copy that is less urgent mends the words and lowers nothing', async () => {
  const id = await hear('CARDIAC ARREST CALL \uFFFD\uFFFD\uFFFD\uFFFD', 'damaged', undefined, '2222')
  const before = await alertOf(id)
  rung.length = 0
  await hear('TEST TEST TEST TEST 4421', 'clean', id, '2222')
  expect(await alertOf(id)).toMatchObject({ plan: before.plan, phase: before.phase, due: before.due })
  expect(rung).toEqual([])
  expect(await bleepOf(id)).toMatchObject({
    stage: 'routed',
    page: { text: 'TEST TEST TEST TEST 4421' },
    meaning: { class: 'emergency' },
  })
})

test('a call closed meanwhile is raised anew when the better copy is an arrest', async () => {
  const id = await hear(DAMAGED, 'damaged')
  const first = await alertOf(id)
  await ward.alerts.apply(first.id, {
    kind: 'closed',
    at: clock.now(),
    by: { kind: 'switchboard', operator: 'op' },
    version: first.version,
  })
  await settle()
  rung.length = 0
  await clock.elapse(1000)
  await hear(ARREST, 'clean', id)
  const second = await alertOf(id)
  expect(second.id).not.toBe(first.id)
  expect(second).toMatchObject({ phase: 'ringing', plan: { class: 'emergency' } })
  expect(rung).toEqual(['ask reg'])
})

test('a page that reads on is shown in its new words, and whoever is on the call is told', async () => {
  const id = await hear('PLEASE RING 44', 'unterminated', undefined, '1113', ONE_PAGE)
  rung.length = 0
  const whole = 'PLEASE RING 4421 BED 3'
  expect(await hear(whole, 'clean', id, '1113', ONE_PAGE)).toBe(id)
  expect(await bleepOf(id)).toMatchObject({
    page: { text: whole, quality: 'clean' },
    meaning: { callBack: '4421' },
  })
  expect((await store.transact((tx) => tx.bleeps.sightings(id))).at(-1)?.reason).toBe('later-reading')
  expect((await alertOf(id)).revision).toBe(2)
  const told = await store.transact((tx) => tx.inbox.since(asId('webpush-reg'), 0, 10))
  expect(told.map((row) => row.purpose)).toEqual(['ask', 'update'])
})

test('a page that reads on as a test is one; cut again or damaged it lowers nothing', async () => {
  const test = 'CARDIAC ARREST TEST CALL'
  const cut = await hear('CARDIAC ARREST', 'unterminated', undefined, '2222', ONE_PAGE)
  await hear(test, 'unterminated', cut, '2222', ONE_PAGE)
  expect((await alertOf(cut)).plan.class).toBe('emergency')
  await hear(test, 'clean', cut, '2222', ONE_PAGE)
  expect(await alertOf(cut)).toMatchObject({
    plan: { class: 'test', escalates: false },
    attention: { reason: 'reading-changed' },
    due: { close: expect.any(Number) },
  })
  expect(await bleepOf(cut)).toMatchObject({ meaning: { class: 'test' } })
})

test('a page that reads on as a stand-down ends the call it takes back, and its own ring', async () => {
  const arrest = await hear('CARDIAC ARREST WARD 7B', 'clean', undefined, '2222')
  await clock.elapse(8000)
  const next = { ...ONE_PAGE, addressBit: 90_000 }
  const cut = await hear('CARDIAC ARREST WARD 7B ', 'unterminated', undefined, '2222', next)
  expect((await alertOf(cut)).closed).toBeUndefined()
  await hear('CARDIAC ARREST WARD 7B STAND DOWN', 'clean', cut, '2222', next)
  expect(await alertOf(arrest)).toMatchObject({
    phase: 'closed',
    closed: { by: 'system', reason: 'cancelled-by-page' },
  })
  expect(await alertOf(cut)).toMatchObject({ phase: 'closed', closed: { reason: 'reading-cancels' } })
})
