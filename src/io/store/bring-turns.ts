import type { Instant, Millis } from '../../core/instant.ts'
import { bringBack, bringSome, type Rung } from './bring-back.ts'
import { AT_FIRST, afterFailure, afterTurn, LONGEST } from './bring-pace.ts'
import type { RowStore } from './open.ts'

export interface BringingParts {
  readonly file: RowStore
  readonly node: string
  readonly now: () => Instant
  /** Does it while nothing else is done in the file: pages wait for it. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
}

export interface Bringing {
  /** Brings all of it, in turns. `together` is called while pages still wait, with how many bleeps came. */
  all(to: RowStore, isClosed: () => boolean, together: (bleeps: number) => void): Promise<void>
  /** Whether the time of those that wait is not over yet; asked once in each `every`. */
  rests(every: Millis): boolean
}

const nobody = (): Rung => ({ devices: new Set(), began: Number.POSITIVE_INFINITY })

/**
 * Brings back in turns that a slow machine can do, and leaves most of the time to the pages that come meanwhile: after each
 * turn as long as it took, after one that failed twice as long. What an earlier try has brought stays brought.
 */
export function bringingOf({ file, node, now, alone }: BringingParts): Bringing {
  let pace = AT_FIRST
  let rung = nobody()
  let came = 0
  let rest: Millis = 0

  async function inTurn<T>(last: boolean, work: () => Promise<T>): Promise<T> {
    const began = now()
    // The clock may be set meanwhile.
    const took = (): Millis => Math.min(Math.max(0, now() - began), LONGEST)
    try {
      const done = await alone(work)
      const spent = took()
      pace = afterTurn(pace, spent)
      if (!last) await new Promise((next) => setTimeout(next, spent).unref())
      return done
    } catch (error) {
      pace = afterFailure(pace, last)
      rest = 2 * took()
      throw error
    }
  }

  return {
    async all(to, isClosed, together) {
      for (let more = true; more && !isClosed(); ) {
        const some = await inTurn(false, () => bringSome(file, to, node, now(), rung, pace))
        came += some.bleeps
        more = some.more
      }
      if (isClosed()) return
      await inTurn(true, async () => together(came + (await bringBack(file, to, node, rung, pace))))
      pace = AT_FIRST
      rung = nobody()
      came = 0
    },
    rests(every) {
      rest -= every
      return rest > 0
    },
  }
}
