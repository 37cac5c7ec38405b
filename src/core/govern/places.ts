import { DAY, type Instant } from '../instant.ts'
import type { Anchor, Held } from './audit.ts'

/** Places written in the last hours are all kept; of each day before, the first. */
const ALL_OF_THE_LAST = 600

interface Written extends Anchor {
  readonly at: Instant
  readonly begun?: boolean
}

/** Fewer places that still hold the chain to all of its past, oldest first. */
export function thinned<P extends Written>(places: readonly P[]): readonly P[] {
  const old = places.slice(0, -ALL_OF_THE_LAST)
  const firsts = old.filter(
    ({ at, begun }, i) =>
      begun === true || Math.floor(at / DAY) !== Math.floor((old[i - 1]?.at ?? -DAY) / DAY),
  )
  return [...firsts, ...places.slice(-ALL_OF_THE_LAST)]
}

/**
 * What the chain is held to. Where a person answered for the chain as it stood (after a restore), what was written before
 * that counts no more, and neither do copies from before.
 * @param copies where the chain stood when each copy of the database was made
 */
export function heldTo(
  places: readonly Written[],
  copies: readonly { readonly made: Instant; readonly audit: Anchor }[] = [],
): Pick<Held, 'anchors' | 'from'> {
  const start = places.findLastIndex(({ begun }) => begun === true)
  const begun = places[start]
  const noted = copies
    .filter(({ made, audit }) => audit.seq > 0 && (begun === undefined || made > begun.at))
    .map(({ audit }) => audit)
  const all = [...noted, ...places.slice(Math.max(start, 0))]
  return {
    anchors: new Map(all.map(({ seq, digest }) => [seq, digest])),
    ...(begun === undefined ? {} : { from: begun.seq }),
  }
}
