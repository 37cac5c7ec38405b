// Long because the composition root names every adapter once, and there is one root.
import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { backupsOf } from './app/backups.ts'
import { brokerOptions } from './app/broker.ts'
import { channelsOf, providersOf } from './app/channels.ts'
import { digest } from './app/digest.ts'
import { evidenceFeed, specOf } from './app/feeds.ts'
import { httpConfig, httpWatch } from './app/http.ts'
import { nodeOf } from './app/node.ts'
import { reportsOf } from './app/reports.ts'
import { openStore } from './app/store.ts'
import { upkeepOf } from './app/upkeep.ts'
import { reportSettings } from './config/report.ts'
import type { Whole } from './config/whole.ts'
import { classify } from './core/bleep/classify.ts'
import { titleOf } from './core/desk/title.ts'
import type { Result } from './core/faults.ts'
import type { AuditEntry } from './core/govern/audit.ts'
import { asId, type NodeId, uuid7 } from './core/ids.ts'
import { type Millis, SECOND } from './core/instant.ts'
import type { FeedView } from './core/measure/watch/feed-view.ts'
import { httpBeat } from './io/heartbeat.ts'
import { createHttp } from './io/http/server.ts'
import type { MetricsAdapter } from './io/metrics.ts'
import { mqttTelemetry } from './io/mqtt/telemetry.ts'
import { reportKeeper } from './io/report/keep.ts'
import type { Clock } from './ports/clock.ts'
import type { Log } from './ports/log.ts'
import type { Random } from './ports/random.ts'
import type { Watchdog } from './ports/watchdog.ts'
import { type Applied, createAlerts } from './run/alert/alerts.ts'
import { startAuditor } from './run/alert/auditor.ts'
import { startCallBacks } from './run/alert/call-backs.ts'
import { startDailyTests } from './run/alert/daily-test.ts'
import { startRaise } from './run/alert/raise.ts'
import { startRotaWatch } from './run/alert/rota-watch.ts'
import { startTicker } from './run/alert/ticker.ts'
import { startOutbox } from './run/deliver/outbox.ts'
import { createRinger } from './run/deliver/self-test.ts'
import { createDesk } from './run/desk/desk.ts'
import type { DeskParts } from './run/desk/desk-parts.ts'
import { createGovernDesk } from './run/desk/govern-desk.ts'
import { mqttDoor } from './run/desk/mqtt-door.ts'
import { startBackups } from './run/keep/backups.ts'
import { createErasures } from './run/keep/erasures.ts'
import { startShiftEnd } from './run/keep/shift-end.ts'
import { startTrail } from './run/keep/trail.ts'
import { startUpkeep } from './run/keep/upkeep.ts'
import { leaseOwner, takeBackLeases } from './run/leases.ts'
import { statusOf } from './run/line/feedback.ts'
import { type RunningFeed, startFeed } from './run/line/feeds.ts'
import { createIngest } from './run/line/ingest.ts'
import { storedTimes } from './run/line/stored-times.ts'
import { measuredStore } from './run/measured-store.ts'
import { createRoster } from './run/roster.ts'
import { startDeliveryFigures } from './run/watch/delivery-figures.ts'
import { startEvidence } from './run/watch/evidence.ts'
import { createHealth } from './run/watch/health.ts'
import { startHealthWatch } from './run/watch/health-watch.ts'
import { startHeartbeat } from './run/watch/heartbeat.ts'
import { startLagWatch } from './run/watch/lag-watch.ts'
import { watchProviders } from './run/watch/provider-watch.ts'

/** What differs between the real daemon and a test of it. */
export interface AppTools {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly metrics: MetricsAdapter
  readonly watchdog: Watchdog
  readonly version: string
}

export interface App {
  /** Where a browser on this machine finds the board. */
  readonly url: string
  /**
   * Goes on with the site's files as they are now: people, roles, rota, numbers, rules, policies. No line is closed and
   * no alert is touched: who is asked next is looked up when a step fires. The daemon's own configuration is read at
   * start only; gives true where that has changed and wants a restart.
   */
  reload(whole: Whole): Promise<boolean>
  /** The system clock jumped and time was anchored anew: how far, forwards positive. */
  clockStepped(by: Millis): void
  /** Ends feeds first, then what works on what they brought, then the store. */
  stop(): Promise<void>
}

const BEAT: Millis = 10 * SECOND
const BEAT_WITHIN: Millis = 5 * SECOND

/**
 * Puts the daemon together: the one place that knows every adapter. Gives the fault when the store or the address
 * cannot be had; a port that cannot be opened is no such fault, because everything else must go on.
 * @throws StoreFault when the store cannot be opened
 */
export async function startApp(whole: Whole, tools: AppTools): Promise<Result<App>> {
  const { config, site } = whole
  let { rules, policies } = whole
  const { clock, random, log, metrics } = tools
  const node = asId<NodeId>(config.node)
  metrics.know({ feed: config.feeds.map((f) => f.id), version: [tools.version] })
  metrics.gauge('bleepbridge_build_info', 1, { version: tools.version })

  const store = measuredStore(await openStore(whole, log), { clock, metrics })
  const lag = startLagWatch({ clock, metrics })
  const roster = await createRoster({ store, site, clock, random })
  const origin = { site: config.site.id, node: config.node }
  const broker =
    config.mqtt &&
    (await import('./io/mqtt/client.ts')).openBroker(brokerOptions(whole), { clock, log, metrics })
  const telemetry =
    broker &&
    mqttTelemetry(broker, origin, {
      version: tools.version,
      ...(config.mqtt?.homeAssistant ? {} : { discovery: false }),
    })

  const feeds: RunningFeed[] = []
  const channels = channelsOf(whole, { clock, log, broker, feeds: () => feeds, directory: roster.current })
  const stored = storedTimes()
  const base = createAlerts({ store, clock, random, metrics, log, directory: roster.current })
  const alerts = {
    ...base,
    announce(applied: Applied) {
      base.announce(applied)
      const told = statusOf(applied)
      if (told) for (const feed of feeds) feed.status(told.bleep, told.status)
    },
  }
  const owner = leaseOwner(node, random)
  await takeBackLeases(store, node)
  const raise = startRaise({
    store,
    clock,
    random,
    metrics,
    log,
    directory: roster.current,
    alerts,
    policies: () => policies,
    classify: (bleep, directory) => classify(bleep.page, bleep.number, directory, rules),
    storedAt: stored.storedAt,
  })
  const ticker = startTicker({ store, clock, alerts, metrics, log, node, owner })
  const auditor = startAuditor({ store, clock, alerts, metrics, log })
  const daily = startDailyTests({
    ...{ store, clock, random, metrics, log, alerts },
    directory: roster.current,
    policies: () => policies,
  })
  const figures = startDeliveryFigures({ store, clock, log, metrics })
  const callBacks = startCallBacks({
    ...{ store, clock, wake: store.wake, log, metrics, alerts },
    directory: roster.current,
  })
  const rota = startRotaWatch(roster.current, { clock, wake: store.wake, log, metrics })
  const evidence = startEvidence({
    ...{ store, clock, wake: store.wake, log, metrics, directory: roster.current },
    feeds: whole.feeds.map(evidenceFeed),
    views: () => feeds.map((feed) => feed.view()),
    settings: reportSettings(whole),
    keeps: config.retention,
    providers: providersOf(channels),
    broker: broker !== undefined,
    node: nodeOf(whole, lag),
    ...(telemetry ? { telemetry } : {}),
    ...(config.report?.folder ? { keep: reportKeeper(resolve(config.folder, config.report.folder)) } : {}),
  })
  metrics.know(evidence.known)
  const outbox = startOutbox({
    store,
    clock,
    random,
    log,
    metrics: watchProviders(metrics, { clock, sign: evidence.sign }),
    channels: channels.all,
    privacy: config.privacy.push,
    owner,
    apply: async (alert, event) => void (await alerts.apply(alert, event)),
  })

  const ingest = createIngest({
    store,
    clock,
    random,
    metrics: evidence.metrics,
    node,
    directory: roster.current,
    skewMs: config.merge.skewMs,
    lag: (tap) => Math.max(0, ...whole.feeds.filter((f) => f.tap === tap).map((f) => f.lagMs)),
    onStored: stored.onStored,
  })
  const onChange = (view: FeedView): void =>
    evidence.feed(view, feeds.find((feed) => feed.id === view.id)?.faults() ?? [])
  const forFeeds = { clock, log, metrics: evidence.metrics, ingest: evidence.overhear(ingest), onChange }
  for (const plan of whole.feeds) {
    feeds.push(startFeed(specOf(plan, whole, tools), forFeeds))
  }

  const { resume } = createErasures({ store, clock, random, directory: roster.current })
  const upkeep = startUpkeep({ ...tools, store, wake: store.wake, digest, resume, ...upkeepOf(whole) })
  const copies = backupsOf(whole)
  const backups = copies && startBackups(copies.to, copies.rule, { ...tools, wake: store.wake })

  const health = createHealth({
    store,
    auditor,
    feeds,
    broker: () => broker?.connected ?? true,
    troubles: () => [
      ...rota.troubles(),
      ...daily.troubles(),
      ...upkeep.troubles(),
      ...(backups?.troubles() ?? []),
    ],
  })
  const healthWatch = startHealthWatch({
    ...{ store, clock, wake: store.wake, log, metrics },
    ready: health.ready,
    sign: evidence.sign,
    ...(broker ? { broker: () => broker.connected } : {}),
    ...(telemetry ? { telemetry } : {}),
  })
  const stopHeartbeat = startHeartbeat(
    health.obligations,
    {
      watchdog: tools.watchdog,
      ...(config.heartbeat ? { beat: httpBeat(config.heartbeat.url, BEAT_WITHIN) } : {}),
    },
    { clock, log, metrics },
    { every: config.heartbeat?.everyMs ?? BEAT, within: BEAT_WITHIN },
  )

  const { own: ownPhones, shared, graceMs } = config.privacy.shiftEnd
  const shiftEnd = { own: ownPhones === 'wipe', shared: shared === 'wipe', grace: graceMs }
  const wipe = createRinger(channels.all, clock, 'shift-ended')
  const shifts = startShiftEnd({
    ...{ store, clock, wake: store.wake, log, metrics, directory: roster.current },
    rules: shiftEnd,
    tell: (device) => wipe(device, uuid7(clock.now(), random.bytes(10))),
  })
  const trail = startTrail({ ...tools, store, wake: store.wake })
  const own = (action: string, detail: NonNullable<AuditEntry['detail']> = {}) =>
    trail.did({ actor: `bleepd:${node}`, action, subject: node, detail })
  const readFrom = ({ fingerprint }: Whole) => ({ version: tools.version, fingerprint })
  const deskParts: DeskParts = {
    shiftEnd,
    metrics,
    trail,
    operators: new Set(config.http.operators.map(({ name }) => name)),
    store,
    clock,
    random,
    roster,
    alerts,
    title: titleOf,
    digest,
    dailyTests: daily.records,
    callTest: daily.call,
    askRole: raise.ask,
    ready: health.ready,
    found: evidence.site,
    ring: createRinger(channels.all, clock),
    nudges: channels.all.has('nudge'),
  }
  const desk = createDesk(deskParts)
  channels.mqtt?.listen(mqttDoor(desk, store))
  const http = await createHttp({
    config: httpConfig(whole),
    desk,
    govern: createGovernDesk(deskParts),
    clock,
    random,
    log,
    alive: () => ({ status: 'ok', reasons: [] }),
    ready: health.ready,
    metrics: (accept) => metrics.text(accept),
    ...reportsOf(whole, evidence.report, clock),
    sockets: channels.socket,
    watch: httpWatch(metrics),
  })
  const listening = await http.listen()

  const reload = async (next: Whole): Promise<boolean> => {
    await roster.replace(next.site)
    ;({ rules, policies } = next)
    own('config.read', readFrom(next))
    for (const { id, rics } of next.feeds) {
      if (rics) feeds.find((feed) => feed.id === id)?.know(rics)
    }
    return !isDeepStrictEqual(next.config, config)
  }

  const clockStepped = (by: Millis): void => {
    lag.stepped(by)
    evidence.clockStepped(by)
    own('clock.stepped', { by })
  }

  const stop = async (): Promise<void> => {
    tools.watchdog.stopping()
    await Promise.all(feeds.map((feed) => feed.stop()))
    await http.close()
    stopHeartbeat()
    lag.stop()
    await Promise.all([
      raise.stop(),
      ticker.stop(),
      auditor.stop(),
      daily.stop(),
      callBacks.stop(),
      figures.stop(),
      rota.stop(),
      shifts.stop(),
      outbox.stop(),
      healthWatch.stop(),
      evidence.stop(),
      upkeep.stop(),
      backups?.stop(),
    ])
    own('daemon.stopped')
    await trail.stop().catch(() => log.error('audit-unwritten'))
    await channels.close()
    await broker?.close()
    roster.close()
    await store.close()
  }
  if (!listening.ok) {
    await stop()
    return listening
  }
  tools.watchdog.ready()
  own('daemon.started', readFrom(whole))
  log.info('started', { url: listening.value.url, feeds: feeds.length })
  return { ok: true, value: { url: listening.value.url, reload, clockStepped, stop } }
}
