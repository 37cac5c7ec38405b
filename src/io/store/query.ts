import { sql, type Transaction } from 'kysely'
import type { Seam } from './seam.ts'
import type { Tables } from './tables.ts'

/** What every table file works with: one transaction, and the seam for what differs. */
export interface Query {
  readonly tx: Transaction<Tables>
  readonly seam: Seam
}

/** JSON that is checked each time it is read: notes and changes to the rota. Documents are read by their form. */
export function readJson(text: string): unknown {
  return JSON.parse(text)
}

/** Rows leased to an owner whose name begins so. */
export function ownerIn(start: string) {
  return beginsWith('owner', start)
}

/** Text that begins so. Not LIKE: a name may hold its wildcards. */
export function beginsWith(column: string, start: string) {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${start.length}) = ${start}`
}
