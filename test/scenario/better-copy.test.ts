import { afterEach, beforeEach, expect, test } from 'vitest'
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

async function hear(text: string, quality: Quality, improves?: BleepId, number = '1113'): Promise<BleepId> {
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
    seen: before.decided,
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
  expect(await alertOf(id)).toEqual(before)
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
    seen: first.decided,
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
