import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { NEWEST_SCHEMA } from './open.ts'

/** From which schema to which a file will be brought when it is opened. */
export interface Upgrade {
  readonly from: string
  readonly to: string
}

/** What opening a file will do to its schema; undefined: nothing, because it is new, ours already, or not to be read. */
export function upgradeAhead(path: string): Upgrade | undefined {
  const from = schemaOf(path)
  return from !== undefined && from < NEWEST_SCHEMA ? { from, to: NEWEST_SCHEMA } : undefined
}

/** Name of the last migration in a file; undefined where there is none, or the file cannot be read. */
export function schemaOf(path: string): string | undefined {
  if (!existsSync(path) || statSync(path).size === 0) return undefined
  try {
    const db = new DatabaseSync(path, { readOnly: true })
    try {
      const name = db.prepare('select max(name) as name from kysely_migration').get()?.name
      return typeof name === 'string' ? name : undefined
    } finally {
      db.close()
    }
  } catch {
    // What is wrong with it is found by whoever opens it.
    return undefined
  }
}
