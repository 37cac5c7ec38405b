import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../../src/core/ids.ts'
import { DAY } from '../../../src/core/instant.ts'
import { newFiling, stepFiling } from '../../../src/core/record/filing.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { WordKeys } from '../../../src/io/store/word-key.ts'
import { keyFolder } from '../../../src/io/store/word-key-folder.ts'
import type { Store } from '../../../src/ports/store.ts'
import { indexSome } from '../../../src/run/keep/search-index.ts'
import { eraseWords } from '../../../src/run/keep/words.ts'
import { aBleep, anAlert } from '../../contract/store.ts'
import { removeFolder } from '../../support/folders.ts'

/* Words about a patient stand under the key of their bleep and that of the patient. */
const START = Date.UTC(2026, 0, 5, 9)
const NOW = START + DAY
const [ANN, BOB] = ['943 476 5919', '401 023 2137']
const CALLS = {
  ann1: `ANN ${ANN} FELL`,
  ann2: 'BED 4 AGAIN, 9434765919',
  bob: `BOB ${BOB} PAIN`,
  both: `ANN ${ANN} BESIDE BOB ${BOB}`,
  hospital: 'MRS C A123456',
  nobody: 'CRASH TROLLEY',
}
type Name = keyof typeof CALLS
const NAMES = Object.keys(CALLS) as Name[]
const LOCAL = (text: string) => text.match(/\bA\d{6}\b/g) ?? []

let folder = ''
let keys: WordKeys
let store: Store
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-subject-'))
  await begin()
})
afterEach(async () => {
  await end()
  removeFolder(folder)
})
async function begin(): Promise<void> {
  keys = await keyFolder({ folder: join(folder, 'keys'), siteKey: 's', former: [], now: START }, true)
  store = await openSqlite(join(folder, 'data.sqlite'), keys)
}
async function end(): Promise<void> {
  await store.close()
  await keys.close()
}
async function again(): Promise<void> {
  await end()
  await begin()
}

async function fill(names: readonly Name[] = NAMES): Promise<void> {
  const by = { kind: 'switchboard' as const, operator: 'op' }
  await store.transact(async (tx) => {
    await tx.notes.set('facts-until', NOW, NOW)
    for (const name of names) {
      const at = START + NAMES.indexOf(name)
      const page = { ...aBleep('x').page, text: CALLS[name] }
      const said = { kind: 'note' as const, text: `${name} IS WORSE` }
      await tx.bleeps.add(aBleep(name, { page, stage: 'routed', received: at }))
      await tx.bleeps.sight({
        ...{ id: asId(`s-${name}`), bleep: asId(name), feed: asId('air'), tap: 't', node: asId('n') },
        ...{ page, begun: at, reason: 'first-sighting' },
      })
      const thread = [{ at, by: 'switchboard' as const, ...said }]
      await tx.alerts.add(anAlert(`a-${name}`, name, { phase: 'closed', raised: at, thread }), [
        { kind: 'said', at, by, said },
      ])
    }
  })
  await indexed()
}
async function indexed(): Promise<void> {
  while ((await indexSome(store, NOW, LOCAL)) > 0);
}
/** Every place where words of a call are, as one text. */
const wordsOf = (name: Name) =>
  store.transact(async (tx) =>
    [
      (await tx.bleeps.get(asId(name)))?.page.text,
      (await tx.bleeps.sightings(asId(name)))[0]?.page.text,
      (await tx.alerts.byBleep(asId(name)))?.thread[0]?.text,
      ...(await tx.alerts.events(asId(`a-${name}`))).map((e) => (e.kind === 'said' ? e.said.text : '')),
    ].join('|'),
  )
const whole = (name: Name) => `${CALLS[name]}|${CALLS[name]}|${name} IS WORSE|${name} IS WORSE`
const readable = async () => {
  const found: Name[] = []
  for (const name of NAMES) if ((await wordsOf(name)) === whole(name)) found.push(name)
  return found
}
function rows<T>(sql: string): T[] {
  const raw = new DatabaseSync(join(folder, 'data.sqlite'), { readOnly: true })
  try {
    return raw.prepare(sql).all() as T[]
  } finally {
    raw.close()
  }
}
/** The keys of those whom a call is about. */
const about = (name: Name) => {
  const [row] = rows<{ key: string | null }>(`select key from bleeps where id = '${name}'`)
  return row?.key?.split('+')[1]?.split('/') ?? []
}
const erase = (...names: Name[]) =>
  store.transact(async (tx) => {
    for (const name of names) {
      const bleep = await tx.bleeps.get(asId(name))
      expect(bleep && (await eraseWords(tx, bleep, NOW))).toBe(true)
    }
  })
const named = (name: Name, value: string | undefined) =>
  store.transact(async (tx) => {
    const was = await tx.filings.get(asId(`a-${name}`))
    const filing = was?.filing ?? newFiling(asId(`a-${name}`), asId(name), START)
    const ended = stepFiling(filing, {
      kind: 'ended',
      at: NOW,
      revision: 1,
      found: { patients: [], wrong: 0 },
    }).filing
    const step = stepFiling(
      ended,
      value === undefined
        ? { kind: 'withdrawn', at: NOW }
        : {
            kind: 'patient',
            at: NOW,
            patient: { scheme: 'nhs', value: value.replaceAll(' ', '') },
            by: 'gov',
            checked: false,
          },
    )
    await tx.filings.save({ filing: step.filing, sends: [] }, NOW)
  })

test('a patient has one key, however their number is written, and two patients of one call have one each', async () => {
  await fill()
  expect(await readable()).toEqual(NAMES)
  const [ann] = about('ann1')
  const [bob] = about('bob')
  expect(ann).not.toBe(bob)
  expect(about('ann2')).toEqual([ann])
  expect(about('both').toSorted()).toEqual([ann, bob].toSorted())
  expect(about('hospital')).toHaveLength(1)
  expect(about('nobody')).toEqual([])
  await again()
  expect(await readable()).toEqual(NAMES)
  // Nothing in the database tells whose key it is.
  expect(JSON.stringify(rows('select * from own_keys'))).not.toMatch(/9434765919|943 476/)
})

test('without the key of a patient nothing about them alone is read, with every other key there is', async () => {
  await fill()
  const [ann = ''] = about('ann1')
  await keys.destroy([ann])
  await again()
  expect(await readable()).toEqual(['bob', 'both', 'hospital', 'nobody'])
  expect(await wordsOf('ann1')).toBe('|||')
  // The other's as well: then the call of both is gone.
  await keys.destroy(about('bob'))
  await again()
  expect(await readable()).toEqual(['hospital', 'nobody'])
})

test('the key of a patient goes with the last that is about them alone, and the other patient keeps what they share', async () => {
  await fill()
  const [[ann = ''], [bob = '']] = [about('ann1'), about('bob')]
  await erase('ann1')
  expect([await store.tidy(), typeof keys.get(ann)]).toEqual([true, 'object'])
  await erase('ann2')
  expect(await store.tidy()).toBe(true)
  expect(keys.get(ann)).toBe('destroyed')
  expect(about('both')).toEqual([bob])
  await again()
  expect(await readable()).toEqual(['bob', 'both', 'hospital', 'nobody'])
  await erase('bob', 'both')
  await store.tidy()
  expect(keys.get(bob)).toBe('destroyed')
  expect(rows("select * from subject_bleeps where bleep <> 'hospital'")).toEqual([])
  expect(await readable()).toEqual(['hospital', 'nobody'])
})

test('whoever says later whose it is binds it to that patient, and whoever takes it back looses it', async () => {
  await fill()
  await named('nobody', ANN)
  await indexed()
  expect(about('nobody')).toEqual(about('ann1'))
  // A person has decided that both numbers of this call are one patient's.
  await named('both', BOB)
  await indexed()
  expect(about('both')).toEqual(about('bob'))
  await named('nobody', undefined)
  await named('both', undefined)
  await indexed()
  expect([about('nobody'), about('both').length]).toEqual([[], 2])
  expect(await readable()).toEqual(NAMES)
  await again()
  expect(await readable()).toEqual(NAMES)
})

test('a number that is written on the call a week later binds it then, and what is said after stands under both keys', async () => {
  await fill()
  const say = async (text: string) =>
    store.transact(async (tx) => {
      const alert = await tx.alerts.byBleep(asId('nobody'))
      if (alert === undefined) throw new Error('no alert')
      const said = { at: NOW, by: 'switchboard' as const, kind: 'note' as const, text }
      const next = { ...alert, revision: alert.revision + 1, thread: [...alert.thread, said] }
      const by = { kind: 'switchboard' as const, operator: 'op' }
      const event = { kind: 'said' as const, at: NOW, by, said: { kind: 'note' as const, text } }
      expect(await tx.alerts.save(next, alert.revision, [event])).toBe(true)
    })
  await say(`THIS WAS ${ANN}`)
  await indexed()
  expect(about('nobody')).toEqual(about('ann1'))
  await say('SEEN BY NIGHT TEAM')
  const [{ doc } = { doc: '' }] = rows<{ doc: string }>("select doc from alerts where id = 'a-nobody'")
  expect(doc).toContain(`+${about('ann1')[0]}:`)
  const thread = await store.transact((tx) => tx.alerts.byBleep(asId('nobody')))
  expect(thread?.thread.map(({ text }) => text)).toEqual([
    'nobody IS WORSE',
    `THIS WAS ${ANN}`,
    'SEEN BY NIGHT TEAM',
  ])
})

test('a telephone outside the house is sealed with the words of its call, bound with them, and goes with them', async () => {
  await fill()
  const row = { bleep: asId<never>('ann1'), at: START, extension: '07700 900123', told: [] }
  await store.transact((tx) => tx.asks.add(row))
  const doc = () => String(rows<{ doc: string }>("select doc from asks where bleep = 'ann1'")[0]?.doc)
  expect(doc()).toContain(`+${about('ann1')[0]}:`)
  expect(doc()).not.toContain('900123')
  expect(await store.transact((tx) => tx.asks.get(asId('ann1')))).toMatchObject(row)
  const { extension: _, ...others } = row
  await erase('ann1')
  expect(await store.transact((tx) => tx.asks.get(asId('ann1')))).toEqual(others)
  expect(doc()).not.toContain('sealed')
})

test('a list of patients in one call stands under the key of that call, and is not sealed once for each', async () => {
  const list = Array.from({ length: 200 }, (_, i) => `A${100_000 + i}`).join(' ')
  await store.transact(async (tx) => {
    await tx.notes.set('facts-until', NOW, NOW)
    const page = { ...aBleep('x').page, text: list }
    await tx.bleeps.add(aBleep('nobody', { page, stage: 'routed', received: START }))
  })
  await indexed()
  expect(about('nobody')).toEqual([])
  expect((await store.transact((tx) => tx.bleeps.get(asId('nobody'))))?.page.text).toBe(list)
})

test('words that cannot be read now are left as they are', async () => {
  await fill()
  await end()
  const other = await keyFolder({ folder: join(folder, 'other'), siteKey: 's', former: [], now: NOW }, true)
  const away = await openSqlite(join(folder, 'data.sqlite'), other)
  await away.transact((tx) => tx.words.bind('ann1', async () => []))
  await away.transact((tx) => tx.words.bind('nobody', async () => ['nhs 9434765919']))
  await away.close()
  await other.close()
  await begin()
  expect(await readable()).toEqual(NAMES)
})

test('what was sealed before there were keys of patients is bound behind the paging', async () => {
  await fill()
  await end()
  const raw = new DatabaseSync(join(folder, 'data.sqlite'))
  raw.exec(
    "drop table subject_bleeps; update bleeps set key = substr(key, 1, instr(key || '+', '+') - 1); delete from kysely_migration where name >= '0109-subject-keys'",
  )
  raw.close()
  await begin()
  await indexed()
  expect(rows('select distinct bleep from subject_bleeps')).toHaveLength(5)
  expect(await readable()).toEqual(NAMES)
})
