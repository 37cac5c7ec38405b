import { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import type { Anchor } from '../../core/govern/audit.ts'

export interface Examined {
  /** What SQLite finds wrong with the file; empty: nothing. */
  readonly troubles: readonly string[]
  /** Name of the last migration in it. */
  readonly schema: string
  readonly audit: Anchor
}

const anchors = z.array(z.object({ seq: z.number(), digest: z.string() }))

/** Reads a database file through once: structure, indexes and references. Throws what SQLite throws for no database at all. */
export function examine(path: string): Examined {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const column = (sql: string, name: string): string[] =>
      db
        .prepare(sql)
        .all()
        .map((row) => String(row[name]))
    const integrity = column('pragma integrity_check', 'integrity_check').filter((said) => said !== 'ok')
    const orphans = column('pragma foreign_key_check', 'table').map((table) => `${table} refers to nothing`)
    const [schema = ''] = column('select max(name) as name from kysely_migration', 'name')
    const rows = db.prepare('select seq, digest from audit order by seq desc limit 1').all()
    const [audit = { seq: 0, digest: '' }] = anchors.parse(rows)
    return { troubles: [...integrity, ...orphans], schema, audit }
  } finally {
    db.close()
  }
}
