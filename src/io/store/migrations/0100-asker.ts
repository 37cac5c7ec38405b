import type { Kysely } from 'kysely'

/** What a report counts of people who were asked, and of who asked: the alert itself may have had its keep time. */
export function asker() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      for (const name of ['asked', 'not_me'])
        await db.schema.alterTable('facts').addColumn(name, 'integer').execute()
      await db.schema.alterTable('facts').addColumn('told', 'double precision').execute()
      await db.schema.alterTable('facts').addColumn('ward', 'text').execute()
    },
  }
}
