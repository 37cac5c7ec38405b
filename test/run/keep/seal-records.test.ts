import { afterEach, beforeEach, expect, test } from 'vitest'
import { type AlertId, asId, type BleepId, type PersonId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { macOf } from '../../../src/io/seal/audit-key.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { recordCheck, sealRecords } from '../../../src/run/keep/seal-records.ts'
import { eraseWords } from '../../../src/run/keep/words.ts'
import { aBleep, anAlert } from '../../contract/store.ts'

const START = Date.UTC(2026, 10, 30, 9)
const NOW = START + HOUR
const mac = macOf('the key of this site')
const [id, alert] = [asId<BleepId>('b1'), asId<AlertId>('a-b1')]
const by = { kind: 'person', person: asId<PersonId>('ada') } as const
let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
  const page = { ...aBleep('b1').page, text: 'MR JONES WARD 7B' }
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1', { received: START, page, stage: 'routed' }))
    await tx.bleeps.add(aBleep('b2', { received: START + SECOND, page, stage: 'routed' }))
    await tx.alerts.add(anAlert('a-b1', 'b1', { phase: 'closed', raised: START, revision: 2 }), [
      { kind: 'raised', at: START },
      {
        kind: 'answered',
        at: START + MINUTE,
        by,
        person: by.person,
        answer: 'accepted',
        version: 1,
        note: 'ON MY WAY',
      },
    ])
    await tx.notes.set('facts-until', NOW, NOW)
  })
  for (let n = 1; n > 0; ) n = await sealRecords(store, mac, NOW)
})
afterEach(() => store.close())

async function check(now = NOW, key = mac) {
  const checking = recordCheck({ store, pause: async () => undefined }, key, { since: 0, now })
  await checking.each(await store.transact((tx) => tx.audit.since(0, 1000)))
  return checking.compare()
}
const changed = async () => (await check()).changed

test('what has settled is sealed once, and says what it said', async () => {
  expect(await check()).toEqual({ same: 2, erased: 0, unproved: 0, changed: [] })
  expect(await sealRecords(store, mac, NOW)).toBe(0)
  const [entry] = await store.transact((tx) => tx.audit.since(0, 10))
  expect(JSON.stringify(entry)).not.toContain('JONES')
})

test('changed words are found, in the page and in a note', async () => {
  await store.transact(async (tx) => {
    const bleep = (await tx.bleeps.get(id))!
    await tx.bleeps.save({ ...bleep, page: { ...bleep.page, text: 'MR SMITH WARD 7B' } })
  })
  expect(await changed()).toEqual([{ bleep: 'b1', why: 'words-changed' }])
})

test('a note that was made anew is found', async () => {
  await store.transact((tx) =>
    tx.alerts.rewrite(alert, (event) =>
      event.kind === 'answered' ? { ...event, note: 'CANNOT COME' } : event,
    ),
  )
  expect(await changed()).toEqual([{ bleep: 'b1', why: 'words-changed' }])
})

test.each([
  ['another answer', { answer: 'declined' as const }],
  ['somebody else in their place', { person: asId<PersonId>('bob') }],
  ['another time', { at: START + 2 * MINUTE }],
])('an answer that was changed is found: %s', async (_, other) => {
  await store.transact((tx) =>
    tx.alerts.rewrite(alert, (event) => (event.kind === 'answered' ? { ...event, ...other } : event)),
  )
  expect(await changed()).toEqual([{ bleep: 'b1', why: 'answers-changed' }])
})

test('a record that was taken out whole is found, until its keep time may have taken it', async () => {
  await store.transact((tx) => tx.purge.bleeps([id]))
  expect(await changed()).toEqual([{ bleep: 'b1', why: 'record-gone' }])
  expect(await check(NOW + 31 * DAY)).toMatchObject({ same: 1, unproved: 1, changed: [] })
})

test('words that were erased rightly are no change, and who answered is still proved', async () => {
  await store.transact(async (tx) => eraseWords(tx, (await tx.bleeps.get(id))!, NOW))
  expect(await check()).toEqual({ same: 1, erased: 1, unproved: 0, changed: [] })
  await store.transact((tx) =>
    tx.alerts.rewrite(alert, (event) =>
      event.kind === 'answered' ? { ...event, answer: 'declined' as const } : event,
    ),
  )
  expect(await changed()).toEqual([{ bleep: 'b1', why: 'answers-changed' }])
})

test('what came about later is sealed a day after', async () => {
  await store.transact(async (tx) => {
    const found = (await tx.alerts.get(alert))!
    await tx.alerts.save({ ...found, revision: 3 }, 2, [
      { kind: 'said', at: START + 2 * HOUR, by, said: { kind: 'note', text: 'SEEN' } },
    ])
    await tx.notes.set('facts-until', START + 2 * DAY, NOW)
  })
  expect(await check()).toMatchObject({ same: 2, changed: [] })
  for (let n = 1; n > 0; ) n = await sealRecords(store, mac, START + DAY + HOUR)
  await store.transact((tx) =>
    tx.alerts.rewrite(alert, (event) =>
      event.kind === 'said' ? { ...event, said: { kind: 'note' as const, text: 'NEVER SEEN' } } : event,
    ),
  )
  expect(await changed()).toEqual([{ bleep: 'b1', why: 'words-changed' }])
})

test('without the key nobody makes digests that fit', async () => {
  expect((await check(NOW, macOf('another'))).changed).toHaveLength(2)
})
