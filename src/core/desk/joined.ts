import type { Bleep, Sighting } from '../bleep/bleep.ts'
import type { Directory } from '../directory/directory.ts'
import type { Reader } from '../govern/reader.ts'
import { printInstant } from '../instant.ts'
import { REASONS, type ReasonCode } from '../reasons.ts'
import { wordsFor } from './card.ts'
import type { JoinedLine } from './views.ts'

/** More are nobody's to read on a card: the record has them all. */
const SHOWN = 3

/** Readings that the protocol itself says are of this very page, or that are another's by now. */
const NO_DOUBT: ReadonlySet<ReasonCode> = new Set(['same-sequence', 'later-reading', 'joined-undone'])

/** Readings that were merged by our own judgement, each of which may have been another call. */
export function mergedIn(sightings: readonly Sighting[]): readonly Sighting[] {
  const [, ...later] = sightings.toSorted((a, b) => a.begun - b.begun)
  return later.filter(({ reason }) => !NO_DOUBT.has(reason))
}

/**
 * What a board must say at once, the newest first: bleeps that joined this one, what was taken for our own page, and
 * readings in other words. The same words again within the transmitter's time are counted, and stand in the record.
 */
export function joinedTo(
  bleep: Bleep,
  repeats: readonly Bleep[],
  sightings: readonly Sighting[],
  reader: Reader,
  directory: Directory,
): readonly JoinedLine[] {
  const shown = bleep.page.text.trim()
  const bleeps = repeats.map((b) => ({
    ...{ id: b.id as string, when: b.received, text: b.page.text },
    reason: b.related?.reason ?? ('same-call-again' satisfies ReasonCode),
  }))
  const readings = mergedIn(sightings)
    .filter(({ reason, page }) => reason === 'own-re-page' || page.text.trim() !== shown)
    .map((s) => ({ id: s.id as string, when: s.begun, text: s.page.text, reason: s.reason }))
  return [...bleeps, ...readings]
    .sort((a, b) => b.when - a.when)
    .slice(0, SHOWN)
    .map(({ id, when, text, reason }) => {
      const words = wordsFor(text, reader, directory)
      return {
        ...{ id, at: printInstant(when), reason, sentence: REASONS[reason] },
        ...(words === undefined || bleep.erased !== undefined ? {} : { words }),
      }
    })
}
