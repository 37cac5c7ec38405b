import type { Kysely } from 'kysely'

/** Facts for reports, packs of what has settled, and call records in an order that can be read page by page. */
export function facts() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('facts')
        .addColumn('bleep', 'text', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('class', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('role', 'text')
        .addColumn('staff_group', 'text')
        .addColumn('person', 'text')
        .addColumn('call_back', 'text')
        .addColumn('handed', number)
        .addColumn('taken', number)
        .addColumn('on_device', number)
        .addColumn('presented', number)
        .addColumn('opened', number)
        .addColumn('accepted', number)
        .addColumn('covered', number)
        .addColumn('arrived', number)
        .addColumn('by', 'text')
        .execute()
      await schema
        .createTable('packs')
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('first', number, (c) => c.notNull())
        .addColumn('last', number, (c) => c.notNull())
        .addColumn('rows', 'integer', (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('packs_pk', ['kind', 'first'])
        .execute()
      await schema.createIndex('facts_at').on('facts').columns(['at', 'bleep']).execute()
      await schema.createIndex('calls_page').on('calls').columns(['arrived', 'id']).execute()
      await schema.dropIndex('calls_arrived').execute()
    },
  }
}
