import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Kysely, SqliteDialect, sql, type Transaction } from 'kysely'
import { z } from 'zod'
import { StoreFault } from '../../ports/store.ts'
import { type Checkpoints, checkpoints } from './checkpoints.ts'
import { InTurn, oneAtATime, turns } from './in-turn.ts'
import { sameFile } from './same-file.ts'
import type { Seam } from './seam.ts'
import { type Driver, driver, IMPATIENCE, PATIENCE, sqliteFault } from './sqlite-driver.ts'
import type { Tables } from './tables.ts'
import { localWake, type RingingWake } from './wake.ts'
import { type WalSync, walSync } from './wal-sync.ts'

/** Pages of log after which SQLite copies it back itself, should our own thread for that not have done it: 64 MiB. */
const LAST_RESORT = 16_384
/** After so many milliseconds we look again whether the files are where they were, before a commit counts as made. */
const LOOK = 50

/**
 * Opens the embedded database: write-ahead log, foreign keys on, one connection. What is deleted is overwritten. Throws
 * what SQLite throws when the file cannot be opened.
 * @param path a file, or `:memory:`
 * @param syncs `each`: a commit is on the disk when it returns, and everything waits for it. `grouped`: SQLite does not
 * wait; `durable` does, for many at once and beside the thread that works
 */
export function sqlite(path: string, wake = localWake(), syncs: 'each' | 'grouped' = 'each'): Seam {
  const onDisk = path !== ':memory:'
  // The file holds patient data: nobody but the daemon's own user may read it, from its first byte.
  if (onDisk) {
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
  }
  const raw = new DatabaseSync(path, { timeout: PATIENCE })
  try {
    raw.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on',
    )
    if (syncs === 'grouped' && onDisk)
      raw.exec(`pragma synchronous = normal; pragma wal_autocheckpoint = ${LAST_RESORT}`)
  } catch (error) {
    raw.close()
    throw error
  }
  return seamOf(raw, 'begin immediate', wake, onDisk && syncs === 'grouped' ? path : undefined)
}

/** Opens a database that is there, for reading beside the daemon that writes it. Throws when it is not there. */
export function sqliteToRead(path: string): Seam {
  return seamOf(
    new DatabaseSync(path, { timeout: PATIENCE, readOnly: true }),
    'begin',
    localWake(),
    undefined,
  )
}

interface Disk {
  readonly log: WalSync
  readonly copying: Checkpoints
  readonly same: () => void
}

function seamOf(raw: DatabaseSync, begin: string, wake: RingingWake, path: string | undefined): Seam {
  const disk: Disk | undefined =
    path === undefined
      ? undefined
      : { log: walSync(`${path}-wal`), copying: checkpoints(path), same: sameFile(path) }
  /** What the disk said when it last would not keep what it was given. */
  let unkept: unknown
  let looked = Number.NEGATIVE_INFINITY
  const database: Driver = driver(raw, {
    begin,
    check(when) {
      // Looking costs as much as a query, so it is not done for each. What went into a file that was in place a
      // moment ago can still be written again from the open file.
      const now = performance.now()
      if (when === 'commit' && now - looked < LOOK) return
      looked = now
      disk?.same()
      if (unkept === undefined) return
      // After a failed sync the kernel may forget what it could not write. Copying the log back writes all of it anew.
      // A reader of older content in another program may hold that up: then the next transaction tries again.
      if (emptyLog(raw)) unkept = undefined
      else if (!fullOnly(unkept)) throw new StoreFault('store-busy')
    },
  })
  const alone = oneAtATime()
  const db = new Kysely<Tables>({ dialect: new InTurn(database, alone) })
  const inside = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) })
  const inTurn = turns()
  return {
    db,
    wake,
    serial: 'integer',
    bytes: 'blob',
    json: (column) => sql.ref(column),
    claim: (query) => query,
    alone: async () => {},
    unclaimed: (table, now) => {
      const until = sql.ref(`${table}.until`)
      return sql<boolean>`(${until} is null or ${until} <= ${now})`
    },
    present: async () => {},
    lead: async () => ({ token: 1, held: () => true, release: async () => {} }),
    fence: async () => {},
    async inboxAfter(tx, cursor) {
      await sql`insert into sqlite_sequence (name, seq) select 'inbox', 0
        where not exists (select 1 from sqlite_sequence where name = 'inbox')`.execute(tx)
      await sql`update sqlite_sequence set seq = max(seq, ${cursor}) where name = 'inbox'`.execute(tx)
    },
    measure: () =>
      db.connection().execute(async () => ({ bytes: sized.parse(raw.prepare(SIZE).get()).bytes })),
    // In turn with the transactions: the log of one that is open cannot be emptied.
    tidy: () => db.connection().execute(async () => emptyLog(raw)),
    // One process and one disk: SQLite answers at once, and `durable` is what may wait.
    async transaction(_within, work) {
      const leave = await alone()
      try {
        database.begin()
        try {
          const done = await work(inside as Transaction<Tables>)
          database.commit()
          return done
        } catch (error) {
          database.rollback()
          throw error
        }
      } finally {
        leave()
      }
    },
    run: ({ sql: text }, parameters) => database.query(text, parameters),
    turn: disk ? inTurn : async () => {},
    wrote: () => database.wrote(),
    async durable() {
      if (!disk) return
      disk.copying.committed()
      try {
        await disk.log.done()
      } catch (error) {
        unkept = error
        throw new StoreFault(isFull(error) ? 'store-full' : 'store-lost', error)
      }
    },
    rescue: (to) => db.connection().execute(async () => void raw.prepare('vacuum into ?').run(to)),
    mends: disk !== undefined,
    fault(error) {
      const code = sqliteFault(error)
      // What the log holds may go where there is room already, and gives its own back.
      if (code === 'store-full') unkept = error
      return code
    },
    async close() {
      await disk?.copying.close()
      disk?.log.close()
      if (raw.isOpen) database.close()
    },
  }
}

/** SQLite itself found no room: nothing that it was given is in doubt. */
function fullOnly(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

const SIZE = 'select page_count * page_size as bytes from pragma_page_count(), pragma_page_size()'
const sized = z.object({ bytes: z.number() })
const emptied = z.object({ busy: z.number() })

/**
 * Deleted content is overwritten in the file as it goes (`secure_delete`), but the write-ahead log still holds what
 * stood there. Copies the log back and cuts it to nothing; a reader of older content, such as a copy under way, makes
 * us come again.
 */
function emptyLog(raw: DatabaseSync): boolean {
  raw.exec(`pragma busy_timeout = ${IMPATIENCE}`)
  try {
    return emptied.parse(raw.prepare('pragma wal_checkpoint(truncate)').get()).busy === 0
  } finally {
    raw.exec(`pragma busy_timeout = ${PATIENCE}`)
  }
}
