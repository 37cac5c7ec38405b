import type { Listed } from '../../core/directory/listed.ts'
import { asId, type PersonId } from '../../core/ids.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { ListedRow, ListedTable } from '../../ports/listed.ts'
import { asStored, digestOf, isDigest, ownEnd, ownKey } from './own-keys.ts'
import type { Query } from './query.ts'
import type { Tables } from './tables.ts'

type Columns = Tables['listed']
const PERSON = [
  ...(['key', 'person', 'name', 'staff_group', 'phone', 'active', 'leaves', 'left_at'] as const),
  ...(['login', 'doc'] as const),
]

/**
 * Users and groups of the trust's own directory; names and what it gave are sealed under a key for each. Telephones are
 * not: who is rung does not depend on any key, and whose name cannot be read goes by their id.
 */
export function listedTable(query: Query): ListedTable {
  const { tx } = query
  const rowsOf = async (rows: readonly Columns[]) => (await opened(query, rows)).map(rowOf)
  return {
    async get(key) {
      const rows = await tx.selectFrom('listed').selectAll().where('key', '=', key).execute()
      return (await rowsOf(rows))[0]
    },
    async put(row) {
      const { key, ...values } = await sealedColumns(query, row)
      await tx
        .insertInto('listed')
        .values({ key, ...values })
        .onConflict((c) => c.column('key').doUpdateSet(values))
        .execute()
    },
    async find({ login, external, kind, source }) {
      const stored = await asStored(query)
      let found = tx.selectFrom('listed').selectAll()
      if (login !== undefined) found = found.where('login', 'in', stored(login))
      if (external !== undefined) found = found.where('external', 'in', stored(external))
      if (kind !== undefined) found = found.where('kind', '=', kind)
      if (source !== undefined) found = found.where('source', '=', source)
      return rowsOf(await found.orderBy('key').execute())
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
      return (await opened(query, rows)).map(personOf)
    },
    async page(kind, offset, limit) {
      const of = tx.selectFrom('listed').where('kind', '=', kind)
      const rows = await of.selectAll().orderBy('key').limit(limit).offset(offset).execute()
      const { total } = await of
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow()
      return { rows: await rowsOf(rows), total: Number(total) }
    },
    async of(person) {
      return rowsOf(await tx.selectFrom('listed').selectAll().where('person', '=', person).execute())
    },
    async leave(keys, at) {
      for (const key of keys)
        await tx.updateTable('listed').set({ left_at: at, changed: at }).where('key', '=', key).execute()
    },
    async forget(key) {
      await ownEnd(query, 'listed', [key])
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

type Named = Pick<Columns, 'person' | 'name' | 'login' | 'doc'> & Partial<Pick<Columns, 'external'>>
interface Opened {
  readonly name: string
  readonly login: string
  readonly external?: string
  readonly doc?: string
}

/** Rows with what was sealed in its columns again. */
async function opened<Row extends Named>(query: Query, rows: readonly Row[]): Promise<readonly Row[]> {
  const sealed = rows.filter(({ login }) => isDigest(login))
  const found = await query.readEach<Opened, Row>(FORMS.listed, sealed)
  const openedOf = new Map(found.map(([one, row]) => [row, one]))
  return rows.map((row) => {
    if (!isDigest(row.login)) return row
    const { name = row.person, login = '', external = null, doc = '{}' } = openedOf.get(row) ?? {}
    return { ...row, name, login, external, doc }
  })
}

/** A row as it is stored; in the clear where no key can be had. */
export async function sealedColumns(query: Query, row: ListedRow): Promise<Columns> {
  const plain = columns(row)
  const { key, name, login, external, doc } = row
  const under = await ownKey(query, 'listed', key)
  const digest = digestOf(query, login)
  if (under === undefined || digest === undefined) return plain
  const sealed = query.seam.words?.under(under, FORMS.listed, { name, login, external, doc })
  if (sealed === undefined) return plain
  const known = external === undefined ? null : (digestOf(query, external) ?? null)
  return { ...plain, name: '', login: digest, external: known, doc: sealed }
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

export function rowOf(row: Columns): ListedRow {
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
