import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hospitalNumbers } from '../../../src/core/directory/hospital-numbers.ts'
import { type About, foundIn } from '../../../src/core/govern/subject.ts'
import { type AlertId, asId, type BleepId, type PersonId } from '../../../src/core/ids.ts'
import { DAY, HOUR } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { searchAll } from '../../../src/run/keep/search.ts'
import { indexSome, unindex } from '../../../src/run/keep/search-index.ts'
import { wholeOf } from '../../../src/run/keep/whole.ts'
import { eraseWords } from '../../../src/run/keep/words.ts'
import { aBleep, anAlert } from '../../contract/store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

class TurningClock extends VirtualClock {
  override after(_: number, run: () => void) {
    setImmediate(run)
    return { cancel: () => undefined }
  }
}

const START = Date.UTC(2026, 0, 5, 9)
const ada = asId<PersonId>('ada')
let store: Store
let clock: TurningClock
let path: string
beforeEach(async () => {
  path = join(mkdtempSync(join(tmpdir(), 'search-')), 'b.sqlite')
  store = await openSqlite(path)
  clock = new TurningClock(START)
})
afterEach(() => store.close())

async function called(id: string, text: string, at = START, more: { note?: string; open?: boolean } = {}) {
  const page = { ...aBleep(id).page, text }
  const event = { kind: 'said' as const, at, by: { kind: 'person' as const, person: ada } }
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep(id, { received: at, stage: 'routed', page }))
    await tx.alerts.add(
      anAlert(`a-${id}`, id, { phase: more.open ? 'ringing' : 'closed', raised: at, revision: 1 }),
      [{ ...event, said: { kind: 'note', text: more.note ?? '' } }],
    )
  })
}
const index = async (now = START + DAY) => {
  while ((await indexSome(store, now)) > 0);
}
const search = async (about: Partial<About>, most = 100) =>
  (await searchAll({ store, clock }, { from: 0, to: START + 99 * DAY, ...about }, most))?.map(
    ({ bleep }) => bleep,
  )
const rows = (table: string) => {
  const raw = new DatabaseSync(path, { readOnly: true })
  const found = raw.prepare(`select * from ${table}`).all()
  raw.close()
  return found
}

test('what is settled is found by the index alone, and what is not by looking', async () => {
  await called('b1', 'MR JONES 943 476 5919 WARD 7B')
  await called('b2', 'CALL 020 7946 0018 RE SMITH', START + 1)
  await index()
  await called('b3', 'JONES AGAIN', START + 2 * DAY)
  expect(await search({ text: 'jones' })).toEqual(['b1', 'b3'])
  expect(await search({ text: '9434765919' })).toEqual(['b1'])
  expect(await search({ text: '+44 20 7946 0018' })).toEqual(['b2'])
  expect(await search({ text: 'mit' })).toEqual(['b2'])
  expect(await search({ text: 'jones 943' })).toEqual(['b1'])
  expect(await search({ text: 'ward jones' })).toEqual([])
  expect(await search({ person: ada })).toEqual(['b1', 'b2', 'b3'])
  expect(await search({ person: ada, text: 'smith' })).toEqual(['b2'])
  expect(await search({ number: '0028', to: START + 1 })).toEqual(['b1'])
  expect(await search({ text: 'jones', to: START + DAY })).toEqual(['b1'])
})

test('a hospital number is found however it is spaced, though its shape was told after the index was made', async () => {
  await called('b1', 'PT RXK 123-456 WARD 7B')
  await called('b2', 'PT RXK123456 WARD 9', START + 1)
  await called('b3', 'PT RXK 123457, ROOM 456', START + 2)
  await index()
  const own = hospitalNumbers('RXK[ -]?\\d{3}[ -]?\\d{3}')
  const about = { from: 0, to: START + DAY, text: 'rxk 123456' }
  const found = await searchAll({ store, clock }, about, 100, own)
  expect(found?.map(({ bleep, where }) => [bleep, where])).toEqual([
    ['b1', ['page']],
    ['b2', ['page']],
  ])
})

test('what is written after a call was put into the index is found, while it is open and when it has closed', async () => {
  await called('b1', 'WARD 7B', START, { open: true })
  await index()
  const write = (text: string, phase: 'ringing' | 'closed', revision: number) =>
    store.transact((tx) =>
      tx.alerts.save(anAlert('a-b1', 'b1', { phase, raised: START, revision }), revision - 1, [
        { kind: 'said', at: START, by: { kind: 'person', person: ada }, said: { kind: 'note', text } },
      ]),
    )
  await write('MRS BROWN', 'ringing', 2)
  expect(await search({ text: 'brown' })).toEqual(['b1'])
  await write('HER SON', 'closed', 3)
  expect(await search({ text: 'her son' })).toEqual(['b1'])
  await index()
  await write('LATE NOTE OF GREEN', 'closed', 4)
  expect(await search({ text: 'green' })).toEqual(['b1'])
  await index()
  expect(rows('search_again')).toEqual([])
  for (const text of ['brown', 'her son', 'green']) expect(await search({ text })).toEqual(['b1'])
})

test('words that are erased leave the index, and no word is left there that no bleep holds', async () => {
  await called('b1', 'MR JONES WARD 7B')
  await called('b2', 'MRS SMITH WARD 9')
  await index()
  await store.transact(async (tx) => {
    const bleep = await tx.bleeps.get(asId<BleepId>('b1'))
    await eraseWords(tx, bleep!, START)
  })
  expect(await search({ text: 'jones' })).toEqual([])
  // Received at the very same instant, and found as before.
  expect(await search({ text: 'ward 9' })).toEqual(['b2'])
  expect(rows('search_words').map(({ word }) => word)).not.toContain('JONES')
  expect(await search({ person: ada })).toEqual(['b1', 'b2'])
  await store.transact(async (tx) => {
    for (const id of ['b1', 'b2']) {
      await unindex(tx, (await wholeOf(tx, id))!, 'all')
      await tx.purge.bleeps([asId<BleepId>(id)])
    }
  })
  expect([...rows('search_words'), ...rows('search_index')]).toEqual([])
})

test('more than asked for, or a part of a thousand words, is too wide', async () => {
  for (let i = 0; i < 5; i++) await called(`b${i}`, 'JONES', START + i)
  await index()
  expect(await search({ text: 'jones' }, 4)).toBeUndefined()
  expect(await search({ text: 'jones' }, 5)).toHaveLength(5)
  for (let i = 0; i < 30; i++)
    await called(`c${i}`, Array.from({ length: 40 }, (_, n) => `EX${i}X${n}`).join(' '), START + HOUR + i)
  await index()
  expect(await search({ text: 'EX' })).toBeUndefined()
  expect(await search({ text: 'EX7X11 ex7' })).toEqual(['c7'])
})

test('the index finds whatever looking at every bleep would', async () => {
  const word = fc.constantFrom(
    'JO',
    'JONES',
    'J\uFFFDNES',
    'NES',
    '\uFFFD',
    "O'NEIL",
    'WARD',
    '943',
    '476',
    '5919',
    'SM\uFFFDTH',
    'É',
  )
  const text = fc.array(fc.tuple(word, fc.constantFrom(' ', '-', '', '.')), { minLength: 1, maxLength: 5 })
  const join = (parts: readonly (readonly [string, string])[]) => parts.flat().join('')
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 4 }), text, async (texts, sought) => {
      await store.close()
      store = await openSqlite(':memory:')
      for (const [i, t] of texts.entries()) await called(`b${i}`, join(t), START + i)
      await index()
      const about = { text: join(sought), from: 0, to: START + DAY }
      const looked: string[] = []
      for (let i = 0; i < texts.length; i++) {
        const whole = await store.transact((tx) => wholeOf(tx, `b${i}`))
        if (foundIn(whole!, about).length > 0) looked.push(`b${i}`)
      }
      expect(await search({ text: join(sought) })).toEqual(looked)
    }),
    { numRuns: 150, seed: 7 },
  )
})

test('an alert is found by everybody it names', async () => {
  await called('b1', 'X')
  await index()
  expect(await search({ person: asId<PersonId>('nobody') })).toEqual([])
  expect((await store.transact((tx) => tx.alerts.get(asId<AlertId>('a-b1'))))?.bleep).toBe('b1')
  expect(await search({ person: ada })).toEqual(['b1'])
})
