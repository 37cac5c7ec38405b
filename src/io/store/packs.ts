import type { PackTable } from '../../ports/store.ts'
import type { Query } from './query.ts'

export function packTable({ tx }: Query): PackTable {
  return {
    async add(pack) {
      await tx.insertInto('packs').values(pack).execute()
    },
    async page(kind, from, to, after, limit) {
      const rows = await tx
        .selectFrom('packs')
        .selectAll()
        .where('kind', '=', kind)
        .where('last', '>=', from)
        .where('first', '<', to)
        .where('first', '>', after)
        .orderBy('first')
        .limit(limit)
        .execute()
      return rows.map((row) => ({ ...row, kind }))
    },
  }
}
