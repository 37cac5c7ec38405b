import type { Kysely } from 'kysely'

/** What became of alerts in the patient's record, and the outboxes that lead there. */
export function filings() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('filings')
        .addColumn('alert', 'text', (c) => c.primaryKey().references('alerts.id'))
        .addColumn('bleep', 'text', (c) => c.notNull())
        .addColumn('raised', number, (c) => c.notNull())
        .addColumn('stand', 'text')
        .addColumn('phase', 'text', (c) => c.notNull())
        .addColumn('revision', 'integer', (c) => c.notNull())
        .addColumn('moved', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('filings_stand').on('filings').columns(['stand', 'raised']).execute()
      await schema.createIndex('filings_bleep').on('filings').column('bleep').execute()
      await schema
        .createTable('filing_sends')
        .addColumn('alert', 'text', (c) => c.notNull().references('filings.alert'))
        .addColumn('way', 'text', (c) => c.notNull())
        .addColumn('seq', 'integer', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('created', number, (c) => c.notNull())
        .addColumn('due', number, (c) => c.notNull())
        .addColumn('tries', 'integer', (c) => c.notNull())
        .addColumn('owner', 'text')
        .addColumn('until', number)
        .addColumn('doc', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('filing_sends_pk', ['alert', 'way', 'seq'])
        .execute()
      await schema
        .createIndex('filing_sends_due')
        .on('filing_sends')
        .columns(['way', 'state', 'due'])
        .execute()
    },
  }
}
