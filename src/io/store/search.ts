import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { asId, type BleepId } from '../../core/ids.ts'
import type { AnyOf, SearchTable } from '../../ports/search.ts'
import type { Query } from './query.ts'

/** Rows counted to tell which group of words is the rarest. */
const COUNTED = 20_000

export function searchTable({ tx }: Query): SearchTable {
  const count = async (words: AnyOf): Promise<number> => {
    const some = tx
      .selectFrom('search_index')
      .select('at')
      .where('term', 'in', words.map(termOf))
      .limit(COUNTED)
    const row = await tx
      .selectFrom(some.as('some'))
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirst()
    return Number(row?.n ?? 0)
  }
  return {
    async put(at, words) {
      const rows = [...new Set(words)].map((word) => ({ term: termOf(word), word }))
      if (rows.length === 0) return
      await tx
        .insertInto('search_words')
        .values(rows)
        .onConflict((c) => c.doNothing())
        .execute()
      await tx
        .insertInto('search_index')
        .values([...new Set(rows.map(({ term }) => term))].map((term) => ({ term, at })))
        .onConflict((c) => c.doNothing())
        .execute()
    },
    async forget(at, words) {
      if (words.length === 0) return
      const terms = words.map(termOf)
      await tx.deleteFrom('search_index').where('term', 'in', terms).where('at', '=', at).execute()
      await tx
        .deleteFrom('search_words')
        .where('term', 'in', terms)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('search_index')
                .select('search_index.term')
                .whereRef('search_index.term', '=', 'search_words.term'),
            ),
          ),
        )
        .execute()
    },
    async words(after, limit) {
      const rows = await tx
        .selectFrom('search_words')
        .selectAll()
        .where('term', '>', after)
        .orderBy('term')
        .limit(limit)
        .execute()
      return rows.map(({ term, word }) => ({ place: term, word }))
    },
    async find(groups, after, to, limit) {
      if (groups.some((words) => words.length === 0)) return []
      const counted = await Promise.all(
        groups.map(async (words) => ({ words, n: groups.length > 1 ? await count(words) : 0 })),
      )
      const [rarest, ...others] = counted.toSorted((a, b) => a.n - b.n)
      if (rarest === undefined) return []
      let query = tx
        .selectFrom('search_index')
        .select('at')
        .distinct()
        .where('term', 'in', rarest.words.map(termOf))
        .where('at', '>', after)
        .where('at', '<', to)
        .orderBy('at')
        .limit(limit)
      for (const { words } of others)
        query = query.where(
          sql<boolean>`exists (select 1 from search_index as other where other.at = search_index.at
            and other.term in (${sql.join(words.map(termOf))}))`,
        )
      return (await query.execute()).map(({ at }) => at)
    },
    async again(limit) {
      const rows = await tx.selectFrom('search_again').select('bleep').limit(limit).execute()
      return rows.map(({ bleep }) => asId<BleepId>(bleep))
    },
    async seen(bleeps) {
      if (bleeps.length === 0) return
      await tx
        .deleteFrom('search_again')
        .where('bleep', 'in', [...bleeps])
        .execute()
    },
  }
}

/** A number in place of a word: 52 bits, which both databases hold whole. */
export function termOf(word: string): number {
  const digest = createHash('sha256').update(word).digest()
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4)
}
