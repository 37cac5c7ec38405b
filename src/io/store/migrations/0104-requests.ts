import type { Kysely } from 'kysely'

/** What people ask about their own data, and words that are kept apart because they did. */
export function requests() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('requests')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('due', number, (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('requests_due').on('requests').columns(['state', 'due']).execute()
      await schema
        .createTable('restricted')
        .addColumn('bleep', 'text', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
    },
  }
}
