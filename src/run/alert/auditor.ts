import { futureOf } from '../../core/alert/obligations.ts'
import type { AlertId } from '../../core/ids.ts'
import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { ReasonCode } from '../../core/reasons.ts'
import { OPEN_PHASES } from '../../core/vocabulary.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { Store } from '../../ports/store.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { apart } from '../defect.ts'
import { type Loop, startLoop } from '../loop.ts'
import { turn } from '../slices.ts'
import { ticks } from '../ticks.ts'
import type { Alerts } from './alerts.ts'

/** What the last look at the obligations found; `/readyz` says so. */
interface AuditState {
  /** When, by `ticks`. */
  readonly checked: Millis | undefined
  readonly open: number
  /** When the oldest of them was raised. */
  readonly oldest: Instant | undefined
  /** Open alerts found with neither a due time nor a reason; they were given an alarm. */
  readonly withoutFuture: number
  /** How long the oldest due row has been waiting for the ticker. */
  readonly late: Millis
  readonly good: boolean
  /** Pages taken in that have been asked of nobody in time. */
  readonly unraised: number
  /** Pages that a defect kept from ringing and that nobody has seen to. */
  readonly parked: number
}

export interface Auditor extends Loop {
  state(): AuditState
  /** Looks now; the loop does it by itself. */
  check(): Promise<void>
}

export interface AuditorParts extends StoreTools {
  readonly alerts: Alerts
}

const EVERY: Millis = 5 * SECOND
/** A ticker this far behind is as bad as none; a little more than a row can have been late since the last look. */
const LATE: Millis = 6 * SECOND
/** From taken in to raised are milliseconds; this long means that the raise loop does not get there. */
const UNRAISED: Millis = 5 * SECOND
/** Open alerts that are looked at in one transaction: less than a millisecond. */
const LOOKED_AT = 200
/** When so many have been found, they are seen to before any others are looked for. */
const AT_MOST = 100
const DEFECTS: readonly ReasonCode[] = ['raise-defect', 'page-defect']

/**
 * Checks that every open alert has a future. One that has none, which is a defect, is put in front of the switchboard
 * at once: its alarm and a repeating step are its future from then on.
 */
export function startAuditor(parts: AuditorParts): Auditor {
  const { store, clock, alerts, metrics, log } = parts
  let state: AuditState = {
    ...{
      checked: undefined,
      open: 0,
      oldest: undefined,
      withoutFuture: 0,
      late: 0,
      good: true,
      unraised: 0,
      parked: 0,
    },
  }

  async function check(): Promise<void> {
    const now = clock.now()
    const lost = await withoutFuture(store, AT_MOST)
    const found = await store.transact(async (tx) => ({
      next: await tx.due.next(),
      open: await tx.alerts.countByPhase(),
      oldest: await tx.alerts.oldestOpen(),
      stuck: await tx.bleeps.inStage('stuck', now, 1000),
      unraised: (await tx.bleeps.inStage('received', now - UNRAISED, 1000)).length,
    }))
    const at = ticks(clock)
    const overdue = Math.max(0, now - (found.next ?? now))
    // A clock that is set forwards makes rows overdue that nobody has been late with.
    const late = state.checked === undefined ? overdue : Math.min(overdue, state.late + at - state.checked)
    state = {
      checked: at,
      open: OPEN_PHASES.reduce((sum, phase) => sum + found.open[phase], 0),
      oldest: found.oldest,
      withoutFuture: lost.length,
      late,
      good: lost.length === 0 && late < LATE,
      unraised: found.unraised,
      parked: found.stuck.filter((b) => DEFECTS.some((reason) => reason === b.review?.reason)).length,
    }
    metrics.gauge('bleepbridge_alerts_without_future', lost.length)
    metrics.gauge('bleepbridge_bleeps_stuck', found.stuck.length)
    metrics.gauge('bleepbridge_obligation', lost.length === 0 ? 1 : 0, { obligation: 'obligations' })
    metrics.gauge('bleepbridge_obligation', late < LATE ? 1 : 0, { obligation: 'due' })
    metrics.gauge('bleepbridge_obligation', found.unraised === 0 ? 1 : 0, { obligation: 'raised' })
    for (const phase of OPEN_PHASES) metrics.gauge('bleepbridge_alerts_open', found.open[phase], { phase })
    for (const id of lost) {
      log.error('alert-without-future', { alert: id })
      metrics.count('bleepbridge_faults_total', { fault: 'alert-without-future' })
      await apart(
        parts,
        'step-failed',
        id,
        () => giveFuture(id),
        () => undefined,
      )
    }
  }

  /**
   * Due rows that were lost are written again from the alert. An alert that knows of no due time itself is put in
   * front of the switchboard.
   */
  async function giveFuture(id: AlertId): Promise<void> {
    const known = await store.transact(async (tx) => {
      const alert = await tx.alerts.get(id)
      if (!alert || futureOf(alert).kind !== 'due') return false
      await tx.due.set(Object.entries(alert.due).map(([name, at]) => ({ alert: id, name, at })))
      return true
    })
    if (!known) await alerts.apply(id, { kind: 'obliged', at: clock.now() })
    store.wake.ring('due')
  }

  const loop = startLoop('auditor', [], EVERY, check, { ...parts, wake: store.wake })
  return { state: () => state, check, stop: loop.stop }
}

/** Open alerts without a future, up to about so many: in parts, and pages are stored between two of them. */
export async function withoutFuture(
  store: Pick<Store, 'transact'>,
  atMost: number,
): Promise<readonly AlertId[]> {
  const all: AlertId[] = []
  for (let behind: PageMark | undefined; ; ) {
    const mark = behind
    const { lost, next } = await store.transact((tx) => tx.alerts.withoutFuture(LOOKED_AT, mark))
    all.push(...lost)
    if (next === undefined || all.length >= atMost) return all
    behind = next
    await turn()
  }
}
