import type { Bleep, Sighting } from '../../core/bleep/bleep.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { BleepTable } from '../../ports/store.ts'
import type { Query } from './query.ts'

export function bleepTable({ tx }: Query): BleepTable {
  const read = (row: { doc: string }): Bleep => readDoc(FORMS.bleep, row.doc)
  return {
    async add(bleep) {
      await tx.insertInto('bleeps').values(columns(bleep)).execute()
    },
    async get(id) {
      const row = await tx.selectFrom('bleeps').select('doc').where('id', '=', id).executeTakeFirst()
      return row && read(row)
    },
    async save(bleep) {
      await tx.updateTable('bleeps').set(columns(bleep)).where('id', '=', bleep.id).execute()
    },
    async sight(sighting) {
      const { id, bleep, feed, tap, begun } = sighting
      await tx
        .insertInto('sightings')
        .values({ id, bleep, feed, tap, stored: begun, doc: writeDoc(FORMS.sighting, sighting) })
        .execute()
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
      const rows = await tx
        .selectFrom('bleeps')
        .select('doc')
        .where('number', '=', number)
        .where('received', '>=', since)
        .orderBy('received', 'desc')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async inStage(stage, receivedBefore, limit) {
      const rows = await tx
        .selectFrom('bleeps')
        .select('doc')
        .where('stage', '=', stage)
        .where('received', '<=', receivedBefore)
        .orderBy('received')
        .limit(limit)
        .execute()
      return rows.map(read)
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
