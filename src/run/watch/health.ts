import type { HealthView } from '../../core/desk/views.ts'
import type { Millis } from '../../core/instant.ts'
import { SECOND } from '../../core/instant.ts'
import { type Finding, reasonOf, type Standing, stand } from '../../core/measure/watch/standing.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Auditor } from '../alert/auditor.ts'
import type { RunningFeed } from '../line/feeds.ts'
import { ticks } from '../ticks.ts'
import type { Obligation } from './heartbeat.ts'
import type { StoreProbe } from './store-probe.ts'

export interface Health {
  /** Fit to page, with every reason why not, and every trouble that leaves us fit. Asks nobody: it answers at once. */
  ready(): Promise<HealthView>
  /** The same as what stands, for figures and boards. */
  standing(): readonly Standing[]
  /** What must hold for the daemon to deserve to run: a restart would not mend a pulled plug, so ports are not here. */
  readonly obligations: readonly Obligation[]
}

export interface HealthParts {
  readonly clock: Clock
  readonly probe: Pick<StoreProbe, 'found'>
  readonly auditor: Pick<Auditor, 'state'>
  readonly feeds: readonly Pick<RunningFeed, 'id' | 'view' | 'faults' | 'held' | 'uncaptured'>[]
  /** No line was ever set up here; absent: lines were. */
  readonly firstLine?: () => boolean
  /** Why a configured broker is not there. */
  readonly broker: () => Broker['trouble']
  /** Roles without anybody, tests not passed, copies that are too old, defects: told, but no reason to stop paging those who are there. */
  readonly troubles?: () => readonly Finding[]
}

/** While one of these tasks fails nobody is paged by it, whatever else is well. */
const VITAL: ReadonlySet<string> = new Set(['raise', 'ticker', 'outbox'])
/** Nothing is lost on a site that is being set up, and nothing is heard either. */
const NO_LINE_YET: Finding = { code: 'no-line-yet', subject: 'feeds', unfit: true }
/** What the auditor found proves the alerts for so long. */
const PROVES: Millis = 20 * SECOND

/**
 * Gathers what every watcher found last; each finding is a code from the fault table. Nothing is asked here, so that a
 * hung database or library cannot keep the answer back: what was not shown to hold within its time is told as not proved.
 */
export function createHealth(parts: HealthParts): Health {
  const { clock, probe, auditor, feeds, broker, troubles } = parts
  let stands: readonly Standing[] = []

  const standing = (): readonly Standing[] => {
    const store = probe.found()
    const away = broker()
    const found = [
      ...(store === undefined ? [] : [store]),
      ...ofAlerts(auditor, ticks(clock)),
      ...(feeds.length === 0 && parts.firstLine?.() ? [NO_LINE_YET] : ofFeeds(feeds)),
      ...(away === undefined ? [] : [{ code: away, subject: 'broker' } as const]),
      ...(troubles?.() ?? []).flatMap((one) => {
        // What the database will not do for one task is news only while it is well otherwise.
        if (store !== undefined && one.code === store.code && one.subject !== store.subject) return []
        return [VITAL.has(one.subject) ? { ...one, unfit: true } : one]
      }),
    ]
    stands = stand(stands, found, clock.now())
    return stands
  }
  return {
    standing,
    async ready() {
      const all = standing()
      return {
        status: all.some((one) => one.unfit) ? 'not-ready' : 'ready',
        reasons: all.map(reasonOf),
      }
    },
    obligations: [
      { name: 'store', holds: () => probe.found() === undefined },
      { name: 'obligations', holds: () => auditor.state().withoutFuture === 0 },
      { name: 'due', holds: () => auditor.state().good },
      { name: 'raised', holds: () => auditor.state().unraised === 0 },
    ],
  }
}

function ofAlerts(auditor: HealthParts['auditor'], now: Millis): readonly Finding[] {
  const { checked, withoutFuture, late, good, unraised, parked } = auditor.state()
  const found: Finding[] = []
  if (checked === undefined || now - checked > PROVES)
    found.push({ code: 'alerts-unproved', subject: 'alerts', unfit: true })
  if (withoutFuture > 0)
    found.push({ code: 'alert-without-future', subject: 'alerts', detail: `${withoutFuture}`, unfit: true })
  if (!good && withoutFuture === 0)
    found.push({ code: 'due-late', subject: 'alerts', detail: `${Math.round(late)} ms`, unfit: true })
  if (unraised > 0)
    found.push({ code: 'page-not-raised', subject: 'bleeps', detail: `${unraised}`, unfit: true })
  if (parked > 0) found.push({ code: 'page-parked', subject: 'bleeps', detail: `${parked}` })
  return found
}

function ofFeeds(feeds: HealthParts['feeds']): readonly Finding[] {
  const deaf = feeds.every((feed) => feed.view().state !== 'open')
  const found: Finding[] = []
  for (const feed of feeds) {
    for (const code of feed.faults()) found.push({ code, subject: feed.id, unfit: deaf })
    const uncaptured = feed.uncaptured?.()
    if (uncaptured !== undefined) found.push({ code: uncaptured, subject: feed.id })
    if (feed.held() > 0)
      found.push({ code: 'pages-held', subject: feed.id, detail: `${feed.held()}`, unfit: true })
  }
  if (deaf && !found.some((one) => one.unfit)) found.push({ code: 'no-feed', subject: 'feeds', unfit: true })
  return found
}
