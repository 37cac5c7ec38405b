import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import type { QueryResult, SqliteDatabase } from 'kysely'

/** SQLite primary result codes (https://sqlite.org/rescode.html): what they mean for the daemon. */
const BUSY = new Set([5, 6])
const FULL = new Set([13])
const DAMAGED = new Set([11, 26])
/** The index of the log could not be made as large as it must be: there is no room (SQLITE_IOERR_SHMSIZE). */
const NO_ROOM = 4874

function primaryCode(error: unknown): number {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : 0
  return typeof code === 'number' ? code & 0xff : 0
}

export function sqliteFault(error: unknown): 'store-busy' | 'store-full' | 'store-damaged' | 'store-lost' {
  if (error instanceof Error && 'errcode' in error && error.errcode === NO_ROOM) return 'store-full'
  const code = primaryCode(error)
  if (BUSY.has(code)) return 'store-busy'
  if (DAMAGED.has(code)) return 'store-damaged'
  return FULL.has(code) ? 'store-full' : 'store-lost'
}

/** How long the first to meet a held lock waits; it waits for everybody, because waiting holds up the whole process. */
export const PATIENCE = 5000
/** While another program goes on holding the lock, everybody else is refused after this, until one gets through. */
export const IMPATIENCE = 50

/** What is asked of a connection around its transactions. */
export interface Around {
  /** SQL that begins a transaction. */
  readonly begin: string
  /** Throws where the database must not be used now. */
  check(when: 'begin' | 'commit'): void
}

export interface Driver extends SqliteDatabase {
  /** Whether the transaction that is open has changed a row. */
  wrote(): boolean
  begin(): void
  commit(): void
  rollback(): void
  /** Runs one statement in the transaction that is open. */
  query<Row>(text: string, parameters: readonly unknown[]): QueryResult<Row>
}

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
export function driver(raw: DatabaseSync, around: Around): Driver {
  const prepared = new Map<string, { readonly ready: StatementSync; readonly reader: boolean }>()
  const locking = patiently(raw)
  let wrote = false
  let begun = false
  /** A statement that failed may have ended the transaction: what comes next would be done for good, outside of it. */
  let ended: { readonly why: unknown } | undefined
  const inside = <T>(work: () => T): T => {
    if (ended) throw ended.why
    try {
      return work()
    } catch (why) {
      if (begun && !raw.isTransaction) ended = { why }
      throw why
    }
  }

  const statement = (text: string) => {
    let made = prepared.get(text)
    if (!made) {
      const ready = raw.prepare(text)
      made = { ready, reader: ready.columns().length > 0 }
      if (prepared.size < 500) prepared.set(text, made)
    }
    return made
  }
  const begin = (): void => {
    around.check('begin')
    wrote = false
    begun = false
    ended = undefined
    // A writer that starts deferred may find the lock taken half-way through; taking it first cannot deadlock.
    locking(() => statement(around.begin).ready.run())
    begun = true
  }
  const commit = (): void => {
    inside(() => statement('commit').ready.run())
    begun = false
    // A commit into a file that is no longer there does not count as made.
    if (wrote) around.check('commit')
  }
  const rollback = (): void => {
    // A full disk or a failed write has ended the transaction already; saying so would hide what went wrong.
    begun = false
    ended = undefined
    if (raw.isTransaction) statement('rollback').ready.run()
  }
  const plain = (act: () => void) => ({
    reader: false,
    all: () => [],
    run() {
      act()
      return { changes: 0, lastInsertRowid: 0 }
    },
    iterate: () => [][Symbol.iterator](),
  })
  /** How Kysely says it, where it begins a transaction itself: to bring the schema up to date. */
  const told = new Map(Object.entries({ begin, commit, rollback }).map(([text, act]) => [text, plain(act)]))

  const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  const all = (text: string, ready: StatementSync, parameters: readonly unknown[]) => {
    if (!text.startsWith('select')) wrote = true
    return inside(() => ready.all(...values(parameters)))
  }
  const run = (ready: StatementSync, parameters: readonly unknown[]) => {
    const done = inside(() => ready.run(...values(parameters)))
    if (Number(done.changes) > 0) wrote = true
    return { changes: Number(done.changes), lastInsertRowid: Number(done.lastInsertRowid) }
  }

  return {
    ...{ begin, commit, rollback },
    wrote: () => wrote,
    query<Row>(text: string, parameters: readonly unknown[]): QueryResult<Row> {
      const { ready, reader } = statement(text)
      if (reader) return { rows: all(text, ready, parameters) as Row[] }
      return { rows: [], numAffectedRows: BigInt(run(ready, parameters).changes) }
    },
    prepare(text) {
      const own = told.get(text)
      if (own !== undefined) return own
      const { ready, reader } = statement(text)
      return {
        reader,
        all: (parameters) => all(text, ready, parameters),
        run: (parameters) => run(ready, parameters),
        iterate: (parameters) => ready.iterate(...values(parameters)) as IterableIterator<unknown>,
      }
    },
    close: () => raw.close(),
  }
}
