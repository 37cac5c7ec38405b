import type { SubjectRequest } from '../../core/govern/request.ts'
import type { Apart } from '../../core/govern/restrict.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { RequestTable, RestrictedTable } from '../../ports/requests.ts'
import { ownEnd, ownWritten } from './own-keys.ts'
import type { Query } from './query.ts'
import { hidden } from './staff-names.ts'

export function requestTable(query: Query): RequestTable {
  const { tx } = query
  const read = (rows: readonly { doc: string }[]) => query.readAll<SubjectRequest>(FORMS.request, rows)
  return {
    async put(request) {
      const { id, received, due, state } = request
      // The name of the person goes with what is erased, from copies too.
      if (request.about === undefined && !('sealed' in request)) await ownEnd(query, 'request', [id])
      const doc = await ownWritten(
        query,
        FORMS.request,
        ['request', id],
        await hidden(query, FORMS.request, request),
      )
      const row = { at: received, due, state, doc }
      await tx
        .insertInto('requests')
        .values({ id, ...row })
        .onConflict((c) => c.column('id').doUpdateSet(row))
        .execute()
    },
    async get(id) {
      const row = await tx.selectFrom('requests').select('doc').where('id', '=', id).executeTakeFirst()
      return row && (await read([row]))[0]
    },
    async list(limit) {
      const rows = await tx.selectFrom('requests').select('doc').orderBy('at', 'desc').limit(limit).execute()
      return read(rows)
    },
    async open(limit) {
      const rows = await tx
        .selectFrom('requests')
        .select('doc')
        .where('state', 'not in', ['done', 'withdrawn'])
        .orderBy('due')
        .limit(limit)
        .execute()
      return read(rows)
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
