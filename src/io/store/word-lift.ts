import type { Form } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import type { WordTable } from '../../ports/word-keys.ts'
import { sealOwn } from './own-lift.ts'
import { beginsWith, type Query } from './query.ts'
import { hidden } from './staff-names.ts'
import type { Words } from './words.ts'

/** Which keys the words of a database need: a note each, by the store's name, with when it was last in use. */
export const NEEDS = 'word-keys/'

/** Words that were stored before there were keys, or while there were none. */

export function wordTable(query: Query): WordTable {
  const { tx, seam } = query
  return {
    async seal(after, to, limit) {
      const { words } = seam
      if (words === undefined) return undefined
      const rows = await tx
        .selectFrom('bleeps')
        .leftJoin('restricted', 'restricted.bleep', 'bleeps.id')
        .select(['bleeps.id', 'bleeps.received', 'bleeps.key', 'bleeps.erased', 'restricted.bleep as apart'])
        .where('bleeps.received', '>=', after)
        .where('bleeps.received', '<', to)
        .orderBy('bleeps.received')
        .limit(limit)
        .execute()
      for (const { id, key, erased, apart } of rows)
        if (key === null && (erased === null || apart !== null)) await sealOne(query, words, id)
      return rows.length < limit ? undefined : rows.at(-1)?.received
    },
    sealOthers: (now, to, limit) => sealOwn(query, now, to, limit),
    async gone(keys) {
      for (const some of chunked(keys))
        await tx
          .insertInto('keys_gone')
          .values(some.map((key) => ({ key })))
          .onConflict((c) => c.doNothing())
          .execute()
    },
    async owes() {
      return (await tx.selectFrom('keys_gone').select('key').limit(1).executeTakeFirst()) !== undefined
    },
    async settle(now, before) {
      const { words } = seam
      if (words === undefined) return
      const { store } = words.keys
      if (store !== undefined)
        await tx
          .insertInto('notes')
          .values({ key: NEEDS + store, value: 'true', at: now })
          .onConflict((c) => c.column('key').doUpdateSet({ at: now }))
          .execute()
      await tx.deleteFrom('notes').where(beginsWith('key', NEEDS)).where('at', '<', before).execute()
      words.keys.needs(await needed(query))
    },
  }
}

/** Values that one statement takes. */
const VALUES = 500
const chunked = (keys: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(keys.length / VALUES) }, (_, i) => keys.slice(i * VALUES, (i + 1) * VALUES))

export async function needed({ tx }: Pick<Query, 'tx'>): Promise<readonly string[]> {
  const rows = await tx.selectFrom('notes').select('key').where(beginsWith('key', NEEDS)).execute()
  return rows.map(({ key }) => key.slice(NEEDS.length))
}

async function sealOne(query: Query, words: Words, bleep: string): Promise<void> {
  const { tx } = query
  const name = words.keys.fresh()
  if (name === undefined) return
  const mine = await tx
    .updateTable('bleeps')
    .set({ key: name })
    .where('id', '=', bleep)
    .where('key', 'is', null)
    .executeTakeFirst()
  if (Number(mine.numUpdatedRows) === 0) return
  const sealed = async (form: Form, doc: string): Promise<string> => {
    const [value] = await words.read<object>(form, [doc])
    return value === undefined ? doc : words.under(name, form, await hidden(query, form, value))
  }
  const alerts = await tx.selectFrom('alerts').select(['id', 'doc']).where('bleep', '=', bleep).execute()
  for (const table of ['bleeps', 'sightings', 'restricted', 'asks'] as const) {
    const form = {
      ...{ bleeps: FORMS.bleep, sightings: FORMS.sighting },
      ...{ restricted: FORMS.apart, asks: FORMS.ask },
    }[table]
    const column = table === 'bleeps' ? 'id' : 'bleep'
    const rows = await tx.selectFrom(table).select('doc').where(column, '=', bleep).execute()
    for (const { doc } of rows)
      await tx
        .updateTable(table)
        .set({ doc: await sealed(form, doc) })
        .where(column, '=', bleep)
        .where('doc', '=', doc)
        .execute()
  }
  for (const { id, doc } of alerts) {
    await tx
      .updateTable('alerts')
      .set({ doc: await sealed(FORMS.alert, doc) })
      .where('id', '=', id)
      .execute()
    for (const table of ['alert_events', 'filings', 'filing_sends'] as const) {
      const form = {
        alert_events: FORMS.event,
        filings: FORMS.filing,
        filing_sends: FORMS.filingSend,
      }[table]
      const rows = await tx.selectFrom(table).select('doc').where('alert', '=', id).execute()
      for (const { doc } of rows)
        await tx
          .updateTable(table)
          .set({ doc: await sealed(form, doc) })
          .where('alert', '=', id)
          .where('doc', '=', doc)
          .execute()
    }
  }
}
