import type { Kysely } from 'kysely'

/** Keys of what is no bleep's: days of call records and of the audit, people of the directory, requests, names of staff. */
export function ownKeys() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('own_keys')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('what', 'text', (c) => c.notNull())
        .addColumn('part', 'text', (c) => c.notNull())
        .addColumn('sealed', 'text')
        .execute()
      await db.schema.createIndex('own_keys_part').on('own_keys').columns(['what', 'part']).execute()
    },
  }
}
