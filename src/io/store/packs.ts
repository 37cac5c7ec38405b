import type { PackTable } from '../../ports/measured.ts'
import type { Query } from './query.ts'

export function packTable({ tx }: Query): PackTable {
  return {
    async add(pack) {
      const { data, ...rest } = pack
      const row = typeof data === 'string' ? { doc: data } : { doc: '', data }
      await tx
        .insertInto('packs')
        .values({ ...rest, ...row })
        .execute()
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
      return rows.map(({ doc, data, ...row }) => ({
        ...row,
        kind,
        data: data === null ? doc : new Uint8Array(data),
      }))
    },
  }
}
