import { sql, type Transaction } from 'kysely'
import type { AuditRow } from '../../core/govern/audit.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import { markIn } from '../../ports/page-mark.ts'
import type { Tx } from '../../ports/store.ts'
import { bringCalls, leftOf, twinsOf } from './bring-calls.ts'
import type { Pace } from './bring-pace.ts'
import { brought } from './carried.ts'
import { changedDevices, emptyApart } from './mirror.ts'
import type { RowStore } from './open.ts'
import { adoptedIn, emptyAdopted } from './open-calls.ts'
import { addTo, allOf, type Row, without } from './rows.ts'
import type { Tables } from './tables.ts'

const APART = brought('came')
const ALSO = brought('also')
/** What belongs to a bleep, and what to an alert, each behind what it refers to. */
const OF_BLEEP = ['bleeps', 'asks', 'sightings', 'alerts', 'hops'] as const
const OF_ALERT = ['alert_events', 'filings', 'filing_sends', 'due', 'attempts', 'inbox'] as const

const ALL = 1_000_000
/** What came later stays until the last turn: another copy of it must find it. */
const SETTLED_AFTER: Millis = 30 * SECOND
/** Where settling and the index of searches have come to: what is brought lies before it. */
const SETTLED = ['facts-until', 'search-until']
/** Which of our records was brought last: a crash behind the commit must not bring them twice. */
const BROUGHT = 'brought-back/'

/** Whether anything came about apart that is not in the database of all nodes yet. */
export async function isApart(file: RowStore): Promise<boolean> {
  return file.rows(async (tx) => {
    const { rows } = await sql`select 1 from bleeps union all select 1 from calls limit 1`.execute(tx)
    return rows.length > 0
  })
}

/**
 * Brings some of what came about apart, the oldest first, and takes it from the file: calls that nobody is working on at
 * this moment. Pages may be stored in the file before the next turn. Gives how many came, and whether there are more.
 */
export async function bringSome(
  file: RowStore,
  shared: RowStore,
  node: string,
  now: Instant,
  rung: Rung,
  pace: Pace,
): Promise<{ readonly bleeps: number; readonly more: boolean }> {
  const ids = await file.rows(async (tx) => {
    const { rows } = await sql<{ id: string }>`select id from bleeps where received < ${now - SETTLED_AFTER}
      and not exists (select 1 from attempts join alerts on alerts.id = attempts.alert
        where alerts.bleep = bleeps.id and attempts.owner is not null)
      order by received, id limit ${pace.bleeps}`.execute(tx)
    return rows.map(({ id }) => id)
  })
  const own = await rowsIn(file, ids)
  const entries = await unbroughtAudit(file, shared, node)
  noteRung(rung, own)
  if (ids.length + entries.length === 0) return { bleeps: 0, more: false }
  const some = entries.slice(0, pace.bleeps)
  const bleeps = await bring(file, shared, node, own, some, pace.within)
  await leave(file, ids, own)
  return { bleeps, more: ids.length === pace.bleeps || entries.length > pace.bleeps }
}

/**
 * Brings all that is left of it into the database of all nodes, once, as what it was: ids, times, answers and who has
 * claimed what stay. Then it leaves the file. Gives how many bleeps came.
 */
export async function bringBack(
  file: RowStore,
  shared: RowStore,
  node: string,
  rung: Rung,
  pace: Pace,
): Promise<number> {
  const own = await rowsIn(file)
  noteRung(rung, own)
  const devices = await changedDevices(file)
  const entries = await unbroughtAudit(file, shared, node)
  const came = await bring(file, shared, node, own, entries, pace.lastWithin, {
    rung,
    async bring(tx) {
      await bringDevices(tx, devices)
      await addTo(tx, 'calls', own.get('calls') ?? [])
      for (const table of ALSO) await addTo(tx, table, own.get(table) ?? [])
    },
  })
  await emptyApart(file, [...APART, ...brought('anew')])
  await emptyAdopted(file)
  return came
}

/** Whether bleeps that a neighbour was to ring are not in the database yet: it may be about to bring them. */
export async function isAwaited(file: RowStore, shared: RowStore): Promise<boolean> {
  const left = await leftOf(file, await file.rows((tx) => allOf(tx, 'bleeps')))
  if (left.length === 0) return false
  return (await shared.transact((them) => twinsOf(left, them))).length < left.length
}

/** The devices that were rung apart, and since when. */
export interface Rung {
  readonly devices: Set<string>
  began: Instant
}

type Own = ReadonlyMap<string, readonly Row[]>

/** Rows as they lie in the file: all, or what belongs to these bleeps. */
async function rowsIn(file: RowStore, bleeps?: readonly string[]): Promise<Own> {
  const own = new Map<string, readonly Row[]>()
  await file.rows(async (tx) => {
    if (bleeps === undefined) {
      for (const table of [...APART, ...ALSO]) own.set(table, await allOf(tx, table))
      return
    }
    for (const table of OF_BLEEP)
      own.set(table, await rowsOf(tx, table, table === 'bleeps' ? 'id' : 'bleep', bleeps))
    const alerts = (own.get('alerts') ?? []).map(({ id }) => String(id))
    for (const table of OF_ALERT) own.set(table, await rowsOf(tx, table, 'alert', alerts))
  })
  return own
}

async function rowsOf(
  tx: Transaction<Tables>,
  table: keyof Tables,
  column: string,
  ids: readonly string[],
): Promise<readonly Row[]> {
  if (ids.length === 0) return []
  const query = sql<Row>`select * from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(ids)})`
  return (await query.execute(tx)).rows
}

async function leave(file: RowStore, bleeps: readonly string[], own: Own): Promise<void> {
  if (bleeps.length === 0) return
  const alerts = (own.get('alerts') ?? []).map(({ id }) => String(id))
  await file.rows(async (tx) => {
    const from = (table: keyof Tables, column: string, ids: readonly string[]) =>
      sql`delete from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(ids)})`.execute(tx)
    if (alerts.length > 0) for (const table of OF_ALERT.toReversed()) await from(table, 'alert', alerts)
    for (const table of OF_BLEEP.toReversed()) await from(table, table === 'bleeps' ? 'id' : 'bleep', bleeps)
  })
}

function noteRung(rung: Rung, own: Own): void {
  for (const { device, at } of own.get('inbox') ?? []) {
    rung.devices.add(String(device))
    rung.began = Math.min(rung.began, Number(at))
  }
}

/**
 * Each turn is one transaction: all of it is brought, or nothing.
 * @param last in the last turn, what goes with it in the same transaction
 */
async function bring(
  file: RowStore,
  shared: RowStore,
  node: string,
  own: Own,
  entries: readonly AuditRow[],
  within: Millis,
  last?: { readonly rung: Rung; bring(tx: Transaction<Tables>): Promise<void> },
): Promise<number> {
  const adopted = await adoptedIn(file)
  const calls = await bringCalls(file, own, adopted)
  return shared.rows(async (tx, them) => {
    const { bleeps, inbox } = await calls(tx, them)
    await bringInbox(tx, inbox, shared, last?.rung)
    await last?.bring(tx)
    await settleAgain(them, bleeps)
    const newest = entries.at(-1)
    if (newest !== undefined) await them.notes.set(BROUGHT + node, newest.digest, newest.at)
    for (const { at, actor, action, subject, outcome, detail } of entries)
      await them.audit.append({ at, actor, action, subject, outcome, ...(detail ? { detail } : {}) })
    return bleeps.length
  }, within)
}

/** The records of the time apart that are not there yet. */
async function unbroughtAudit(file: RowStore, shared: RowStore, node: string): Promise<readonly AuditRow[]> {
  const all = await file.transact((tx) => tx.audit.since(0, ALL))
  if (all.length === 0) return []
  const last = await shared.transact((them) => them.notes.get(BROUGHT + node))
  return all.slice(all.findIndex(({ digest }) => digest === last) + 1)
}

/** A phone that has signed in, or changed its key, goes on with that; whatever was decided about it there stands. */
async function bringDevices(
  tx: Transaction<Tables>,
  changed: Awaited<ReturnType<typeof changedDevices>>,
): Promise<void> {
  for (const { row, token, doc } of changed) {
    const there = await tx
      .selectFrom('devices')
      .select(['token', 'doc'])
      .where('id', '=', String(row.id))
      .executeTakeFirst()
    if (there === undefined) {
      if (doc === undefined) await addTo(tx, 'devices', [row])
      continue
    }
    const own = {
      ...(there.token === token ? { token: String(row.token) } : {}),
      ...(there.doc === doc ? { doc: String(row.doc), state: String(row.state) } : {}),
    }
    if (Object.keys(own).length > 0)
      await tx.updateTable('devices').set(own).where('id', '=', String(row.id)).execute()
  }
}

/**
 * Under cursors behind all that any node has given: a phone that pulled from another node meanwhile has not seen these, and
 * one that has knows them by their attempts.
 */
async function bringInbox(
  tx: Transaction<Tables>,
  rows: readonly Row[],
  shared: RowStore,
  rung: Rung | undefined,
): Promise<void> {
  if (rows.length > 0)
    await shared.inboxAfter(
      tx,
      // Times have fractions of a millisecond, and PostgreSQL takes no fraction of a cursor.
      Math.ceil(Math.max(...rows.map(({ at, cursor }) => Math.max(Number(at) * 1000, Number(cursor))))),
    )
  // What such a phone had not fetched before lies behind its cursor now. It is moved, not copied: a node that comes and goes
  // would double it each time.
  const missed =
    rung === undefined || rung.devices.size === 0
      ? []
      : await tx
          .deleteFrom('inbox')
          .where('device', 'in', [...rung.devices])
          .where('expires', '>', rung.began)
          .returningAll()
          .execute()
  const told = without('cursor', [...missed.toSorted((a, b) => a.cursor - b.cursor), ...rows])
  await addTo(tx, 'inbox', [
    ...new Map(told.map((row) => [JSON.stringify(Object.entries(row).sort()), row])).values(),
  ])
}

/** What came while we were apart is settled, though settling is past it. */
async function settleAgain(them: Tx, bleeps: readonly Row[]): Promise<void> {
  if (bleeps.length === 0) return
  const first = Math.min(...bleeps.map(({ received }) => Number(received)))
  for (const cursor of SETTLED) {
    const until = markIn(await them.notes.get(cursor))
    if (until !== undefined && first <= until.at) await them.notes.set(cursor, first, first)
  }
}
