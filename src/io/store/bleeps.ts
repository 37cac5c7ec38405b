import { type Insertable, sql } from 'kysely'
import type { Bleep, Sighting, Stage } from '../../core/bleep/bleep.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { BleepTable } from '../../ports/store.ts'
import { kept, keptRows, type Query } from './query.ts'
import { endWords } from './subject-keys.ts'
import type { Tables } from './tables.ts'

type Columns = Omit<Tables['bleeps'], 'key'>
const COLUMNS = ['id', 'number', 'received', 'stage', 'class', 'kind', 'erased', 'doc'] as const
type SightingColumns = Insertable<Tables['sightings']>
const SIGHTING = ['id', 'bleep', 'feed', 'tap', 'stored', 'doc'] as const

const adding = kept<Tables['bleeps'], unknown>([...COLUMNS, 'key'], (db, row) =>
  db.insertInto('bleeps').values({ ...row }),
)
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
/** Written out: with a parameter in its place the index on those few would not be used. */
const stagedAs = (stage: Stage) =>
  kept<{ before: number; limit: number }, { doc: string }>(['before', 'limit'], (db, { before, limit }) =>
    db
      .selectFrom('bleeps')
      .select('doc')
      .where('stage', '=', sql.lit(stage))
      .where('received', '<=', before)
      .orderBy('received')
      .limit(limit),
  )
const staged = { received: stagedAs('received'), routed: stagedAs('routed'), stuck: stagedAs('stuck') }
const sightingsOf = keptRows<{ id: string }, { doc: string }>(['id'], (db, rows) =>
  db
    .selectFrom('sightings')
    .select('doc')
    .where(
      'bleep',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('stored'),
)

export function bleepTable(query: Query): BleepTable {
  const { tx } = query
  const read = (rows: readonly { doc: string }[]) => query.readAll<Bleep>(FORMS.bleep, rows)
  const readings = (rows: readonly { doc: string }[]) => query.readAll<Sighting>(FORMS.sighting, rows)

  async function columns(bleep: Bleep): Promise<Columns> {
    const doc = await query.written(FORMS.bleep, bleep.id, bleep)
    const { id, number, received, stage, meaning, erased = null } = bleep
    return {
      id,
      number,
      received,
      stage,
      class: meaning?.class ?? null,
      kind: meaning?.kind ?? null,
      erased,
      doc,
    }
  }

  return {
    async add(bleep) {
      const key = query.seam.words?.begin(bleep.id) ?? null
      await adding(query, { ...(await columns(bleep)), key })
      // No key was left: it is sealed when there is one.
      if (key === null) await query.seam.words?.clear(tx, bleep.received)
    },
    async get(id) {
      return (await read((await getting(query, { id })).rows))[0]
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
      await saving(query, await columns(bleep))
      // Words that are kept apart stand under the same key.
      if (bleep.erased !== undefined && bleep.restricted === undefined) await endWords(query, [bleep.id])
    },
    async sight(one) {
      const { id, bleep, feed, tap, begun: stored } = one
      await sighting(query, {
        id,
        bleep,
        feed,
        tap,
        stored,
        doc: await query.written(FORMS.sighting, bleep, one),
      })
    },
    async sightings(bleep) {
      const rows = await tx
        .selectFrom('sightings')
        .select('doc')
        .where('bleep', '=', bleep)
        .orderBy('stored')
        .execute()
      return readings(rows)
    },
    async recent(number, since, limit) {
      return read((await recently(query, { number, since, limit })).rows)
    },
    async inStage(stage, before, limit) {
      return read((await staged[stage](query, { before, limit })).rows)
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
      return read(rows)
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
      return read(rows)
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
      return read(rows)
    },
    async sightingsOf(bleeps) {
      if (bleeps.length === 0) return []
      const ids = bleeps.map((id) => ({ id }))
      return readings((await sightingsOf(query, ids)).rows)
    },
    async resight(bleep, change) {
      const rows = await tx.selectFrom('sightings').select(['id', 'doc']).where('bleep', '=', bleep).execute()
      for (const [one, { id }] of await query.readEach<Sighting, (typeof rows)[number]>(FORMS.sighting, rows))
        await tx
          .updateTable('sightings')
          .set({ doc: await query.written(FORMS.sighting, bleep, change(one)) })
          .where('id', '=', id)
          .execute()
    },
  }
}
