import { sql, type Transaction } from 'kysely'
import type { RowStore } from './open.ts'
import { addTo, type Row } from './rows.ts'
import type { Tables } from './tables.ts'

/** What belongs to a bleep, and what to an alert, each behind what it refers to. */
const OF_BLEEP = ['bleeps', 'asks', 'sightings', 'alerts', 'hops'] as const
const OF_ALERT = ['alert_events', 'filings', 'filing_sends', 'due', 'attempts', 'inbox'] as const
const ALL = [...OF_BLEEP, ...OF_ALERT]

/** Calls on their way from the file to the database of all nodes: a crash meanwhile must find them. */
const UNDER_WAY = 'create table if not exists under_way (rows text not null)'
/** SQLite takes so many parameters in one statement, and more. */
const AT_ONCE = 500

type Own = ReadonlyMap<string, readonly Row[]>
type Within = Transaction<Tables>

/** Rows as they lie: what belongs to these bleeps. */
export async function rowsOf(tx: Within, bleeps: readonly string[]): Promise<Own> {
  const own = new Map<string, readonly Row[]>()
  for (const table of OF_BLEEP)
    own.set(table, await by(tx, table, table === 'bleeps' ? 'id' : 'bleep', bleeps))
  const alerts = (own.get('alerts') ?? []).map(({ id }) => String(id))
  for (const table of OF_ALERT) own.set(table, await by(tx, table, 'alert', alerts))
  return own
}

async function by(tx: Within, table: keyof Tables, column: string, ids: readonly string[]): Promise<Row[]> {
  const found: Row[] = []
  for (const some of parts(ids)) {
    const query = sql<Row>`select * from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(some)})`
    found.push(...(await query.execute(tx)).rows)
  }
  return found
}

function* parts(ids: readonly string[]): Iterable<readonly string[]> {
  for (let at = 0; at < ids.length; at += AT_ONCE) yield ids.slice(at, at + AT_ONCE)
}

/** Takes these calls out of the tables: nobody goes on with them here until they are put back. */
export async function setAside(tx: Within, own: Own): Promise<void> {
  await sql.raw(UNDER_WAY).execute(tx)
  if ((own.get('bleeps') ?? []).length === 0) return
  await sql`insert into under_way (rows) values (${JSON.stringify(Object.fromEntries(own))})`.execute(tx)
  const bleeps = (own.get('bleeps') ?? []).map(({ id }) => String(id))
  const alerts = (own.get('alerts') ?? []).map(({ id }) => String(id))
  const from = async (table: keyof Tables, column: string, ids: readonly string[]) => {
    for (const some of parts(ids))
      await sql`delete from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(some)})`.execute(tx)
  }
  for (const table of OF_ALERT.toReversed()) await from(table, 'alert', alerts)
  for (const table of OF_BLEEP.toReversed()) await from(table, table === 'bleeps' ? 'id' : 'bleep', bleeps)
}

/** They did not arrive, or nobody heard whether they did: they go on here. */
export async function putBack(file: RowStore): Promise<void> {
  await file.rows(async (tx) => {
    await sql.raw(UNDER_WAY).execute(tx)
    const { rows } = await sql<{ rows: string }>`select rows from under_way`.execute(tx)
    for (const { rows: text } of rows) {
      const own: Readonly<Record<string, readonly Row[]>> = JSON.parse(text)
      for (const table of ALL) await addTo(tx, table, own[table] ?? [])
    }
    if (rows.length > 0) await sql`delete from under_way`.execute(tx)
  })
}

/** They are in the database of all nodes. */
export async function arrived(file: RowStore): Promise<void> {
  await file.rows((tx) => sql`delete from under_way`.execute(tx))
}
