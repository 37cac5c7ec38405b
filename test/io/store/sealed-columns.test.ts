import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apartOf } from '../../../src/core/govern/restrict.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY } from '../../../src/core/instant.ts'
import { newFiling, stepFiling } from '../../../src/core/record/filing.ts'
import { sendOf } from '../../../src/core/record/send.ts'
import { WAITING_KEY } from '../../../src/core/route/confirm-call.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { keyFolder } from '../../../src/io/store/word-key-folder.ts'
import type { Store } from '../../../src/ports/store.ts'
import { indexSome } from '../../../src/run/keep/search-index.ts'
import { wholeOf } from '../../../src/run/keep/whole.ts'
import { aBleep, anAlert } from '../../contract/store.ts'
import { removeFolder } from '../../support/folders.ts'

/*
 * Every column of the database that can hold text, and what stands there where words are sealed. A new column has to be
 * entered here: whoever adds one says whether words or names can come into it.
 */
const SEALED = {
  bleeps: ['doc'],
  sightings: ['doc'],
  alerts: ['doc'],
  alert_events: ['doc'],
  restricted: ['doc'],
  filings: ['doc'],
  filing_sends: ['doc'],
  asks: ['doc'],
  calls: ['doc'],
  requests: ['doc'],
  audit: ['actor', 'subject', 'detail', 'salt'],
  listed: ['login', 'external', 'name', 'doc'],
  search_words: ['word'],
  notes: ['value'],
  holds: ['by'],
  sessions: ['doc'],
  erasures: ['doc'],
  directory_edits: ['by'],
} as const
/** What stands there in the clear: who is rung, by what, and who signs in must be known without any key. */
const CLEAR: Readonly<Record<string, string>> = {
  'devices.doc': 'labels, telephones and addresses of devices',
  'accounts.doc': 'names of accounts',
  'listed.phone': 'telephones of people',
  'directory_edits.edit': 'changes to the rota, with their remarks',
  'enrol_codes.doc': 'whose device it is to be',
  'packs.doc': 'figures: telephones of the house that were called, and 16 bits of who called',
  'packs.data': 'the same, packed',
}
/** Ids, codes of ours, names of tables and keys, digests, counts. */
const CODES =
  /^(id|key|bleep|alert|person|device|attempt|feed|tap|node|number|stage|class|kind|phase|state|way|waiting|name|owner|owner_kind|channel|purpose|reason|fault|hop|clock|role|staff_group|call_back|by|ward|action|outcome|entry|digest|token|hold|what|part|subject|sealed|source|duty|cursor|timestamp|is_locked|node_id|run|stand)$/

const START = Date.UTC(2026, 0, 5, 9)
const MARK = 'zebedee'
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-columns-'))
})
afterEach(() => removeFolder(folder))

function looked<T>(work: (raw: DatabaseSync) => T): T {
  const raw = new DatabaseSync(join(folder, 'data.sqlite'), { readOnly: true })
  try {
    return work(raw)
  } finally {
    raw.close()
  }
}
const columns = () =>
  looked((raw) =>
    raw
      .prepare(
        `select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
         where m.type = 'table' and (lower(c.type) like '%text%' or lower(c.type) like '%char%' or lower(c.type) like '%blob%')`,
      )
      .all()
      .map((row) => ({ table: String(row.table), column: String(row.column) })),
  )
const names = (of: object, table: string): unknown => Reflect.get(of, table)

async function within(work: (store: Store) => Promise<unknown>): Promise<void> {
  const keys = await keyFolder({ folder: join(folder, 'keys'), siteKey: 's', former: [], now: START }, true)
  const store = await openSqlite(join(folder, 'data.sqlite'), keys)
  await work(store)
  await store.close()
  await keys.close()
}

test('every column that can hold text is entered as sealed, as clear with what it holds, or as a code', async () => {
  await within(async () => undefined)
  const unknown = columns().filter(({ table, column }) => {
    const sealed = names(SEALED, table)
    const isSealed = Array.isArray(sealed) && sealed.includes(column)
    return !isSealed && !CODES.test(column) && CLEAR[`${table}.${column}`] === undefined
  })
  expect(unknown).toEqual([])
})

test('with words in everything that can hold some, none can be read in any column', async () => {
  const text = `MR ${MARK} FELL`
  const by = { kind: 'switchboard' as const, operator: MARK }
  const said = { kind: 'note' as const, text }
  const patient = { scheme: 'local' as const, value: MARK }
  await within(async (store) => {
    await store.transact(async (tx) => {
      for (const [i, id] of ['b1', 'b2'].entries()) {
        const page = { ...aBleep('x').page, text, fields: { identifier: MARK } }
        const meaning = { place: MARK, callBack: MARK } as never
        await tx.bleeps.add(aBleep(id, { page, stage: 'routed', received: START + i, meaning }))
        await tx.bleeps.sight({
          ...{ id: asId(`s-${id}`), bleep: asId(id), feed: asId('air'), tap: 't', node: asId('n') },
          ...{ page, begun: START, reason: 'first-sighting' },
        })
        const alert = asId<never>(`a-${id}`)
        const thread = [{ at: START, by: 'switchboard' as const, ...said, operator: MARK }]
        await tx.alerts.add(anAlert(alert, id, { phase: 'closed', raised: START, thread }), [
          { kind: 'said', at: START, by, said },
        ])
        const filing = stepFiling(
          { ...newFiling(alert, asId(id), START), phase: 'none' },
          { kind: 'patient', at: START, patient, by: MARK, checked: true },
        )
        const sends = filing.add.map((one) => sendOf(alert, 'fhir', one, START))
        await tx.filings.save({ filing: filing.filing, sends }, START)
        const extension = `+44 7700 ${MARK}`
        await tx.asks.add({ bleep: asId(id), at: START, ward: 'w1', extension, told: [] })
        expect(await tx.asks.get(asId(id))).toMatchObject({ extension })
        const whole = id === 'b1' ? await wholeOf(tx, id) : undefined
        if (whole !== undefined) await tx.restricted.put(whole.bleep.id, START, apartOf(whole))
      }
      await tx.listed.put({
        ...{ key: 'k1', person: asId('p1'), name: MARK, staffGroup: 'doctor', active: true, source: 'scim' },
        ...{
          kind: 'user',
          login: MARK,
          external: MARK,
          phone: '07700900001',
          changed: START,
          doc: `{"a":"${MARK}"}`,
        },
      })
      const record = {
        ...{ from: MARK, to: MARK, dialled: MARK, internal: false, answered: true, mailbox: false },
        precisionSeconds: 1,
      }
      await tx.calls.add([{ id: 'c1', feed: asId('pbx'), node: asId('n'), arrived: START, record }])
      await tx.requests.put({
        ...{ id: 'r1', kind: 'access', reason: 'SAR-1', by: MARK, received: START, due: START + DAY },
        ...{ state: 'open', about: { text: MARK, from: 0, to: START }, items: [], touched: START },
      })
      await tx.audit.append({
        ...{ at: START, actor: MARK, action: 'x', subject: MARK, outcome: 'done', detail: { who: MARK } },
      })
      await tx.holds.add(
        { id: 'h1', kind: 'span', span: { from: 1, to: 2 }, reason: 'case 5', by: MARK, at: START },
        [],
      )
      await tx.erasures.put({
        ...{ id: 'e1', at: START, by: MARK, reason: 'IG', state: 'planned', bleeps: [], erased: 0, left: {} },
        touched: START,
      })
      const ask = { kind: 'crash', place: MARK, text }
      await tx.notes.set(WAITING_KEY, [{ id: 'w1', by: MARK, at: START, says: text, ask }], START)
      await tx.notes.set('facts-until', START + DAY, START)
      expect(await tx.notes.get(WAITING_KEY)).toMatchObject([{ by: MARK, ask }])
    })
    while ((await indexSome(store, START + DAY)) > 0);
  })
  const filled = looked((raw) =>
    columns().map(({ table, column }) => {
      const rows = raw.prepare(`select "${column}" as value from "${table}"`).all()
      const bytes = rows.map(({ value }) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value ?? ''),
      )
      return { table, column, rows: rows.length, read: bytes.some((one) => one.toLowerCase().includes(MARK)) }
    }),
  )
  expect(filled.filter(({ read }) => read)).toEqual([])
  const empty = new Set(filled.filter(({ rows }) => rows === 0).map(({ table }) => table))
  const elsewhere = ['sessions', 'directory_edits']
  expect(Object.keys(SEALED).filter((table) => empty.has(table) && !elsewhere.includes(table))).toEqual([])
})

test('the words of a call that waited for a second operator go with its turn, also from what was carried away', async () => {
  const ask = { kind: 'crash', place: MARK, text: MARK }
  const one = { id: 'w1', by: MARK, at: START, says: MARK, ask }
  await within((store) => store.transact((tx) => tx.notes.set(WAITING_KEY, [one], START)))
  const note = () => looked((raw) => raw.prepare('select value from notes where key = ?').get(WAITING_KEY))
  const before = String(note()?.value)
  await within(async (store) => {
    expect(await store.transact((tx) => tx.notes.get(WAITING_KEY))).toEqual([one])
    await store.transact((tx) => tx.notes.set(WAITING_KEY, [], START + 1))
    expect(await store.tidy()).toBe(true)
    expect(await store.transact((tx) => tx.notes.get(WAITING_KEY))).toEqual([])
  })
  const raw = new DatabaseSync(join(folder, 'data.sqlite'))
  raw.prepare('update notes set value = ? where key = ?').run(before, WAITING_KEY)
  raw.close()
  await within(async (store) => {
    expect(await store.transact((tx) => tx.notes.get(WAITING_KEY))).toBeUndefined()
    await store.transact((tx) => tx.notes.set(WAITING_KEY, [one], START))
    expect(await store.transact((tx) => tx.purge.notes('calls/', START + DAY))).toBe(1)
    expect(await store.tidy()).toBe(true)
  })
  expect(looked((db) => db.prepare("select * from own_keys where what = 'note'").all())).toEqual([])
})
