import type { Kysely } from 'kysely'

/** Who asked for a bleep, and what they were told. */
export function asks() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('asks')
        .addColumn('bleep', 'text', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('ward', 'text')
        .addColumn('device', 'text')
        .addColumn('settled', 'integer', (c) => c.notNull())
        .addColumn('changed', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('asks_ward').on('asks').columns(['ward', 'at']).execute()
      await schema.createIndex('asks_device').on('asks').columns(['device', 'at']).execute()
      await schema.createIndex('asks_owed').on('asks').columns(['settled', 'at']).execute()
    },
  }
}
