import type { Kysely } from 'kysely'

/** Which node leads which duty, and which runs of nodes live: the token rises with each new holder. */
export function leases() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('leases')
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('token', 'integer', (c) => c.notNull())
        .addColumn('until', 'double precision', (c) => c.notNull())
        .execute()
      await db.schema.dropTable('duties').execute()
    },
  }
}
