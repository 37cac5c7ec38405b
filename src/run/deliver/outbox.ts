import type { AlertEvent } from '../../core/alert/alert.ts'
import {
  type Attempt,
  type ChannelId,
  FAILED,
  type Outcome,
  stepAttempt,
} from '../../core/deliver/attempt.ts'
import { doorbell, type Privacy } from '../../core/deliver/payload.ts'
import { RADIO_DEVICE } from '../../core/deliver/plan.ts'
import { RADIO_DEADLINE, URGENCY } from '../../core/deliver/urgency.ts'
import type { AlertId, DeviceId } from '../../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Random } from '../../ports/random.ts'
import { type Store, StoreFault, type Tx } from '../../ports/store.ts'
import { apart, defect } from '../defect.ts'
import { type Loop, startLoop } from '../loop.ts'
import { observeHop } from '../observe-hop.ts'
import {
  bleepReader,
  deviceOf,
  fraction,
  type Ready,
  type Result,
  rememberRePage,
  type Settled,
  settle,
  unreached,
} from './outbox-rows.ts'

export interface OutboxParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly metrics: Metrics
  readonly channels: ReadonlyMap<ChannelId, Channel>
  readonly privacy: Privacy
  /** This node, for leases. */
  readonly owner: string
  /** The alert machine's ear: told when no device could be reached by one path. */
  readonly apply: (alert: AlertId, event: AlertEvent) => Promise<void>
  /** Hand-overs under way at once; a quarter is kept free for emergencies. */
  readonly concurrency?: number
}

/** A claimed attempt that is not settled in this time is claimed again, by whoever lives. Longer than any deadline. */
const LEASE: Millis = 30 * SECOND
/** Looks again after this even if no ring was heard. */
const POLL: Millis = 1 * SECOND
/** Hand-overs under way to one device: further ones wait, so that a hanging phone cannot fill the outbox; emergencies go. */
const PER_DEVICE = 4
const BUSY_PAUSE: Millis = 250
const STORE_PAUSE: Millis = 500
const BATCH = 100

/**
 * Claims attempts, hands each to its channel and stores what came of it. The claim and the step to `handed` are one
 * transaction, results are gathered into as few as possible. Killed at any point, it does nothing twice that was
 * acknowledged as taken: only attempts without a stored result are claimed again, once their lease has lapsed.
 * Stopping waits for everything under way to be settled and stored.
 */
export function startOutbox(parts: OutboxParts): Loop {
  const outbox = new Outbox(parts)
  const { clock, log, metrics, store } = parts
  const loop = startLoop('outbox', ['attempts'], POLL, () => outbox.claim(), {
    clock,
    log,
    metrics,
    wake: store.wake,
  })
  return {
    async stop() {
      await loop.stop()
      await outbox.settled()
    },
  }
}

class Outbox {
  readonly #parts: OutboxParts
  readonly #limit: number
  readonly #reserve: number
  readonly #results: Result[] = []
  readonly #perDevice = new Map<DeviceId, number>()
  readonly #flying = new Set<Promise<void>>()
  #flushing: Promise<void> | undefined
  /** The last claim left attempts behind: claim again as soon as a place is free. */
  #starved = false

  constructor(parts: OutboxParts) {
    this.#parts = parts
    this.#limit = parts.concurrency ?? 256
    this.#reserve = Math.ceil(this.#limit / 4)
  }

  async settled(): Promise<void> {
    while (this.#flying.size > 0) await Promise.all(this.#flying)
  }

  #ring(): void {
    this.#parts.store.wake.ring('attempts')
  }

  /** Takes as many attempts as there are free places, and sets them off once their step to `handed` is durable. */
  async claim(): Promise<void> {
    const { store, clock, owner } = this.#parts
    const free = this.#limit - this.#flying.size
    this.#starved = free <= this.#reserve
    if (free <= 0) return
    const limit = Math.min(free, BATCH)
    const now = clock.now()
    const claim = { owner, now, until: now + LEASE, limit }
    const { ready, taken, lost } = await store.transact(async (tx) => {
      const attempts = await tx.attempts.claim(claim, this.#starved ? 'emergency' : 'test')
      const bleepOf = bleepReader(tx)
      const setOff: Ready[] = []
      const failed: Attempt[] = []
      for (const attempt of attempts) {
        const next = await apart(
          this.#parts,
          'hand-over-failed',
          attempt.id,
          () => this.#prepare(tx, bleepOf, attempt, now),
          () => ({ ...attempt, state: 'refused' as const, fault: 'hand-over-failed' as const }),
        )
        if (!('bleep' in next) && next.fault === 'hand-over-failed')
          await tx.attempts.move(next.id, next.state, now, { fault: next.fault })
        if ('bleep' in next) setOff.push(next)
        else failed.push(next)
      }
      return { ready: setOff, taken: attempts.length, lost: await unreached(tx, failed) }
    })
    for (const one of ready) this.#fly(one)
    await this.#report(lost, now)
    if (taken === limit) {
      this.#starved = true
      if (this.#flying.size < this.#limit) this.#ring()
    }
  }

  #fly(ready: Ready): void {
    const { log, metrics } = this.#parts
    const flight = this.#hand(ready)
      .catch((error: unknown) => {
        defect({ log, metrics }, 'hand-over-failed', ready.attempt.id, error)
      })
      .finally(() => {
        this.#flying.delete(flight)
        if (this.#starved) this.#ring()
      })
    this.#flying.add(flight)
  }

  /** Steps one claimed attempt on: ready to hand over, or settled without. */
  async #prepare(
    tx: Tx,
    bleepOf: ReturnType<typeof bleepReader>,
    claimed: Attempt,
    now: Instant,
  ): Promise<Ready | Attempt> {
    const settle = async (attempt: Attempt) => {
      const fault = attempt.fault
      await tx.attempts.move(attempt.id, attempt.state, now, fault === undefined ? {} : { fault })
      this.#count(attempt.channel, attempt.state === 'expired' ? 'expired' : 'refused')
      return attempt
    }
    const refuse = (fault: 'device-absent' | 'channel-absent') =>
      settle(
        stepAttempt(claimed, { kind: 'outcome', outcome: { kind: 'refused', fault }, at: now, random: 0 })[0],
      )

    const [leased] = stepAttempt(claimed, { kind: 'leased', at: now })
    if (leased.state === 'expired') return settle(leased)
    const channel = this.#parts.channels.get(claimed.channel)
    if (channel === undefined) return refuse('channel-absent')
    const bleep = await bleepOf(claimed.alert)
    const device = bleep && (await deviceOf(tx, claimed, bleep))
    if (bleep === undefined || device?.state !== 'active') return refuse('device-absent')
    const full = (this.#perDevice.get(device.id) ?? 0) >= PER_DEVICE
    if (full && claimed.class !== 'emergency' && device.id !== RADIO_DEVICE) {
      await tx.attempts.move(claimed.id, 'queued', now, { due: now + BUSY_PAUSE })
      this.#parts.clock.after(BUSY_PAUSE, () => this.#ring())
      return claimed
    }
    const [attempt] = stepAttempt(leased, { kind: 'handed', at: now })
    await tx.attempts.move(attempt.id, attempt.state, now)
    if (attempt.channel === 'radio') await rememberRePage(tx, attempt, bleep, now)
    return { attempt, device, bleep, channel }
  }

  async #hand(ready: Ready): Promise<void> {
    const { clock, privacy, metrics } = this.#parts
    const { attempt, device, bleep, channel } = ready
    this.#perDevice.set(device.id, (this.#perDevice.get(device.id) ?? 0) + 1)
    const deadline = new AbortController()
    const within = attempt.channel === 'radio' ? RADIO_DEADLINE : URGENCY[attempt.class].deadline
    const timer = clock.after(within, () => deadline.abort())
    const handed = clock.now()
    try {
      const said = await apart<Outcome>(
        this.#parts,
        'hand-over-failed',
        attempt.id,
        () =>
          channel.send(attempt, device, doorbell(attempt, privacy, bleep.meaning?.place), deadline.signal),
        () => ({ kind: 'refused', fault: 'hand-over-failed' }),
      )
      const settled = clock.now()
      metrics.observe('bleepbridge_send_seconds', (settled - handed) / 1000, {
        channel: attempt.channel,
        result: said.kind,
      })
      this.#results.push({ ready, outcome: said, handed, settled })
    } finally {
      timer.cancel()
      const left = (this.#perDevice.get(device.id) ?? 1) - 1
      if (left > 0) this.#perDevice.set(device.id, left)
      else this.#perDevice.delete(device.id)
    }
    await this.#flush()
  }

  /** One transaction at a time: results that come meanwhile share the next. */
  async #flush(): Promise<void> {
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
      const { lost, told } = await store.transact(async (tx) => {
        const stored: [Result, Settled][] = []
        for (const result of batch) {
          const one = await apart(
            this.#parts,
            'hand-over-failed',
            result.ready.attempt.id,
            () => settle(tx, result, fraction(random)),
            () => undefined,
          )
          if (one) stored.push([result, one])
        }
        const failed = stored.map(([, { next }]) => next).filter(({ state }) => FAILED.includes(state))
        return { lost: await unreached(tx, failed), told: stored }
      })
      for (const [result, one] of told) {
        this.#told(result, one)
        if (one.next.state === 'queued') clock.after(one.next.due - clock.now(), () => this.#ring())
      }
      await this.#report(lost, clock.now())
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error
      log.warn('outbox-store', { fault: error.code })
      this.#results.unshift(...batch)
      await new Promise<void>((done) => clock.after(STORE_PAUSE, done))
    }
  }

  #told({ ready: { attempt, bleep }, outcome: said }: Result, { next, hops }: Settled): void {
    for (const { hop, at } of hops) observeHop(this.#parts.metrics, bleep, hop, at, attempt.class)
    this.#count(attempt.channel, next.state === 'expired' ? 'expired' : said.kind)
    if (said.kind === 'taken') return
    this.#parts.log.warn('attempt-failed', {
      attempt: attempt.id,
      channel: attempt.channel,
      try: attempt.try,
      state: next.state,
      fault: said.fault,
    })
  }

  async #report(lost: readonly Attempt[], at: Instant): Promise<void> {
    for (const { alert, person } of lost)
      await apart(
        this.#parts,
        'step-failed',
        alert,
        () => this.#parts.apply(alert, { kind: 'unreachable', person, reason: 'path-failed', at }),
        () => undefined,
      )
  }

  #count(channel: ChannelId, result: string): void {
    this.#parts.metrics.count('bleepbridge_attempts_total', { channel, result })
  }
}
