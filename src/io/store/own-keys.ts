import type { KeyObject } from 'node:crypto'
import { sql } from 'kysely'
import { DAY, type Instant } from '../../core/instant.ts'
import { type Form, writeDoc } from '../../core/stored/form.ts'
import { type Doc, takeWords } from '../../core/stored/words.ts'
import type { Query } from './query.ts'
import { keyedDigest } from './words.ts'

/**
 * What is no bleep's has keys of its own, each for one part: a day of call records or of the audit, one person of the
 * trust's directory, one request about data, the name of one operator; one patient, for what several bleeps say; one
 * note that holds words.
 */
export type Own = 'calls' | 'audit' | 'listed' | 'request' | 'staff' | 'subject' | 'note'

/** The part of a day, in UTC. */
export const dayOf = (at: Instant): string => String(Math.floor(at / DAY))

/** The key that a part is sealed under now; undefined: none can be had, and it stands in the clear. */
export async function ownKey({ tx, seam }: Query, what: Own, part: string): Promise<string | undefined> {
  const keys = seam.words?.keys
  if (keys?.store === undefined) return undefined
  const row = await tx
    .selectFrom('own_keys')
    .select('key')
    .where('what', '=', what)
    .where('part', '=', part)
    .orderBy('key', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row !== undefined) {
    await keys.load([row.key])
    if (typeof keys.get(row.key) === 'object') return row.key
  }
  const key = keys.fresh()
  if (key !== undefined) await tx.insertInto('own_keys').values({ key, what, part, sealed: null }).execute()
  return key
}

/** A document as it is stored under the key of its part. */
export async function ownWritten(
  query: Query,
  form: Form,
  [what, part]: readonly [Own, string],
  value: object,
): Promise<string> {
  const wordless = takeWords(value as Doc, form.words ?? []).words === undefined
  const key = wordless ? undefined : await ownKey(query, what, part)
  return (key && query.seam.words?.under(key, form, value)) ?? writeDoc(form, value)
}

/** From now on nothing is left of these parts: their keys are destroyed when the store is next tidied. */
export async function ownEnd({ tx }: Pick<Query, 'tx'>, what: Own, parts: readonly string[]): Promise<void> {
  if (parts.length === 0) return
  const those = tx
    .selectFrom('own_keys')
    .select('key')
    .where('what', '=', what)
    .where('part', 'in', [...parts])
  const keys = (await those.execute()).map(({ key }) => key)
  if (keys.length === 0) return
  await tx
    .insertInto('keys_gone')
    .values(keys.map((key) => ({ key })))
    .onConflict((c) => c.doNothing())
    .execute()
  await tx.deleteFrom('own_keys').where('key', 'in', keys).execute()
}

/** The days before an instant that have keys. */
export async function daysBefore({ tx }: Query, what: Own, before: Instant): Promise<readonly string[]> {
  const rows = await tx.selectFrom('own_keys').select('part').distinct().where('what', '=', what).execute()
  return rows.map(({ part }) => part).filter((part) => (Number(part) + 1) * DAY <= before)
}

const DIGEST = '#'
const DIGITS = 32

/** Whether a column holds a digest in place of what can be looked for. */
export const isDigest = (text: string): boolean => text.startsWith(DIGEST)

/** What stands in a column in place of a name that can be looked for: it tells nothing without the key of the index. */
export function digestOf({ seam }: Query, text: string): string | undefined {
  const key = seam.words?.index
  return key && digestBy(key, text)
}

const digestBy = (key: KeyObject, text: string): string =>
  DIGEST + keyedDigest(key, text).toString('hex').slice(0, DIGITS)

/** Tells of a text how it may stand in a column: in the clear, or as a digest under the index of any store at hand. */
export async function asStored(query: Query): Promise<(text: string) => readonly string[]> {
  const keys = query.seam.words?.keys
  if (keys === undefined) return (text) => [text]
  const { rows } = await sql<{
    store: string
  }>`select distinct substr(key, 1, 8) as store from own_keys`.execute(query.tx)
  const stores = new Set([
    ...rows.map(({ store }) => store),
    ...(keys.store === undefined ? [] : [keys.store]),
  ])
  const names = [...stores].map((store) => `${store}-0`)
  await keys.load(names)
  const indexes = names.map((name) => keys.get(name)).filter((key) => typeof key === 'object')
  return (text) => [text, ...indexes.map((key) => digestBy(key, text))]
}
