import { existsSync } from 'node:fs'
import { sql, type Transaction } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { FaultCode } from '../../core/faults.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { type Form, UnreadableDocument } from '../../core/stored/form.ts'
import { type Store, StoreFault, type Tx } from '../../ports/store.ts'
import { identities } from './aside.ts'
import { first } from './migrations/0001-first.ts'
import { facts } from './migrations/0002-facts.ts'
import { govern } from './migrations/0003-govern.ts'
import { evidence } from './migrations/0004-evidence.ts'
import { waiting } from './migrations/0040-waiting.ts'
import { leases } from './migrations/0041-leases.ts'
import { asker } from './migrations/0100-asker.ts'
import { asks } from './migrations/0101-asks.ts'
import { search } from './migrations/0102-search.ts'
import { accounts } from './migrations/0103-accounts.ts'
import { requests } from './migrations/0104-requests.ts'
import { listed } from './migrations/0105-listed.ts'
import { filings } from './migrations/0106-filings.ts'
import { wordKeys } from './migrations/0107-word-keys.ts'
import { ownKeys } from './migrations/0108-own-keys.ts'
import { subjectKeys } from './migrations/0109-subject-keys.ts'
import { fewerIndexes } from './migrations/0110-fewer-indexes.ts'
import { readBefore } from './read-before.ts'
import type { Seam } from './seam.ts'
import { OUTDATED } from './search.ts'
import { sqlite, sqliteToRead } from './sqlite.ts'
import { sqliteFault } from './sqlite-driver.ts'
import type { Tables } from './tables.ts'
import { queryOf, tables } from './tx.ts'
import { localWake, type RingingWake } from './wake.ts'
import type { WordKeys } from './word-key.ts'
import { begunAt, noKeys } from './word-keys.ts'
import { NEEDS, needed } from './word-lift.ts'
import { words } from './words.ts'

/**
 * The embedded store, brought to the newest schema.
 * @param path file to open or create, or `:memory:`
 * @param keys of its words; absent: none, and words that are sealed cannot be read
 * @throws StoreFault `store-lost` when the file cannot be opened, read or written
 */
export async function openSqlite(path: string, keys?: WordKeys): Promise<RowStore> {
  return openEmbedded(path, localWake(), 'each', keys)
}

/** The embedded store with what whoever keeps its file must know. */
export interface Embedded extends RowStore {
  /** The files that are open, by `identity`. */
  readonly files: ReadonlySet<string>
  /** Writes all that is there into a new file. */
  rescue(to: string): Promise<void>
}

/** @throws StoreFault `store-damaged`, `store-newer`, or `store-lost` when it cannot be opened, read or written */
export async function openEmbedded(
  path: string,
  wake: RingingWake,
  syncs: 'each' | 'grouped',
  keys?: WordKeys,
): Promise<Embedded> {
  try {
    const seam = sqlite(path, wake, syncs)
    try {
      const store = await open(seam, keys)
      return { ...store, files: identities(path), rescue: seam.rescue }
    } catch (error) {
      await seam.close().catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw error instanceof StoreFault ? error : new StoreFault(sqliteFault(error), error)
  }
}

/**
 * The embedded store of a daemon that may be running, for reading only: its schema is left as it is.
 * @throws StoreFault `store-lost` when there is no such database
 */
export function openSqliteToRead(path: string, keys?: WordKeys): Store {
  try {
    return storeOf({ ...sqliteToRead(path), words: words(keys ?? noKeys()) })
  } catch (error) {
    throw new StoreFault('store-lost', error)
  }
}

/**
 * The embedded store of a daemon that may be running, for a few short writes beside it.
 * @throws StoreFault `store-lost` when there is no such database, `store-older` when its schema is not ours
 */
export async function openSqliteBeside(path: string, keys?: WordKeys): Promise<Store> {
  if (!existsSync(path)) throw new StoreFault('store-lost')
  try {
    return await openAsItIs(sqlite(path), keys)
  } catch (error) {
    throw error instanceof StoreFault ? error : new StoreFault('store-lost', error)
  }
}

/**
 * The shared store of several nodes.
 * @param onLost told when an idle connection breaks; the pool opens a new one by itself
 * @param schema `as-it-is`: for a command beside the nodes; `store-older` when its schema is not ours
 */
export async function openPostgres(
  url: string,
  onLost: (error: Error) => void,
  schema: 'newest' | 'as-it-is' = 'newest',
  keys?: WordKeys,
): Promise<RowStore> {
  try {
    const { postgres } = await import('./postgres.ts')
    const seam = await postgres(url, onLost)
    return await (schema === 'newest' ? open(seam, keys) : openAsItIs(seam, keys))
  } catch (error) {
    throw error instanceof StoreFault ? error : new StoreFault('store-lost', error)
  }
}

/** Name of the last migration: a database that has a later one was made by a newer version. */
export const NEWEST_SCHEMA = '0110-fewer-indexes'

function migrations(seam: Seam): Record<string, Migration> {
  return {
    '0001-first': first(seam.serial),
    '0002-facts': facts(),
    '0003-govern': govern(),
    '0004-evidence': evidence(seam.bytes),
    '0040-waiting': waiting(),
    '0041-leases': leases(),
    '0100-asker': asker(),
    '0101-asks': asks(),
    '0102-search': search(),
    '0103-accounts': accounts(),
    '0104-requests': requests(),
    '0105-listed': listed(),
    '0106-filings': filings(),
    '0107-word-keys': wordKeys(),
    '0108-own-keys': ownKeys(),
    '0109-subject-keys': subjectKeys(),
    '0110-fewer-indexes': fewerIndexes(),
  }
}

function migrator(seam: Seam): Migrator {
  const all = migrations(seam)
  return new Migrator({ db: seam.db, provider: { getMigrations: async () => all } })
}

async function openAsItIs(seam: Seam, keys = noKeys()): Promise<RowStore> {
  const known = await migrator(seam).getMigrations()
  if (known.every(({ executedAt }) => executedAt !== undefined))
    return storeOf({ ...seam, words: words(keys) })
  await seam.close()
  throw new StoreFault('store-older')
}

async function open(seam: Seam, keys?: WordKeys): Promise<RowStore> {
  await refuseNewer(seam)
  const done = await migrator(seam).migrateToLatest()
  if (done.error !== undefined) throw new StoreFault(faultOf(seam, done.error), done.error)
  const store = storeOf({ ...seam, ...(await sealedBy(seam, keys)) })
  await seam.durable()
  return store
}

/** Words are sealed where there are keys, or were once: then they are not read as if there were none. */
async function sealedBy(seam: Seam, keys = noKeys()): Promise<Pick<Seam, 'words'>> {
  const { store } = keys
  const stores = await seam.transaction(WITHIN, async (tx) => {
    if (store !== undefined) await beginIndex(tx, store)
    return needed({ tx })
  })
  keys.needs(stores)
  return keys.due || stores.length > 0 ? { words: words(keys) } : {}
}

/** An index that was made without a key, or under another, is made anew behind the paging. */
async function beginIndex(tx: Transaction<Tables>, store: string): Promise<void> {
  const note = (key: string, value: string, at = 0) =>
    tx
      .insertInto('notes')
      .values({ key, value, at })
      .onConflict((c) => c.column('key').doUpdateSet({ value }))
      .execute()
  await note(NEEDS + store, 'true', begunAt(store))
  const row = await tx.selectFrom('notes').select('value').where('key', '=', INDEX_KEY).executeTakeFirst()
  if (row?.value === JSON.stringify(store)) return
  await note(INDEX_KEY, JSON.stringify(store))
  await note(OUTDATED, 'true')
  await tx.deleteFrom('notes').where('key', '=', 'search-until').execute()
}

/** Whose key the words of the index stand under. */
const INDEX_KEY = 'search-key'

/** A database that knows a migration which we do not was made by a newer version: even looking at it may mislead. */
async function refuseNewer(seam: Seam): Promise<void> {
  const known = Object.keys(migrations(seam))
  let names: readonly string[]
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(seam.db)
    names = rows.map(({ name }) => name)
  } catch (error) {
    if (seam.fault(error) === 'store-damaged') throw new StoreFault('store-damaged', error)
    // No such table: the database is new.
    return
  }
  if (names.some((name) => name > NEWEST_SCHEMA)) throw new StoreFault('store-newer')
  // A name that was never ours is no version at all.
  if (names.some((name) => !known.includes(name))) throw new StoreFault('store-damaged')
}

function faultOf(seam: Seam, error: unknown): FaultCode {
  return isDriverError(error) ? seam.fault(error) : 'store-lost'
}

/** A transaction that takes longer than this is cut off, where others could be waiting for it. */
const WITHIN: Millis = 5 * SECOND

/** A store whose rows may be read and written as they lie, by whoever copies them from one database to another. */
export interface RowStore extends Store {
  rows<T>(work: (tx: Transaction<Tables>, own: Tx) => Promise<T>, within?: Millis): Promise<T>
  /** The next cursors of the inbox lie behind this one. */
  readonly inboxAfter: Seam['inboxAfter']
  /** Sorts of documents of which one was met that is none. */
  spoilt(): ReadonlySet<Form>
}

function storeOf(seam: Seam): RowStore {
  const spoilt = new Set<Form>()
  const read = readBefore()
  const rows: RowStore['rows'] = async (work, within = WITHIN) => {
    try {
      await seam.turn()
      let wrote = false
      const done = await seam.transaction(within, async (tx) => {
        const result = await work(tx, tables(queryOf(tx, seam, spoilt, read)))
        wrote = seam.wrote()
        return result
      })
      if (wrote) await seam.durable()
      return done
    } catch (error) {
      if (error instanceof UnreadableDocument && seam.mends) throw new StoreFault('store-damaged', error)
      // A fault of the caller's own is not the database's: pass it on as it is.
      throw isDriverError(error) ? new StoreFault(seam.fault(error), error) : error
    }
  }
  return {
    wake: seam.wake,
    rows,
    inboxAfter: seam.inboxAfter,
    spoilt: () => spoilt,
    transact: (work, within) => rows((_, own) => work(own), within),
    async lead(duty) {
      const lease = await seam.lead(duty)
      return lease && { duty, ...lease }
    },
    async measure() {
      try {
        return await seam.measure()
      } catch (error) {
        throw isDriverError(error) ? new StoreFault(seam.fault(error), error) : error
      }
    },
    async tidy() {
      const shredded = await rows((tx) => seam.words?.shred(tx) ?? Promise.resolve(true)).catch(() => false)
      return (await seam.tidy()) && shredded
    },
    close: seam.close,
  }
}

function isDriverError(error: unknown): boolean {
  return error instanceof Error && ('errcode' in error || 'severity' in error || 'syscall' in error)
}
