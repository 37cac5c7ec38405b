import { resolve } from 'node:path'
import { siteReadable } from '../config/readable.ts'
import { reportSettings } from '../config/report.ts'
import { type ChannelId, traitsOf } from '../core/deliver/channels.ts'
import { type Millis, SECOND } from '../core/instant.ts'
import type { Channels } from '../io/channels/registry.ts'
import { httpBeat } from '../io/heartbeat.ts'
import { thisMachine } from '../io/machine.ts'
import { reportKeeper } from '../io/report/keep.ts'
import { createRinger } from '../run/deliver/self-test.ts'
import type { Post } from '../run/keep/post.ts'
import type { RunningFeed } from '../run/line/feeds.ts'
import { startBreakGlassWatch } from '../run/watch/break-glass-watch.ts'
import { type Evidence, startEvidence } from '../run/watch/evidence.ts'
import { startFaultNews } from '../run/watch/fault-news.ts'
import type { FilesWatch } from '../run/watch/files-watch.ts'
import { startFirstLine } from '../run/watch/first-line.ts'
import { createHealth, type Health } from '../run/watch/health.ts'
import { startHealthWatch } from '../run/watch/health-watch.ts'
import { type Heartbeat, startHeartbeat } from '../run/watch/heartbeat.ts'
import type { LagWatch } from '../run/watch/lag-watch.ts'
import { startPushKeyWatch } from '../run/watch/push-key-watch.ts'
import { startSiteWatch } from '../run/watch/site-watch.ts'
import { startStoreProbe } from '../run/watch/store-probe.ts'
import { startTimeWatch } from '../run/watch/time-watch.ts'
import { startWayProof } from '../run/watch/way-proof.ts'
import type { AlertPart } from './alert.ts'
import { providersOf } from './channels.ts'
import type { Door } from './door.ts'
import { evidenceFeed } from './feeds.ts'
import type { Ground } from './ground.ts'
import type { KeepPart } from './keep.ts'
import { nodeOf } from './node-watched.ts'
import { readersOf, reportPost } from './post.ts'

const BEAT: Millis = 10 * SECOND
const BEAT_WITHIN: Millis = 5 * SECOND

/** What the lines, the ways out and the machine show of themselves, and the figures that come of it. */
export function startEvidencePart(
  ground: Ground,
  feeds: readonly RunningFeed[],
  channels: Channels,
  lag: LagWatch,
  post: Post | undefined,
): Evidence {
  const { broker, telemetry, ...tools } = ground
  const { whole, metrics } = tools
  const { config } = whole
  const folder = config.report?.folder
  const keeps = [
    ...(folder === undefined ? [] : [reportKeeper(resolve(config.folder, folder))]),
    reportPost(ground, post) ?? [],
  ].flat()
  const evidence = startEvidence({
    ...tools,
    feeds: whole.feeds.map(evidenceFeed),
    views: () => feeds.map((feed) => feed.view()),
    ring: createRinger(channels.all, ground.clock, 'roll-call'),
    overdue: (id, is) => feeds.find((feed) => feed.id === id)?.overdue(is),
    settings: reportSettings(whole),
    keeps: config.retention,
    providers: providersOf(channels),
    broker: broker !== undefined,
    know: (subject) => metrics.know({ subject }),
    node: nodeOf(whole, lag),
    ...(telemetry ? { telemetry } : {}),
    ...(keeps.length === 0
      ? {}
      : { keep: async (report, span) => void (await Promise.all(keeps.map((keep) => keep(report, span)))) }),
  })
  metrics.know(evidence.known)
  return evidence
}

export interface HealthPart {
  readonly health: Health
  /** No more signs of life: the watchdog and the heartbeat must notice from here on. */
  stopHeartbeat(): void
  stop(): Promise<void>
}

/** Is everything well, and who is told. */
export function startHealthPart(
  ground: Ground,
  feeds: readonly RunningFeed[],
  alert: AlertPart,
  keep: KeepPart,
  files: FilesWatch,
  door: Door,
  evidence: Pick<Evidence, 'sign' | 'troubles'>,
  print: () => string | undefined,
  post: Post | undefined,
  channels: Channels,
): HealthPart {
  const { broker, telemetry, ...tools } = ground
  const { whole, clock, watchdog } = tools
  const { heartbeat } = whole.config
  const probe = startStoreProbe(ground)
  const pushKey = startPushKeyWatch({ ...tools, key: whole.config.push.webpush?.publicKey })
  const siteFiles = startSiteWatch({ ...tools, print, readable: () => siteReadable(whole) })
  const breakGlass = startBreakGlassWatch(tools)
  const time = startTimeWatch({ ...tools, machine: thisMachine(undefined) })
  const { modem, notify } = whole.config.push
  const readsTexts = new Set<ChannelId>([
    ...(modem?.inbox === undefined ? [] : (['modem'] as const)),
    ...(notify?.replies === true ? (['notify'] as const) : []),
  ])
  const proof = startWayProof({
    ...tools,
    ring: createRinger(channels.all, clock, 'way-proof'),
    answers: (id) => traitsOf(id).answers || readsTexts.has(id),
  })
  const firstLine = startFirstLine({ ...tools, lines: whole.feeds.length })
  let heart: Heartbeat | undefined
  const health = createHealth({
    clock,
    probe,
    auditor: alert.auditor,
    feeds,
    firstLine: firstLine.isToCome,
    broker: () => broker?.trouble,
    troubles: () => [
      ...ground.storeTroubles(),
      ...ground.defects.standing(),
      ...alert.raise.troubles(),
      ...alert.rota.troubles(),
      ...evidence.troubles(),
      ...pushKey.troubles(),
      ...siteFiles.troubles(),
      ...breakGlass.troubles(),
      ...time.troubles(),
      ...alert.daily.troubles(),
      ...keep.troubles(),
      ...files.troubles(),
      ...door.troubles(),
      ...(post?.troubles() ?? []),
      ...proof.troubles(),
      ...(heart?.troubles() ?? []),
      ...(ground.logTroubles?.() ?? []),
    ],
  })
  const watch = startHealthWatch({
    ...tools,
    health,
    sign: evidence.sign,
    ...(broker ? { broker: () => broker.trouble } : {}),
    ...(telemetry ? { telemetry } : {}),
  })
  const news =
    post && startFaultNews({ ...tools, health, post, readers: readersOf(ground), site: whole.site.name })
  heart = startHeartbeat(
    health.obligations,
    { watchdog, ...(heartbeat ? { beat: httpBeat(heartbeat.url, BEAT_WITHIN) } : {}) },
    tools,
    { every: heartbeat?.everyMs ?? BEAT, within: BEAT_WITHIN },
  )
  return {
    health,
    stopHeartbeat: () => heart?.stop(),
    stop: async () =>
      void (await Promise.all(
        [watch, probe, pushKey, siteFiles, breakGlass, firstLine, time, proof, ...(news ? [news] : [])].map(
          (one) => one.stop(),
        ),
      )),
  }
}
