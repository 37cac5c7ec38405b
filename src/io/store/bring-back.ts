import { sql, type Transaction } from 'kysely'
import type { AuditRow } from '../../core/govern/audit.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import { markIn } from '../../ports/page-mark.ts'
import type { Tx } from '../../ports/store.ts'
import { bringCalls, leftOf, twinsOf } from './bring-calls.ts'
import type { Redo } from './bring-decided.ts'
import type { Pace } from './bring-pace.ts'
import { brought } from './carried.ts'
import { changedDevices, emptyApart } from './mirror.ts'
import type { RowStore } from './open.ts'
import { adoptedIn, emptyAdopted } from './open-calls.ts'
import { addTo, allIds, allOf, type Row, without } from './rows.ts'
import type { Tables } from './tables.ts'
import { arrived, putBack, rowsOf, setAside } from './under-way.ts'

const APART = brought('came')
const ALSO = brought('also')
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

/** What a turn is about. */
export interface Turn {
  readonly file: RowStore
  readonly shared: RowStore
  readonly node: string
  readonly rung: Rung
  readonly also: Also
  readonly redo: Redo
}

/**
 * Brings some of what came about apart, the oldest first: calls that nobody is working on at this moment. Meanwhile they
 * are in neither database, and pages are stored in the file. Gives how many came, and whether there are more.
 */
export async function bringSome(
  turn: Turn,
  now: Instant,
  pace: Pace,
): Promise<{ readonly bleeps: number; readonly more: boolean }> {
  const entries = await unbroughtAudit(turn)
  const some = entries.slice(0, pace.bleeps)
  const taken = await take(turn, async (tx) => {
    const { rows } = await sql<{ id: string }>`select id from bleeps where received < ${now - SETTLED_AFTER}
      and not exists (select 1 from attempts join alerts on alerts.id = attempts.alert
        where alerts.bleep = bleeps.id and attempts.owner is not null)
      order by received, id limit ${pace.bleeps}`.execute(tx)
    return rows.map(({ id }) => id)
  })
  if (taken.bleeps + entries.length === 0) return { bleeps: 0, more: false }
  const bleeps = await bring(turn, taken, some, pace.within)
  return { bleeps, more: taken.bleeps === pace.bleeps || entries.length > pace.bleeps }
}

/**
 * Brings all that is left of it into the database of all nodes, once, as what it was: ids, times, answers and who has
 * claimed what stay. Gives how many bleeps came.
 */
export async function bringRest(turn: Turn, pace: Pace): Promise<number> {
  const { file } = turn
  const entries = await unbroughtAudit(turn)
  const taken = await take(turn, (tx) => allIds(tx, 'bleeps'))
  const calls = await file.rows((tx) => allOf(tx, 'calls'))
  return bring(turn, taken, entries, pace.lastWithin, (tx) => addTo(tx, 'calls', calls))
}

/** The file is left, once all that came about in it is in the database of all nodes. */
export async function leave(file: RowStore): Promise<void> {
  await emptyApart(file, [...APART, ...brought('anew')])
  await emptyAdopted(file)
}

/** What is brought beside the calls and has come already, by table. */
export type Also = Map<string, Set<string>>

/** Brings what came beside the calls: phones that have signed in, people, what was decided of somebody's data. */
export async function bringAlso({ file, shared, also }: Turn, within: Millis): Promise<void> {
  const devices = await changedDevices(file)
  const all = await file.rows((tx) =>
    Promise.all(ALSO.map(async (table) => [table, await allOf(tx, table)] as const)),
  )
  const fresh = all.map(
    ([table, rows]) => [table, rows.filter((row) => !also.get(table)?.has(JSON.stringify(row)))] as const,
  )
  if (devices.length === 0 && fresh.every(([, rows]) => rows.length === 0)) return
  await shared.rows(async (tx) => {
    await bringDevices(tx, devices)
    for (const [table, rows] of fresh) await addTo(tx, table, rows)
  }, within)
  for (const [table, rows] of all) also.set(table, new Set(rows.map((row) => JSON.stringify(row))))
}

/** Whether bleeps that a neighbour was to ring are not in the database yet: it may be about to bring them. */
export async function isAwaited(file: RowStore, shared: RowStore): Promise<boolean> {
  const left = await file.rows(async (tx, here) => leftOf(here, await allOf(tx, 'bleeps')))
  if (left.length === 0) return false
  return (await shared.transact((them) => twinsOf(left, them))).length < left.length
}

/** The devices that were rung apart, and since when. */
export interface Rung {
  readonly devices: Set<string>
  began: Instant
}

type Own = ReadonlyMap<string, readonly Row[]>

/** Calls that are on their way: no longer in the file's tables, so that nobody goes on with them here. */
interface Taken {
  readonly bleeps: number
  bring(tx: Transaction<Tables>, them: Tx): ReturnType<Awaited<ReturnType<typeof bringCalls>>>
}

/** @param which gives the bleeps that are taken, with all that belongs to them */
async function take(
  { file, rung, redo }: Turn,
  which: (tx: Transaction<Tables>) => Promise<readonly string[]>,
): Promise<Taken> {
  await putBack(file)
  return file.rows(async (tx, here) => {
    const ids = await which(tx)
    const own = await rowsOf(tx, ids)
    noteRung(rung, own)
    const calls = await bringCalls(here, own, await adoptedIn(tx), redo)
    await setAside(tx, own)
    return { bleeps: ids.length, bring: calls }
  })
}

function noteRung(rung: Rung, own: Own): void {
  for (const { device, at } of own.get('inbox') ?? []) {
    rung.devices.add(String(device))
    rung.began = Math.min(rung.began, Number(at))
  }
}

/**
 * Each turn is one transaction: all of it is brought, or nothing, and then it lies in the file again.
 * @param last in the last turn, what goes with it in the same transaction
 */
async function bring(
  { file, shared, node, rung }: Turn,
  taken: Taken,
  entries: readonly AuditRow[],
  within: Millis,
  last?: (tx: Transaction<Tables>) => Promise<void>,
): Promise<number> {
  try {
    const came = await shared.rows(async (tx, them) => {
      const { bleeps, inbox } = await taken.bring(tx, them)
      await bringInbox(tx, inbox, shared, last && rung)
      await last?.(tx)
      await settleAgain(them, bleeps)
      const newest = entries.at(-1)
      if (newest !== undefined) await them.notes.set(BROUGHT + node, newest.digest, newest.at)
      for (const { at, actor, action, subject, outcome, detail } of entries)
        await them.audit.append({ at, actor, action, subject, outcome, ...(detail ? { detail } : {}) })
      return bleeps.length
    }, within)
    await arrived(file)
    return came
  } catch (error) {
    await putBack(file)
    throw error
  }
}

/** The records of the time apart that are not there yet. */
async function unbroughtAudit({ file, shared, node }: Turn): Promise<readonly AuditRow[]> {
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
