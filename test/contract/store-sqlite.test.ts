import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { CHAIN_START, followChain } from '../../src/core/govern/audit.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { sha256 } from '../../src/io/store/audit.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import { keyFolder } from '../../src/io/store/word-key-folder.ts'
import { aBleep, storeContract } from './store.ts'
import { filingContract } from './store-filings.ts'
import { governContract } from './store-govern.ts'

const someKeys = () =>
  keyFolder(
    { folder: mkdtempSync(join(tmpdir(), 'bleepd-keys-')), siteKey: 'site', former: [], now: 0 },
    true,
  )
const aFile = () => join(mkdtempSync(join(tmpdir(), 'bleepd-store-')), 'bleeps.sqlite')

storeContract('SQLite in memory', () => openSqlite(':memory:'))
storeContract('SQLite on file', () => openSqlite(aFile()))
governContract('SQLite on file', () => openSqlite(aFile()))
storeContract('SQLite with sealed words', async () => openSqlite(aFile(), await someKeys()))
governContract('SQLite with sealed words', async () => openSqlite(aFile(), await someKeys()))
filingContract('SQLite on file', () => openSqlite(aFile()))
filingContract('SQLite with sealed words', async () => openSqlite(aFile(), await someKeys()))

test('the database file is readable by its owner alone', async () => {
  const path = aFile()
  const store = await openSqlite(path)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await store.close()
})

test('a path that cannot be opened is a store fault, not a crash', async () => {
  await expect(openSqlite('/proc/no/such/place.sqlite')).rejects.toMatchObject({ code: 'store-lost' })
})

test('what was erased is in none of the database’s files once they have been tidied', async () => {
  const path = aFile()
  const store = await openSqlite(path)
  const secret = 'PATIENT JONES'
  const ids = Array.from({ length: 300 }, (_, i) => asId<BleepId>(`b${i}`))
  const long = (i: number) => `${secret} ${'x'.repeat((i * 97) % 9000)}`
  const page = (text: string) => ({ ...aBleep('x').page, text })
  for (const [i, id] of ids.entries())
    await store.transact((tx) => tx.bleeps.add(aBleep(id, { page: page(long(i)) })))
  const holding = () =>
    readdirSync(dirname(path)).filter((name) => readFileSync(join(dirname(path), name)).includes(secret))
  expect(holding()).not.toEqual([])
  for (const [i, id] of ids.entries())
    await store.transact((tx) =>
      i % 2 === 0 ? tx.bleeps.save(aBleep(id, { page: page('') })) : tx.purge.bleeps([id]),
    )
  expect(await store.tidy()).toBe(true)
  expect(holding()).toEqual([])
  await store.close()
})

test('a reader of older content holds up tidying, which is said and no fault', async () => {
  const path = aFile()
  const store = await openSqlite(path)
  await store.transact((tx) => tx.bleeps.add(aBleep('b1')))
  const reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('begin')
  reader.prepare('select * from bleeps').all()
  await store.transact((tx) => tx.purge.bleeps([asId<BleepId>('b1')]))
  expect(await store.tidy()).toBe(false)
  reader.close()
  expect(await store.tidy()).toBe(true)
  await store.close()
})

test('a lock that another program holds for a moment is waited for, and nothing is lost or done twice', async () => {
  const path = aFile()
  const store = await openSqlite(path)
  // On a thread of its own: who waits for a lock waits with the whole thread, and could never let it go.
  const thief = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     const raw = new (require('node:sqlite').DatabaseSync)(workerData)
     raw.exec('begin immediate')
     parentPort.postMessage('held')
     setTimeout(() => { raw.exec('rollback'); raw.close() }, 500)`,
    { eval: true, workerData: path },
  )
  await once(thief, 'message')
  await Promise.all(
    ['b1', 'b2'].map((id) => store.transact((tx) => tx.bleeps.add(aBleep(id, { number: '2222' })))),
  )
  const stored = await store.transact((tx) => tx.bleeps.between(0, Number.MAX_SAFE_INTEGER, 10))
  expect(stored.map((b) => b.id).sort()).toEqual(['b1', 'b2'])
  await store.close()
})

test('an audit chain of the first form is chained anew, entry by entry as it was', async () => {
  const path = aFile()
  await (await openSqlite(path)).close()
  const raw = new DatabaseSync(path)
  raw.exec(`drop index audit_subject; drop index audit_actor; drop index audit_action; alter table audit drop column entry; alter table audit drop column salt;
    drop table keys_gone; drop table own_keys; drop table subject_bleeps; alter table bleeps drop column key;
    drop index bleeps_words; alter table bleeps drop column erased;
    drop table held; drop table holds; drop table erasures;
    alter table packs drop column data; alter table hops drop column clock_offset; create index hops_hop on hops (hop, at);
    drop index attempts_waiting; create index attempts_due on attempts (state, due);
    drop table search_words; drop table search_index; drop table search_again;
    drop table requests; drop table restricted;
    drop table asks; drop table accounts; drop table listed; drop table sessions; drop table filing_sends; drop table filings; alter table facts drop column asked; alter table facts drop column not_me;
    alter table facts drop column told; alter table facts drop column ward;
    drop table leases; create table duties (duty text primary key, schema_version integer);
    delete from kysely_migration where name >= '0003-govern'`)
  const old = raw.prepare('insert into audit values (?, ?, ?, ?, ?, ?, ?, ?)')
  for (let seq = 1; seq <= 1200; seq++)
    old.run(seq, seq / 4, 'op', 'alert.close', `a${seq}`, 'done', seq === 7 ? '{"n":1}' : null, `old${seq}`)
  raw.close()
  const store = await openSqlite(path)
  const rows = await store.transact((tx) => tx.audit.since(0, 2000))
  expect(rows[6]).toMatchObject({ seq: 7, at: 7 / 4, subject: 'a7', detail: { n: 1 } })
  const end = rows.reduce((state, row) => followChain(state, row, sha256), CHAIN_START)
  expect(end).toMatchObject({ seq: 1200, erased: 0 })
  expect(end.broken).toBeUndefined()
  await store.close()
})

test('a statement that ended the transaction leaves nothing to be done outside of it, whoever caught it', async () => {
  const store = await openSqlite(':memory:')
  await store.rows((tx) =>
    sql`create trigger full before insert on notes when new.key = 'full'
      begin select raise(rollback, 'as a full disk does'); end`.execute(tx),
  )
  const many = store.transact(async (tx) => {
    await tx.notes.set('before', 1, 1)
    await tx.notes.set('full', 1, 1).catch(() => undefined)
    await tx.notes.set('behind', 1, 1).catch(() => undefined)
  })
  await expect(many).rejects.toMatchObject({ name: 'StoreFault' })
  const known = () =>
    store.transact(async (tx) => [await tx.notes.get('before'), await tx.notes.get('behind')])
  expect(await known()).toEqual([undefined, undefined])
  await store.transact((tx) => tx.notes.set('behind', 2, 2))
  expect(await known()).toEqual([undefined, 2])
  await store.close()
})
