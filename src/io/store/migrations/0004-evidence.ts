import { type Kysely, sql } from 'kysely'
import type { Seam } from '../seam.ts'

/**
 * What a device's clock was found to be off by goes with its claim; hops are only ever read by bleep. Packs are bytes:
 * those of JSON stay as they are.
 */
export function evidence(bytes: Seam['bytes']) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('hops').addColumn('clock_offset', 'double precision').execute()
      await db.schema.dropIndex('hops_hop').execute()
      await db.schema.alterTable('packs').addColumn('data', sql.raw(bytes)).execute()
    },
  }
}
