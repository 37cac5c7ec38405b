import { say } from '../../core/catalogue/say.ts'
import { type ChannelId, isOnAir } from '../../core/deliver/channels.ts'
import type { SiteDirectory } from '../../core/directory/build.ts'
import { isCrash } from '../../core/directory/live.ts'
import type { StandingCode } from '../../core/faults.ts'
import { given } from '../../core/given.ts'
import type { Keeps } from '../../core/govern/retain.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import { worstOf } from '../../core/line/kit/line-errors.ts'
import type { Side } from '../../core/line/kit/protocol.ts'
import { NODE_PARTS } from '../../core/measure/node-parts.ts'
import type { Report } from '../../core/measure/report/report.ts'
import type { ShiftSpan } from '../../core/measure/report/shifts.ts'
import type { Supervised } from '../../core/measure/watch/discovery.ts'
import type { FeedView } from '../../core/measure/watch/feed-view.ts'
import { ailing, type Finding } from '../../core/measure/watch/standing.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { defect } from '../defect.ts'
import { startChores } from '../keep/chores.ts'
import { makeReport, type ReportRequest } from '../keep/report.ts'
import type { Ingest } from '../line/ingest.ts'
import type { LoopTools } from '../loop.ts'
import { startFeedWatch } from './feed-watch.ts'
import { type NodeWatched, nodeParts, startNodeWatch } from './node-watch.ts'
import { overhear } from './overhear.ts'
import { startPhoneWatch } from './phone-watch.ts'
import { type RollCall, type RollCallParts, startRollCall } from './roll-call.ts'
import { type Supervision, startSupervision } from './supervision.ts'

/** A feed as evidence sees it: what it hears from, and how long it may be silent. */
export interface EvidenceFeed {
  readonly id: string
  readonly label: string
  readonly bound: Millis
  readonly side: Side
}

export interface EvidenceParts extends LoopTools {
  readonly store: Store
  readonly directory: () => SiteDirectory
  readonly feeds: readonly EvidenceFeed[]
  /** The same lines as they are now. */
  readonly views: () => readonly FeedView[]
  /** Told each minute whether a line is silent for longer than its habits allow. */
  readonly overdue?: (feed: string, is: boolean) => void
  readonly settings: Pick<ReportRequest, 'site' | 'shifts' | 'baseline'>
  readonly keeps: Keeps
  readonly telemetry?: Telemetry
  readonly keep?: (report: Report, span: ShiftSpan) => Promise<void>
  readonly random: RollCallParts['random']
  readonly ring: RollCallParts['ring']
  /** Channels to push providers. Attempts are counted for each. */
  readonly providers: readonly ChannelId[]
  readonly node: NodeWatched
  /** Whether a broker is configured. */
  readonly broker: boolean
  /** A reload has brought subjects that figures may name. */
  readonly know?: (subjects: readonly string[]) => void
}

export interface Evidence {
  /** Ids of everything supervised, which figures may name. */
  readonly known: { readonly subject: readonly string[]; readonly transmitter: readonly string[] }
  readonly sign: Supervision['sign']
  clockStepped(by: Millis): void
  /** What all nodes watch. */
  readonly site: Supervision['site']
  /** For the feeds: every count passes through to the real figures. */
  readonly metrics: Metrics
  /** The same ingest, with the pages of switchboard and air compared on their way. */
  overhear(ingest: Ingest): Ingest
  /** Whether those who hold crash roles were shown to be reached. */
  readonly roll: Pick<RollCall, 'readiness' | 'troubles'>
  /** What of it stands on `/readyz`: crash roles without a proved phone, and whatever else is watched and ails. */
  troubles(): readonly Finding[]
  /** A feed's state may have changed. */
  feed(view: FeedView, faults: readonly StandingCode[]): void
  report(ask: Pick<ReportRequest, 'from' | 'to' | 'shift' | 'hospital'>): Promise<Report>
  stop(): Promise<void>
}

/** The phones of whoever holds a crash role are watched as one thing for each role. */
function phonesOf({ roles }: SiteDirectory): readonly Supervised[] {
  return [...roles.values()]
    .filter(isCrash)
    .map(({ id, name }) => ({ sort: 'phones' as const, subject: id, label: say('watch.phonesOf', { name }) }))
}

/** Everything that watches and counts and tells. It decides nothing, and none of it can hold up a page. */
export function startEvidence(parts: EvidenceParts): Evidence {
  const { store, clock, directory, feeds, telemetry, settings, keep } = parts
  const zone = directory().zone
  const taps = feeds.filter((f) => f.side === 'air')
  // Only with both sides listened to can the one be held against the other.
  const compares = taps.length > 0 && feeds.some((f) => f.side === 'link')
  const things = [
    ...feeds.map(({ id, label, bound }) => ({ sort: 'feed' as const, subject: id, label, bound })),
    ...(compares ? taps.map((t) => ({ sort: 'transmitter' as const, subject: t.id, label: t.label })) : []),
    ...parts.providers.map((id) => ({
      sort: 'provider' as const,
      subject: id,
      label: isOnAir(id) ? say('watch.rePageByRadio') : say('watch.pushBy', { id }),
    })),
    ...phonesOf(directory()),
    { sort: 'store' as const, subject: 'store', label: 'Database' },
    ...nodeParts(parts.node).map((part) => ({
      sort: 'node' as const,
      subject: part,
      label: NODE_PARTS[part].label,
    })),
    ...(parts.broker ? [{ sort: 'broker' as const, subject: 'broker', label: say('watch.mqttBroker') }] : []),
  ]
  telemetry?.announce(things)
  const supervision = startSupervision({
    ...{ ...parts, zone, things, node: parts.node, feeds: parts.views },
    changed(all) {
      parts.know?.(all.map(({ subject }) => subject))
      telemetry?.announce(all)
    },
  })
  const watch = startFeedWatch(
    feeds.map((f) => f.id),
    { ...parts, zone, node: parts.node.id, ...given({ overdue: parts.overdue }) },
  )
  const phones = startPhoneWatch(parts)
  const roll = startRollCall({
    ...{ ...parts, sign: supervision.sign },
    looks: (site) => supervision.follow(phonesOf(site)),
  })
  const node = startNodeWatch({ ...parts, node: parts.node, sign: supervision.sign })
  const chores = startChores({
    ...parts,
    directory,
    settings,
    keeps: parts.keeps,
    ...(keep === undefined ? {} : { keep }),
  })

  return {
    known: { subject: [...new Set(things.map((t) => t.subject))], transmitter: taps.map((t) => t.id) },
    sign: supervision.sign,
    roll,
    troubles: () => [...roll.troubles(), ...ailing(supervision.things())],
    clockStepped: node.stepped,
    site: supervision.site,
    metrics: watch.metrics,
    overhear: (ingest) =>
      compares
        ? overhear(ingest, { clock, directory, feeds, transmitters: taps.map((t) => t.id), supervision })
        : ingest,
    feed(view, faults) {
      const at = clock.now()
      const worst = worstOf(faults)
      // What was never heard is not known to be well or ill.
      if (worst?.code === 'line-unheard') supervision.sign('feed', view.id, { kind: 'idle', at })
      else if (worst)
        supervision.sign('feed', view.id, { kind: 'said', at, fault: worst.code, works: worst.works })
      else if (view.state === 'open' && view.heard !== false)
        supervision.sign('feed', view.id, { kind: 'said', at })
    },
    async report(ask) {
      const began = clock.now()
      const leftOut = (bleep: string, error: unknown) => defect(parts, 'report-failed', bleep, error)
      const made = await makeReport(
        { store, directory: directory(), clock, leftOut },
        { ...settings, ...ask },
      )
      parts.metrics.observe('bleepbridge_report_seconds', (clock.now() - began) / SECOND)
      return made
    },
    async stop() {
      await Promise.all([
        supervision.stop(),
        watch.stop(),
        phones.stop(),
        roll.stop(),
        node.stop(),
        chores.stop(),
      ])
    },
  }
}
