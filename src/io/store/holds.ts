import type { Selectable } from 'kysely'
import { asId, type PersonId } from '../../core/ids.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { Erasure, ErasureTable, Hold, HoldTable } from '../../ports/govern.ts'
import type { Query } from './query.ts'
import type { Tables } from './tables.ts'

export function holdTable({ tx }: Query): HoldTable {
  return {
    async add({ id, kind, span, person, reason, by, at }, bleeps) {
      await tx
        .insertInto('holds')
        .values({
          ...{ id, kind, reason, by, at },
          ...{ first: span?.from ?? null, last: span?.to ?? null, person: person ?? null, released: null },
        })
        .execute()
      for (const bleep of new Set(bleeps)) await tx.insertInto('held').values({ hold: id, bleep }).execute()
    },
    async get(id) {
      const row = await tx.selectFrom('holds').selectAll().where('id', '=', id).executeTakeFirst()
      return row && readHold(row)
    },
    async list() {
      return (await tx.selectFrom('holds').selectAll().orderBy('at').orderBy('id').execute()).map(readHold)
    },
    async release(id, at) {
      const done = await tx
        .updateTable('holds')
        .set({ released: at })
        .where('id', '=', id)
        .where('released', 'is', null)
        .executeTakeFirst()
      return Number(done.numUpdatedRows) > 0
    },
    async keeps({ id, received }) {
      const named = tx
        .selectFrom('held')
        .innerJoin('holds', 'holds.id', 'held.hold')
        .select('holds.id')
        .where('held.bleep', '=', id)
        .where('holds.released', 'is', null)
      const spanned = tx
        .selectFrom('holds')
        .select('id')
        .where('kind', '=', 'span')
        .where('released', 'is', null)
        .where('first', '<=', received)
        .where('last', '>', received)
      return [await named.executeTakeFirst(), await spanned.executeTakeFirst()].some((h) => h !== undefined)
    },
  }
}

function readHold({ kind, first, last, person, released, ...row }: Selectable<Tables['holds']>): Hold {
  return {
    ...row,
    kind: kind === 'span' || kind === 'person' ? kind : 'bleeps',
    ...(first === null || last === null ? {} : { span: { from: first, to: last } }),
    ...(person === null ? {} : { person: asId<PersonId>(person) }),
    ...(released === null ? {} : { released }),
  }
}

export function erasureTable({ tx }: Query): ErasureTable {
  const read = (row: { doc: string }): Erasure => readDoc(FORMS.erasure, row.doc)
  return {
    async put(erasure) {
      const { id, at, state } = erasure
      const row = { at, state, doc: writeDoc(FORMS.erasure, erasure) }
      await tx
        .insertInto('erasures')
        .values({ id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute()
    },
    async get(id) {
      const row = await tx.selectFrom('erasures').select('doc').where('id', '=', id).executeTakeFirst()
      return row && read(row)
    },
    async list(state, limit) {
      const rows = await tx
        .selectFrom('erasures')
        .select('doc')
        .where('state', '=', state)
        .orderBy('at')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
  }
}
