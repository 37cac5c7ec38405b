import { asId, type PersonId } from '../../core/ids.ts'
import type { Erased } from '../../ports/ledger.ts'
import type { Random } from '../../ports/random.ts'
import type { Stored } from '../../ports/tools.ts'
import { eachAlertOf, renameOn, renameRest } from './erase-person.ts'
import { eraseWords } from './words.ts'

/**
 * Does in an older copy what was erased on request since it was made. What it does not know, or has erased already, it
 * passes over. Gives how many bleeps and people it was done for.
 */
export async function eraseAgain(
  parts: Stored & { readonly random: Random },
  erased: readonly Erased[],
): Promise<number> {
  const { store, clock, random } = parts
  let done = 0
  for (const one of erased) {
    if ('bleep' in one) {
      const gone = await store.transact(async (tx) => {
        const bleep = await tx.bleeps.get(one.bleep)
        if (bleep === undefined || (bleep.erased !== undefined && bleep.restricted === undefined))
          return false
        return eraseWords(tx, bleep, one.at)
      })
      if (gone) done += 1
    } else if (await eraseHere(one.person)) done += 1
  }
  if (done > 0) await store.tidy()
  return done

  async function eraseHere(person: PersonId): Promise<boolean> {
    const pseudonym = asId<PersonId>(`gone-${Buffer.from(random.bytes(6)).toString('hex')}`)
    let changed = false
    await eachAlertOf(parts, person, async (tx, whole) => {
      changed = (await renameOn(tx, whole, person, pseudonym)) === 'changed' || changed
    })
    const dead = () => Buffer.from(random.bytes(32)).toString('hex')
    await renameRest(store, person, pseudonym, dead, clock.now())
    return changed
  }
}
