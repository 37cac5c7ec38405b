import type { Insertable } from 'kysely'
import type { Bleep, Sighting } from '../../core/bleep/bleep.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { BleepTable } from '../../ports/store.ts'
import { kept, type Query } from './query.ts'
import type { Tables } from './tables.ts'

type Columns = ReturnType<typeof columns>
const COLUMNS = ['id', 'number', 'received', 'stage', 'class', 'kind', 'erased', 'doc'] as const
type SightingColumns = Insertable<Tables['sightings']>
const SIGHTING = ['id', 'bleep', 'feed', 'tap', 'stored', 'doc'] as const

const adding = kept<Columns, unknown>(COLUMNS, (db, row) => db.insertInto('bleeps').values({ ...row }))
const getting = kept<{ id: string }, { doc: string }>(['id'], (db, { id }) =>
  db.selectFrom('bleeps').select('doc').where('id', '=', id),
)
const saving = kept<Columns, unknown>(COLUMNS, (db, { id, ...row }) =>
  db.updateTable('bleeps').set(row).where('id', '=', id),
)
const sighting = kept<SightingColumns, unknown>(SIGHTING, (db, row) =>
  db.insertInto('sightings').values({ ...row }),
)
const recently = kept<{ number: string; since: number; limit: number }, { doc: string }>(
  ['number', 'since', 'limit'],
  (db, { number, since, limit }) =>
    db
      .selectFrom('bleeps')
      .select('doc')
      .where('number', '=', number)
      .where('received', '>=', since)
      .orderBy('received', 'desc')
      .limit(limit),
)
const staged = kept<{ stage: string; before: number; limit: number }, { doc: string }>(
  ['stage', 'before', 'limit'],
  (db, { stage, before, limit }) =>
    db
      .selectFrom('bleeps')
      .select('doc')
      .where('stage', '=', stage)
      .where('received', '<=', before)
      .orderBy('received')
      .limit(limit),
)

export function bleepTable(query: Query): BleepTable {
  const { tx } = query
  const read = (row: { doc: string }): Bleep => readDoc(FORMS.bleep, row.doc)
  return {
    async add(bleep) {
      await adding(query, columns(bleep))
    },
    async get(id) {
      const [row] = (await getting(query, { id })).rows
      return row && read(row)
    },
    async count() {
      const row = await tx
        .selectFrom('bleeps')
        .select((e) => [e.fn.countAll<number>().as('n'), e.fn.max('received').as('newest')])
        .executeTakeFirst()
      const newest = row?.newest ?? undefined
      return { bleeps: Number(row?.n ?? 0), ...(newest === undefined ? {} : { newest: Number(newest) }) }
    },
    async save(bleep) {
      await saving(query, columns(bleep))
    },
    async sight(one) {
      const { id, bleep, feed, tap, begun: stored } = one
      await sighting(query, { id, bleep, feed, tap, stored, doc: writeDoc(FORMS.sighting, one) })
    },
    async sightings(bleep) {
      const rows = await tx
        .selectFrom('sightings')
        .select('doc')
        .where('bleep', '=', bleep)
        .orderBy('stored')
        .execute()
      return rows.map((row) => readDoc<Sighting>(FORMS.sighting, row.doc))
    },
    async recent(number, since, limit) {
      return (await recently(query, { number, since, limit })).rows.map(read)
    },
    async inStage(stage, before, limit) {
      return (await staged(query, { stage, before, limit })).rows.map(read)
    },
    async between(from, to, limit) {
      const rows = await tx
        .selectFrom('bleeps')
        .select('doc')
        .where('received', '>=', from)
        .where('received', '<', to)
        .orderBy('received')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async page(mark, to, limit) {
      const rows = await tx
        .selectFrom('bleeps')
        .select('doc')
        .where((e) => e(e.refTuple('received', 'id'), '>', e.tuple(mark.at, mark.id)))
        .where('received', '<', to)
        .orderBy('received')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async ofNumber(number, mark, to, limit) {
      const rows = await tx
        .selectFrom('bleeps')
        .select('doc')
        .where('number', '=', number)
        .where('received', '>=', mark.at)
        .where((e) => e(e.refTuple('received', 'id'), '>', e.tuple(mark.at, mark.id)))
        .where('received', '<', to)
        .orderBy('received')
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async sightingsOf(bleeps) {
      if (bleeps.length === 0) return []
      const rows = await tx
        .selectFrom('sightings')
        .select('doc')
        .where('bleep', 'in', [...bleeps])
        .orderBy('stored')
        .execute()
      return rows.map((row) => readDoc<Sighting>(FORMS.sighting, row.doc))
    },
    async resight(bleep, change) {
      const rows = await tx.selectFrom('sightings').select(['id', 'doc']).where('bleep', '=', bleep).execute()
      for (const { id, doc } of rows)
        await tx
          .updateTable('sightings')
          .set({ doc: writeDoc(FORMS.sighting, change(readDoc(FORMS.sighting, doc))) })
          .where('id', '=', id)
          .execute()
    },
  }
}

function columns(bleep: Bleep) {
  return {
    id: bleep.id,
    number: bleep.number,
    received: bleep.received,
    stage: bleep.stage,
    class: bleep.meaning?.class ?? null,
    kind: bleep.meaning?.kind ?? null,
    erased: bleep.erased ?? null,
    doc: writeDoc(FORMS.bleep, bleep),
  }
}
