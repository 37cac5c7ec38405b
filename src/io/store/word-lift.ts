import type { WordTable } from '../../ports/word-keys.ts'
import { sealOwn } from './own-lift.ts'
import { beginsWith, type Query } from './query.ts'
import { sealBleep } from './reseal.ts'
import { bind } from './subject-keys.ts'

/** Which keys the words of a database need: a note each, by the store's name, with when it was last in use. */
export const NEEDS = 'word-keys/'

/** Words that were stored before there were keys, or while there were none. */

export function wordTable(query: Query): WordTable {
  const { tx, seam } = query
  return {
    async seal(after, to, limit) {
      const { words } = seam
      if (words === undefined) return undefined
      const rows = await tx
        .selectFrom('bleeps')
        .leftJoin('restricted', 'restricted.bleep', 'bleeps.id')
        .select(['bleeps.id', 'bleeps.received', 'bleeps.key', 'bleeps.erased', 'restricted.bleep as apart'])
        .where('bleeps.received', '>=', after)
        .where('bleeps.received', '<', to)
        .orderBy('bleeps.received')
        .limit(limit)
        .execute()
      for (const { id, key, erased, apart } of rows)
        if (key === null && (erased === null || apart !== null)) await sealBleep(query, words, id)
      return rows.length < limit ? undefined : rows.at(-1)?.received
    },
    bind: (bleep, patients) => bind(query, bleep, patients),
    sealOthers: (now, to, limit) => sealOwn(query, now, to, limit),
    async gone(keys) {
      for (const some of chunked(keys))
        await tx
          .insertInto('keys_gone')
          .values(some.map((key) => ({ key })))
          .onConflict((c) => c.doNothing())
          .execute()
    },
    async owes() {
      return (await tx.selectFrom('keys_gone').select('key').limit(1).executeTakeFirst()) !== undefined
    },
    async noteUse(now, before) {
      const { words } = seam
      if (words === undefined) return
      const { store } = words.keys
      if (store !== undefined)
        await tx
          .insertInto('notes')
          .values({ key: NEEDS + store, value: 'true', at: now })
          .onConflict((c) => c.column('key').doUpdateSet({ at: now }))
          .execute()
      await tx.deleteFrom('notes').where(beginsWith('key', NEEDS)).where('at', '<', before).execute()
      words.keys.needs(await needed(query))
    },
  }
}

/** Values that one statement takes. */
const VALUES = 500
const chunked = (keys: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(keys.length / VALUES) }, (_, i) => keys.slice(i * VALUES, (i + 1) * VALUES))

export async function needed({ tx }: Pick<Query, 'tx'>): Promise<readonly string[]> {
  const rows = await tx.selectFrom('notes').select('key').where(beginsWith('key', NEEDS)).execute()
  return rows.map(({ key }) => key.slice(NEEDS.length))
}
