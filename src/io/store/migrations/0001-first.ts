import type { Kysely } from 'kysely'
import type { Seam } from '../seam.ts'

/** The first schema. Never edited once released: a change is a new file. */
export function first(serial: Seam['serial']) {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      const number = 'double precision'
      await schema
        .createTable('bleeps')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('number', 'text', (c) => c.notNull())
        .addColumn('received', number, (c) => c.notNull())
        .addColumn('stage', 'text', (c) => c.notNull())
        .addColumn('class', 'text')
        .addColumn('kind', 'text')
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('bleeps_number').on('bleeps').columns(['number', 'received']).execute()
      await schema.createIndex('bleeps_stage').on('bleeps').columns(['stage', 'received']).execute()
      await schema.createIndex('bleeps_received').on('bleeps').column('received').execute()

      await schema
        .createTable('sightings')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('bleep', 'text', (c) => c.notNull().references('bleeps.id'))
        .addColumn('feed', 'text', (c) => c.notNull())
        .addColumn('tap', 'text', (c) => c.notNull())
        .addColumn('stored', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('sightings_bleep').on('sightings').column('bleep').execute()

      await schema
        .createTable('alerts')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('bleep', 'text', (c) => c.notNull().references('bleeps.id'))
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('phase', 'text', (c) => c.notNull())
        .addColumn('class', 'text', (c) => c.notNull())
        .addColumn('raised', number, (c) => c.notNull())
        .addColumn('waiting', 'text')
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('alerts_bleep').on('alerts').column('bleep').execute()
      await schema.createIndex('alerts_phase').on('alerts').columns(['phase', 'raised']).execute()
      await schema.createIndex('alerts_raised').on('alerts').column('raised').execute()

      await schema
        .createTable('alert_events')
        .addColumn('alert', 'text', (c) => c.notNull().references('alerts.id'))
        .addColumn('seq', 'integer', (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('alert_events_pk', ['alert', 'seq'])
        .execute()

      await schema
        .createTable('due')
        .addColumn('alert', 'text', (c) => c.notNull().references('alerts.id'))
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('owner', 'text')
        .addColumn('until', number)
        .addPrimaryKeyConstraint('due_pk', ['alert', 'name'])
        .execute()
      await schema.createIndex('due_at').on('due').column('at').execute()

      await schema
        .createTable('attempts')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('key', 'text', (c) => c.notNull().unique())
        .addColumn('alert', 'text', (c) => c.notNull().references('alerts.id'))
        .addColumn('person', 'text', (c) => c.notNull())
        .addColumn('device', 'text', (c) => c.notNull())
        .addColumn('channel', 'text', (c) => c.notNull())
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('class', 'text', (c) => c.notNull())
        .addColumn('rank', 'integer', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('try', 'integer', (c) => c.notNull())
        .addColumn('created', number, (c) => c.notNull())
        .addColumn('due', number, (c) => c.notNull())
        .addColumn('expires', number, (c) => c.notNull())
        .addColumn('reason', 'text', (c) => c.notNull())
        .addColumn('fault', 'text')
        .addColumn('moved', number, (c) => c.notNull())
        .addColumn('owner', 'text')
        .addColumn('until', number)
        .execute()
      await schema.createIndex('attempts_alert').on('attempts').column('alert').execute()
      await schema.createIndex('attempts_due').on('attempts').columns(['state', 'due']).execute()

      await schema
        .createTable('inbox')
        .addColumn('cursor', serial, (c) =>
          serial === 'integer' ? c.primaryKey().autoIncrement() : c.primaryKey(),
        )
        .addColumn('device', 'text', (c) => c.notNull())
        .addColumn('person', 'text', (c) => c.notNull())
        .addColumn('alert', 'text', (c) => c.notNull())
        .addColumn('attempt', 'text')
        .addColumn('purpose', 'text', (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('expires', number, (c) => c.notNull())
        .execute()
      await schema.createIndex('inbox_device').on('inbox').columns(['device', 'cursor']).execute()

      await schema
        .createTable('devices')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('owner_kind', 'text', (c) => c.notNull())
        .addColumn('owner', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('token', 'text', (c) => c.notNull().unique())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('devices_owner').on('devices').columns(['owner_kind', 'owner']).execute()

      await schema
        .createTable('enrol_codes')
        .addColumn('digest', 'text', (c) => c.primaryKey())
        .addColumn('expires', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()

      await schema
        .createTable('directory_edits')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('by', 'text', (c) => c.notNull())
        .addColumn('edit', 'text', (c) => c.notNull())
        .execute()

      await schema
        .createTable('hops')
        .addColumn('seq', serial, (c) =>
          serial === 'integer' ? c.primaryKey().autoIncrement() : c.primaryKey(),
        )
        .addColumn('bleep', 'text', (c) => c.notNull())
        .addColumn('alert', 'text')
        .addColumn('hop', 'text', (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('class', 'text')
        .addColumn('person', 'text')
        .addColumn('device', 'text')
        .addColumn('attempt', 'text')
        .addColumn('clock', 'text', (c) => c.notNull())
        .addColumn('uncertainty', number)
        .execute()
      await schema.createIndex('hops_bleep').on('hops').column('bleep').execute()
      await schema.createIndex('hops_hop').on('hops').columns(['hop', 'at']).execute()

      await schema
        .createTable('calls')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('feed', 'text', (c) => c.notNull())
        .addColumn('node', 'text', (c) => c.notNull())
        .addColumn('arrived', number, (c) => c.notNull())
        .addColumn('doc', 'text', (c) => c.notNull())
        .execute()
      await schema.createIndex('calls_arrived').on('calls').column('arrived').execute()

      await schema
        .createTable('audit')
        .addColumn('seq', 'integer', (c) => c.primaryKey())
        .addColumn('at', number, (c) => c.notNull())
        .addColumn('actor', 'text', (c) => c.notNull())
        .addColumn('action', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('outcome', 'text', (c) => c.notNull())
        .addColumn('detail', 'text')
        .addColumn('digest', 'text', (c) => c.notNull())
        .execute()

      await schema
        .createTable('notes')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .addColumn('value', 'text', (c) => c.notNull())
        .addColumn('at', number, (c) => c.notNull())
        .execute()

      await schema
        .createTable('duties')
        .addColumn('duty', 'text', (c) => c.primaryKey())
        .addColumn('schema_version', 'integer', (c) => c.notNull())
        .execute()
    },
  }
}
