import type { Kysely } from 'kysely'

/** Under which key the words of each bleep are sealed, and which keys are to be destroyed. */
export function wordKeys() {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      const { schema } = db
      await schema.alterTable('bleeps').addColumn('key', 'text').execute()
      await schema
        .createTable('keys_gone')
        .addColumn('key', 'text', (c) => c.primaryKey())
        .execute()
    },
  }
}
