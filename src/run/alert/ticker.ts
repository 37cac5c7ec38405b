import type { AlertId, NodeId } from '../../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import { type DueRow, StoreFault } from '../../ports/store.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { apart, defect, defectOver } from '../defect.ts'
import { everyOpen } from '../every-open.ts'
import { type Loop, startLoop } from '../loop.ts'
import type { Applied } from './alert-rows.ts'
import type { Alerts } from './alerts.ts'

export interface TickerParts extends StoreTools {
  readonly alerts: Alerts
  readonly node: NodeId
  /** This run of the node, for leases. */
  readonly owner: string
  readonly begins?: Promise<void>
  /** How often due rows are looked for, at the latest; absent: 100 ms. */
  readonly every?: Millis
}

const TICK: Millis = 100
/** A claim that is not worked off in this time may be taken by another node. */
const LEASE: Millis = 5 * SECOND
/** An emergency that falls due while much is overdue waits for no more than these. */
const BATCH = 100
/** Alerts moved in one transaction: one commit for many, none held up long. */
const TOGETHER = 25
/** Less than this is smoothing of the clock, not a step. */
const STEPPED_BACK: Millis = SECOND
/**
 * The latest time that each node has seen. One that all shared would tell a node whose clock is a little behind
 * another's that its clock was set back.
 */
const HIGH_WATER = 'ticker/high-water'
const REMEMBER_EVERY: Millis = 5 * SECOND

/**
 * Turns due rows into events. Rows are wall-clock instants compared with now and never counted down, so a restart in
 * the middle of an escalation needs nothing special. A clock set forwards makes steps early, never late; one set back
 * moves every open alert's due times with it, even if that happened while the daemon was down.
 */
export function startTicker(parts: TickerParts): Loop {
  const { store, clock, alerts, metrics, log, owner } = parts
  const note = `${HIGH_WATER}/${parts.node}`
  let highWater: Instant | undefined
  let remembered = Number.NEGATIVE_INFINITY
  /** Claimed and not yet worked off; and what the store would not do: ours until the lease ends. */
  let unfinished: readonly DueRow[] = []
  let held: readonly DueRow[] = []
  let ours: Instant = Number.NEGATIVE_INFINITY
  /** Alerts whose last step met a defect. */
  const failing = new Set<AlertId>()
  /** The earliest due row there is: the loop sleeps until then, or one tick if another node may have a sooner one. */
  let next: Instant | undefined

  async function tick(): Promise<void> {
    await followClock()
    await finish()
    for (let more = true; more; ) {
      const now = clock.now()
      const claim = { owner, now, until: now + LEASE, limit: BATCH }
      unfinished = await store.transact(async (tx) => {
        // Asked first: nearly always it is all there is to ask.
        const first = await tx.due.next()
        const claimed = first === undefined || first > now ? [] : await tx.due.claim(claim)
        if (claimed.length === 0) next = first
        return claimed
      })
      ours = claim.until
      more = unfinished.length > 0
      metrics.gauge('bleepbridge_due_late_seconds', Math.max(0, now - (unfinished[0]?.at ?? now)) / 1000)
      await workOff(unfinished)
    }
  }

  /**
   * Rows that were claimed in the database may be unknown in the file that stands in for it, and the reverse. They
   * must not hold up what is due.
   */
  async function finish(): Promise<void> {
    const rows = [...held, ...unfinished]
    held = []
    unfinished = []
    // Once the lease has lapsed they are claimed again, by whoever lives.
    if (clock.now() >= ours) return
    try {
      await workOff(rows)
    } catch {
      // Only the store ends it: a defect is told where it is met.
      held = unfinished
      unfinished = []
    }
  }

  async function workOff(rows: readonly DueRow[]): Promise<void> {
    for (let i = 0; i < rows.length; i += TOGETHER) {
      unfinished = rows.slice(i)
      const some = rows.slice(i, i + TOGETHER)
      const done = await together(some).catch((error: unknown) => {
        if (error instanceof StoreFault) throw error
        return undefined
      })
      // One alert's defect, or a lost race, must not hold up the others: each gets a transaction of its own.
      if (done) for (const row of some) well(row.alert)
      else for (const row of some) await alone(row)
    }
    unfinished = []
  }

  async function together(rows: readonly DueRow[]): Promise<true> {
    const applied = await store.transact(async (tx) => {
      const all: Applied[] = []
      for (const row of rows) {
        const one = await alerts.applyIn(tx, row.alert, { kind: 'due', name: row.name, at: clock.now() })
        if (one) all.push(one)
        else await tx.due.forget(row.alert, [row.name])
      }
      return all
    })
    for (const one of applied) alerts.announce(one)
    return true
  }

  async function alone(row: DueRow): Promise<void> {
    try {
      await alerts.apply(row.alert, { kind: 'due', name: row.name, at: clock.now() })
      well(row.alert)
    } catch (error) {
      if (error instanceof StoreFault) throw error
      // The row stays claimed until its lease ends and comes again: a defect is seen, and never ends an alert's future.
      failing.add(row.alert)
      defect(parts, 'step-failed', row.alert, error)
    }
  }

  function well(alert: AlertId): void {
    if (failing.delete(alert)) defectOver(parts, 'step-failed', alert)
  }

  async function followClock(): Promise<void> {
    if (highWater === undefined) {
      const known = await store.transact((tx) => tx.notes.get(note))
      highWater = typeof known === 'number' ? known : clock.now()
    }
    const now = clock.now()
    const back = highWater - now
    if (back > STEPPED_BACK) await moveDueTimes(back)
    highWater = back > STEPPED_BACK ? now : Math.max(highWater, now)
    if (Math.abs(now - remembered) < REMEMBER_EVERY) return
    await store.transact((tx) => tx.notes.set(note, highWater, now))
    remembered = now
  }

  async function moveDueTimes(back: Millis): Promise<void> {
    const open: AlertId[] = []
    for await (const { id } of everyOpen(store)) open.push(id)
    log.warn('clock-set-back', { by: back, open: open.length })
    for (const id of open)
      await apart(
        parts,
        'step-failed',
        id,
        () => alerts.apply(id, { kind: 'clock-set-back', at: clock.now(), by: back }),
        () => undefined,
      )
  }

  /** A row that is overdue even so is leased by somebody, or the store is away: looking at once again would only spin. */
  const sleep = (): Millis => {
    const wait = (next ?? Number.POSITIVE_INFINITY) - clock.now()
    return wait > 0 ? wait : TICK
  }
  return startLoop('ticker', ['due'], parts.every ?? TICK, tick, { ...parts, wake: store.wake }, sleep)
}
