import { cutoff, type Keeps } from '../../core/govern/retain.ts'
import type { Instant } from '../../core/instant.ts'
import type { Store } from '../../ports/store.ts'
import { SETTLED } from './settle-facts.ts'

/** Where sealing has come to: the words of every bleep received before it are sealed, as far as there were keys. */
const CURSOR = 'words-until'
/** Bleeps looked at in one transaction; nearly all are sealed already. */
const BATCH = 100

/**
 * Seals words that stand in the clear, behind the paging: those from before there were keys, and those of a moment without
 * any; and has keys destroyed that a stopped process, or a disk that was away, left. False at the end.
 */
export async function sealSome(store: Store, now: Instant, keeps: Keeps): Promise<boolean> {
  const { more, owes } = await store.transact(async (tx) => {
    const noted = await tx.notes.get(CURSOR)
    const after = typeof noted === 'number' ? noted : 0
    const to = now - SETTLED
    const next = await tx.words.seal(after, to, BATCH)
    if (next !== undefined) {
      await tx.notes.set(CURSOR, next, now)
      return { more: true, owes: false }
    }
    if (await tx.words.sealOthers(now, to, BATCH)) return { more: true, owes: false }
    await tx.words.noteUse(now, cutoff(keeps, 'words', now))
    if (to > after) await tx.notes.set(CURSOR, to, now)
    return { more: false, owes: await tx.words.owes() }
  })
  if (owes) await store.tidy()
  return more
}
