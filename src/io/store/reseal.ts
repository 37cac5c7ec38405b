import type { Form } from '../../core/stored/form.ts'
import { FORMS } from '../../core/stored/forms.ts'
import { alternatives } from './key-names.ts'
import type { Query } from './query.ts'
import { hidden } from './staff-names.ts'
import type { Words } from './words.ts'

/** Where words of a bleep lie, and by what they are found. */
const PLACES = [
  ['bleeps', 'id', FORMS.bleep],
  ['sightings', 'bleep', FORMS.sighting],
  ['restricted', 'bleep', FORMS.apart],
  ['asks', 'bleep', FORMS.ask],
  ['alerts', 'bleep', FORMS.alert],
  ['alert_events', 'alert', FORMS.event],
  ['filings', 'alert', FORMS.filing],
  ['filing_sends', 'alert', FORMS.filingSend],
] as const

/** Seals the words of a bleep that stand in the clear under a key of its own. @returns its name; undefined: there was none */
export async function sealBleep(query: Query, words: Words, bleep: string): Promise<string | undefined> {
  const name = words.keys.fresh()
  if (name === undefined) return undefined
  const mine = await query.tx
    .updateTable('bleeps')
    .set({ key: name })
    .where('id', '=', bleep)
    .where('key', 'is', null)
    .executeTakeFirst()
  if (Number(mine.numUpdatedRows) === 0) return undefined
  await reseal(query, words, bleep, name)
  return name
}

/**
 * Seals everything of a bleep anew, under a key of this name. False, and nothing is changed, where some of it cannot be read.
 * What somebody else writes at the same moment stays as they wrote it.
 */
export async function reseal(query: Query, words: Words, bleep: string, name: string): Promise<boolean> {
  const { tx } = query
  const alerts = (await tx.selectFrom('alerts').select('id').where('bleep', '=', bleep).execute()).map(
    ({ id }) => id,
  )
  const begin = `"sealed":"${alternatives(name)[0]}:`
  const anew: (() => Promise<unknown>)[] = []
  for (const [table, column, form] of PLACES) {
    const ids = column === 'alert' ? alerts : [bleep]
    if (ids.length === 0) continue
    const of = tx.dynamic.ref<string>(column)
    const rows = await tx.selectFrom(table).select('doc').where(of, 'in', ids).execute()
    const values = await words.read<object>(
      form,
      rows.map(({ doc }) => doc),
    )
    for (const [i, { doc }] of rows.entries()) {
      const value = values[i]
      if (value === undefined || doc.includes(begin)) continue
      if ('sealed' in value) return false
      anew.push(async () => {
        const sealed = words.under(name, form, await hidden(query, form as Form, value))
        if (sealed !== doc)
          await tx
            .updateTable(table)
            .set({ doc: sealed })
            .where(of, 'in', ids)
            .where('doc', '=', doc)
            .execute()
      })
    }
  }
  for (const one of anew) await one()
  return true
}
