import { sql } from 'kysely'
import { mirrored } from './carried.ts'
import type { RowStore } from './open.ts'
import { addTo, allOf, empty, type Row } from './rows.ts'

/** Of the notes, those that hold for this hospital wherever they lie. */
const NOTES = ['roll-call/', 're-page-delay/', 'alike-key']

/** Devices as they were when they were last copied: by this it shows what was changed in the copy. */
const MIRRORED =
  'create table if not exists mirrored (id text primary key, token text not null, doc text not null)'

/**
 * Copies what paging needs from the database of all nodes into the file that takes over from it; only what has changed is
 * written. What was deleted there is deleted here.
 */
export async function mirror(from: RowStore, to: RowStore): Promise<void> {
  const there = await from.rows(async (tx) => ({
    tables: await Promise.all(mirrored.map(([table]) => allOf(tx, table))),
    notes: (await allOf(tx, 'notes')).filter(({ key }) =>
      NOTES.some((start) => String(key).startsWith(start)),
    ),
  }))
  await to.rows(async (tx) => {
    await sql.raw(MIRRORED).execute(tx)
    let changed = false
    for (const [at, [table, key]] of [...mirrored, ['notes', 'key'] as const].entries()) {
      const rows = there.tables[at] ?? there.notes
      const here = await allOf(tx, table)
      const old = new Map(here.map((row) => [row[key], JSON.stringify(row)]))
      const now = new Set(rows.map((row) => row[key]))
      const fresh = rows.filter((row) => old.get(row[key]) !== JSON.stringify(ordered(row, here[0] ?? row)))
      const gone = [...old.keys()].filter((id) => !now.has(id))
      for (const id of [...gone, ...fresh.map((row) => row[key])])
        await sql`delete from ${sql.table(table)} where ${sql.ref(key)} = ${id}`.execute(tx)
      await addTo(tx, table, fresh)
      changed ||= table === 'devices' && gone.length + fresh.length > 0
    }
    if (!changed) return
    await sql`delete from mirrored`.execute(tx)
    await sql`insert into mirrored select id, token, doc from devices`.execute(tx)
  })
}

/** The columns of a row in the order of another. */
const ordered = (row: Row, like: Row): Row =>
  Object.fromEntries(Object.keys(like).map((column) => [column, row[column]]))

/** What was changed in the copy since: devices that are new, and those that are not as they were. */
export async function changedDevices(
  store: RowStore,
): Promise<readonly { readonly row: Row; readonly token: unknown; readonly doc: unknown }[]> {
  return store.rows(async (tx) => {
    await sql.raw(MIRRORED).execute(tx)
    const was = await sql<Row>`select * from mirrored`.execute(tx)
    const known = new Map(was.rows.map((row) => [row.id, row]))
    return (await allOf(tx, 'devices')).flatMap((row) => {
      const old = known.get(row.id)
      const same = old !== undefined && old.doc === row.doc && old.token === row.token
      return same ? [] : [{ row, token: old?.token, doc: old?.doc }]
    })
  })
}

/** Everything of the time apart leaves the file; the copy of what paging needs stays. */
export async function emptyApart(
  store: RowStore,
  tables: readonly Parameters<typeof empty>[1][],
): Promise<void> {
  await store.rows(async (tx) => {
    for (const table of tables.toReversed()) await empty(tx, table)
  })
}
