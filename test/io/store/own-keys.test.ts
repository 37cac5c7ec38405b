import { copyFileSync, mkdtempSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CHAIN_START, followChain } from '../../../src/core/govern/audit.ts'
import type { SubjectRequest } from '../../../src/core/govern/request.ts'
import { KEEP_TIMES, type Keeps } from '../../../src/core/govern/retain.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY } from '../../../src/core/instant.ts'
import { sha256 } from '../../../src/io/store/audit.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { WordKeys } from '../../../src/io/store/word-key.ts'
import { keyFolder } from '../../../src/io/store/word-key-folder.ts'
import type { ListedRow } from '../../../src/ports/listed.ts'
import type { CallRow } from '../../../src/ports/measured.ts'
import type { Store } from '../../../src/ports/store.ts'
import { sealSome } from '../../../src/run/keep/seal-words.ts'
import { aBleep, anAlert } from '../../contract/store.ts'
import { removeFolder } from '../../support/folders.ts'

/* What is no bleep's: call records, the audit, people of the trust's directory, requests, names of operators. */
const START = Date.UTC(2026, 0, 5, 9)
const KEEPS = Object.fromEntries(Object.entries(KEEP_TIMES).map(([what, { days }]) => [what, days])) as Keeps
const NAME = 'zebedee'
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bleepd-own-'))
})
afterEach(() => removeFolder(folder))
const database = () => join(folder, 'data.sqlite')
const someKeys = (at = 'keys', now = START) =>
  keyFolder({ folder: join(folder, at), siteKey: 's', former: [], now }, true)
const holds = () =>
  readdirSync(folder).filter(
    (name) => name.startsWith('data') && readFileSync(join(folder, name)).includes(NAME),
  )
async function within<T>(keys: WordKeys | undefined, work: (store: Store) => Promise<T>, path = database()) {
  const store = await openSqlite(path, keys)
  try {
    return await work(store)
  } finally {
    await store.close()
    await keys?.close()
  }
}

const PERSON: ListedRow = {
  ...{ key: 'k1', person: asId('p1'), name: `Ann ${NAME}`, staffGroup: 'doctor', active: true },
  ...{ source: 'scim', kind: 'user', login: `${NAME}@trust.uk`, external: `x-${NAME}`, phone: '07700900001' },
  ...{ changed: START, doc: `{"userName":"${NAME}@trust.uk"}` },
}
const CALL: CallRow = {
  ...{ id: 'c1', feed: asId('pbx'), node: asId('n'), arrived: START },
  record: {
    ...{ from: NAME, to: '4321', dialled: `9${NAME}`, internal: false, answered: true, mailbox: false },
    precisionSeconds: 1,
  },
}
const REQUEST: SubjectRequest = {
  ...{
    id: 'r1',
    kind: 'access',
    reason: 'SAR-1',
    by: 'gov',
    received: START,
    due: START + DAY,
    state: 'open',
  },
  ...{ about: { text: NAME, from: 0, to: START }, items: [], touched: START },
}
const SAID = {
  kind: 'said' as const,
  at: START,
  by: { kind: 'switchboard' as const, operator: NAME },
  said: { kind: 'note' as const, text: 'ON MY WAY' },
}

const fill = (store: Store) =>
  store.transact(async (tx) => {
    await tx.listed.put(PERSON)
    await tx.calls.add([CALL])
    await tx.requests.put(REQUEST)
    await tx.bleeps.add(aBleep('b1', { stage: 'routed', received: START }))
    const closed = {
      at: START,
      by: 'switchboard' as const,
      reason: 'closed-answered' as never,
      operator: NAME,
    }
    await tx.alerts.add(anAlert('a1', 'b1', { phase: 'closed', raised: START, closed }), [SAID])
    await tx.accounts.add({ name: 'z', role: 'switchboard', made: START, by: 'x', passkeys: [], stamp: 's' })
    for (const action of ['alert.close', 'alert.read'])
      await tx.audit.append({
        ...{ at: START, actor: NAME, action, subject: NAME, outcome: 'done', detail: { who: NAME } },
      })
  })
const read = (store: Store) =>
  store.transact(async (tx) => ({
    listed: await tx.listed.get('k1'),
    byLogin: (await tx.listed.find({ login: `${NAME}@trust.uk` })).map(({ key }) => key),
    byExternal: (await tx.listed.find({ external: `x-${NAME}` })).map(({ key }) => key),
    people: await tx.listed.people('', 9),
    calls: await tx.calls.page({ at: 0, id: '' }, START + DAY, 9),
    request: await tx.requests.get('r1'),
    closed: (await tx.alerts.get(asId('a1')))?.closed?.operator,
    events: await tx.alerts.events(asId('a1')),
    audit: await tx.audit.since(0, 9),
    about: (await tx.audit.about([NAME], 9)).length,
    by: (await tx.audit.by([NAME], 9)).length,
  }))
const chain = (rows: Awaited<ReturnType<typeof read>>['audit']) =>
  rows.reduce((state, row) => followChain(state, row, sha256), CHAIN_START)

test('none of it can be read from the disk, and all of it by whoever has the keys', async () => {
  await within(await someKeys(), fill)
  expect(holds()).toEqual([])
  const found = await within(await someKeys(), read)
  expect(found).toMatchObject({
    ...{ listed: PERSON, byLogin: ['k1'], byExternal: ['k1'], calls: [CALL], request: REQUEST, closed: NAME },
    ...{ events: [SAID], about: 2, by: 2 },
  })
  expect(found.people).toMatchObject([{ name: `Ann ${NAME}`, phone: '07700900001' }])
  expect(found.audit[0]).toMatchObject({ actor: NAME, subject: NAME, detail: { who: NAME } })
  expect(chain(found.audit)).toMatchObject({ seq: 2, unaccounted: [] })
})

test('what stood in the clear, or was written where no key could be had, is sealed behind the paging', async () => {
  await within(undefined, fill)
  expect(holds()).not.toEqual([])
  const later = await someKeys()
  await within(later, async (store) => {
    let turns = 0
    while (await sealSome(store, START + DAY, KEEPS)) turns += 1
    expect(turns).toBeLessThan(20)
    await store.tidy()
  })
  expect(holds()).toEqual([])
  const found = await within(await someKeys(), read)
  expect(found).toMatchObject({ listed: PERSON, calls: [CALL], request: REQUEST, about: 2, by: 2 })
  expect(chain(found.audit)).toMatchObject({ seq: 2, unaccounted: [] })
})

test('without its keys the chain of the audit still holds, says how much it could not read, and nothing is lost', async () => {
  await within(await someKeys(), fill)
  const blind = await within(undefined, read)
  expect(chain(blind.audit)).toMatchObject({ seq: 2, unread: 2, unaccounted: [] })
  expect(JSON.stringify(blind)).not.toContain(NAME)
  expect(blind.closed).toMatch(/^§/)
  // What is written meanwhile keeps what could not be read.
  await within(undefined, (store) =>
    store.transact(async (tx) => {
      const alert = await tx.alerts.get(asId('a1'))
      if (alert !== undefined)
        await tx.alerts.save({ ...alert, revision: alert.revision + 1 }, alert.revision, [])
      const request = await tx.requests.get('r1')
      if (request !== undefined) await tx.requests.put({ ...request, touched: START + 1 })
    }),
  )
  const found = await within(await someKeys(), read)
  expect(found).toMatchObject({ closed: NAME, request: { about: REQUEST.about } })
  expect(chain(found.audit)).toMatchObject({ seq: 2, unaccounted: [] })
})

test('an entry of the audit that was changed under its seal does not fit the chain', async () => {
  const keys = await someKeys()
  await within(keys, fill)
  for (const change of ["action = 'alert.open'", "subject = '#0'", "actor = 'x'"]) {
    const copy = join(folder, `changed-${change.length}.sqlite`)
    copyFileSync(database(), copy)
    const raw = new DatabaseSync(copy)
    raw.exec(`update audit set ${change} where seq = 1`)
    raw.close()
    const { audit } = await within(await someKeys(), read, copy)
    expect(chain(audit).broken).toEqual({ seq: 1, why: 'changed' })
  }
})

test('a second store of keys, begun while the first was away, hides nothing once that is back', async () => {
  await within(await someKeys(), fill)
  renameSync(join(folder, 'keys'), join(folder, 'away'))
  await within(await someKeys('keys', START + DAY), (store) =>
    store.transact((tx) =>
      tx.audit.append({ at: START + 1, actor: NAME, action: 'x', subject: NAME, outcome: 'done' }),
    ),
  )
  for (const name of readdirSync(join(folder, 'away')))
    renameSync(join(folder, 'away', name), join(folder, 'keys', name))
  const found = await within(await someKeys(), read)
  expect(found).toMatchObject({ about: 3, by: 3, byLogin: ['k1'], closed: NAME })
  expect(chain(found.audit)).toMatchObject({ seq: 3, unaccounted: [] })
})

test('a day of call records keeps its key while a hold keeps one of them, and not a turn longer', async () => {
  await within(await someKeys(), fill)
  const copy = join(folder, 'aside.sqlite')
  copyFileSync(database(), copy)
  const calls = async () =>
    within(
      await someKeys(),
      async (store) => (await read(store)).calls.map(({ record }) => record.from),
      copy,
    )
  const purge = (store: Store) => store.transact((tx) => tx.purge.calls(START + 2 * DAY, 9))
  await within(await someKeys(), async (store) => {
    const hold = { kind: 'span' as const, span: { from: START - 1, to: START + 1 }, reason: 'inquest' }
    await store.transact((tx) => tx.holds.add({ id: 'h1', by: NAME, at: START, ...hold }, []))
    expect(await purge(store)).toBe(0)
    await store.tidy()
  })
  expect(await calls()).toEqual([NAME])
  await within(await someKeys(), async (store) => {
    await store.transact((tx) => tx.holds.release('h1', START + DAY))
    expect(await purge(store)).toBe(1)
    await store.tidy()
  })
  expect(await calls()).toEqual([''])
  expect(holds()).toEqual([])
})

test('whoever is taken out is taken out of copies that were carried away too, with every key there is', async () => {
  await within(await someKeys(), fill)
  const copy = join(folder, 'aside.sqlite')
  copyFileSync(database(), copy)
  await within(await someKeys(), async (store) => {
    await store.transact(async (tx) => {
      await tx.listed.forget('k1')
      await tx.accounts.forget(NAME)
      await tx.purge.calls(START + 2 * DAY, 9)
      await tx.purge.auditDays(START + 2 * DAY)
      const request = await tx.requests.get('r1')
      if (request === undefined) throw new Error('no request')
      const { about: _, ...rest } = request
      await tx.requests.put({ ...rest, state: 'done' })
    })
    expect(await store.tidy()).toBe(true)
    const { closed, events } = await read(store)
    expect([closed, JSON.stringify(events)]).toEqual([
      expect.stringMatching(/^§/),
      expect.not.stringContaining(NAME),
    ])
  })
  expect(JSON.stringify(await within(await someKeys(), read, copy))).not.toContain(NAME)
})
