import { type Selectable, sql } from 'kysely'
import { type Attempt, FIRST, turnOf, UNSETTLED } from '../../core/deliver/attempt.ts'
import { type AttemptId, asId } from '../../core/ids.ts'
import { classRank } from '../../core/vocabulary.ts'
import type { AttemptTable, Choice } from '../../ports/store.ts'
import { kept, keptRows, ownerIn, type Query } from './query.ts'
import type { Tables } from './tables.ts'

const EMERGENCY = classRank('emergency')
const ALL: Choice = { atLeast: 'test', held: [], take: () => true }
/** How many times more rows are looked at than may be taken, because some of them wait for a place at their device. */
const LOOK_AHEAD = 4
/** Written out exactly as in the index on what waits. With parameters in its place the index would not be used. */
const WAITING = sql<boolean>`(state = 'queued' or state = 'leased' or state = 'handed')`

type Row = Selectable<Tables['attempts']>

const getting = kept<{ id: string }, Row>(['id'], (db, { id }) =>
  db.selectFrom('attempts').selectAll().where('id', '=', id),
)
type Moved = Pick<Row, 'id' | 'state' | 'due' | 'fault' | 'try' | 'moved'> & { readonly from: string }
const moving = kept<Moved, unknown>(
  ['id', 'state', 'due', 'fault', 'try', 'moved', 'from'],
  (db, { id, from, ...row }) =>
    db.updateTable('attempts').set(row).where('id', '=', id).where('state', '=', from),
)
const COLUMNS = [
  ...(['id', 'key', 'alert', 'person', 'device', 'channel', 'purpose', 'class', 'state', 'try'] as const),
  ...(['created', 'due', 'expires', 'reason', 'fault', 'rank', 'moved', 'owner', 'until'] as const),
]
const adding = keptRows<Row, { id: string }>(COLUMNS, (db, rows) =>
  db
    .insertInto('attempts')
    .values(rows)
    .onConflict((c) => c.column('key').doNothing())
    .returning('id'),
)
const rowsOf = (attempts: readonly Attempt[], held: Pick<Row, 'owner' | 'until'>): readonly Row[] =>
  attempts.map((a) => ({
    ...{ ...a, fault: a.fault ?? null, rank: turnOf(a), moved: a.created },
    ...held,
  }))

export function attemptTable(query: Query): AttemptTable {
  const { tx, seam } = query
  const get = async (id: string): Promise<Attempt | undefined> => {
    const [row] = (await getting(query, { id })).rows
    return row && read(row)
  }
  return {
    async add(attempts) {
      if (attempts.length > 0) await adding(query, rowsOf(attempts, { owner: null, until: null }))
    },
    async addHeld(attempts, { owner, until }) {
      if (attempts.length === 0) return []
      await seam.present(owner)
      const { rows } = await adding(query, rowsOf(attempts, { owner, until }))
      return rows.map(({ id }) => asId<AttemptId>(id))
    },
    get,
    async claim({ owner, now, until, limit }, { atLeast, held, take } = ALL) {
      await seam.present(owner)
      const free = tx
        .selectFrom('attempts')
        .selectAll()
        .where(WAITING)
        .where('due', '<=', now)
        .where(seam.unclaimed('attempts', now))
      const least = atLeast === 'first' ? FIRST : classRank(atLeast)
      const asked = least === 0 ? free : free.where('rank', '>=', least)
      const open =
        held.length === 0
          ? asked
          : asked.where((w) => w.or([w('device', 'not in', [...held]), w('rank', '>=', EMERGENCY)]))
      const found = await seam
        .claim(
          open
            .orderBy('rank', 'desc')
            .orderBy('due')
            .limit(limit * LOOK_AHEAD),
        )
        .execute()
      const rows = found.filter((row) => row.rank >= EMERGENCY || take(asId(row.device))).slice(0, limit)
      if (rows.length > 0) {
        await tx
          .updateTable('attempts')
          .set({ state: 'leased', owner, until, moved: now })
          .where(
            'id',
            'in',
            rows.map((row) => row.id),
          )
          .execute()
      }
      return rows.map((row) => ({ ...read(row), state: 'leased' as const }))
    },
    async hasten(devices, now) {
      if (devices.length === 0) return
      await tx
        .updateTable('attempts')
        .set({ due: now })
        .where('state', '=', 'queued')
        .where('due', '>', now)
        .where('fault', 'is not', null)
        .where('fault', '!=', 'provider-busy')
        .where('device', 'in', [...devices])
        .execute()
    },
    async setBack(now) {
      // By as much as is known of the step; once, because what was moved lies in the future no more.
      const earlier = (column: 'due' | 'created') =>
        sql<number>`case when ${sql.ref(column)} > ${now} then ${now} else ${sql.ref(column)} end`
      await tx
        .updateTable('attempts')
        .set(({ ref }) => ({
          due: earlier('due'),
          created: earlier('created'),
          expires: sql<number>`${ref('expires')} - (${ref('moved')} - ${now})`,
          moved: now,
        }))
        .where('state', 'in', UNSETTLED)
        .where('moved', '>', now)
        .execute()
    },
    async letGo(ids, owner) {
      if (ids.length === 0) return
      await tx
        .updateTable('attempts')
        .set({ owner: null, until: null })
        .where('id', 'in', [...ids])
        .where('owner', '=', owner)
        .where('state', 'in', UNSETTLED)
        .execute()
    },
    async release(ownersOf) {
      await tx
        .updateTable('attempts')
        .set({ owner: null, until: null })
        .where('state', 'in', UNSETTLED)
        .where(ownerIn(ownersOf))
        .execute()
    },
    async save({ id, state, due, fault, try: tries }, from, at) {
      const moved = { state, due, fault: fault ?? null, try: tries, moved: at }
      if (state !== 'queued') {
        const { numAffectedRows } = await moving(query, { id, from, ...moved })
        return Number(numAffectedRows) > 0
      }
      const done = await tx
        .updateTable('attempts')
        .set({ ...moved, owner: null, until: null })
        .where('id', '=', id)
        .where('state', '=', from)
        .executeTakeFirst()
      return Number(done.numUpdatedRows) > 0
    },
    async waiting(now) {
      const { count, oldest } = await tx
        .selectFrom('attempts')
        .select(({ fn }) => [fn.countAll().as('count'), fn.min('due').as('oldest')])
        .where(WAITING)
        .where('due', '<=', now)
        .where(seam.unclaimed('attempts', now))
        .executeTakeFirstOrThrow()
      return { count: Number(count), ...(oldest === null ? {} : { oldest: Number(oldest) }) }
    },
    async ofAlert(alert) {
      const rows = await tx
        .selectFrom('attempts')
        .selectAll()
        .where('alert', '=', alert)
        .orderBy('created')
        .execute()
      return rows.map(read)
    },
  }
}

function read(row: Row): Attempt {
  const { rank: _, moved: __, owner: ___, until: ____, fault, ...attempt } = row
  return (fault === null ? attempt : { ...attempt, fault }) as Attempt
}
