import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import type { Alert, AlertEvent } from '../../core/alert/alert.ts'
import { type AlertId, asId } from '../../core/ids.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { OPEN_PHASES, type OpenPhase, type Phase } from '../../core/vocabulary.ts'
import type { AlertTable } from '../../ports/store.ts'
import { kept, type Query } from './query.ts'
import type { Tables } from './tables.ts'

const COLUMNS = ['id', 'bleep', 'version', 'phase', 'class', 'raised', 'waiting', 'doc'] as const
const adding = kept<Columns, unknown>(COLUMNS, (db, row) => db.insertInto('alerts').values({ ...row }))
const saving = kept<Columns & { expected: number }, unknown>(
  [...COLUMNS, 'expected'],
  (db, { id, expected, ...row }) =>
    db.updateTable('alerts').set(row).where('id', '=', id).where('version', '=', expected),
)
const getting = kept<{ id: string }, { doc: string }>(['id'], (db, { id }) =>
  db.selectFrom('alerts').select('doc').where('id', '=', id),
)
const ofBleep = kept<{ bleep: string }, { doc: string }>(['bleep'], (db, { bleep }) =>
  db.selectFrom('alerts').select('doc').where('bleep', '=', bleep).orderBy('raised', 'desc').limit(1),
)
const eventsOf = kept<{ alert: string }, { doc: string }>(['alert'], (db, { alert }) =>
  db.selectFrom('alert_events').select('doc').where('alert', '=', alert).orderBy('seq'),
)
type EventColumns = { alert: string; seq: number; at: number; kind: string; doc: string }
const appending = kept<EventColumns, unknown>(['alert', 'seq', 'at', 'kind', 'doc'], (db, row) =>
  db.insertInto('alert_events').values({ ...row }),
)

type Columns = Tables['alerts']

/** A phase each, because their index is in order within one: asked for all at once, every open alert is read and sorted. */
function ofEachOpen<Of extends { unionAll(more: Of): Of }>(query: (phase: OpenPhase) => Of): Of {
  return OPEN_PHASES.map(query).reduce((all, one) => all.unionAll(one))
}

export function alertTable(query: Query): AlertTable {
  const { tx } = query
  const read = (rows: readonly { doc: string }[]) => query.readAll<Alert>(FORMS.alert, rows)

  async function columns(alert: Alert): Promise<Columns> {
    const { id, bleep, revision: version, phase, plan, raised, waiting = null } = alert
    const doc = await query.written(FORMS.alert, bleep, alert)
    return { id, bleep, version, phase, class: plan.class, raised, waiting, doc }
  }

  /** Events are numbered by the version they led to, so two writers can never both append. */
  async function append({ id, bleep, revision }: Alert, events: readonly AlertEvent[]): Promise<void> {
    const rows: EventColumns[] = []
    for (const [i, event] of events.entries()) {
      const { at, kind } = event
      const doc = await query.written(FORMS.event, bleep, event)
      rows.push({ alert: id, seq: revision - events.length + i + 1, at, kind, doc })
    }
    const [first] = rows
    if (first === undefined) return
    if (rows.length === 1) await appending(query, first)
    else await tx.insertInto('alert_events').values(rows).execute()
  }

  return {
    async add(alert, events) {
      await adding(query, await columns(alert))
      await append(alert, events)
    },
    async save(alert, expected, events) {
      const done = await saving(query, { ...(await columns(alert)), expected })
      if (Number(done.numAffectedRows) === 0) return false
      await append(alert, events)
      // All its words are there when it closes. What somebody writes later passes here again.
      if (alert.phase === 'closed' && events.length > 0)
        await tx
          .insertInto('search_again')
          .values({ bleep: alert.bleep })
          .onConflict((c) => c.doNothing())
          .execute()
      return true
    },
    async get(id) {
      return (await read((await getting(query, { id })).rows))[0]
    },
    async byBleep(bleep) {
      return (await read((await ofBleep(query, { bleep })).rows))[0]
    },
    async list({ phase, since, before, limit }) {
      const newest = (of?: Phase) => {
        let chosen = tx
          .selectFrom('alerts')
          .select(['raised', 'id', 'doc'])
          .orderBy('raised', 'desc')
          .orderBy('id', 'desc')
          .limit(limit)
        if (before !== undefined)
          chosen = chosen.where((e) => e(e.refTuple('raised', 'id'), '<', e.tuple(before.at, before.id)))
        if (of !== undefined) chosen = chosen.where('phase', '=', of)
        if (since !== undefined) chosen = chosen.where('raised', '>=', since)
        return tx.selectFrom(chosen.as('newest')).selectAll()
      }
      if (phase !== 'open') return read(await newest(phase).execute())
      const open = ofEachOpen(newest)
      return read(await open.orderBy('raised', 'desc').orderBy('id', 'desc').limit(limit).execute())
    },
    async events(id) {
      return query.readAll<AlertEvent>(FORMS.event, (await eventsOf(query, { alert: id })).rows)
    },
    async rewrite(id, change) {
      const rows = await tx
        .selectFrom('alert_events')
        .select(['seq', 'doc'])
        .where('alert', '=', id)
        .orderBy('seq')
        .execute()
      const owner = await tx.selectFrom('alerts').select('bleep').where('id', '=', id).executeTakeFirst()
      for (const [event, { seq }] of await query.readEach<AlertEvent, (typeof rows)[number]>(
        FORMS.event,
        rows,
      )) {
        const anew = change(event)
        if (isDeepStrictEqual(anew, event)) continue
        await tx
          .updateTable('alert_events')
          .set({ doc: await query.written(FORMS.event, owner?.bleep ?? '', anew) })
          .where('alert', '=', id)
          .where('seq', '=', seq)
          .execute()
      }
    },
    async page(mark, limit) {
      const rows = await tx
        .selectFrom('alerts')
        .select('doc')
        .where((e) => e(e.refTuple('raised', 'id'), '>', e.tuple(mark.at, mark.id)))
        .orderBy('raised')
        .orderBy('id')
        .limit(limit)
        .execute()
      return read(rows)
    },
    async withoutFuture(limit, behind) {
      const oldest = (phase: OpenPhase) => {
        let chosen = tx
          .selectFrom('alerts')
          .select(['raised', 'id', 'waiting'])
          .where('phase', '=', phase)
          .orderBy('raised')
          .orderBy('id')
          .limit(limit)
        if (behind !== undefined)
          chosen = chosen.where((e) => e(e.refTuple('raised', 'id'), '>', e.tuple(behind.at, behind.id)))
        return tx.selectFrom(chosen.as('oldest')).selectAll()
      }
      const open = ofEachOpen(oldest)
      const rows = await tx
        .selectFrom(open.orderBy('raised').orderBy('id').limit(limit).as('open'))
        .leftJoin('due', 'due.alert', 'open.id')
        .select(['open.id', 'open.raised', 'open.waiting'])
        .select((e) => e.fn.count<number>('due.name').as('due'))
        .groupBy(['open.raised', 'open.id', 'open.waiting'])
        .orderBy('open.raised')
        .orderBy('open.id')
        .execute()
      const lost = rows.filter(({ waiting, due }) => waiting === null && Number(due) === 0)
      const last = rows.length < limit ? undefined : rows.at(-1)
      return {
        lost: lost.map(({ id }) => asId<AlertId>(id)),
        ...(last && { next: { at: last.raised, id: last.id } }),
      }
    },
    async countByPhase() {
      const rows = await tx
        .selectFrom('alerts')
        .select(['phase', sql<number>`count(*)`.as('n')])
        .where('phase', 'in', OPEN_PHASES)
        .groupBy('phase')
        .execute()
      const n = (phase: string) => Number(rows.find((row) => row.phase === phase)?.n ?? 0)
      return { ringing: n('ringing'), exhausted: n('exhausted'), covered: n('covered') }
    },
    async oldestOpen() {
      const row = await tx
        .selectFrom('alerts')
        .select('raised')
        .where('phase', 'in', OPEN_PHASES)
        .orderBy('raised')
        .limit(1)
        .executeTakeFirst()
      return row?.raised
    },
  }
}
