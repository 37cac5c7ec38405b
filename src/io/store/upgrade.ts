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
  if (!existsSync(path) || statSync(path).size === 0) return undefined
  try {
    const db = new DatabaseSync(path, { readOnly: true })
    try {
      const row = db.prepare('select max(name) as name from kysely_migration').get()
      const from = row?.name
      return typeof from === 'string' && from < NEWEST_SCHEMA ? { from, to: NEWEST_SCHEMA } : undefined
    } finally {
      db.close()
    }
  } catch {
    // What is wrong with it is found by whoever opens it.
    return undefined
  }
}
