import { sql, type Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** A row as it lies: the two databases have the same tables. */
export type Row = Readonly<Record<string, unknown>>
type Within = Transaction<Tables>

/** Rows in one statement. */
const BATCH = 100

export async function allOf(tx: Within, table: keyof Tables): Promise<readonly Row[]> {
  return (await sql<Row>`select * from ${sql.table(table)}`.execute(tx)).rows
}

export async function allIds(tx: Within, table: 'bleeps'): Promise<readonly string[]> {
  return (await tx.selectFrom(table).select('id').execute()).map(({ id }) => id)
}

/** Adds rows; one whose key is there already is left as it is there. */
export async function addTo(tx: Within, table: keyof Tables, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  for (let at = 0; at < rows.length; at += BATCH) {
    const values = rows
      .slice(at, at + BATCH)
      .map((row) => sql`(${sql.join(columns.map((column) => row[column] ?? null))})`)
    await sql`insert into ${sql.table(table)} (${sql.join(columns.map((column) => sql.ref(column)))})
      values ${sql.join(values)} on conflict do nothing`.execute(tx)
  }
}

export async function empty(tx: Within, table: keyof Tables): Promise<void> {
  await sql`delete from ${sql.table(table)}`.execute(tx)
}

export const without = (column: string, rows: readonly Row[]): readonly Row[] =>
  rows.map(({ [column]: _, ...rest }) => rest)
