import type { Kysely } from 'kysely'

/** By which words and people a bleep is found: the words there are, which of them was in a bleep of which instant. */
export function search() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('search_words')
        .addColumn('term', number, (c) => c.primaryKey())
        .addColumn('word', 'text', (c) => c.notNull())
        .execute()
      await schema
        .createTable('search_index')
        .addColumn('term', number, (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .addPrimaryKeyConstraint('search_index_pk', ['term', 'at'])
        .execute()
      await schema
        .createTable('search_again')
        .addColumn('bleep', 'text', (c) => c.primaryKey())
        .execute()
    },
  }
}
