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

/** An answer holds for so long. */
const HOLDS: Millis = SECOND

/**
 * Whether a bleep that came while we are apart rings from another node, so that it must not ring from here as well: only
 * where the others heard it too, and one that is fit either has the database or comes before us. In doubt it rings here.
 */
export function createElsewhere(parts: ElsewhereParts): (bleep: Bleep) => Promise<boolean> {
  const { store, clock, node, neighbours } = parts
  let known: { readonly at: Instant; readonly all: readonly Neighbour[] } | undefined

  return async (bleep) => {
    if (!parts.apart()) return false
    const heard = await store.transact((tx) => tx.bleeps.sightings(bleep.id))
    if (!heard.every(({ feed }) => parts.common(feed))) return false
    // What a neighbour said before the page came says nothing about this page.
    if (known === undefined || known.at < bleep.received || clock.now() - known.at > HOLDS) {
      const at = clock.now()
      known = { at, all: await neighbours.ask() }
    }
    return known.all.some((other) => other.fit && (!other.apart || other.node < node))
  }
}
