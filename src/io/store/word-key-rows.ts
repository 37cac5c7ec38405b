import type { KeyObject } from 'node:crypto'
import { type Kysely, sql, type Transaction } from 'kysely'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import { sessionsOf } from './postgres-sessions.ts'
import type { Tables } from './tables.ts'
import type { WordKeys } from './word-key.ts'
import { masterIn, newHead, SLOT } from './word-key-file.ts'
import { noKeys, type Shelf, storeName, wordKeys } from './word-keys.ts'

export interface KeyDatabase {
  /** Of a database that dumps of the other do not hold. */
  readonly url: string
  readonly siteKey: string
  readonly former: readonly string[]
  readonly now: Instant
}

type Db = Kysely<Tables> | Transaction<Tables>
const WITHIN: Millis = 3 * SECOND
const TRY_AGAIN: Millis = 5 * SECOND

/**
 * Keys of several nodes, in a database of their own: what a file holds, a row each. Where it cannot be reached the daemon
 * starts all the same, without keys, and says so.
 */
export async function keyDatabase(parts: KeyDatabase, give: boolean): Promise<WordKeys> {
  const none: WordKeys = { ...noKeys(), due: true }
  let keys = none
  let closed = false
  let trouble: string | undefined
  let stores: readonly string[] = []
  async function open(): Promise<void> {
    try {
      keys = await opened(parts, give)
      keys.needs(stores)
      trouble = undefined
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error)
      setTimeout(() => void (closed || open()), TRY_AGAIN).unref()
    }
  }
  await open()
  return {
    due: true,
    afar: true,
    get store() {
      return keys.store
    },
    fresh: () => keys.fresh(),
    load: (names) => keys.load(names),
    get: (name) => keys.get(name),
    destroy: (names) => keys.destroy(names),
    knows: (store) => keys.knows(store),
    needs(all) {
      stores = all
      keys.needs(all)
    },
    troubles: () =>
      trouble === undefined
        ? keys.troubles()
        : [...keys.troubles(), { code: 'word-keys-short', subject: 'word-keys-database', detail: trouble }],
    async close() {
      closed = true
      await keys.close()
    },
  }
}

async function opened(parts: KeyDatabase, give: boolean): Promise<WordKeys> {
  const sessions = sessionsOf(parts.url, () => undefined)
  const use = <T>(work: (db: Db) => Promise<T>): Promise<T> => sessions.use(WITHIN, work)
  const heads = await use((db) => (give ? begun(db, parts) : headsIn(db)))
  const shelves = heads.flatMap(({ id, head }) => {
    const master = [parts.siteKey, ...parts.former].map((key) => masterIn(head, key)).find((one) => one)
    return master === undefined ? [] : [shelf(id, master, use)]
  })
  if (give) await use((db) => reseal(db, parts, heads))
  const newest = shelves.toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]
  const keys = await wordKeys(shelves, newest, give ? newest : undefined)
  // The index has the first key of the newest store, and is asked for it without waiting.
  if (newest !== undefined) await keys.load([`${newest.id}-0`])
  return {
    ...keys,
    async close() {
      await keys.close()
      await sessions.close()
    },
  }
}

interface Head {
  readonly id: string
  readonly head: Buffer
}

async function headsIn(db: Db): Promise<readonly Head[]> {
  return (await sql<Head>`select id, head from word_key_stores`.execute(db)).rows
}

/** Two nodes that start at once begin one store. */
function begun(db: Db, { siteKey, former, now }: KeyDatabase): Promise<readonly Head[]> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('word-keys', 0))`.execute(tx)
    await sql`create table if not exists word_key_stores (id text primary key, head bytea not null)`.execute(
      tx,
    )
    await sql`create table if not exists word_keys (store text, n bigint, slot bytea not null,
      primary key (store, n))`.execute(tx)
    const known = await headsIn(tx)
    if (known.some(({ head }) => [siteKey, ...former].some((key) => masterIn(head, key)))) return known
    const one = { id: storeName(now), head: newHead(siteKey) }
    await sql`insert into word_key_stores values (${one.id}, ${one.head})`.execute(tx)
    return [...known, one]
  })
}

/** What a former key of the site opens is sealed under the one of now. */
async function reseal(db: Db, { siteKey, former }: KeyDatabase, heads: readonly Head[]): Promise<void> {
  for (const { id, head } of heads) {
    if (masterIn(head, siteKey) !== undefined) continue
    const master = former.map((key) => masterIn(head, key)).find((one) => one)
    if (master !== undefined)
      await sql`update word_key_stores set head = ${newHead(siteKey, master)} where id = ${id}`.execute(db)
  }
}

function shelf(id: string, master: KeyObject, use: <T>(work: (db: Db) => Promise<T>) => Promise<T>): Shelf {
  let trouble: Finding | undefined
  const watched = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    try {
      const done = await use(work)
      trouble = undefined
      return done
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      trouble = { code: 'word-keys-short', subject: 'word-keys-database', detail }
      throw error
    }
  }
  return {
    id,
    master,
    fetch: (numbers) =>
      watched(async (db) => {
        const { rows } = await sql<{ n: number; slot: Buffer }>`select n, slot from word_keys
          where store = ${id} and n = any(${[...numbers]}::bigint[])`.execute(db)
        return new Map(rows.map(({ n, slot }) => [Number(n), slot]))
      }),
    extend: (slots) =>
      watched((db) =>
        db.transaction().execute(async (tx) => {
          await sql`select pg_advisory_xact_lock(hashtextextended('word-keys', 0))`.execute(tx)
          const { rows } = await sql<{ next: number }>`select coalesce(max(n) + 1, 0) as next
            from word_keys where store = ${id}`.execute(tx)
          const first = Number(rows[0]?.next ?? 0)
          const count = slots.length / SLOT
          await sql`insert into word_keys select ${id}, ${first}::bigint + i,
            substring(${slots}::bytea from (i * ${SLOT} + 1)::int for ${SLOT})
            from generate_series(0, ${count - 1}::bigint) as i`.execute(tx)
          return first
        }),
      ),
    blank: (numbers) =>
      watched(async (db) => {
        await sql`update word_keys set slot = ${Buffer.alloc(SLOT)}
          where store = ${id} and n = any(${[...numbers]}::bigint[])`.execute(db)
      }),
    troubles: () => (trouble === undefined ? [] : [trouble]),
    close: async () => undefined,
  }
}
