import type { Kysely } from 'kysely'

/** People and groups as the trust's own directory lists them. */
export function listed() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('listed')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('source', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('login', 'text', (c) => c.notNull())
        .addColumn('external', 'text')
        .addColumn('person', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('staff_group', 'text', (c) => c.notNull())
        .addColumn('phone', 'text')
        .addColumn('active', 'integer', (c) => c.notNull())
        .addColumn('leaves', number)
        .addColumn('left_at', number)
        .addColumn('changed', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('listed_login').on('listed').columns(['kind', 'login']).execute()
      await schema.createIndex('listed_external').on('listed').columns(['kind', 'external']).execute()
      await schema.createIndex('listed_changed').on('listed').column('changed').execute()
    },
  }
}
