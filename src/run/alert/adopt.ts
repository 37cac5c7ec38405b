import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Neighbours } from '../../ports/neighbours.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface AdoptParts extends LoopTools {
  readonly node: string
  /** Absent: there are no other nodes. */
  readonly neighbours?: Neighbours
  /** Whether we are on a file of our own now. */
  readonly apart: () => boolean
  /** Goes on here with the calls that were open in the database; gives how many there were. */
  readonly adopt: () => Promise<number>
}

const LOOK_EVERY: Millis = SECOND / 2
/** A node that loses the database goes on by itself within this. Until then it says that it is not fit, as we did. */
const FITS: Millis = 1500

/**
 * While we are apart, the calls that were open before go on from here: their steps fall due, and answers to them count.
 * Not where another node has the database, or goes on with them before us. In doubt they go on here.
 */
export function startAdopt(parts: AdoptParts): Loop {
  const { apart, adopt, neighbours, node, clock, log } = parts
  let since: Instant | undefined
  let done = false

  async function look(): Promise<void> {
    if (!apart()) {
      since = undefined
      done = false
      return
    }
    since ??= clock.now()
    if (done) return
    const rings = ((await neighbours?.ask()) ?? []).filter(
      (other) => (other.fit && !other.apart) || other.slow || other.node < node,
    )
    if (rings.some((other) => other.fit)) return
    if (rings.length > 0 && clock.now() - since < FITS) return
    const calls = await adopt()
    done = true
    if (calls > 0) log.warn('calls-adopted', { calls })
  }
  return startLoop('adopt', [], LOOK_EVERY, look, parts)
}
