import { type Kysely, sql } from 'kysely'
import { entryDigest, linkDigest } from '../../../core/govern/audit.ts'
import { newSalt, readEntry, sha256 } from '../audit.ts'
import type { Tables } from '../tables.ts'

const PAGE = 500

/** Keep times, holds and erasures, and an audit chain over digests, so that content may go and the chain stays whole. */
export function govern() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema.alterTable('bleeps').addColumn('erased', number).execute()
      await schema
        .createIndex('bleeps_words')
        .on('bleeps')
        .column('received')
        .where(sql.ref('erased'), 'is', null)
        .execute()

      await schema
        .createTable('holds')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('first', number)
        .addColumn('last', number)
        .addColumn('person', 'text')
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('by', 'text', (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('released', number)
        .execute()
      await schema
        .createTable('held')
        .addColumn('hold', 'text', (c) => c.notNull().references('holds.id'))
        .addColumn('bleep', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('held_pk', ['hold', 'bleep'])
        .execute()
      await schema.createIndex('held_bleep').on('held').column('bleep').execute()
      await schema
        .createTable('erasures')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('erasures_state').on('erasures').columns(['state', 'at']).execute()

      await schema
        .alterTable('audit')
        .addColumn('entry', 'text', (c) => c.notNull().defaultTo(''))
        .execute()
      await schema.alterTable('audit').addColumn('salt', 'text').execute()
      await schema.createIndex('audit_subject').on('audit').columns(['subject', 'seq']).execute()
      await schema.createIndex('audit_actor').on('audit').columns(['actor', 'seq']).execute()
      await schema.createIndex('audit_action').on('audit').columns(['action', 'at']).execute()
      await chainAnew(db as Kysely<Tables>)
    },
  }
}

/** Entries of the first form were chained by their content itself: each gets a digest of its own, and the chain its links. */
async function chainAnew(db: Kysely<Tables>): Promise<void> {
  let head = ''
  for (let seq = 0; ; ) {
    const rows = await db
      .selectFrom('audit')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    for (const row of rows) {
      const salt = newSalt()
      const entry = entryDigest(readEntry(row), salt, sha256)
      head = linkDigest(head, row.seq, entry, sha256)
      await db.updateTable('audit').set({ salt, entry, digest: head }).where('seq', '=', row.seq).execute()
      seq = row.seq
    }
    if (rows.length < PAGE) return
  }
}
