import type { NoteTable } from '../../ports/store.ts'
import { beginsWith, kept, type Query, readJson } from './query.ts'

const getting = kept<{ key: string }, { value: string }>(['key'], (db, { key }) =>
  db.selectFrom('notes').select('value').where('key', '=', key),
)

export function noteTable(query: Query): NoteTable {
  const { tx, seam } = query
  return {
    async get(key) {
      const [row] = (await getting(query, { key })).rows
      return row && readJson(row.value, seam)
    },
    async set(key, value, at) {
      const text = JSON.stringify(value)
      await tx
        .insertInto('notes')
        .values({ key, value: text, at })
        .onConflict((c) => c.column('key').doUpdateSet({ value: text, at }))
        .execute()
    },
    async list(start = '') {
      const rows = await tx
        .selectFrom('notes')
        .selectAll()
        .where(beginsWith('key', start))
        .orderBy('key')
        .execute()
      return rows.map((row) => ({ ...row, value: readJson(row.value, seam) }))
    },
    async forget(key) {
      await tx.deleteFrom('notes').where('key', '=', key).execute()
    },
  }
}
