import { type Kysely, sql } from 'kysely'

/** Which bleeps are about a patient. Those that are sealed already are looked at again, behind the paging. */
export function subjectKeys() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('subject_bleeps')
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('bleep', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('subject_bleeps_pk', ['subject', 'bleep'])
        .execute()
      await db.schema.createIndex('subject_bleeps_bleep').on('subject_bleeps').column('bleep').execute()
      await sql`insert into search_again select id from bleeps where key is not null on conflict do nothing`.execute(
        db,
      )
    },
  }
}
