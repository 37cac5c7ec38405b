import type { BleepId } from '../ids.ts'
import { cleaner } from './alike.ts'
import type { Bleep, Page, Sighting } from './bleep.ts'
import { mendedBy } from './merge.ts'

/** Readings that count as the tap's own repeats; every other one that was merged counts as a sighting. */
const REPEATS: ReadonlySet<string> = new Set(['transmitter-repeat', 'same-sequence'])

/** The reading that began a bleep, or any other: only that one can be taken from it. */
export function isFirst(sightings: readonly Sighting[], id: Sighting['id']): boolean {
  return sightings.toSorted((a, b) => a.begun - b.begun)[0]?.id === id
}

/**
 * The call that one reading was after all. It came when that reading came, and bears its id, so that taken apart twice
 * it is one call.
 */
export function ownCallOf({ id, page, begun }: Sighting, number: string): Bleep {
  return {
    id: id as string as BleepId,
    ...{ number, page, received: begun, passed: { decoded: begun } },
    ...{ stage: 'routed', sightings: 1, repeats: 0 },
  }
}

/** What is left of the bleep: it shows no words that were another call's, and is read anew where they change. */
export function withoutReading(bleep: Bleep, gone: Sighting, sightings: readonly Sighting[]): Bleep {
  const repeat = REPEATS.has(gone.reason)
  const counted = {
    ...bleep,
    sightings: Math.max(1, bleep.sightings - (repeat ? 0 : 1)),
    repeats: Math.max(0, bleep.repeats - (repeat ? 1 : 0)),
  }
  const left = sightings.filter((s) => s.id !== gone.id).toSorted((a, b) => a.begun - b.begun)
  const [first, ...others] = left.map(({ page }) => page)
  if (first === undefined) return counted
  const best = others.reduce<Page>((shown, page) => (cleaner(page, shown) ? page : shown), first)
  return best.text === bleep.page.text ? counted : { ...counted, ...mendedBy(bleep, best) }
}
