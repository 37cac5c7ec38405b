import type { Listed } from '../../core/directory/listed.ts'
import { asId, type PersonId } from '../../core/ids.ts'
import type { ListedRow, ListedTable } from '../../ports/listed.ts'
import type { Query } from './query.ts'
import type { Tables } from './tables.ts'

type Columns = Tables['listed']
const PERSON = ['key', 'person', 'name', 'staff_group', 'phone', 'active', 'leaves', 'left_at'] as const

export function listedTable({ tx }: Query): ListedTable {
  return {
    async get(key) {
      const row = await tx.selectFrom('listed').selectAll().where('key', '=', key).executeTakeFirst()
      return row && rowOf(row)
    },
    async put(row) {
      const { key, ...values } = columns(row)
      await tx
        .insertInto('listed')
        .values({ key, ...values })
        .onConflict((c) => c.column('key').doUpdateSet(values))
        .execute()
    },
    async find({ login, external, kind, source }) {
      let query = tx.selectFrom('listed').selectAll()
      if (login !== undefined) query = query.where('login', '=', login)
      if (external !== undefined) query = query.where('external', '=', external)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      if (source !== undefined) query = query.where('source', '=', source)
      return (await query.orderBy('key').execute()).map(rowOf)
    },
    async people(after, limit) {
      const rows = await tx
        .selectFrom('listed')
        .select(PERSON)
        .where('kind', '=', 'user')
        .where('key', '>', after)
        .orderBy('key')
        .limit(limit)
        .execute()
      return rows.map(personOf)
    },
    async page(kind, offset, limit) {
      const of = tx.selectFrom('listed').where('kind', '=', kind)
      const rows = await of.selectAll().orderBy('key').limit(limit).offset(offset).execute()
      const { total } = await of
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return { rows: rows.map(rowOf), total: Number(total) }
    },
    async leave(keys, at) {
      for (const key of keys)
        await tx.updateTable('listed').set({ left_at: at, changed: at }).where('key', '=', key).execute()
    },
    async forget(key) {
      await tx.deleteFrom('listed').where('key', '=', key).execute()
    },
    async mark() {
      const row = await tx
        .selectFrom('listed')
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max('changed').as('changed')])
        .executeTakeFirstOrThrow()
      return `${row.count}/${row.changed}`
    },
  }
}

function personOf(row: Pick<Columns, (typeof PERSON)[number]>): Listed {
  const { key, person, name, staff_group, phone, active, leaves, left_at } = row
  return {
    ...{ key, person: asId<PersonId>(person), name, staffGroup: staff_group, active: active === 1 },
    ...(phone === null ? {} : { phone }),
    ...(leaves === null ? {} : { leaves }),
    ...(left_at === null ? {} : { left: left_at }),
  }
}

function rowOf(row: Columns): ListedRow {
  return {
    ...personOf(row),
    source: row.source === 'ldap' ? 'ldap' : 'scim',
    kind: row.kind === 'group' ? 'group' : 'user',
    ...{ login: row.login, changed: row.changed, doc: row.doc },
    ...(row.external === null ? {} : { external: row.external }),
  }
}

function columns(row: ListedRow): Columns {
  const { key, source, kind, login, person, name, changed, doc } = row
  return {
    ...{ key, source, kind, login, person, name, changed, doc, staff_group: row.staffGroup },
    ...{ external: row.external ?? null, phone: row.phone ?? null, active: row.active ? 1 : 0 },
    ...{ leaves: row.leaves ?? null, left_at: row.left ?? null },
  }
}
