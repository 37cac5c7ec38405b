import type { Bleep } from '../../core/bleep/bleep.ts'
import type { FeedId } from '../../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Neighbour, Neighbours } from '../../ports/neighbours.ts'
import type { Stored } from '../../ports/tools.ts'

export interface ElsewhereParts extends Stored {
  readonly node: string
  readonly neighbours: Neighbours
  /** Whether we are on a file of our own now. */
  readonly apart: () => boolean
  /** Whether every node hears this feed: the air, not a line that one node answers. */
  readonly common: (feed: FeedId) => boolean
}

/** `here`: it is ours to ring. `there`: another node has rung it. `unsure`: another is about to, or not; ask again soon. */
export type Rings = 'here' | 'there' | 'unsure'
export type Elsewhere = (bleep: Bleep) => Promise<Rings>

/** An answer holds for so long. */
const HOLDS: Millis = 400
/** A node that is fit so long after a page was heard has rung it, or it would not be fit. */
const RUNG: Millis = SECOND
/** A node that loses the database goes on by itself within this. Until then it says that it is not fit, as we did. */
const FITS: Millis = 1500

/**
 * Whether a bleep that came while we are apart rings from another node, so that it must not ring from here as well: only
 * where the others heard it too, and one that is fit either has the database or comes before us. In doubt it rings here.
 */
export function createElsewhere(parts: ElsewhereParts): Elsewhere {
  const { store, clock, node, neighbours } = parts
  let known: { readonly at: Instant; readonly all: readonly Neighbour[] } | undefined

  return async (bleep) => {
    if (!parts.apart()) return 'here'
    const heard = await store.transact((tx) => tx.bleeps.sightings(bleep.id))
    if (!heard.every(({ feed }) => parts.common(feed))) return 'here'
    const now = clock.now()
    // What a neighbour said before the page came says nothing about this page.
    if (known === undefined || known.at < bleep.received || now - known.at > HOLDS)
      known = { at: now, all: await neighbours.ask() }
    const { at, all } = known
    // One that has the database rings for all. Of those that are apart, or will be in a moment, the first by name does.
    const rings = all.filter((other) => (other.fit && !other.apart) || other.slow || other.node < node)
    if (rings.some((other) => other.fit)) return at - bleep.received >= RUNG ? 'there' : 'unsure'
    return rings.length > 0 && now - bleep.received < FITS ? 'unsure' : 'here'
  }
}
