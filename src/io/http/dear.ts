import { Refused } from './problem.ts'

/** What may wait: beyond it whoever asks is told to come again. */
const MOST_WAITING = 16
/** Of one asker, waiting or under way. */
const MOST_OF_ONE = 3

/**
 * Reads that take long are done one at a time, so that a hundred who ask at once delay each other and no page. Each of
 * them gives way to everything else between its own small steps.
 */
export class Dear {
  #last: Promise<unknown> = Promise.resolve()
  readonly #asked = new Map<string, number>()
  #waiting = 0

  /** @throws Refused when too many wait already */
  async do<T>(asker: string, work: () => Promise<T> | T): Promise<T> {
    const own = this.#asked.get(asker) ?? 0
    if (own >= MOST_OF_ONE || this.#waiting >= MOST_WAITING) throw new Refused({ code: 'too-many-requests' })
    this.#asked.set(asker, own + 1)
    this.#waiting += 1
    const mine = this.#last.then(work)
    this.#last = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      this.#waiting -= 1
      const left = (this.#asked.get(asker) ?? 1) - 1
      if (left === 0) this.#asked.delete(asker)
      else this.#asked.set(asker, left)
    }
  }
}
