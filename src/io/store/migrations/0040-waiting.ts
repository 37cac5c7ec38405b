import { type Kysely, sql } from 'kysely'

/** What waits to be sent, most urgent first: claimed many times a second, and a hundredth of what there is. */
export function waiting() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await sql`create index attempts_waiting on attempts (rank desc, due, device, until)
        where state in ('queued', 'leased', 'handed')`.execute(db)
      await db.schema.dropIndex('attempts_due').execute()
    },
  }
}
