import { sql, type Transaction } from 'kysely'
import { ownOf, subjectsOf, withSubjects } from './key-names.ts'
import { digestOf, ownKey } from './own-keys.ts'
import type { Query } from './query.ts'
import { reseal, sealBleep } from './reseal.ts'
import type { Tables } from './tables.ts'
import type { Words } from './words.ts'

/*
 * A patient's own key. Words about a patient are sealed under the key of their bleep and that of the patient: destroying the
 * patient's takes all of theirs at once, wherever it was copied to. It goes by itself with the last of their bleeps; what
 * they share with another patient is from then on sealed under the other's alone.
 */

/**
 * Seals a bleep's words under the keys of those whom they are about, whatever was known before.
 * @param patients identifiers, each always written in the same way
 */
export async function bind(
  query: Query,
  bleep: string,
  patients: () => Promise<readonly string[]>,
): Promise<void> {
  const { tx, seam } = query
  const { words } = seam
  if (words?.keys.store === undefined) return
  const about = await patients()
  const before = await keyRow(tx, bleep)
  if (about.length === 0 && subjectsOf(lastOf(before?.key)).length === 0) return
  // Nobody takes a key away of which another has just found that it stands.
  await seam.alone(tx, SUBJECTS)
  const row = await keyRow(tx, bleep)
  if (row === undefined || (row.key === null && row.erased !== null)) return
  const key = row.key ?? (await sealBleep(query, words, bleep))
  if (key === undefined) return
  const [names, last] = [key.split(' '), lastOf(key)]
  const own = await subjectKeys(query, about)
  // No key can be had: it stays as it is, and is looked at again with the next change.
  if (own === undefined) return
  const next = withSubjects(ownOf(last), own)
  await words.keys.load([ownOf(last)])
  if (typeof words.keys.get(ownOf(last)) !== 'object' || !(await reseal(query, words, bleep, next))) return
  if (own.length > 0)
    await tx
      .insertInto('subject_bleeps')
      .values(own.map((subject) => ({ subject, bleep })))
      .onConflict((c) => c.doNothing())
      .execute()
  if (next === last) return
  await rename(tx, words, bleep, [...names.slice(0, -1), next])
  for (const one of subjectsOf(last).filter((name) => !own.includes(name))) {
    await tx.deleteFrom('subject_bleeps').where('bleep', '=', bleep).where('subject', '=', one).execute()
    await endIfOver(query, words, one)
  }
}

/** What a transaction holds that adds or takes away keys of patients. */
const SUBJECTS = 'subjects'

const keyRow = (tx: Transaction<Tables>, bleep: string) =>
  tx.selectFrom('bleeps').select(['key', 'erased']).where('id', '=', bleep).executeTakeFirst()

/** Of the names of a bleep's keys, that of what comes now. */
const lastOf = (key: string | null | undefined): string => key?.split(' ').at(-1) ?? ''

async function subjectKeys(
  query: Query,
  patients: readonly string[],
): Promise<readonly string[] | undefined> {
  const names = new Set<string>()
  for (const patient of patients) {
    const part = digestOf(query, patient)
    const name = part && (await ownKey(query, 'subject', part))
    if (name === undefined) return undefined
    names.add(name)
  }
  return [...names].toSorted()
}

/** From now on the words of these bleeps are gone, and with the last of a patient's that patient's key. */
export async function endWords(query: Query, bleeps: readonly string[]): Promise<void> {
  const { tx, seam } = query
  const { words } = seam
  if (words === undefined || bleeps.length === 0) return
  await words.end(tx, bleeps)
  if (words.keys.due) await seam.alone(tx, SUBJECTS)
  const linked = tx.selectFrom('subject_bleeps').where('bleep', 'in', [...bleeps])
  const subjects = (await linked.select('subject').distinct().execute()).map(({ subject }) => subject)
  if (subjects.length === 0) return
  await tx
    .deleteFrom('subject_bleeps')
    .where('bleep', 'in', [...bleeps])
    .execute()
  for (const one of subjects) await endIfOver(query, words, one)
}

/** Destroys a patient's key where nothing is left that is about them alone. */
async function endIfOver(query: Query, words: Words, subject: string): Promise<void> {
  const { tx } = query
  const theirs = tx
    .selectFrom('subject_bleeps')
    .innerJoin('bleeps', 'bleeps.id', 'subject_bleeps.bleep')
    .select(['bleeps.id', 'bleeps.key'])
    .where('subject', '=', subject)
  const alone = theirs.where(sql<boolean>`bleeps.key not like '%/%'`).limit(1)
  if ((await alone.executeTakeFirst()) !== undefined) return
  const shared = (await theirs.execute()).map(({ id, key }) => ({ id, names: key?.split(' ') ?? [] }))
  if (shared.some(({ names }) => subjectsOf(names.at(-1) ?? '').length < 2)) return
  for (const { id, names } of shared) {
    const last = names.at(-1) ?? ''
    const next = withSubjects(
      ownOf(last),
      subjectsOf(last).filter((one) => one !== subject),
    )
    // Some of it cannot be read now: the key stays, and goes with the last of what it is for.
    if (!(await reseal(query, words, id, next))) return
    await rename(tx, words, id, [...names.slice(0, -1), next])
  }
  await tx.deleteFrom('subject_bleeps').where('subject', '=', subject).execute()
  await tx
    .insertInto('keys_gone')
    .values({ key: subject })
    .onConflict((c) => c.doNothing())
    .execute()
  await tx.deleteFrom('own_keys').where('key', '=', subject).execute()
}

async function rename(
  tx: Transaction<Tables>,
  words: Words,
  bleep: string,
  names: readonly string[],
): Promise<void> {
  await tx
    .updateTable('bleeps')
    .set({ key: names.join(' ') })
    .where('id', '=', bleep)
    .execute()
  words.named(bleep, names.at(-1) ?? '')
}
