import { type Form, writeDoc } from '../../core/stored/form.ts'
import { type Doc, textsAt, withTexts } from '../../core/stored/words.ts'
import { digestOf, ownEnd, ownKey } from './own-keys.ts'
import type { Query } from './query.ts'
import { openWith, sealUnder } from './words.ts'

/*
 * Names by which operators sign in stand in documents of calls, which outlive the words of these calls. In their place
 * stands the name of a key that is theirs alone, and their name is sealed under it: so it goes with that operator and not
 * with the patient. What is left then is a pseudonym, the same in every document.
 */

/** Nobody signs in by a name that begins so. */
const TOKEN = '§'

/** A document as it is stored; names stay as they are where no key can be had. */
export async function hidden(query: Query, form: Form, value: object): Promise<object> {
  if (form.staff === undefined || query.seam.words?.keys.store === undefined) return value
  const tokens = new Map<string, string>()
  for (const name of new Set(textsAt(value as Doc, form.staff))) {
    const token = name.startsWith(TOKEN) ? undefined : await tokenOf(query, name)
    if (token !== undefined) tokens.set(name, token)
  }
  return tokens.size === 0 ? value : withTexts(value as Doc, form.staff, (name) => tokens.get(name) ?? name)
}

async function tokenOf(query: Query, name: string): Promise<string | undefined> {
  const { tx, seam } = query
  const part = digestOf(query, name)
  const id = part && (await ownKey(query, 'staff', part))
  const key = id === undefined ? undefined : seam.words?.keys.get(id)
  if (id === undefined || typeof key !== 'object') return undefined
  await tx
    .updateTable('own_keys')
    .set({ sealed: sealUnder(key, name) })
    .where('key', '=', id)
    .where('sealed', 'is', null)
    .execute()
  return TOKEN + id
}

/** Documents as they were; a name that was erased, or whose key is away, is a pseudonym. */
export async function shown<T>(query: Query, form: Form, docs: readonly T[]): Promise<readonly T[]> {
  const { staff } = form
  if (staff === undefined) return docs
  const ids = new Set<string>()
  for (const doc of docs)
    for (const name of textsAt(doc as Doc, staff))
      if (name.startsWith(TOKEN)) ids.add(name.slice(TOKEN.length))
  if (ids.size === 0) return docs
  const names = await namesOf(query, [...ids])
  return docs.map((doc) => withTexts(doc as Doc, staff, (name) => names.get(name) ?? name) as T)
}

async function namesOf({ tx, seam }: Query, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx
    .selectFrom('own_keys')
    .select(['key', 'sealed'])
    .where('key', 'in', [...ids])
    .execute()
  const keys = seam.words?.keys
  await keys?.load(ids)
  return new Map(
    rows.flatMap(({ key: id, sealed }) => {
      const key = keys?.get(id)
      const name = sealed === null || typeof key !== 'object' ? undefined : openWith(key, sealed)
      return name === undefined ? [] : [[TOKEN + id, name] as const]
    }),
  )
}

/** A document that holds nothing else to hide. */
export const namedDoc = async (query: Query, form: Form, value: object): Promise<string> =>
  writeDoc(form, await hidden(query, form, value))

/** The same of a name in a column of its own. */
export async function hiddenName(query: Query, name: string): Promise<string> {
  if (query.seam.words?.keys.store === undefined || name.startsWith(TOKEN)) return name
  return (await tokenOf(query, name)) ?? name
}

export async function shownNames<Row extends { readonly by: string }>(
  query: Query,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  const ids = new Set(rows.map(({ by }) => by).filter((by) => by.startsWith(TOKEN)))
  if (ids.size === 0) return rows
  const names = await namesOf(
    query,
    [...ids].map((by) => by.slice(TOKEN.length)),
  )
  return rows.map((row) => ({ ...row, by: names.get(row.by) ?? row.by }))
}

/** An operator's name goes, from every document and every copy. */
export async function forgetName(query: Query, name: string): Promise<void> {
  const part = digestOf(query, name)
  if (part !== undefined) await ownEnd(query, 'staff', [part])
}
