import type { Kysely } from 'kysely'

/** Who may come in: accounts that we keep, and the sessions of people. */
export function accounts() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('accounts')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema
        .createTable('sessions')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('subject', 'text')
        .addColumn('until', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('sessions_subject').on('sessions').column('subject').execute()
    },
  }
}
