import type { Selectable } from 'kysely'
import { asId, type PersonId } from '../../core/ids.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { Erasure, ErasureTable, Hold, HoldTable } from '../../ports/govern.ts'
import type { Query } from './query.ts'
import { hiddenName, namedDoc, shownNames } from './staff-names.ts'
import type { Tables } from './tables.ts'

export function holdTable(query: Query): HoldTable {
  const { tx } = query
  const read = async (rows: readonly Selectable<Tables['holds']>[]) =>
    (await shownNames(query, rows)).map(readHold)
  return {
    async add({ id, kind, span, person, reason, by, at }, bleeps) {
      await tx
        .insertInto('holds')
        .values({
          ...{ id, kind, reason, at, by: await hiddenName(query, by) },
          ...{ first: span?.from ?? null, last: span?.to ?? null, person: person ?? null, released: null },
        })
        .execute()
      for (const bleep of new Set(bleeps)) await tx.insertInto('held').values({ hold: id, bleep }).execute()
    },
    async get(id) {
      return (await read(await tx.selectFrom('holds').selectAll().where('id', '=', id).execute()))[0]
    },
    async list() {
      return read(await tx.selectFrom('holds').selectAll().orderBy('at').orderBy('id').execute())
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

export function erasureTable(query: Query): ErasureTable {
  const { tx } = query
  const read = (rows: readonly { doc: string }[]) => query.readAll<Erasure>(FORMS.erasure, rows)
  return {
    async put(erasure) {
      const { id, at, state } = erasure
      const row = { at, state, doc: await namedDoc(query, FORMS.erasure, erasure) }
      await tx
        .insertInto('erasures')
        .values({ id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute()
    },
    async get(id) {
      const row = await tx.selectFrom('erasures').select('doc').where('id', '=', id).executeTakeFirst()
      return row && (await read([row]))[0]
    },
    async list(state, limit) {
      const rows = await tx
        .selectFrom('erasures')
        .select('doc')
        .where('state', '=', state)
        .orderBy('at')
        .limit(limit)
        .execute()
      return read(rows)
    },
  }
}
