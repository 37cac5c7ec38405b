import type { AlertEvent } from '../../core/alert/alert.ts'
import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Attempt, Outcome } from '../../core/deliver/attempt.ts'
import { type ChannelId, traitsOf } from '../../core/deliver/channels.ts'
import { Lanes, laneOf } from '../../core/deliver/lanes.ts'
import type { Privacy } from '../../core/deliver/payload.ts'
import { URGENCY } from '../../core/deliver/urgency.ts'
import type { Directory } from '../../core/directory/directory.ts'
import type { FaultCode } from '../../core/faults.ts'
import type { AlertId, AttemptId, DeviceId } from '../../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Channel } from '../../ports/channel.ts'
import { StoreFault, type Tx } from '../../ports/store.ts'
import type { MakerTools } from '../../ports/tools.ts'
import { apart, defect } from '../defect.ts'
import { type Loop, startLoop } from '../loop.ts'
import { followSteps } from '../ticks.ts'
import { Addresses, type AddressParts } from './addresses.ts'
import { type Ahead, type Asked, storeAhead } from './ahead.ts'
import { bellOf } from './bell.ts'
import { bleepReader, type Ready, type Result, unreached } from './outbox-rows.ts'
import { prepare, refused } from './prepare.ts'
import { Results } from './results.ts'
import { Room } from './room.ts'

export interface OutboxParts extends MakerTools {
  readonly channels: ReadonlyMap<ChannelId, Channel>
  readonly privacy: Privacy
  /** Who somebody is, and what of a place is masked; absent: a push says what the site has set. */
  readonly directory?: () => Directory
  /** This node, for leases. */
  readonly owner: string
  /** Gives the alert an event: here, that a person could not be reached by any device of one path. */
  readonly apply: (alert: AlertId, event: AlertEvent) => Promise<void>
  /** Told of every hand-over that was not taken. */
  readonly refused?: (channel: ChannelId, fault: FaultCode, device: DeviceId) => void
  readonly begins?: Promise<void>
  readonly probe?: AddressParts['probe']
  /** Longest sleep; absent: 500 ms. */
  readonly every?: Millis
  /** Hand-overs under way at once; a quarter is kept free for emergencies, half of that for those that have not rung yet. */
  readonly concurrency?: number
}

/** A claimed attempt that is not ended in this time is claimed again, by whoever lives. Longer than any deadline. */
const LEASE: Millis = 30 * SECOND
/** Looks again after this even if nothing woke it: nobody wakes it for what a dead node had claimed. */
const POLL: Millis = 500
/** Attempts that were ended because their provider is well again have their results stored by then. */
const WELL_AFTER: Millis = 250
/** Under way for longer than this where others now get through: it hangs. What began just now is left to arrive. */
const HANGS: Millis = SECOND
/**
 * A commit whose answer was lost may have been made. Attempts that it may have claimed for us are released after
 * this, again and again until no such transaction can still be open.
 */
const UNSURE: Millis = SECOND
const FORGOTTEN: Millis = 8 * SECOND
/** Hand-overs still under way this long after the end was asked for are given up: another node, or the next run, sends them. */
const STOP_WITHIN: Millis = 2 * SECOND

export interface RunningOutbox extends Loop {
  readonly ahead: Ahead
}

/**
 * Claims attempts, hands each to its channel and stores what came of it. The claim and the step to `handed` are one
 * transaction, results are gathered into as few as possible. Killed at any point, it does nothing twice that was
 * acknowledged as taken: only attempts without a stored result are claimed again, once their lease has lapsed.
 * Stopping waits for everything under way to be ended and stored.
 */
export function startOutbox(parts: OutboxParts): RunningOutbox {
  const outbox = new Outbox(parts)
  const loop = startLoop('outbox', ['attempts'], parts.every ?? POLL, () => outbox.claim(), {
    ...parts,
    wake: parts.store.wake,
  })
  return {
    ahead: outbox,
    async stop() {
      outbox.end()
      await loop.stop()
      const late = parts.clock.after(STOP_WITHIN, () => outbox.giveUp())
      await outbox.drained()
      late.cancel()
    },
  }
}

class Outbox implements Ahead {
  readonly #parts: OutboxParts
  readonly #room: Room
  readonly #results: Results
  readonly #lanes = new Lanes()
  readonly #addresses: Addresses
  /** Hand-overs under way that may be ended early, by the lane they go by. */
  readonly #underWay = new Map<AbortController, { readonly lane: string; readonly since: Instant }>()
  readonly #flying = new Set<Promise<void>>()
  /** The last claim left attempts behind: claim again as soon as a place is free. */
  #starved = false
  #ended = false
  /** Stored or claimed as ours by transactions of which we have not heard that they are durable. */
  readonly #unsure = new Map<AttemptId, Instant>()
  /** The clock went back, perhaps while we were down: what was put off by its old time must not wait for that. */
  #wentBack = true
  readonly #followClock: (unsure: Map<AttemptId, Instant>) => void

  constructor(parts: OutboxParts) {
    this.#parts = parts
    this.#room = new Room(parts.concurrency ?? 256)
    this.#followClock = followSteps(parts.clock, (unsure, by) => {
      this.#wentBack ||= by < 0
      for (const [id, since] of unsure) unsure.set(id, since + by)
    })
    this.#addresses = new Addresses(parts, (channel, result) => this.#count(channel, result))
    this.#results = new Results(parts, {
      count: (channel, result) => this.#count(channel, result),
      refused: (channel, fault, device) => parts.refused?.(channel, fault, device),
      report: (lost, at) => this.#report(lost, at),
      doubted: ({ ready: { device }, ended }) => this.#addresses.doubted(device, ended),
      soon: (wait) => void (wait < (parts.every ?? POLL) && parts.clock.after(wait, () => this.#ring())),
    })
  }

  async drained(): Promise<void> {
    while (this.#flying.size > 0) await Promise.all(this.#flying)
  }

  /** Nothing is begun any more. */
  end(): void {
    this.#ended = true
    this.#addresses.end()
    this.#results.end()
  }

  giveUp(): void {
    for (const deadline of this.#underWay.keys()) deadline.abort()
  }

  async store(tx: Tx, asked: readonly Asked[], bleep: Bleep, now: Instant): Promise<readonly Ready[]> {
    const { channels, owner, clock } = this.#parts
    const going = await storeAhead(tx, asked, bleep, now, {
      channels,
      lanes: this.#lanes,
      free: (attempt) => (this.#ended ? 0 : this.#room.free(attempt, this.#flying.size)),
      holder: (at) => ({ owner, until: at + LEASE }),
    })
    for (const { attempt } of going) this.#unsure.set(attempt.id, clock.now())
    return going
  }

  /** What is stored as ours when the end has begun is taken back by the next run, or by another node. */
  setOff(ready: readonly Ready[]): void {
    for (const { attempt } of ready) this.#unsure.delete(attempt.id)
    if (!this.#ended) for (const one of ready) this.#fly(one)
  }

  #ring(): void {
    this.#parts.store.wake.ring('attempts')
  }

  /** Takes as many attempts as there are free places, and sets them off once their step to `handed` is durable. */
  async claim(): Promise<void> {
    const { store, clock, owner, channels } = this.#parts
    const may = this.#room.claim(this.#flying.size)
    this.#starved = may?.atLeast !== 'test'
    if (may === undefined) return
    const { limit, atLeast } = may
    this.#followClock(this.#unsure)
    const now = clock.now()
    const held = this.#lanes.held(now)
    const more = new Map<DeviceId, number>()
    const take = (device: DeviceId): boolean => {
      const n = more.get(device) ?? 0
      if (!this.#lanes.room(device, n)) return false
      more.set(device, n + 1)
      return true
    }
    const claim = { owner, now, until: now + LEASE, limit }
    const choice = { atLeast, held, take }
    const tools = { channels, lanes: this.#lanes, count: this.#count.bind(this) }
    const unsure = [...this.#unsure].filter(([, since]) => now - since >= UNSURE).map(([id]) => id)
    const { ready, claimed, lost } = await store.transact(async (tx) => {
      if (this.#wentBack) await tx.attempts.setBack(now)
      await tx.attempts.letGo(unsure, owner)
      const attempts = await tx.attempts.claim(claim, choice)
      for (const { id } of attempts) this.#unsure.set(id, now)
      const bleepOf = bleepReader(tx)
      const setOff: Ready[] = []
      const failed: Attempt[] = []
      for (const attempt of attempts) {
        const next = await apart(
          ...([this.#parts, 'hand-over-failed', attempt.id] as const),
          () => prepare(tx, bleepOf, attempt, now, tools),
          () => refused(attempt, 'hand-over-failed', now),
        )
        if (!('bleep' in next) && next.fault === 'hand-over-failed')
          await tx.attempts.save(next, attempt.state, now)
        if ('bleep' in next) setOff.push(next)
        else failed.push(next)
      }
      return { ready: setOff, claimed: attempts, lost: await unreached(tx, failed) }
    })
    this.#wentBack = false
    for (const id of unsure) if (now - (this.#unsure.get(id) ?? now) >= FORGOTTEN) this.#unsure.delete(id)
    // What we claimed is ours for sure, or it would be let go while it is under way, and sent twice.
    for (const { id } of claimed) this.#unsure.delete(id)
    for (const one of ready) this.#fly(one)
    await this.#report(lost, now)
    if (held.length > 0 || more.size > 0) this.#starved = true
    if (claimed.length === limit && this.#flying.size < this.#room.limit) this.#ring()
  }

  #fly(ready: Ready): void {
    const flight = this.#hand(ready)
      .catch((error: unknown) => {
        defect(this.#parts, 'hand-over-failed', ready.attempt.id, error)
      })
      .finally(() => {
        this.#flying.delete(flight)
        if (this.#starved) this.#ring()
      })
    this.#flying.add(flight)
  }

  async #hand(ready: Ready): Promise<void> {
    const { clock, metrics } = this.#parts
    const { attempt, device, channel } = ready
    this.#lanes.began(device.id)
    const deadline = new AbortController()
    const within = traitsOf(attempt.channel).deadline ?? URGENCY[attempt.class].deadline
    const timer = clock.after(within, () => deadline.abort())
    const handed = clock.now()
    this.#underWay.set(deadline, { lane: laneOf(device), since: handed })
    let outcome: Outcome = { kind: 'later', fault: 'hand-over-failed' }
    let result: Result | undefined
    try {
      const said = await apart<Outcome>(
        this.#parts,
        'hand-over-failed',
        attempt.id,
        () => channel.send(attempt, device, bellOf(ready, this.#parts), deadline.signal),
        () => ({ kind: 'refused', fault: 'hand-over-failed' }),
      )
      const ended = clock.now()
      metrics.observe('bleepbridge_send_seconds', (ended - handed) / 1000, {
        channel: attempt.channel,
        result: said.kind,
      })
      outcome = said
      result = { ready, outcome, handed, ended }
    } finally {
      timer.cancel()
      this.#underWay.delete(deadline)
      const freed = this.#lanes.ended(device, outcome, clock.now())
      if (freed) this.#well(laneOf(device), freed)
    }
    const own = attempt.channel === device.channel
    if (own) this.#addresses.heard(device, outcome)
    if (result) await this.#results.store(result)
    // Whether its holder can be rung is looked at again at once.
    if (own && (outcome.kind === 'dead' || device.saidGone !== undefined))
      this.#parts.store.wake.ring('phones')
  }

  /** A provider that answered nobody answers again: what hangs there is asked anew, what was put off is due. */
  #well(lane: string, devices: readonly DeviceId[]): void {
    const { store, clock } = this.#parts
    const hangs = clock.now() - HANGS
    for (const [deadline, of] of this.#underWay) if (of.lane === lane && of.since <= hangs) deadline.abort()
    // After the results of the attempts that were ended just now, because those are put off as well.
    clock.after(WELL_AFTER, () => {
      store
        .transact((tx) => tx.attempts.hasten(devices, clock.now()))
        .then(() => this.#ring())
        .catch((error: unknown) => {
          if (!(error instanceof StoreFault)) defect(this.#parts, 'task-failed', 'outbox', error)
        })
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
