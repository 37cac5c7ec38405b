import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { newFiling } from '../../src/core/record/filing.ts'
import { FORMS } from '../../src/core/stored/forms.ts'
import { systemRandom } from '../../src/io/random.ts'
import { openEmbedded, openPostgres, type RowStore } from '../../src/io/store/open.ts'
import type { Tables } from '../../src/io/store/tables.ts'
import { localWake } from '../../src/io/store/wake.ts'
import type { Tx } from '../../src/ports/store.ts'
import { createAccounts } from '../../src/run/keep/accounts.ts'
import { type Bed, KEYS, openBed, sha256 } from '../support/desk-bed.ts'
import { type Postgres, startPostgres, unreachable } from '../support/postgres.ts'

/*
 * One document of each table that a disk or a hand has spoilt: every view still opens, shows its neighbours whole, and the
 * store tells which sort it met.
 */

const why = unreachable()
let server: Postgres | undefined
beforeAll(async () => {
  if (!why) server = await startPostgres()
})
afterAll(() => server?.stop(), 60_000)

const DATABASES = [
  ['SQLite', () => openEmbedded(':memory:', localWake(), 'each')],
  ['PostgreSQL', async () => openPostgres((await server?.made()) ?? '', () => {})],
] as const

let store: RowStore
let bed: Bed
let phone: { id: string; token: string }
let ward: { id: string; token: string }
let alerts: readonly { id: string; bleep: string }[]

/** A hospital in which there are two of everything that is stored. */
async function fill(fresh: () => Promise<RowStore>): Promise<void> {
  store = await fresh()
  bed = await openBed({ store })
  phone = await bed.enrol({ person: bed.holder('med-reg') })
  ward = await bed.enrol({ ward: 'Ward 1A' })
  await bed.enrol({ person: bed.holder('anaes-reg') })
  const call = (text: string, number: string) =>
    bed.call({ text, number, kind: 'adult-arrest', class: 'emergency', roles: ['med-reg'] })
  alerts = [await call('ARREST WARD 1', '2201'), await call('ARREST WARD 2', '2202')]
  const ask = { role: 'med-reg', urgency: 'routine', what: 'Come please' }
  for (const _ of [1, 2]) await as(ward.token, 'POST', '/asks', ask)
  for (const id of ['med-reg', 'anaes-reg'])
    await as(KEYS.switchboard, 'POST', '/enrolments', { kind: 'role', id })
  const reason = { reason: 'a case' }
  for (const _ of [1, 2]) {
    await as(KEYS.governance, 'POST', '/subjects/requests', { kind: 'access', text: 'jones', ...reason })
  }
  const at = bed.clock.now()
  const accounts = createAccounts({ ...bed, random: systemRandom, digest: sha256 })
  await store.transact(async (tx) => {
    for (const name of ['al.smith', 'jo.bloggs']) {
      await tx.sessions.add({
        id: `p-${name}`,
        who: name,
        role: 'admin',
        way: 'password',
        began: at,
        until: at + 1e6,
      })
      await tx.calls.add([{ ...CALL, id: name, arrived: at, record: { ...CALL.record, from: name } }])
      await tx.erasures.put({ ...ERASURE, id: name, at, touched: at, reason: name })
    }
    for (const { id, bleep } of alerts)
      await tx.filings.save(
        { filing: { ...newFiling(asId(id), asId(bleep), at), phase: 'made' }, sends: [] },
        at,
      )
  })
  for (const name of ['al.smith', 'jo.bloggs']) await accounts.add('cli:root', { name, role: 'admin' })
}
afterEach(() => bed.close())

const CALL = {
  ...{ feed: asId<never>('pbx'), node: asId<never>('n') },
  record: {
    ...{ from: '4021', to: '2201', internal: true, answered: true, mailbox: false, precisionSeconds: 1 },
  },
}

const ERASURE = {
  by: 'dpo',
  bleeps: [],
  state: 'planned',
  erased: 0,
  left: {},
} as const

const as = (key: string, method: 'GET' | 'POST', path: string, body?: object) =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: { authorization: `Bearer ${key}` } },
    ...(body === undefined ? {} : { payload: body }),
  })

/** Every list and page that is made of stored documents, and who reads it. */
const VIEWS: readonly (readonly [
  who: 'switchboard' | 'governance' | 'admin' | 'phone' | 'ward',
  path: string,
])[] = [
  ['switchboard', '/alerts'],
  ['switchboard', '/alerts?phase=closed'],
  ['switchboard', '/review'],
  ['switchboard', '/devices'],
  ['switchboard', '/enrolments'],
  ['switchboard', '/asks'],
  ['switchboard', '/site'],
  ['switchboard', '/readiness'],
  ['switchboard', '/handovers'],
  ['switchboard', '/rota'],
  ['switchboard', '/rota/changes'],
  ['switchboard', '/shift-log'],
  ['switchboard', '/daily-tests'],
  ['governance', '/filings'],
  ['governance', '/audit'],
  ['governance', '/policy'],
  ['governance', '/subjects/requests'],
  ['governance', '/subjects/erasures'],
  ['governance', '/subjects/holds'],
  ['admin', '/policy'],
  ['phone', '/me'],
  ['phone', '/inbox'],
  ['phone', '/alerts'],
  ['phone', '/ways'],
  ['phone', '/asks'],
  ['ward', '/me'],
  ['ward', '/asks'],
]
const keyOf = (who: (typeof VIEWS)[number][0]) =>
  who === 'phone' ? phone.token : who === 'ward' ? ward.token : KEYS[who]

type Documented = { [T in keyof Tables]: Tables[T] extends { doc: string } ? T : never }[keyof Tables]

/** Spoils the newest document of a table, and gives whether there was one. */
const spoil = (table: Documented, text: string) =>
  store.rows(async (tx) => {
    const row = await tx.selectFrom(table).select('doc').limit(1).executeTakeFirst()
    if (row === undefined) return false
    await tx.updateTable(table).set({ doc: text }).where('doc', '=', row.doc).execute()
    return true
  })

/** PostgreSQL reads them with the same code: one of them shows that its queries do not mind. */
const SPOILT = { SQLite: ['', '{"half":', 'null'], PostgreSQL: ['{"half":'] } as const

/** What reads those of which no page shows them all; both are there before. */
const LISTS: Readonly<Record<string, (tx: Tx) => Promise<readonly unknown[]>>> = {
  accounts: (tx: Tx) => tx.accounts.list(),
  sessions: (tx: Tx) => tx.sessions.list(0),
  calls: (tx: Tx) => tx.calls.page({ at: 0, id: '' }, 1e15, 10),
  requests: (tx: Tx) => tx.requests.list(10),
  erasures: (tx: Tx) => tx.erasures.list('planned', 10),
  filings: (tx: Tx) => tx.filings.list({ limit: 10 }),
}

describe.each(DATABASES)('on %s', (database, fresh) => {
  beforeEach(async (ctx) => {
    if (database === 'PostgreSQL' && why) ctx.skip(why)
    await fill(fresh)
  })

  describe.each([
    ['bleeps', FORMS.bleep],
    ['alerts', FORMS.alert],
    ['alert_events', FORMS.event],
    ['devices', FORMS.device],
    ['enrol_codes', FORMS.code],
    ['asks', FORMS.ask],
    ['accounts', FORMS.account],
    ['sessions', FORMS.session],
    ['calls', FORMS.call],
    ['requests', FORMS.request],
    ['erasures', FORMS.erasure],
    ['filings', FORMS.filing],
  ] as const)('%s', (table, form) => {
    test.each(SPOILT[database])('a document that is %j takes no view with it, and is told', async (text) => {
      const list = LISTS[table]
      if (list) expect([table, (await store.transact(list)).length]).toEqual([table, 2])
      expect(await spoil(table, text)).toBe(true)
      if (list) expect([table, (await store.transact(list)).length]).toEqual([table, 1])
      // The phone or screen that asks may be the one whose document is gone: it is nobody then, and no page breaks.
      for (const [who, path] of VIEWS) {
        const said = await as(keyOf(who), 'GET', path)
        expect([path, [200, 401].includes(said.statusCode)]).toEqual([path, true])
      }
      for (const { id } of alerts) {
        const page = await as(KEYS.switchboard, 'GET', `/alerts/${id}`)
        expect([200, 404]).toContain(page.statusCode)
      }
      expect(store.spoilt()).toContain(form)
    })
  })

  test('of two calls the one that can be read stays on the board, on its page and on the phone', async () => {
    await store.rows((tx) =>
      tx
        .updateTable('alerts')
        .set({ doc: '{' })
        .where('id', '=', alerts[0]?.id ?? '')
        .execute(),
    )
    const board = (await as(KEYS.switchboard, 'GET', '/alerts')).json().alerts
    expect(board.map((one: { id: string }) => one.id)).toEqual([alerts[1]?.id])
    const { items } = (await as(phone.token, 'GET', '/inbox')).json()
    expect(items.map((one: { alert: { id: string } }) => one.alert.id)).toEqual([alerts[1]?.id])
  })

  test('notes and changes to the rota that are no JSON take no view with them', async () => {
    await bed.desk.duty({ kind: 'device', access: 'holder', device: asId(phone.id) }, false)
    const leave = {
      kind: 'leave',
      person: bed.holder('surg-reg'),
      from: '2026-12-01T00:00:00Z',
      to: '2026-12-02T00:00:00Z',
    }
    await as(KEYS.switchboard, 'POST', '/rota/changes', leave)
    await store.rows(async (tx) => {
      await tx.updateTable('notes').set({ value: '{' }).execute()
      await tx.updateTable('directory_edits').set({ edit: '{' }).execute()
      await tx.updateTable('audit').set({ detail: '{' }).where('detail', 'is not', null).execute()
    })
    for (const [who, path] of VIEWS) {
      const said = await as(keyOf(who), 'GET', path)
      expect([path, said.statusCode]).toEqual([path, 200])
    }
  })
})
