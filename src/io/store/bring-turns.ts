import type { Instant, Millis } from '../../core/instant.ts'
import { type Also, bringAlso, bringRest, bringSome, leave, type Rung, type Turn } from './bring-back.ts'
import type { Redo } from './bring-decided.ts'
import { AT_FIRST, afterFailure, afterTurn, LONGEST } from './bring-pace.ts'
import type { RowStore } from './open.ts'

export interface BringingParts {
  readonly file: RowStore
  readonly node: string
  readonly now: () => Instant
  readonly redo: Redo
  /**
   * Does `work` while nothing else is done in the file: pages wait for it, but no longer than their senders can.
   * `stays` tells whether they still wait; if so, they wait to the end of it.
   */
  readonly alone: (work: (stays: () => boolean) => Promise<void>) => Promise<void>
}

export interface Bringing {
  /** Brings what must be there before a phone or a person comes in by the file. */
  ahead(to: RowStore): Promise<void>
  /** Brings all of it, in turns. `together` is called while pages still wait, with how many bleeps came. */
  all(to: RowStore, isClosed: () => boolean, together: (bleeps: number) => void): Promise<void>
  /** Whether the time of those that wait is not over yet; asked once in each `every`. */
  rests(every: Millis): boolean
}

const nobody = (): Rung => ({ devices: new Set(), began: Number.POSITIVE_INFINITY })

/**
 * Brings back in turns that a slow machine can do. Meanwhile pages are stored in the file, and only the last turn makes
 * them wait. Where that takes longer than they can wait, they are stored there too, and what came is one more turn. What
 * an earlier try has brought stays brought.
 */
export function bringingOf({ file, node, now, redo, alone }: BringingParts): Bringing {
  let pace = AT_FIRST
  let rung = nobody()
  let also: Also = new Map()
  let came = 0
  let rest: Millis = 0

  async function timed<T>(last: boolean, work: () => Promise<T>): Promise<T> {
    const began = now()
    // The clock may be set meanwhile.
    const took = (): Millis => Math.min(Math.max(0, now() - began), LONGEST)
    try {
      const done = await work()
      pace = afterTurn(pace, took())
      return done
    } catch (error) {
      pace = afterFailure(pace, last)
      rest = 2 * took()
      throw error
    }
  }
  const turnTo = (shared: RowStore): Turn => ({ file, shared, node, rung, also, redo })

  return {
    ahead: (to) => bringAlso(turnTo(to), pace.within),
    async all(to, isClosed, together) {
      const turn = turnTo(to)
      let done = false
      while (!done && !isClosed()) {
        await timed(false, () => bringAlso(turn, pace.within))
        for (let more = true; more && !isClosed(); ) {
          const some = await timed(false, () => bringSome(turn, now(), pace))
          came += some.bleeps
          more = some.more
        }
        if (isClosed()) return
        await timed(true, () =>
          alone(async (stays) => {
            await bringAlso(turn, pace.lastWithin)
            came += await bringRest(turn, pace)
            if (!stays()) return
            await leave(file)
            together(came)
            done = true
          }),
        )
      }
      if (!done) return
      pace = AT_FIRST
      rung = nobody()
      also = new Map()
      came = 0
    },
    rests(every) {
      rest -= every
      return rest > 0
    },
  }
}
