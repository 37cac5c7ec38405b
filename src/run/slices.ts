import type { Millis } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'
import { ticks } from './ticks.ts'

/** Gives everything else its turn. */
export const turn = () => new Promise<void>((next) => setImmediate(next))

/** Does work that is told in steps, and lets everything else have its turn between any two of them. */
export async function inSlices<T>(work: Generator<void, T>, between = turn): Promise<T> {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    await between()
  }
}

/** Work in a row before a rest. */
const SLICE: Millis = 1
/** A longer wait was for something else than this thread. */
const LONGEST_REST: Millis = 10

/**
 * What to await between two small steps of long work: a turn for everything else, and after each slice a rest as long as
 * the slice. A page takes several turns to be stored, and none of them waits for more than a step.
 * @param times so many times as long, where much is asked for often
 */
export function restful(clock: Clock, times = 1): () => Promise<void> {
  let since = ticks(clock)
  let spent: Millis = 0
  return async () => {
    spent += Math.max(0, ticks(clock) - since)
    if (spent < SLICE) await turn()
    else {
      await new Promise<void>((next) => clock.after(Math.min(spent * times, LONGEST_REST), next))
      spent = 0
    }
    since = ticks(clock)
  }
}
