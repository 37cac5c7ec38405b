import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KEEP_TIMES, type Keeps } from '../../../src/core/govern/retain.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { WordKeys } from '../../../src/io/store/word-key.ts'
import { keyFolder } from '../../../src/io/store/word-key-folder.ts'
import { noKeys } from '../../../src/io/store/word-keys.ts'
import type { Store } from '../../../src/ports/store.ts'
import { sealSome } from '../../../src/run/keep/seal-words.ts'
import { indexSome } from '../../../src/run/keep/search-index.ts'
import { aBleep, anAlert } from '../../contract/store.ts'
import { removeFolder } from '../../support/folders.ts'

const START = Date.UTC(2026, 0, 5, 9)
const NOW = START + DAY
const KEEPS = Object.fromEntries(Object.entries(KEEP_TIMES).map(([what, { days }]) => [what, days])) as Keeps
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-seal-'))
})
afterEach(() => removeFolder(folder))

const database = () => join(folder, 'data.sqlite')
const someKeys = (now = START, at = 'keys') =>
  keyFolder({ folder: join(folder, at), siteKey: 's', former: [], now }, true)
const holds = (word: string) =>
  readdirSync(folder).filter(
    (name) => name.startsWith('data') && readFileSync(join(folder, name)).includes(word),
  )

async function fill(store: Store): Promise<void> {
  const said = { kind: 'note' as const, text: 'JONES IS WORSE' }
  const by = { kind: 'switchboard' as const, operator: 'op' }
  await store.transact(async (tx) => {
    for (let i = 0; i < 250; i++) {
      const page = { ...aBleep('x').page, text: `MR JONES ${i}` }
      const [bleep, at] = [`b${i}`, START + i]
      await tx.bleeps.add(aBleep(bleep, { page, stage: 'routed', received: at }))
      await tx.bleeps.sight({
        ...{ id: asId(`s${i}`), bleep: asId(bleep), feed: asId('air'), tap: 't', node: asId('n') },
        ...{ page, begun: at, reason: 'first-sighting' },
      })
      await tx.alerts.add(
        anAlert(`a${i}`, bleep, {
          phase: 'closed',
          raised: at,
          thread: [{ at, by: 'switchboard', ...said }],
        }),
        [{ kind: 'said', at, by, said }],
      )
    }
    await tx.notes.set('facts-until', NOW, NOW)
  })
  while ((await indexSome(store, NOW)) > 0);
}

async function within<T>(keys: WordKeys | undefined, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqlite(database(), keys)
  try {
    return await work(store)
  } finally {
    await store.close()
    await keys?.close()
  }
}
const texts = (store: Store) =>
  store.transact(async (tx) => [
    (await tx.bleeps.get(asId('b7')))?.page.text,
    (await tx.bleeps.sightings(asId('b7')))[0]?.page.text,
    (await tx.alerts.byBleep(asId('b7')))?.thread[0]?.text,
    JSON.stringify(await tx.alerts.events(asId('a7'))).includes('JONES IS WORSE'),
  ])
const READ = ['MR JONES 7', 'MR JONES 7', 'JONES IS WORSE', true]
const when = (store: Store, word: string) =>
  store.transact(async (tx) => {
    const known = await tx.search.words(-1, 99_999)
    const term = known.find((one) => one.word === word)?.word
    return term === undefined ? [] : tx.search.find([[term]], 0, NOW, 9)
  })

test('words from before there were keys are sealed behind the paging, and the index with them', async () => {
  await within(undefined, fill)
  expect(holds('JONES')).not.toEqual([])
  await within(await someKeys(), async (store) => {
    expect(await texts(store)).toEqual(READ)
    let turns = 0
    while (await sealSome(store, NOW, KEEPS)) turns += 1
    expect(turns).toBeGreaterThan(1)
    while ((await indexSome(store, NOW)) > 0);
    expect(await texts(store)).toEqual(READ)
    expect(await when(store, '7')).toEqual([START + 7])
    expect(await store.tidy()).toBe(true)
    expect([...holds('JONES'), ...holds('jones')]).toEqual([])
  })
})

test('without its keys a sealed database says so, and its words are neither read nor lost', async () => {
  await within(await someKeys(), fill)
  const none = noKeys()
  await within(none, async (store) => {
    expect(none.troubles()).toMatchObject([{ code: 'word-keys-lost' }])
    expect((await texts(store))[0]).toContain('key is missing')
    const bleep = await store.transact((tx) => tx.bleeps.get(asId('b7')))
    // What is decided without the words keeps them.
    if (bleep) await store.transact((tx) => tx.bleeps.save({ ...bleep, repeats: 4 }))
  })
  await within(await someKeys(), async (store) => {
    expect(await texts(store)).toEqual(READ)
    expect((await store.transact((tx) => tx.bleeps.get(asId('b7'))))?.repeats).toBe(4)
  })
})

test('lost keys are told until no word of theirs is kept any more, and new words have others', async () => {
  await within(await someKeys(), fill)
  const others = await someKeys(NOW, 'others')
  await within(others, async (store) => {
    expect(others.troubles()).toMatchObject([{ code: 'word-keys-lost' }])
    const page = { ...aBleep('x').page, text: 'MRS BROWN' }
    await store.transact((tx) => tx.bleeps.add(aBleep('n1', { page, stage: 'routed', received: NOW })))
    expect((await store.transact((tx) => tx.bleeps.get(asId('n1'))))?.page.text).toBe('MRS BROWN')
    expect(holds('BROWN')).toEqual([])
    // Something is said on a call whose words are away: it has a key of its own.
    const alert = await store.transact((tx) => tx.alerts.byBleep(asId('b7')))
    if (alert === undefined) throw new Error('no alert')
    const thread = [
      ...alert.thread,
      { at: NOW, by: 'switchboard' as const, kind: 'note' as const, text: 'BED 4' },
    ]
    const revision = alert.revision + 1
    expect(
      await store.transact((tx) => tx.alerts.save({ ...alert, revision, thread }, alert.revision, [])),
    ).toBe(true)
    expect((await store.transact((tx) => tx.alerts.byBleep(asId('b7'))))?.thread.at(-1)?.text).toBe('BED 4')
    expect(holds('BED 4')).toEqual([])
    for (const now of [NOW + DAY, NOW + (KEEPS.words + 2) * DAY]) {
      while (await sealSome(store, now, KEEPS));
      expect(others.troubles().length).toBe(now === NOW + DAY ? 1 : 0)
    }
  })
})

test('with no key left a page is stored all the same, and sealed when there is one', async () => {
  const keys = await someKeys()
  let short = true
  const scarce: WordKeys = { ...keys, fresh: () => (short ? undefined : keys.fresh()) }
  await within(scarce, async (store) => {
    while (await sealSome(store, NOW, KEEPS));
    await fill(store)
    expect(await texts(store)).toEqual(READ)
    short = false
    while (await sealSome(store, NOW, KEEPS));
    expect(await texts(store)).toEqual(READ)
    await store.tidy()
    expect(holds('JONES')).toEqual([])
  })
})
