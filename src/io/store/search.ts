import { createHash, type KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { asId, type BleepId } from '../../core/ids.ts'
import type { AnyOf, SearchTable } from '../../ports/search.ts'
import { StoreFault } from '../../ports/store.ts'
import type { Query } from './query.ts'
import { keyedDigest, openWith, sealUnder } from './words.ts'

/** Rows counted to tell which group of words is the rarest. */
const COUNTED = 20_000

/** Set while the rows of an index that was made under another key are taken away. */
export const OUTDATED = 'search-outdated'

export function searchTable({ tx, seam }: Query): SearchTable {
  const key = seam.words?.index
  const isAway = key === undefined && seam.words?.keys.due === true
  const term = (word: string): number => termOf(word, key)
  const count = async (words: AnyOf): Promise<number> => {
    const some = tx
      .selectFrom('search_index')
      .select('at')
      .where('term', 'in', words.map(term))
      .limit(COUNTED)
    const row = await tx
      .selectFrom(some.as('some'))
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirst()
    return Number(row?.n ?? 0)
  }
  return {
    async put(at, words) {
      const rows = [...new Set(words)].map((word) => ({
        term: term(word),
        word: key === undefined ? word : sealUnder(key, word),
      }))
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
      const terms = words.map(term)
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
      if (isAway) throw new StoreFault('word-keys-lost')
      const rows = await tx
        .selectFrom('search_words')
        .selectAll()
        .where('term', '>', after)
        .orderBy('term')
        .limit(limit)
        .execute()
      return rows.map(({ term, word }) => ({
        place: term,
        word: key === undefined ? word : (openWith(key, word) ?? ''),
      }))
    },
    async find(groups, after, to, limit) {
      if (isAway) throw new StoreFault('word-keys-lost')
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
        .where('term', 'in', rarest.words.map(term))
        .where('at', '>', after)
        .where('at', '<', to)
        .orderBy('at')
        .limit(limit)
      for (const { words } of others)
        query = query.where(
          sql<boolean>`exists (select 1 from search_index as other where other.at = search_index.at
            and other.term in (${sql.join(words.map(term))}))`,
        )
      return (await query.execute()).map(({ at }) => at)
    },
    async outdated(limit) {
      if (isAway) return true
      const note = await tx.selectFrom('notes').select('key').where('key', '=', OUTDATED).executeTakeFirst()
      if (note === undefined) return false
      const first = await tx
        .selectFrom('search_index')
        .selectAll()
        .orderBy('term')
        .orderBy('at')
        .limit(limit)
        .execute()
      const of = first[0]?.term
      const last = first.findLast((row) => row.term === of)
      if (of !== undefined && last !== undefined) {
        await tx.deleteFrom('search_index').where('term', '=', of).where('at', '<=', last.at).execute()
        return true
      }
      const words = await tx.selectFrom('search_words').select('term').limit(limit).execute()
      if (words.length > 0) {
        const terms = words.map((row) => row.term)
        await tx.deleteFrom('search_words').where('term', 'in', terms).execute()
        return true
      }
      await tx.deleteFrom('notes').where('key', '=', OUTDATED).execute()
      return false
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

/** A number in place of a word: 52 bits, which both databases hold whole. Without a key it tells the word to who guesses it. */
export function termOf(word: string, key?: KeyObject): number {
  const digest = key === undefined ? createHash('sha256').update(word).digest() : keyedDigest(key, word)
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) >> 4)
}
