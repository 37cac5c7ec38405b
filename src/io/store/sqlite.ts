import { chmodSync, closeSync, openSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { Kysely, type SqliteDatabase, SqliteDialect, sql } from 'kysely'
import { z } from 'zod'
import type { Seam } from './seam.ts'
import type { Tables } from './tables.ts'
import { localWake } from './wake.ts'

/** SQLite primary result codes (https://sqlite.org/rescode.html): what they mean for the daemon. */
const BUSY = new Set([5, 6])
const FULL = new Set([13])

/**
 * Opens the embedded database: write-ahead log, synchronous FULL (a commit is on disk when it returns), foreign keys
 * on. One process, one connection. What is deleted is overwritten. Throws what SQLite throws when the file cannot be opened.
 * @param path a file, or `:memory:`
 */
export function sqlite(path: string): Seam {
  // The file holds patient data: nobody but the daemon's own user may read it, from its first byte.
  if (path !== ':memory:') {
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
  }
  const raw = new DatabaseSync(path, { timeout: PATIENCE })
  raw.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma secure_delete = on',
  )
  return seamOf(raw, 'begin immediate')
}

/** Opens a database that is there, for reading beside the daemon that writes it. Throws when it is not there. */
export function sqliteToRead(path: string): Seam {
  return seamOf(new DatabaseSync(path, { timeout: PATIENCE, readOnly: true }), 'begin')
}

function seamOf(raw: DatabaseSync, begin: string): Seam {
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: shim(raw, begin) }) })
  const wake = localWake()
  return {
    db,
    wake,
    serial: 'integer',
    bytes: 'blob',
    json: (column) => sql.ref(column),
    claim: (query) => query,
    alone: async () => {},
    lead: async () => ({ held: () => true, release: async () => {} }),
    measure: () =>
      db.connection().execute(async () => ({ bytes: sized.parse(raw.prepare(SIZE).get()).bytes })),
    // In turn with the transactions: the log of one that is open cannot be emptied.
    tidy: () => db.connection().execute(async () => emptyLog(raw)),
    fault(error) {
      const code = primaryCode(error)
      if (BUSY.has(code)) return 'store-busy'
      return FULL.has(code) ? 'store-full' : 'store-lost'
    },
    close: () => db.destroy(),
  }
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

function primaryCode(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : 0
  return typeof code === 'number' ? code & 0xff : 0
}

/** How long the first to meet a held lock waits; it waits for everybody, because waiting holds up the whole process. */
const PATIENCE = 5000
/** While another program goes on holding the lock, everybody else is refused after this, until one gets through. */
const IMPATIENCE = 50

/** Runs what takes the lock. */
function patiently(raw: DatabaseSync): <T>(take: () => T) => T {
  let refused = false
  const wait = (ms: number) => raw.exec(`pragma busy_timeout = ${ms}`)
  return (take) => {
    try {
      const taken = take()
      if (refused) wait(PATIENCE)
      refused = false
      return taken
    } catch (error) {
      if (!refused && BUSY.has(primaryCode(error))) {
        refused = true
        wait(IMPATIENCE)
      }
      throw error
    }
  }
}

/** What Kysely's SQLite dialect asks of a driver, over Node's own; statements are prepared once. */
function shim(raw: DatabaseSync, begin: string): SqliteDatabase {
  const prepared = new Map<string, { readonly ready: StatementSync; readonly reader: boolean }>()
  const locking = patiently(raw)
  return {
    prepare(text) {
      // A writer that starts deferred may find the lock taken half-way through; taking it first cannot deadlock.
      const sql = text === 'begin' ? begin : text
      let statement = prepared.get(sql)
      if (!statement) {
        const made = raw.prepare(sql)
        statement = { ready: made, reader: made.columns().length > 0 }
        if (prepared.size < 500) prepared.set(sql, statement)
      }
      const { ready, reader } = statement
      return {
        reader,
        all: (parameters) => ready.all(...(parameters as SQLInputValue[])),
        run: (parameters) => {
          const run = () => ready.run(...(parameters as SQLInputValue[]))
          const done = text === 'begin' ? locking(run) : run()
          return { changes: Number(done.changes), lastInsertRowid: Number(done.lastInsertRowid) }
        },
        iterate: (parameters) =>
          ready.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
      }
    },
    close: () => raw.close(),
  }
}
