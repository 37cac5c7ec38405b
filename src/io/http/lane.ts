import type { Millis } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** Work that says when it is done, at once or later. */
export type Job = (done: () => void) => void

export interface Share {
  /** Rest after work, as a multiple of the time that it took. */
  readonly rest: number
  /** Jobs that wait, of all askers. */
  readonly most: number
  /** Of one of them. */
  readonly mostOfOne: number
  /** A job that takes longer waits for something else than this thread, so the next one does not wait for it. */
  readonly within?: Millis
}

/** The thread that is shared: its own time, whatever the site's clock says. */
export interface Thread extends Pick<Clock, 'after'> {
  /** What it has worked so far: whoever waits for a disk or a reader takes none of it. */
  taken(): Millis
}

const THIS: Thread = {
  taken() {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  },
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return { cancel: () => clearTimeout(timer) }
  },
}

/** Work in a row before a rest, milliseconds. */
const SLICE: Millis = 1
/** The same where a share does not say. */
const WITHIN: Millis = 10

/**
 * A share of the thread: jobs one at a time, askers in turn, with a rest after each slice that is a multiple of what the
 * slice took of it. A page that comes meanwhile waits for one job at most. Whoever asks for much waits behind their own jobs.
 */
export class Lane {
  readonly #thread: Thread
  readonly #share: Share
  readonly #waiting = new Map<string, Job[]>()
  #count = 0
  #spent: Millis = 0
  #busy = false

  constructor(share: Share, thread = THIS) {
    this.#thread = thread
    this.#share = share
  }

  /** Nothing is under way, waits, or rests. */
  get idle(): boolean {
    return !this.#busy
  }

  /** Puts a job behind the others of its asker; false: too many wait already. */
  put(asker: string, job: Job): boolean {
    const own = this.#waiting.get(asker) ?? []
    if (this.#count >= this.#share.most || own.length >= this.#share.mostOfOne) return false
    own.push(job)
    this.#count += 1
    if (own.length === 1) this.#waiting.set(asker, own)
    if (!this.#busy) this.#serve()
    return true
  }

  #serve(): void {
    this.#busy = true
    while (this.#spent < SLICE) {
      const job = this.#next()
      if (job === undefined) {
        this.#busy = false
        return
      }
      if (!this.#did(job)) return
    }
    const rest = this.#spent * this.#share.rest
    this.#spent = 0
    this.#thread.after(rest, () => this.#serve())
  }

  /** False while it is still under way: then it goes on from there. */
  #did(job: Job): boolean {
    const { within = WITHIN } = this.#share
    const began = this.#thread.taken()
    let over = false
    let returned = false
    const done = (): void => {
      if (over) return
      over = true
      late?.cancel()
      this.#spent += Math.min(within, Math.max(0, this.#thread.taken() - began))
      if (returned) this.#serve()
    }
    let late: Timer | undefined
    job(done)
    returned = true
    if (!over) late = this.#thread.after(within, done)
    return over
  }

  #next(): Job | undefined {
    const [first] = this.#waiting
    if (first === undefined) return undefined
    const [asker, jobs] = first
    const job = jobs.shift()
    this.#count -= 1
    this.#waiting.delete(asker)
    if (jobs.length > 0) this.#waiting.set(asker, jobs)
    return job
  }
}
