import type { SubjectRequest } from '../../core/govern/request.ts'
import type { Apart } from '../../core/govern/restrict.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { RequestTable, RestrictedTable } from '../../ports/requests.ts'
import type { Query } from './query.ts'

export function requestTable({ tx }: Query): RequestTable {
  const read = (row: { doc: string }): SubjectRequest => readDoc(FORMS.request, row.doc)
  return {
    async put(request) {
      const { id, received, due, state } = request
      const row = { at: received, due, state, doc: writeDoc(FORMS.request, request) }
      await tx
        .insertInto('requests')
        .values({ id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute()
    },
    async get(id) {
      const row = await tx.selectFrom('requests').select('doc').where('id', '=', id).executeTakeFirst()
      return row && read(row)
    },
    async list(limit) {
      const rows = await tx.selectFrom('requests').select('doc').orderBy('at', 'desc').limit(limit).execute()
      return rows.map(read)
    },
    async open(limit) {
      const rows = await tx
        .selectFrom('requests')
        .select('doc')
        .where('state', 'not in', ['done', 'withdrawn'])
        .orderBy('due')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
  }
}

export function restrictedTable(query: Query): RestrictedTable {
  const { tx } = query
  return {
    async put(bleep, at, apart) {
      await tx
        .insertInto('restricted')
        .values({ bleep, at, doc: await query.written(FORMS.apart, bleep, apart) })
        .onConflict((c) => c.doNothing())
        .execute()
    },
    async get(bleep) {
      const row = await tx
        .selectFrom('restricted')
        .select('doc')
        .where('bleep', '=', bleep)
        .executeTakeFirst()
      return row && (await query.readAll<Apart>(FORMS.apart, [row]))[0]
    },
    async forget(bleep) {
      await tx.deleteFrom('restricted').where('bleep', '=', bleep).execute()
    },
  }
}
