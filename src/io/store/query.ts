import { sql, type Transaction } from 'kysely'
import type { Seam } from './seam.ts'
import type { Tables } from './tables.ts'

/** What every table file works with: one transaction, and the seam for what differs. */
export interface Query {
  readonly tx: Transaction<Tables>
  readonly seam: Seam
}

/** Documents were checked when they were made, and only this store writes them. */
export function readDoc<T>(text: string): T {
  return JSON.parse(text) as T
}

/** Rows leased to an owner whose name begins so. */
export function ownerIn(start: string) {
  return beginsWith('owner', start)
}

/** Text that begins so. Not LIKE: a name may hold its wildcards. */
export function beginsWith(column: string, start: string) {
  return sql<boolean>`substr(${sql.ref(column)}, 1, ${start.length}) = ${start}`
}
