import { sql, type Transaction } from 'kysely'
import type { Bleep } from '../../core/bleep/bleep.ts'
import { asId, type BleepId } from '../../core/ids.ts'
import { MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { markIn } from '../../ports/page-mark.ts'
import type { Tx } from '../../ports/store.ts'
import { brought } from './carried.ts'
import { changedDevices, emptyApart } from './mirror.ts'
import type { RowStore } from './open.ts'
import { addTo, allOf, type Row, without } from './rows.ts'
import type { Tables } from './tables.ts'

const APART = brought('came')
const ALSO = brought('also')

/** All of it is brought in one transaction, or nothing. */
const WITHIN: Millis = 20 * SECOND
const ALL = 1_000_000
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
 * Brings what came about apart into the database of all nodes, once, as what it was: ids, times, answers and who has
 * claimed what stay. Then it leaves the file. Gives how many bleeps came.
 */
export async function bringBack(file: RowStore, shared: RowStore, node: string): Promise<number> {
  const own = await file.rows(async (tx) => {
    const all = new Map<string, readonly Row[]>()
    for (const table of [...APART, ...ALSO]) all.set(table, await allOf(tx, table))
    return all
  })
  const devices = await changedDevices(file)
  const audit = await file.transact((tx) => tx.audit.since(0, ALL))
  const of = (table: string) => own.get(table) ?? []
  // Read here: what becomes another bleep's is sealed under the key of that.
  const readings = await file.transact((tx) =>
    tx.bleeps.sightingsOf(of('bleeps').map(({ id }) => asId<BleepId>(String(id)))),
  )
  const left = await leftOf(file, of('bleeps'))
  const seen = Map.groupBy(readings, ({ bleep }): string => bleep)

  const came = await shared.rows(async (tx, them) => {
    const known = await knownBleeps(tx, of('bleeps'))
    for (const { id, twin } of await heardThere(left, them)) {
      known.add(id)
      const there = new Set((await them.bleeps.sightings(twin.id)).map((one) => one.id))
      for (const one of seen.get(id) ?? [])
        if (!there.has(one.id)) await them.bleeps.sight({ ...one, bleep: twin.id })
      await them.bleeps.save({ ...twin, sightings: twin.sightings + 1 })
    }
    const bleeps = of('bleeps').flatMap((row) => (known.has(row.id) ? [] : [asReceived(row)]))
    const fresh = new Set(bleeps.map((row) => row.id))
    const further = await furtherHere(tx, of('alerts'))
    const alerts = of('alerts').filter((row) => fresh.has(row.bleep) || further.has(row.id))
    const raised = new Set(alerts.map((row) => row.id))
    const ofAlert = (table: string) => of(table).filter((row) => raised.has(row.alert))
    await bringDevices(tx, devices)
    await addTo(tx, 'bleeps', bleeps)
    for (const { id } of left) {
      const again = fresh.has(id) ? await them.bleeps.get(id) : undefined
      if (again?.stage !== 'received') continue
      // What it was taken to mean is sealed with its words, and goes as well.
      const { meaning: _, ...bleep } = again
      await them.bleeps.save(bleep)
    }
    await addTo(
      tx,
      'sightings',
      of('sightings').filter((row) => fresh.has(row.bleep)),
    )
    await addTo(
      tx,
      'asks',
      of('asks').filter((row) => fresh.has(row.bleep)),
    )
    for (const row of alerts.filter(({ id }) => further.has(id))) await giveWay(tx, row)
    await addTo(tx, 'alerts', alerts)
    for (const table of ['alert_events', 'filings', 'filing_sends', 'due', 'attempts'] as const)
      await addTo(tx, table, ofAlert(table))
    await bringInbox(tx, ofAlert('inbox'), shared)
    await addTo(
      tx,
      'hops',
      without(
        'seq',
        of('hops').filter((row) => fresh.has(row.bleep)),
      ),
    )
    await addTo(tx, 'calls', of('calls'))
    for (const table of ALSO) await addTo(tx, table, of(table))
    await settleAgain(them, bleeps)
    const last = audit.at(-1)
    if (last === undefined || (await them.notes.get(BROUGHT + node)) === last.digest) return bleeps.length
    await them.notes.set(BROUGHT + node, last.digest, last.at)
    for (const { at, actor, action, subject, outcome, detail } of audit)
      await them.audit.append({ at, actor, action, subject, outcome, ...(detail ? { detail } : {}) })
    return bleeps.length
  }, WITHIN)
  await emptyApart(file, [...APART, ...brought('anew')])
  return came
}

/**
 * Calls that both hold, because of the commit that made one nothing was heard, and that have come further here, or as far:
 * their phones were rung from here.
 */
async function furtherHere(tx: Transaction<Tables>, alerts: readonly Row[]): Promise<ReadonlySet<unknown>> {
  const ids = alerts.map(({ id }) => String(id))
  if (ids.length === 0) return new Set()
  const there = await tx.selectFrom('alerts').select(['id', 'version']).where('id', 'in', ids).execute()
  const version = new Map<unknown, number>(there.map((row) => [row.id, row.version]))
  return new Set(
    ids.filter((id) => Number(alerts.find((row) => row.id === id)?.version) >= (version.get(id) ?? Infinity)),
  )
}

/** The call as it stands there gives way to ours, with all that was to come of it. */
async function giveWay(tx: Transaction<Tables>, { id, bleep: _, ...row }: Row): Promise<void> {
  const alert = String(id)
  for (const table of ['inbox', 'attempts', 'due', 'alert_events'] as const)
    await tx.deleteFrom(table).where('alert', '=', alert).execute()
  const columns = Object.entries(row).map(([name, value]) => sql`${sql.ref(name)} = ${value}`)
  await sql`update alerts set ${sql.join(columns)} where id = ${alert}`.execute(tx)
}

async function knownBleeps(tx: Transaction<Tables>, bleeps: readonly Row[]): Promise<Set<unknown>> {
  if (bleeps.length === 0) return new Set()
  const rows = await tx
    .selectFrom('bleeps')
    .select('id')
    .where(
      'id',
      'in',
      bleeps.map(({ id }) => String(id)),
    )
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Two nodes hear one transmission no further apart than this. */
const SKEW: Millis = 5 * SECOND
const AROUND: Millis = MINUTE
const LOOK_AT = 200

/** Bleeps that were not raised here, because a neighbour was to ring them or has. */
async function leftOf(file: RowStore, rows: readonly Row[]): Promise<readonly Bleep[]> {
  const ids = rows
    .map(({ doc }) => readDoc<Bleep>(FORMS.bleep, String(doc)))
    .filter(({ stage, review }) => stage === 'received' || review?.reason === 'rung-elsewhere')
    .map(({ id }) => id)
  const found = await file.transact((tx) => Promise.all(ids.map((id) => tx.bleeps.get(id))))
  return found.filter((bleep) => bleep !== undefined)
}

/** Those of them that the neighbour has brought, with its own. */
async function heardThere(left: readonly Bleep[], them: Tx): Promise<readonly { id: string; twin: Bleep }[]> {
  const pairs: { id: string; twin: Bleep }[] = []
  for (const { id, number, received, page } of left) {
    const around = await them.bleeps.recent(number, received - AROUND, LOOK_AT)
    const twin = around.find(
      (other) =>
        other.id !== id &&
        other.page.text === page.text &&
        Math.abs(other.page.firstByte - page.firstByte) <= SKEW,
    )
    if (twin) pairs.push({ id, twin })
  }
  return pairs
}

/** Whether bleeps that a neighbour was to ring are not in the database yet: it may be about to bring them. */
export async function isAwaited(file: RowStore, shared: RowStore): Promise<boolean> {
  const left = await leftOf(file, await file.rows((tx) => allOf(tx, 'bleeps')))
  if (left.length === 0) return false
  return (await shared.transact((them) => heardThere(left, them))).length < left.length
}

/** What a neighbour was to ring and has not brought rings after all: in doubt, ring. */
function asReceived(row: Row): Row {
  const { review, meaning: _, ...bleep } = readDoc<Bleep>(FORMS.bleep, String(row.doc))
  if (review?.reason !== 'rung-elsewhere') return row
  const doc = writeDoc(FORMS.bleep, { ...bleep, stage: 'received' })
  return { ...row, stage: 'received', class: null, kind: null, doc }
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
async function bringInbox(tx: Transaction<Tables>, rows: readonly Row[], shared: RowStore): Promise<void> {
  if (rows.length === 0) return
  await shared.inboxAfter(
    tx,
    // Times have fractions of a millisecond, and PostgreSQL takes no fraction of a cursor.
    Math.ceil(Math.max(...rows.map(({ at, cursor }) => Math.max(Number(at) * 1000, Number(cursor))))),
  )
  const devices = [...new Set(rows.map(({ device }) => String(device)))]
  const began = Math.min(...rows.map(({ at }) => Number(at)))
  // What such a phone had not fetched before lies behind its cursor now.
  const missed = await tx
    .selectFrom('inbox')
    .selectAll()
    .where('device', 'in', devices)
    .where('expires', '>', began)
    .orderBy('cursor')
    .execute()
  await addTo(tx, 'inbox', without('cursor', [...missed, ...rows]))
}

/** What came while we were apart is settled, though settling is past it. */
async function settleAgain(them: Tx, bleeps: readonly Row[]): Promise<void> {
  const first = Math.min(...bleeps.map(({ received }) => Number(received)))
  for (const cursor of SETTLED) {
    const until = markIn(await them.notes.get(cursor))
    if (until !== undefined && first <= until.at) await them.notes.set(cursor, first, first)
  }
}
