import type { DirectoryTable } from '../../ports/store.ts'
import { type Query, readJson } from './query.ts'

export function directoryTable({ tx }: Query): DirectoryTable {
  return {
    async add({ id, at, by, edit }) {
      await tx
        .insertInto('directory_edits')
        .values({ id, at, by, edit: JSON.stringify(edit) })
        .execute()
    },
    async list() {
      const rows = await tx.selectFrom('directory_edits').selectAll().orderBy('at').orderBy('id').execute()
      return rows.map((row) => ({ ...row, edit: readJson(row.edit) }))
    },
    async replace(id, edit) {
      await tx
        .updateTable('directory_edits')
        .set({ edit: JSON.stringify(edit) })
        .where('id', '=', id)
        .execute()
    },
  }
}
