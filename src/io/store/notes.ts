import { FORMS } from '../../core/stored/forms.ts'
import type { NoteTable } from '../../ports/store.ts'
import { ownEnd, ownWritten } from './own-keys.ts'
import { beginsWith, kept, type Query, readJson } from './query.ts'

const getting = kept<{ key: string }, { value: string }>(['key'], (db, { key }) =>
  db.selectFrom('notes').select('value').where('key', '=', key),
)

/** Notes that hold words of a call: one that waits for a second operator. */
export const WORDY_NOTES = 'calls/'

export function noteTable(query: Query): NoteTable {
  const { tx, seam } = query
  return {
    async get(key) {
      const [row] = (await getting(query, { key })).rows
      if (row === undefined) return undefined
      return key.startsWith(WORDY_NOTES) ? opened(query, row.value) : readJson(row.value, seam)
    },
    async set(key, value, at) {
      const text = key.startsWith(WORDY_NOTES) ? await sealed(query, key, value) : JSON.stringify(value)
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

/** What stood there before is not needed any more. Its key is destroyed, so that copies of it cannot be read either. */
async function sealed(query: Query, key: string, value: unknown): Promise<string> {
  await ownEnd(query, 'note', [key])
  return ownWritten(query, FORMS.wordy, ['note', key], { note: value })
}

/** Notes from before there were keys stand in the clear. */
async function opened(query: Query, value: string): Promise<unknown> {
  const stored = readJson(value, query.seam)
  if (Array.isArray(stored)) return stored
  const [doc] = await query.readAll<{ readonly note?: unknown }>(FORMS.wordy, [{ doc: value }])
  return doc?.note
}
