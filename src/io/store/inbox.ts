import { asId, type DeviceId } from '../../core/ids.ts'
import type { InboxRow, InboxTable } from '../../ports/store.ts'
import type { Query } from './query.ts'

export function inboxTable({ tx, seam }: Query): InboxTable {
  return {
    async add(rows) {
      if (rows.length === 0) return
      // A device asks for what lies behind a cursor: a row that is committed later must never have the lower one.
      for (const device of [...new Set(rows.map((row) => row.device))].sort())
        await seam.alone(tx, `inbox/${device}`)
      await tx
        .insertInto('inbox')
        .values(rows.map((row) => ({ ...row, attempt: row.attempt ?? null })))
        .execute()
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
      return rows.map(({ attempt, ...row }) => (attempt === null ? row : { ...row, attempt }) as InboxRow)
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
