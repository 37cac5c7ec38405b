import { randomBytes } from 'node:crypto'
import { sql, type Transaction } from 'kysely'
import type { Bleep, Sighting } from '../../core/bleep/bleep.ts'
import { UNSETTLED } from '../../core/deliver/attempt.ts'
import { asId, type BleepId, type SightingId, uuid7 } from '../../core/ids.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { Tx } from '../../ports/store.ts'
import { decidedBy, decidedHere, isDecided, type Redo, redoThere } from './bring-decided.ts'
import { addTo, type Row, without } from './rows.ts'
import type { Tables } from './tables.ts'

/** Two nodes hear one transmission no further apart than this. */
const SKEW: Millis = 5 * SECOND
const AROUND: Millis = MINUTE
const LOOK_AT = 200

type Own = ReadonlyMap<string, readonly Row[]>
type Adopted = ReadonlyMap<unknown, number>

interface Came {
  readonly bleeps: readonly Row[]
  /** What phones are to hear of them. */
  readonly inbox: readonly Row[]
}

/**
 * Reads what is needed of these rows where they lie; what it gives brings them, inside a transaction there.
 * @param adopted calls that were open there before, at which revision
 * @param redo does there what was decided here of a call that was gone on with there as well
 */
export async function bringCalls(
  here: Tx,
  own: Own,
  adopted: Adopted,
  redo: Redo,
): Promise<(tx: Transaction<Tables>, them: Tx) => Promise<Came>> {
  const of = (table: string) => own.get(table) ?? []
  const ids = of('bleeps').map(({ id }) => asId<BleepId>(String(id)))
  // Read here: what becomes another bleep's is sealed under the key of that.
  const seen = Map.groupBy(await here.bleeps.sightingsOf(ids), ({ bleep }): BleepId => bleep)
  const bleepsHere = new Map(
    (await Promise.all(ids.map((id) => here.bleeps.get(id)))).map((one) => [one?.id, one]),
  )
  const left = await leftOf(here, of('bleeps'))
  const decided = await decidedHere(here, of('alerts'), of('alert_events'), adopted)
  const adoptedBleeps = new Set(of('alerts').flatMap(({ id, bleep }) => (adopted.has(id) ? [bleep] : [])))

  return async (tx, them) => {
    const known = new Set<unknown>()
    const held = await knownBleeps(tx, ids)
    for (const id of held) known.add(id)
    const theirs = Map.groupBy(await them.bleeps.sightingsOf(held), ({ bleep }): BleepId => bleep)
    const there = new Set([...theirs.values()].flat().map((one) => one.id))
    for (const id of held) {
      const its = (seen.get(id) ?? []).filter((one) => !there.has(one.id))
      // Most calls that we went on with have not been heard again: nothing is read or written of them.
      const twin = its.length > 0 ? await them.bleeps.get(id) : undefined
      if (twin === undefined) continue
      if (!areOne(its, theirs.get(id) ?? []) && !adoptedBleeps.has(id))
        await ringAnew(bleepsHere.get(id), them, its)
      else await addReadings(them, twin, its)
    }
    for (const { id, twin } of await twinsOf(left, them)) {
      if (!known.has(id)) await addReadings(them, twin, seen.get(id) ?? [])
      known.add(id)
    }
    const bleeps = of('bleeps').flatMap((row) => (known.has(row.id) ? [] : [asReceived(row)]))
    const fresh = new Set(bleeps.map((row) => row.id))
    const { further, outvoted } = await furtherHere(tx, of('alerts'), adopted)
    const alerts = of('alerts').filter((row) => fresh.has(row.bleep) || further.has(row.id))
    const raised = new Set(alerts.map((row) => row.id))
    const ofAlert = (table: string) => of(table).filter((row) => raised.has(row.alert))
    const ofBleep = (table: string) => of(table).filter((row) => fresh.has(row.bleep))
    await addTo(tx, 'bleeps', bleeps)
    for (const {
      bleep: { id },
    } of left) {
      const again = fresh.has(id) ? await them.bleeps.get(id) : undefined
      if (again?.stage !== 'received') continue
      // What it was taken to mean is sealed with its words, and goes as well.
      const { meaning: _, ...bleep } = again
      await them.bleeps.save(bleep)
    }
    await addTo(tx, 'sightings', ofBleep('sightings'))
    await addTo(tx, 'asks', ofBleep('asks'))
    const settled = await settledOf(tx, [...further])
    for (const row of alerts.filter(({ id }) => further.has(id)))
      await giveWay(tx, row, of('bleeps').find(({ id }) => id === row.bleep)?.key)
    await addTo(tx, 'alerts', alerts)
    for (const table of ['alert_events', 'filings', 'filing_sends', 'due'] as const)
      await addTo(tx, table, ofAlert(table))
    const tries = ofAlert('attempts')
    await addTo(
      tx,
      'attempts',
      tries.map((row) => (isOpen(row) ? (settled.get(row.id) ?? row) : row)),
    )
    await settleAttempts(
      tx,
      of('attempts').filter(({ alert }) => adopted.has(alert) && !raised.has(alert)),
    )
    await addTo(tx, 'hops', without('seq', ofBleep('hops')))
    for (const id of outvoted) await redoThere(them, asId(String(id)), decided.get(id) ?? [], redo)
    return { bleeps, inbox: ofAlert('inbox') }
  }
}

/**
 * Calls that both hold, because of the commit that made one nothing was heard, because both nodes heard it, or because we
 * went on with it. `further`: they have come further here, or as far, and their phones were rung from here. What somebody
 * decided counts before what merely happened. One with which nothing happened here stands as it does there. `outvoted`: of
 * which something was decided on both sides. It stands as it does there, where people may be at work on it.
 */
async function furtherHere(
  tx: Transaction<Tables>,
  alerts: readonly Row[],
  adopted: Adopted,
): Promise<{ readonly further: ReadonlySet<unknown>; readonly outvoted: readonly unknown[] }> {
  const further = new Set<unknown>()
  const outvoted: unknown[] = []
  const ids = alerts.map(({ id }) => String(id))
  const rows =
    ids.length === 0
      ? []
      : await tx.selectFrom('alerts').select(['id', 'version', 'doc']).where('id', 'in', ids).execute()
  const there = new Map<unknown, (typeof rows)[number]>(rows.map((row) => [row.id, row]))
  for (const { id, version, doc } of alerts) {
    const other = there.get(id)
    const then = adopted.get(id)
    if (other === undefined || then === version) continue
    const by = decidedBy(doc, other.doc)
    if (then === other.version) further.add(id)
    else if (isDecided(doc, then) && isDecided(other.doc, then)) outvoted.push(id)
    else if (by > 0 || (by === 0 && Number(version) >= other.version)) further.add(id)
  }
  return { further, outvoted }
}

const isOpen = ({ state }: Row): boolean => UNSETTLED.some((one) => one === state)

/** What came there of attempts of these calls: one that ended after our copy of it must not be tried again. */
async function settledOf(
  tx: Transaction<Tables>,
  alerts: readonly unknown[],
): Promise<ReadonlyMap<unknown, Row>> {
  if (alerts.length === 0) return new Map()
  const rows = await tx
    .selectFrom('attempts')
    .selectAll()
    .where('alert', 'in', alerts.map(String))
    .where('state', 'not in', [...UNSETTLED])
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What came of attempts that were under way when we went apart: it must not be tried again there. */
async function settleAttempts(tx: Transaction<Tables>, rows: readonly Row[]): Promise<void> {
  const settled = rows.filter((row) => !isOpen(row))
  if (settled.length === 0) return
  const open = await tx
    .selectFrom('attempts')
    .select('id')
    .where(
      'id',
      'in',
      settled.map(({ id }) => String(id)),
    )
    .where('state', 'in', [...UNSETTLED])
    .execute()
  const ids = new Set<unknown>(open.map(({ id }) => id))
  for (const { id, state, fault, moved } of settled.filter((row) => ids.has(row.id)))
    await tx
      .updateTable('attempts')
      .set({
        ...{ state: String(state), fault: fault === null ? null : String(fault), moved: Number(moved) },
        ...{ owner: null, until: null },
      })
      .where('id', '=', String(id))
      .where('state', 'in', [...UNSETTLED])
      .execute()
}

/** The call as it stands there gives way to ours, with all that was to come of it. */
async function giveWay(tx: Transaction<Tables>, { id, bleep, ...row }: Row, key: unknown): Promise<void> {
  const alert = String(id)
  for (const table of ['inbox', 'attempts', 'due', 'alert_events'] as const)
    await tx.deleteFrom(table).where('alert', '=', alert).execute()
  const columns = Object.entries(row).map(([name, value]) => sql`${sql.ref(name)} = ${value}`)
  await sql`update alerts set ${sql.join(columns)} where id = ${alert}`.execute(tx)
  if (typeof key !== 'string') return
  // Its words came sealed under our keys.
  const there = await tx.selectFrom('bleeps').select('key').where('id', '=', String(bleep)).executeTakeFirst()
  const names = [...new Set([...key.split(' '), ...(there?.key?.split(' ') ?? [])])].join(' ')
  await tx.updateTable('bleeps').set({ key: names }).where('id', '=', String(bleep)).execute()
}

async function knownBleeps(tx: Transaction<Tables>, ids: readonly BleepId[]): Promise<readonly BleepId[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('bleeps')
    .select('id')
    .where('id', 'in', [...ids])
    .execute()
  return rows.map(({ id }) => asId<BleepId>(id))
}

/** Readings of a bleep that both hold, as far as they are not known there. */
async function addReadings(them: Tx, bleep: Bleep, readings: readonly Sighting[]): Promise<void> {
  const there = new Set((await them.bleeps.sightings(bleep.id)).map((one) => one.id))
  const fresh = readings.filter(({ id }) => !there.has(id))
  for (const one of fresh) await them.bleeps.sight({ ...one, bleep: bleep.id })
  if (fresh.length > 0) await them.bleeps.save({ ...bleep, sightings: bleep.sightings + 1 })
}

/**
 * Two nodes gave one id to different calls, because one had heard a page that the other had not. Ours has rung under an id
 * that is another's there: it comes as a call of its own, and rings, in doubt once more.
 */
async function ringAnew(own: Bleep | undefined, them: Tx, readings: readonly Sighting[]): Promise<void> {
  if (own === undefined) return
  const { meaning: _, review: __, ...bleep } = own
  const name = () => uuid7(own.received, randomBytes(10))
  const fresh = asId<BleepId>(name())
  await them.bleeps.add({ ...bleep, id: fresh, stage: 'received' })
  for (const one of readings) await them.bleeps.sight({ ...one, id: asId<SightingId>(name()), bleep: fresh })
}

/** Whether some of these readings and some of those are of one transmission, as far as their times allow. */
const areOne = (some: readonly Sighting[], others: readonly Sighting[]): boolean =>
  some.some((one) =>
    others.some(
      (other) => earliestOf(one) <= latestOf(other) + SKEW && earliestOf(other) <= latestOf(one) + SKEW,
    ),
  )
const earliestOf = ({ page, since = page.lastByte }: Sighting): Instant => since
const latestOf = ({ page }: Sighting): Instant => page.lastByte

/** A bleep and how it was heard here. */
interface Left {
  readonly bleep: Bleep
  readonly readings: readonly Sighting[]
}

/** Bleeps that were not raised here, because a neighbour was to ring them or has. */
export async function leftOf(here: Tx, rows: readonly Row[]): Promise<readonly Left[]> {
  const ids = rows
    .map(({ doc }) => readDoc<Bleep>(FORMS.bleep, String(doc)))
    .filter(({ stage, review }) => stage === 'received' || review?.reason === 'rung-elsewhere')
    .map(({ id }) => id)
  const readings = Map.groupBy(await here.bleeps.sightingsOf(ids), ({ bleep }): BleepId => bleep)
  const found = await Promise.all(ids.map((id) => here.bleeps.get(id)))
  return found.flatMap((bleep) => (bleep ? { bleep, readings: readings.get(bleep.id) ?? [] } : []))
}

/** Those of them that the neighbour has brought, with its own. */
export async function twinsOf(
  left: readonly Left[],
  them: Tx,
): Promise<readonly { readonly id: BleepId; readonly twin: Bleep }[]> {
  const pairs: { id: BleepId; twin: Bleep }[] = []
  for (const {
    bleep: { id, number, received, page },
    readings,
  } of left) {
    const from = Math.min(received, ...readings.map(earliestOf))
    const around = await them.bleeps.recent(number, from - AROUND, LOOK_AT)
    const alike = around.filter((other) => other.page.text === page.text)
    const theirs = Map.groupBy(
      await them.bleeps.sightingsOf(alike.map((one) => one.id)),
      ({ bleep }): BleepId => bleep,
    )
    const twin = alike.find((other) => areOne(readings, theirs.get(other.id) ?? []))
    if (twin) pairs.push({ id, twin })
  }
  return pairs
}

/** What a neighbour was to ring and has not brought rings after all: in doubt, ring. */
function asReceived(row: Row): Row {
  const { review, meaning: _, ...bleep } = readDoc<Bleep>(FORMS.bleep, String(row.doc))
  if (review?.reason !== 'rung-elsewhere') return row
  const doc = writeDoc(FORMS.bleep, { ...bleep, stage: 'received' })
  return { ...row, stage: 'received', class: null, kind: null, doc }
}
