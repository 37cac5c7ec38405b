import type { Selectable } from 'kysely'
import { asId, type DeviceId } from '../../core/ids.ts'
import type { InboxRow, InboxTable } from '../../ports/store.ts'
import { keptRows, type Query } from './query.ts'
import type { Tables } from './tables.ts'

type Columns = Omit<Selectable<Tables['inbox']>, 'cursor'>
const COLUMNS = ['device', 'person', 'alert', 'attempt', 'purpose', 'at', 'expires'] as const
const adding = keptRows<Columns, unknown>(COLUMNS, (db, rows) => db.insertInto('inbox').values(rows))

export function inboxTable(query: Query): InboxTable {
  const { tx, seam } = query
  return {
    async add(rows) {
      if (rows.length === 0) return
      // A device asks for the rows after its cursor, so a row that is committed later must have the higher cursor.
      for (const device of [...new Set(rows.map((row) => row.device))].sort())
        await seam.alone(tx, `inbox/${device}`)
      await adding(
        query,
        rows.map((row) => ({ ...row, attempt: row.attempt ?? null })),
      )
    },
    async since(device, cursor, limit) {
      const rows = await tx
        .selectFrom('inbox')
        .selectAll()
        .where('device', '=', device)
        .where('cursor', '>', cursor)
        .orderBy('cursor')
        .limit(limit)
        .execute()
      return rows.map(read)
    },
    async ofAttempt(device, attempt) {
      const rows = await tx
        .selectFrom('inbox')
        .selectAll()
        .where('device', '=', device)
        .where('attempt', '=', attempt)
        .execute()
      return rows.map(read)
    },
    async told(cursor, limit) {
      const rows = tx.selectFrom('inbox').select(['cursor', 'device'])
      const found = await (cursor === 'last'
        ? rows.orderBy('cursor', 'desc').limit(1)
        : rows.where('cursor', '>', cursor).orderBy('cursor').limit(limit)
      ).execute()
      return found.map((row) => ({ cursor: row.cursor, device: asId<DeviceId>(row.device) }))
    },
  }
}

function read({ attempt, ...row }: Selectable<Tables['inbox']>): InboxRow {
  return (attempt === null ? row : { ...row, attempt }) as InboxRow
}
