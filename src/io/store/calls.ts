import { asId } from '../../core/ids.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { CallRow, CallTable } from '../../ports/measured.ts'
import { dayOf, ownWritten } from './own-keys.ts'
import type { Query } from './query.ts'

export function callTable(query: Query): CallTable {
  const { tx } = query
  const sealed = async ({ record, ...row }: CallRow) => ({
    ...row,
    doc: await ownWritten(query, FORMS.call, ['calls', dayOf(row.arrived)], record),
  })
  return {
    async add(rows) {
      if (rows.length === 0) return
      const docs = []
      for (const row of rows) docs.push(await sealed(row))
      await tx
        .insertInto('calls')
        .values(docs)
        .onConflict((c) => c.column('id').doNothing())
        .execute()
    },
    async page(mark, to, limit) {
      const rows = await tx
        .selectFrom('calls')
        .selectAll()
        .where((e) => e(e.refTuple('arrived', 'id'), '>', e.tuple(mark.at, mark.id)))
        .where('arrived', '<', to)
        .orderBy('arrived')
        .orderBy('id')
        .limit(limit)
        .execute()
      const records = await query.readEach<CallRow['record'], (typeof rows)[number]>(FORMS.call, rows)
      return records.map(([record, { id, feed, node, arrived }]) => ({
        ...{ id, feed: asId(feed), node: asId(node), arrived, record },
      }))
    },
  }
}
