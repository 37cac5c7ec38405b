import { type Millis, SECOND } from '../../core/instant.ts'
import { StoreFault } from '../../ports/store.ts'

/** Pages wait so long at most for the last turn of what is brought back; work under way is waited for half of that. */
const SHUT_WITHIN: Millis = 2 * SECOND
const LOOK_AGAIN: Millis = 5

export interface Gate {
  /** Until it is open. */
  readonly open: Promise<void> | undefined
  /**
   * Does it while nothing else is done in the file, for as long as pages can wait; then they pass, and it goes on to its end.
   * `stays` says whether they still wait, and then they do until it has ended.
   * @throws StoreFault `store-busy` when what was under way does not end
   */
  alone(work: (stays: () => boolean) => Promise<void>): Promise<void>
}

/** @param working how many pieces of work are under way in the file */
export function gateOf(working: () => number): Gate {
  let shut: Promise<void> | undefined
  return {
    get open() {
      return shut
    },
    async alone(work) {
      const opened = Promise.withResolvers<void>()
      shut = opened.promise
      const open = (): void => {
        if (shut === opened.promise) shut = undefined
        opened.resolve()
      }
      const timer = setTimeout(open, SHUT_WITHIN)
      try {
        for (let waited = 0; working() > 0; waited += LOOK_AGAIN) {
          if (waited >= SHUT_WITHIN / 2 || shut !== opened.promise) throw new StoreFault('store-busy')
          await new Promise((next) => setTimeout(next, LOOK_AGAIN))
        }
        await work(() => {
          clearTimeout(timer)
          return shut === opened.promise
        })
      } finally {
        clearTimeout(timer)
        open()
      }
    },
  }
}
