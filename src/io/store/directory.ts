import type { DirectoryTable } from '../../ports/store.ts'
import { type Query, readJson } from './query.ts'
import { hiddenName, shownNames } from './staff-names.ts'

/** Changes to the rota stand in the clear but for who made them: who is on must be known without any key. */
export function directoryTable(query: Query): DirectoryTable {
  const { tx, seam } = query
  return {
    async add({ id, at, by, edit }) {
      await tx
        .insertInto('directory_edits')
        .values({ id, at, by: await hiddenName(query, by), edit: JSON.stringify(edit) })
        .execute()
    },
    async list() {
      const rows = await tx.selectFrom('directory_edits').selectAll().orderBy('at').orderBy('id').execute()
      return (await shownNames(query, rows)).map((row) => ({ ...row, edit: readJson(row.edit, seam) }))
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
