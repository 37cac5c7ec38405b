import { textsOf, type Whole } from '../../core/govern/subject.ts'
import { termsOf } from '../../core/govern/terms.ts'
import type { Instant } from '../../core/instant.ts'
import { type LocalNumbers, patientKey, patientsIn } from '../../core/record/patient.ts'
import { markIn, notedMark } from '../../ports/page-mark.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { beginning, nextBatch, SETTLED } from './settle-facts.ts'
import { wholeOf, wholesOf } from './whole.ts'

/** Where the index has come to: every bleep received before it is in it, as it stood then. */
const CURSOR = 'search-until'
/** Bleeps in one transaction: some milliseconds, so that no page waits behind it. */
const BATCH = 10
/** Rows taken away in one transaction. */
const OUT_AT_ONCE = 500

export async function indexedUntil(tx: Tx): Promise<Instant> {
  return (await indexMark(tx)).at
}

const indexMark = async (tx: Tx) => markIn(await tx.notes.get(CURSOR)) ?? beginning(0)

/**
 * Puts settled bleeps into the index, and those again on which something was written since. Gives how many; call again
 * while it gives more than none. Behind the paging: storing a page costs nothing by it. Where words are sealed, they are from
 * then on under the keys of those whom they are about as well.
 */
export async function indexSome(store: Store, now: Instant, local: LocalNumbers = () => []): Promise<number> {
  if (await store.transact((tx) => tx.search.outdated(OUT_AT_ONCE))) return 1
  const again = await store.transact(async (tx) => {
    const bleeps = await tx.search.again(BATCH)
    for (const id of bleeps) {
      const whole = await wholeOf(tx, id)
      if (whole === undefined) continue
      await put(tx, whole)
      await tx.words.bind(id, () => patientsOf(tx, whole, local))
    }
    await tx.search.seen(bleeps)
    return bleeps.length
  })
  const settled = await store.transact(async (tx) => {
    const { bleeps, next } = await nextBatch(tx, await indexMark(tx), now - SETTLED, BATCH)
    if (bleeps.length === 0) return 0
    for (const whole of await wholesOf(tx, bleeps)) {
      await put(tx, whole)
      await tx.words.bind(whole.bleep.id, () => patientsOf(tx, whole, local))
    }
    await tx.notes.set(CURSOR, notedMark(next), now)
    return bleeps.length
  })
  return again + settled
}

/** More than this in one call are a list, and nobody's words in particular: they are sealed under the key of the call alone. */
const MOST_PATIENTS = 8

/** Whom a person said it is about; as long as nobody has, everybody whom it names. */
async function patientsOf(tx: Tx, whole: Whole, local: LocalNumbers): Promise<readonly string[]> {
  const { alert, bleep } = whole
  const said = alert && (await tx.filings.get(alert.id))?.filing.patient
  if (said !== undefined) return [patientKey(said)]
  const { patients } = patientsIn(bleep.page.fields.identifier, textsOf(whole), local)
  return patients.length > MOST_PATIENTS ? [] : patients.map(patientKey)
}

function put(tx: Tx, whole: Whole): Promise<void> {
  const { words, people } = termsOf(whole)
  return tx.search.put(whole.bleep.received, [...words, ...people])
}

/**
 * What of a bleep is to go leaves the index with it, in the same transaction.
 * @param what `words` where who was asked stays
 */
export async function unindex(tx: Tx, whole: Whole, what: 'words' | 'all'): Promise<void> {
  const { words, people } = termsOf(whole)
  await tx.search.forget(whole.bleep.received, what === 'all' ? [...words, ...people] : words)
  await neighbours(tx, whole)
}

/** After something in it was changed: what it says no more is not found any more. */
export async function reindex(tx: Tx, before: Whole): Promise<void> {
  const { words, people } = termsOf(before)
  await tx.search.forget(before.bleep.received, [...words, ...people])
  const now = await wholeOf(tx, before.bleep.id)
  if (now !== undefined) await put(tx, now)
  await neighbours(tx, before)
}

/** Others that were received at the very same instant are known by the same rows. */
async function neighbours(tx: Tx, { bleep }: Whole): Promise<void> {
  const others = (await receivedAt(tx, bleep.received)).filter(({ id }) => id !== bleep.id)
  for (const whole of await wholesOf(tx, others)) await put(tx, whole)
}

/** Instants have parts of a millisecond; no two readings of the clock are closer together than this, milliseconds. */
const MOMENT = 0.0005

export function receivedAt(tx: Tx, at: Instant): Promise<readonly Whole['bleep'][]> {
  return tx.bleeps.page({ at, id: '' }, at + MOMENT, 1000)
}
