import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { type Anchor, SEALED } from '../../core/govern/audit.ts'
import { JSON_COLUMNS } from './salvage.ts'

export interface Examined {
  /** What SQLite finds wrong with the file; empty: nothing. */
  readonly troubles: readonly string[]
  /** Name of the last migration in it. */
  readonly schema: string
  readonly audit: Anchor
  /** Whether its chain was sealed with a key. */
  readonly sealed: boolean
}

const anchors = z.array(z.object({ seq: z.number(), digest: z.string() }))

/** Reads a database file through once: structure, indexes and references. Throws what SQLite throws for no database at all. */
export function examine(path: string): Examined {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const column = columnOf(db)
    const integrity = column('pragma integrity_check', 'integrity_check').filter((said) => said !== 'ok')
    const orphans = column('pragma foreign_key_check', 'table').map((table) => `${table} refers to nothing`)
    const [schema = ''] = column('select max(name) as name from kysely_migration', 'name')
    const rows = db.prepare('select seq, digest from audit order by seq desc limit 1').all()
    const [audit = { seq: 0, digest: '' }] = anchors.parse(rows)
    const sealed = db.prepare('select 1 from audit where action = ? limit 1').all(SEALED).length > 0
    return { troubles: [...integrity, ...orphans], schema, audit, sealed }
  } finally {
    db.close()
  }
}

/** What is wrong with a database file, structure and documents, which is read once; empty: nothing. Throws as `examine`. */
export function structure(path: string): readonly string[] {
  const db = new DatabaseSync(path, { timeout: 1000 })
  try {
    const column = columnOf(db)
    const structure = column('pragma quick_check', 'quick_check').filter((said) => said !== 'ok')
    return structure.length > 0 ? structure : unreadable(column)
  } finally {
    db.close()
  }
}

/** Tables that hold documents which are no JSON any more: bits that changed where the structure does not show it. */
function unreadable(column: ReturnType<typeof columnOf>): readonly string[] {
  const tables = column("select name from sqlite_master where type = 'table'", 'name')
  return tables.flatMap((table) => {
    const columns = column(`select name from pragma_table_info('${table}')`, 'name')
    return columns
      .filter((name) => JSON_COLUMNS.includes(name))
      .filter(
        (name) =>
          column(
            `select 1 as n from "${table}" where "${name}" != '' and not json_valid("${name}") limit 1`,
            'n',
          ).length > 0,
      )
      .map((name) => `${table}.${name} is unreadable`)
  })
}

function columnOf(db: DatabaseSync): (sql: string, name: string) => string[] {
  return (sql, name) =>
    db
      .prepare(sql)
      .all()
      .map((row) => String(row[name]))
}
