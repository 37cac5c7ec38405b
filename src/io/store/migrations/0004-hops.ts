import type { Kysely } from 'kysely'

/** What a device's clock was found to be off by goes with its claim. Hops are only ever read by bleep. */
export function hops() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('hops').addColumn('clock_offset', 'double precision').execute()
      await db.schema.dropIndex('hops_hop').execute()
    },
  }
}
