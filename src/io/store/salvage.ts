import { closeSync, copyFileSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'

/** Columns whose text is JSON, or empty, in whatever table. */
export const JSON_COLUMNS: readonly string[] = ['doc', 'value']

/** A page that cannot be read is jumped over in steps that grow up to this many rows. */
const WIDEST = 64
/** After so many jumps in a row over nothing that can be read, the rest of a table is given up. */
const TRIES = 200
const HEADER = 100
/** Rows written in one transaction. */
const BATCH = 200

/**
 * Opens what is left of a database. A destroyed header is replaced in a copy beside it. SQLite may copy the log of what
 * was set aside back into it; nothing else of it is changed.
 */
export function openRemains(path: string): DatabaseSync | undefined {
  try {
    return opened(path)
  } catch {
    const copy = `${path}.header`
    try {
      copyFileSync(path, copy)
      if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`)
      const file = openSync(copy, 'r+')
      writeSync(file, header(), 0, HEADER, 0)
      closeSync(file)
      return opened(copy)
    } catch {
      for (const ending of ['', '-wal', '-shm']) rmSync(copy + ending, { force: true })
      return undefined
    }
  }
}

/**
 * The first bytes of every database of ours (https://sqlite.org/fileformat2.html#the_database_header): pages of 4096
 * bytes, with a log, UTF-8. No count of pages: SQLite then goes by the size of the file.
 */
function header(): Buffer {
  const bytes = Buffer.alloc(HEADER)
  bytes.write('SQLite format 3\0', 'latin1')
  bytes.writeUInt16BE(4096, 16)
  bytes.set([2, 2, 0, 64, 32, 32], 18)
  bytes.writeUInt32BE(1, 40)
  bytes.writeUInt32BE(4, 44)
  bytes.writeUInt32BE(1, 56)
  return bytes
}

function opened(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    db.exec('pragma query_only = on; pragma cell_size_check = on')
    db.prepare('select count(*) from sqlite_master').get()
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Brings what can be read of a table into ours, where what is there already stays; only columns that both have. Gives how
 * many rows came. A row that has nothing left to belong to stays behind.
 */
export function bring(
  from: DatabaseSync,
  to: DatabaseSync,
  table: string,
  pause = (): void => undefined,
): number {
  const columns = common(from, to, table)
  if (columns.length === 0) return 0
  // What is no JSON any more would only damage the new one.
  const readable = columns
    .filter((name) => JSON_COLUMNS.includes(name))
    .map((name) => ` and ("${name}" = '' or json_valid("${name}"))`)
    .join('')
  const list = columns.map((name) => `"${name}"`).join(', ')
  const put = to.prepare(
    `insert or ignore into "${table}" (${list}) values (${columns.map(() => '?').join(', ')})`,
  )
  let rows = 0
  let after = Number.NEGATIVE_INFINITY
  let step = 1
  const write = (some: readonly Record<string, SQLInputValue>[]): void => {
    to.exec('begin immediate')
    for (const row of some) {
      try {
        rows += Number(put.run(...columns.map((name) => row[name] ?? null)).changes)
      } catch {
        // This row refers to one that was lost.
      }
    }
    to.exec('commit')
    pause()
  }
  for (let tries = 0; tries < TRIES; ) {
    let batch: Record<string, SQLInputValue>[] = []
    try {
      const begins = Number.isFinite(after) ? after : -9e15
      const rest = from.prepare(
        `select rowid as "row id", ${list} from "${table}" where rowid > ${begins}${readable} order by rowid`,
      )
      for (const row of rest.iterate()) {
        after = Number(row['row id'])
        tries = 0
        step = 1
        batch.push(row)
        if (batch.length < BATCH) continue
        write(batch)
        batch = []
      }
      write(batch)
      return rows
    } catch {
      write(batch)
      // Something behind the last row that was read is damaged.
      after = (Number.isFinite(after) ? after : 0) + step
      step = Math.min(step * 2, WIDEST)
      tries += 1
    }
  }
  return rows
}

function common(from: DatabaseSync, to: DatabaseSync, table: string): string[] {
  const names = (db: DatabaseSync): string[] => {
    try {
      return db
        .prepare(`select name from pragma_table_info('${table}')`)
        .all()
        .map((row) => String(row.name))
    } catch {
      return []
    }
  }
  const theirs = new Set(names(from))
  return names(to).filter((name) => theirs.has(name))
}

/**
 * A bleep of the last minutes whose alert was lost with the damage is raised again: in doubt, ring.
 * @param since bleeps received from here on
 */
export function raiseAgain(to: DatabaseSync, since: number): number {
  const again = to.prepare(
    `update bleeps set stage = 'received', doc = json_set(doc, '$.stage', 'received')
    where stage = 'routed' and received >= ? and json_extract(doc, '$.review') is null
      and not exists (select 1 from alerts where alerts.bleep = bleeps.id)`,
  )
  return Number(again.run(since).changes)
}
