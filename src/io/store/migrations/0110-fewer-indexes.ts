import { type Kysely, sql } from 'kysely'

/**
 * Each index that a new row is entered in is a block more that its page waits for. Those that only few rows need have only
 * these. What waits to be sent is told by comparisons: a list of three makes SQLite build a table for each row.
 */
export function fewerIndexes() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      for (const name of ['attempts_waiting', 'bleeps_stage', 'asks_ward', 'asks_device'])
        await schema.dropIndex(name).execute()
      await sql`create index attempts_waiting on attempts (rank desc, due, device, until)
        where state = 'queued' or state = 'leased' or state = 'handed'`.execute(db)
      await sql`create index bleeps_stage on bleeps (stage, received)
        where stage = 'received' or stage = 'stuck'`.execute(db)
      await sql`create index asks_ward on asks (ward, at) where ward is not null`.execute(db)
      await sql`create index asks_device on asks (device, at) where device is not null`.execute(db)
    },
  }
}
