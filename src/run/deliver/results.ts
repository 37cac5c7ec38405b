import { type Attempt, FAILED } from '../../core/deliver/attempt.ts'
import type { ChannelId } from '../../core/deliver/channels.ts'
import type { FaultCode } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import type { DeviceId } from '../../core/ids.ts'
import { type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import type { Timer } from '../../ports/clock.ts'
import { StoreFault } from '../../ports/store.ts'
import type { MakerTools } from '../../ports/tools.ts'
import { apart } from '../defect.ts'
import { observeHop } from '../observe-hop.ts'
import { type Ended, endAttempt, fraction, type Result, unreached } from './outbox-rows.ts'

export interface ResultTools extends MakerTools {}

/** What the outbox does about results once they are stored. */
export interface AfterResults {
  count(channel: ChannelId, result: string): void
  refused(channel: ChannelId, fault: FaultCode, device: DeviceId): void
  /** These rang nobody by their whole path. */
  report(lost: readonly Attempt[], at: Instant): Promise<void>
  /** Its provider says of one phone after another that the address is gone. */
  doubted(result: Result): boolean
  /** An attempt is due again after this. */
  soon(wait: Millis): void
}

const STORE_PAUSE: Millis = 500
/**
 * The result of an attempt that is only in the database is kept this long while that is away; after that it has been
 * sent again.
 */
const KEEP: Millis = MINUTE
const BATCH = 32

/** Stores what came of hand-overs, many at once; keeps them while the store is away. */
export class Results {
  readonly #parts: ResultTools
  readonly #outbox: AfterResults
  readonly #results: Result[] = []
  #flushing: Promise<void> | undefined
  #waiting: Result[] = []
  #again: Timer | undefined

  constructor(parts: ResultTools, outbox: AfterResults) {
    this.#parts = parts
    this.#outbox = outbox
  }

  /** Settles when it is stored. One transaction at a time: results that come meanwhile share the next. */
  async store(result: Result): Promise<void> {
    this.#results.push(result)
    while (this.#results.length > 0 || this.#flushing) {
      this.#flushing ??= this.#drain().finally(() => {
        this.#flushing = undefined
      })
      await this.#flushing
    }
  }

  async #drain(): Promise<void> {
    while (this.#results.length > 0) await this.#store(this.#results.splice(0, BATCH))
  }

  async #store(batch: readonly Result[]): Promise<void> {
    const { store, clock, log, random } = this.#parts
    try {
      const { lost, told, elsewhere } = await store.transact(async (tx) => {
        const stored: [Result, Ended][] = []
        const elsewhere: Result[] = []
        for (const result of batch) {
          const one = await apart(
            this.#parts,
            'hand-over-failed',
            result.ready.attempt.id,
            () => endAttempt(tx, result, fraction(random), this.#outbox.doubted(result)),
            () => undefined,
          )
          if (one) stored.push([result, one])
          else if (tx.isPart) elsewhere.push(result)
        }
        const failed = stored.map(([, { next }]) => next).filter(({ state }) => FAILED.includes(state))
        return { lost: await unreached(tx, failed), told: stored, elsewhere }
      })
      this.#later(elsewhere)
      for (const [result, one] of told) {
        this.#told(result, one)
        if (one.next.state === 'queued') this.#outbox.soon(one.next.due - clock.now())
      }
      await this.#outbox.report(lost, clock.now())
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
      log.warn('outbox-store', { fault: error.code })
      this.#results.unshift(...batch)
      await new Promise<void>((done) => clock.after(STORE_PAUSE, done))
    }
  }

  /** Tried again beside all others, or what was taken would be sent once more when the database is back. */
  #later(results: readonly Result[]): void {
    const { clock } = this.#parts
    const young = results.filter(({ ended }) => clock.now() - ended < KEEP)
    if (young.length === 0) return
    if (this.#waiting.push(...young) > young.length) return
    this.#again = clock.after(STORE_PAUSE, () => {
      const some = this.#waiting
      this.#waiting = []
      for (const result of some) void this.store(result)
    })
  }

  /** What is in the database alone is left to whoever runs next. */
  end(): void {
    this.#again?.cancel()
  }

  #told({ ready: { attempt, bleep }, outcome: said }: Result, { next, hops }: Ended): void {
    for (const { hop, at } of hops) observeHop(this.#parts.metrics, bleep, hop, at, attempt.class)
    this.#outbox.count(attempt.channel, next.state === 'expired' ? 'expired' : said.kind)
    if (said.kind === 'taken') return
    this.#outbox.refused(attempt.channel, said.fault, attempt.device)
    this.#parts.log.warn('attempt-failed', {
      attempt: attempt.id,
      channel: attempt.channel,
      try: attempt.try,
      state: next.state,
      // Not by the name `said`, under which people's words are kept out of the log.
      ...given({ fault: said.fault, providerSays: said.said }),
    })
  }
}
