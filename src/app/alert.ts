import type { Bleep } from '../core/bleep/bleep.ts'
import { meaningOf } from '../core/bleep/classify.ts'
import type { Rules } from '../core/bleep/rules.ts'
import type { Directory } from '../core/directory/directory.ts'
import { given } from '../core/given.ts'
import { type Instant, MINUTE, type Millis } from '../core/instant.ts'
import type { Policies } from '../core/route/policy.ts'
import type { Channels } from '../io/channels/registry.ts'
import { httpNeighbours } from '../io/neighbours.ts'
import { startAdopt } from '../run/alert/adopt.ts'
import type { Applied } from '../run/alert/alert-rows.ts'
import { type Alerts, createAlerts } from '../run/alert/alerts.ts'
import { startTell } from '../run/alert/askers.ts'
import { type Auditor, startAuditor } from '../run/alert/auditor.ts'
import { startCallBacks } from '../run/alert/call-backs.ts'
import { type DailyTests, startDailyTests } from '../run/alert/daily-test.ts'
import { createElsewhere } from '../run/alert/elsewhere.ts'
import { type Raise, startRaise } from '../run/alert/raise.ts'
import { type RotaWatch, startRotaWatch } from '../run/alert/rota-watch.ts'
import { createSeparate } from '../run/alert/separate.ts'
import { startTicker } from '../run/alert/ticker.ts'
import type { Ahead } from '../run/deliver/ahead.ts'
import { createRinger } from '../run/deliver/self-test.ts'
import type { StoredTimes } from '../run/line/stored-times.ts'
import type { Ground } from './ground.ts'
import { airOf, neighboursOf } from './neighbours.ts'

/** What a reload may change of how bleeps are read and routed. */
export interface SiteRules {
  readonly rules: Rules
  readonly policies: Policies
}

export interface AlertPart {
  readonly alerts: Alerts
  readonly raise: Raise
  readonly auditor: Auditor
  /** From when on an open alert needs what lines were heard to carry; minus infinity while that is not known. */
  readonly needed: () => Instant
  readonly daily: DailyTests
  readonly rota: RotaWatch
  readonly separate: ReturnType<typeof createSeparate>
  stop(): Promise<void>
}

/**
 * How a bleep becomes an answered alert.
 * @param site the rules and policies as they are by the time a bleep is routed
 * @param storedAt when the bleep was durable, where this process stored it
 * @param channels ring the phone of whoever asked, or tell them by telephone where there is an exchange
 * @param tell says to the line where a page came from what became of it
 * @param ahead hands over at once what an alert asks for, once there is an outbox
 */
export function startAlertPart(
  ground: Ground,
  site: () => SiteRules,
  storedAt: StoredTimes['storedAt'],
  channels: Pick<Channels, 'all' | 'speaks'>,
  tell: (applied: Applied) => void,
  ahead: () => Ahead | undefined,
): AlertPart {
  const { directory } = ground
  const policies = () => site().policies
  const radio = ground.whole.config.radio !== undefined
  const base = createAlerts({ ...ground, radio, ahead })
  // What is brought from our own file is not handed over from here: whoever claims it first rings.
  ground.redoBy?.(createAlerts({ ...ground, radio }).applyIn)
  const alerts: Alerts = {
    ...base,
    announce(applied) {
      base.announce(applied)
      tell(applied)
    },
  }
  const tools = { ...ground, alerts }
  const reading = {
    ...{ ...tools, policies },
    classify: (bleep: Bleep, now: Directory) => meaningOf(bleep, now, site().rules),
  }
  const nodes = neighboursOf(ground.whole)
  const neighbours = nodes.length > 0 ? httpNeighbours(nodes) : undefined
  const elsewhere = neighbours && createElsewhere({ ...ground, neighbours, common: airOf(ground.whole) })
  const raise = startRaise({ ...reading, storedAt, ...given({ elsewhere }) })
  const auditor = startAuditor(tools)
  const daily = startDailyTests({ ...tools, policies })
  const rota = startRotaWatch(directory, ground)
  const telling = startTell({
    ...tools,
    within: () => policies().asks.toldWithinMs,
    ring: createRinger(channels.all, ground.clock, 'asker-rung'),
    ...given({ speak: channels.speaks }),
  })
  const { adopt } = ground
  const adopting = adopt ? [startAdopt({ ...ground, adopt, ...given({ neighbours }) })] : []
  const others = [startTicker(tools), startCallBacks(tools), telling, ...adopting]
  return {
    ...{ alerts, raise, auditor, daily, rota },
    needed: () => neededFrom(auditor.state()),
    separate: createSeparate(reading),
    async stop() {
      await Promise.all([raise, auditor, daily, rota, ...others].map((part) => part.stop()))
    },
  }
}

/** What came before the page itself is of use as well, and a page may wait before it becomes an alert. */
const HEARD_BEFORE: Millis = 15 * MINUTE

function neededFrom({ checked, oldest }: ReturnType<Auditor['state']>): Instant {
  if (checked === undefined) return Number.NEGATIVE_INFINITY
  return oldest === undefined ? Number.POSITIVE_INFINITY : oldest - HEARD_BEFORE
}
