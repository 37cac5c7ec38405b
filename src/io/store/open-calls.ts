import { sql, type Transaction } from 'kysely'
import { OPEN_PHASES } from '../../core/vocabulary.ts'
import type { RowStore } from './open.ts'
import { addTo, type Row } from './rows.ts'
import type { Tables } from './tables.ts'

/** What a call consists of, each behind what it refers to, and by which of its ids it is found. */
const OF_BLEEP = ['bleeps', 'sightings', 'asks', 'alerts'] as const
const OF_ALERT = ['alert_events', 'due', 'attempts', 'inbox'] as const

/** Calls that are open in the database, as they were last copied, and those of them that we went on with. */
const TABLES = [
  'create table if not exists open_calls (alert text primary key, mark text not null, rows text not null)',
  'create table if not exists adopted (alert text primary key, revision integer not null)',
]
/** The newest calls are copied; more than this are never open at once but by a defect. */
const AT_MOST = 1000
const AT_ONCE = 50

type Within = Transaction<Tables>
type CallRows = Readonly<Record<string, readonly Row[]>>

async function make(tx: Within): Promise<void> {
  for (const table of TABLES) await sql.raw(table).execute(tx)
}

/** Copies the calls that are open, should the database go before they end; what has not changed is not copied again. */
export async function mirrorCalls(from: RowStore, to: RowStore): Promise<void> {
  const open = await from.rows(async (tx) => {
    const { rows } = await sql<{ alert: string; bleep: string; mark: string }>`select id as alert, bleep,
      version || '/' || coalesce((select max(moved) from attempts where attempts.alert = alerts.id), 0) as mark
      from alerts where phase in (${sql.join(OPEN_PHASES)}) order by raised desc limit ${AT_MOST}`.execute(tx)
    return rows
  })
  const known = await to.rows(async (tx) => {
    await make(tx)
    const { rows } = await sql<{ alert: string; mark: string }>`select alert, mark from open_calls`.execute(
      tx,
    )
    return new Map(rows.map(({ alert, mark }) => [alert, mark]))
  })
  const still = new Set(open.map(({ alert }) => alert))
  const gone = [...known.keys()].filter((alert) => !still.has(alert))
  const fresh = open.filter(({ alert, mark }) => known.get(alert) !== mark)
  for (let at = 0; at < Math.max(fresh.length, Math.sign(gone.length)); at += AT_ONCE) {
    const some = fresh.slice(at, at + AT_ONCE)
    const rows = await from.rows((tx) => rowsOf(tx, some))
    await to.rows(async (tx) => {
      for (const alert of at === 0 ? gone : [])
        await sql`delete from open_calls where alert = ${alert}`.execute(tx)
      for (const { alert, bleep, mark } of some) {
        const call = JSON.stringify(callOf(rows, alert, bleep))
        await sql`insert into open_calls (alert, mark, rows) values (${alert}, ${mark}, ${call})
          on conflict (alert) do update set mark = excluded.mark, rows = excluded.rows`.execute(tx)
      }
    })
  }
}

async function rowsOf(
  tx: Within,
  calls: readonly { readonly alert: string; readonly bleep: string }[],
): Promise<CallRows> {
  if (calls.length === 0) return {}
  const found: Record<string, readonly Row[]> = {}
  const [alerts, bleeps] = [calls.map(({ alert }) => alert), calls.map(({ bleep }) => bleep)]
  const by = async (table: string, column: string, ids: readonly string[]) =>
    (
      await sql<Row>`select * from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(ids)})`.execute(
        tx,
      )
    ).rows
  for (const table of OF_BLEEP) found[table] = await by(table, table === 'bleeps' ? 'id' : 'bleep', bleeps)
  for (const table of OF_ALERT) found[table] = await by(table, 'alert', alerts)
  return found
}

function callOf(rows: CallRows, alert: string, bleep: string): CallRows {
  const isIts = (row: Row) => row.alert === alert || row.bleep === bleep || row.id === bleep
  return Object.fromEntries(
    Object.entries(rows).map(([table, all]) => [
      table,
      all.filter((row) => (table === 'alerts' ? row.id === alert : isIts(row))),
    ]),
  )
}

/** From here on the open calls go on in this file: their steps fall due here. Gives how many there are. */
export async function adoptCalls(file: RowStore): Promise<number> {
  return file.rows(async (tx) => {
    await make(tx)
    const { rows } = await sql<{ alert: string; rows: string }>`select alert, rows from open_calls
      where alert not in (select id from alerts) and alert not in (select alert from adopted)`.execute(tx)
    for (const { alert, rows: text } of rows) {
      const call: CallRows = JSON.parse(text)
      for (const table of [...OF_BLEEP, ...OF_ALERT]) await addTo(tx, table, call[table] ?? [])
      const revision = Number(call.alerts?.[0]?.version)
      await sql`insert into adopted (alert, revision) values (${alert}, ${revision})
        on conflict do nothing`.execute(tx)
    }
    return rows.length
  })
}

/** The calls that we went on with, and the revision each had when we did. */
export async function adoptedIn(tx: Within): Promise<ReadonlyMap<unknown, number>> {
  await make(tx)
  const { rows } = await sql<{ alert: string; revision: number }>`select * from adopted`.execute(tx)
  return new Map(rows.map(({ alert, revision }) => [alert, revision]))
}

export async function emptyAdopted(file: RowStore): Promise<void> {
  await file.rows(async (tx) => {
    await make(tx)
    await sql`delete from adopted`.execute(tx)
  })
}
