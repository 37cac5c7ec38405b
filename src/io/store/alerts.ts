import { sql } from 'kysely'
import type { Alert, AlertEvent } from '../../core/alert/alert.ts'
import { type AlertId, asId } from '../../core/ids.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { OPEN_PHASES } from '../../core/vocabulary.ts'
import type { AlertTable } from '../../ports/store.ts'
import { kept, type Query } from './query.ts'

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
type EventColumns = { alert: string; seq: number; at: number; kind: string; doc: string }
const appending = kept<EventColumns, unknown>(['alert', 'seq', 'at', 'kind', 'doc'], (db, row) =>
  db.insertInto('alert_events').values({ ...row }),
)

export function alertTable(query: Query): AlertTable {
  const { tx } = query
  const read = (row: { doc: string }): Alert => readDoc(FORMS.alert, row.doc)

  /** Events are numbered by the version they led to, so two writers can never both append. */
  async function append(id: AlertId, after: number, events: readonly AlertEvent[]): Promise<void> {
    const rows = events.map((event, i) => ({
      alert: id,
      seq: after + i + 1,
      at: event.at,
      kind: event.kind,
      doc: writeDoc(FORMS.event, event),
    }))
    const [first] = rows
    if (first === undefined) return
    if (rows.length === 1) await appending(query, first)
    else await tx.insertInto('alert_events').values(rows).execute()
  }

  return {
    async add(alert, events) {
      await adding(query, columns(alert))
      await append(alert.id, alert.revision - events.length, events)
    },
    async save(alert, expected, events) {
      const done = await saving(query, { ...columns(alert), expected })
      if (Number(done.numAffectedRows) === 0) return false
      await append(alert.id, alert.revision - events.length, events)
      // Its words are all there when it closes; what somebody writes later comes this way again.
      if (alert.phase === 'closed' && events.length > 0)
        await tx
          .insertInto('search_again')
          .values({ bleep: alert.bleep })
          .onConflict((c) => c.doNothing())
          .execute()
      return true
    },
    async get(id) {
      const [row] = (await getting(query, { id })).rows
      return row && read(row)
    },
    async byBleep(bleep) {
      const row = await tx
        .selectFrom('alerts')
        .select('doc')
        .where('bleep', '=', bleep)
        .orderBy('raised', 'desc')
        .executeTakeFirst()
      return row && read(row)
    },
    async list({ phase, since, before, limit }) {
      let query = tx
        .selectFrom('alerts')
        .select('doc')
        .orderBy('raised', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
      if (before !== undefined)
        query = query.where((e) => e(e.refTuple('raised', 'id'), '<', e.tuple(before.at, before.id)))
      if (phase === 'open') query = query.where('phase', 'in', OPEN_PHASES)
      else if (phase !== undefined) query = query.where('phase', '=', phase)
      if (since !== undefined) query = query.where('raised', '>=', since)
      return (await query.execute()).map(read)
    },
    async events(id) {
      const rows = await tx
        .selectFrom('alert_events')
        .select('doc')
        .where('alert', '=', id)
        .orderBy('seq')
        .execute()
      return rows.map((row) => readDoc<AlertEvent>(FORMS.event, row.doc))
    },
    async rewrite(id, change) {
      const rows = await tx
        .selectFrom('alert_events')
        .select(['seq', 'doc'])
        .where('alert', '=', id)
        .orderBy('seq')
        .execute()
      for (const { seq, doc } of rows) {
        const anew = writeDoc(FORMS.event, change(readDoc(FORMS.event, doc)))
        if (anew === doc) continue
        await tx
          .updateTable('alert_events')
          .set({ doc: anew })
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
      return rows.map(read)
    },
    async withoutFuture(limit) {
      const rows = await tx
        .selectFrom('alerts')
        .select('alerts.id')
        .where('phase', 'in', OPEN_PHASES)
        .where('waiting', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('due').select('due.name').whereRef('due.alert', '=', 'alerts.id'))),
        )
        .limit(limit)
        .execute()
      return rows.map((row) => asId<AlertId>(row.id))
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
  }
}

type Columns = ReturnType<typeof columns>

function columns(alert: Alert) {
  return {
    id: alert.id,
    bleep: alert.bleep,
    version: alert.revision,
    phase: alert.phase,
    class: alert.plan.class,
    raised: alert.raised,
    waiting: alert.waiting ?? null,
    doc: writeDoc(FORMS.alert, alert),
  }
}
