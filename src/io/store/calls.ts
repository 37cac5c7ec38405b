import type { Selectable } from 'kysely'
import { asId } from '../../core/ids.ts'
import { readDoc, writeDoc } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { CallRow, CallTable } from '../../ports/measured.ts'
import type { Query } from './query.ts'
import type { Tables } from './tables.ts'

export function callTable({ tx }: Query): CallTable {
  return {
    async add(rows) {
      if (rows.length === 0) return
      await tx
        .insertInto('calls')
        .values(rows.map(({ record, ...row }) => ({ ...row, doc: writeDoc(FORMS.call, record) })))
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
      return rows.map(read)
    },
  }
}

function read(row: Selectable<Tables['calls']>): CallRow {
  return {
    id: row.id,
    feed: asId(row.feed),
    node: asId(row.node),
    arrived: row.arrived,
    record: readDoc(FORMS.call, row.doc),
  }
}
