import { type SiteRules, startAlertPart } from './app/alert.ts'
import { channelsOf } from './app/channels.ts'
import { startDeliverPart } from './app/deliver.ts'
import { openDesk } from './app/desk.ts'
import { createDoor } from './app/door.ts'
import { type AppTools, openGround } from './app/ground.ts'
import { startKeepPart } from './app/keep.ts'
import { startLines } from './app/line.ts'
import { openPost } from './app/post.ts'
import { stopInOrder } from './app/stop.ts'
import { startEvidencePart, startHealthPart } from './app/watch.ts'
import { changedSettings } from './config/changed.ts'
import type { Instead } from './config/last-good.ts'
import type { Reading } from './config/reading.ts'
import type { Whole } from './config/whole.ts'
import { rulesSteps } from './core/bleep/rules.ts'
import type { Result } from './core/faults.ts'
import type { Millis } from './core/instant.ts'
import { expectedRics } from './core/pocsag/expected.ts'
import { defect } from './run/defect.ts'
import { statusOf } from './run/line/feedback.ts'
import type { RunningFeed } from './run/line/feeds.ts'
import { storedTimes } from './run/line/stored-times.ts'
import { inSlices } from './run/slices.ts'
import { createFilesWatch } from './run/watch/files-watch.ts'
import { startLagWatch } from './run/watch/lag-watch.ts'

export interface App {
  /** Where a browser on this machine finds the board. */
  readonly url: string
  /**
   * Goes on with the site's files as they are now: people, roles, rota, numbers, rules, policies. No line is closed and
   * no alert is touched: who is asked next is looked up when a step fires. The daemon's own configuration is read at
   * start only, but for its certificate; gives the settings in it that have changed and want a restart.
   */
  reload(reading: Reading): Promise<readonly string[]>
  /** The files as they are now have faults: what was read before stands, and that is told until a reload is taken. */
  refused(faults: readonly { readonly path: string }[]): void
  /** Whether the files in force are kept, for a restart that finds faults in those that are there. */
  kept(done: boolean): void
  /** The system clock jumped and time was anchored anew: how far, forwards positive. */
  clockStepped(by: Millis): void
  /** Something threw where nobody caught it: a defect of ours, which is told and ends nothing. */
  unexpected(error: unknown): void
  /** Shuts the door, ends what works on pages, then the lines, then the store: within bounds, whatever hangs (app/stop.ts). */
  stop(): Promise<void>
}

/**
 * Puts the daemon together, in the order of the path; `src/app` has a file for each room. Gives the fault when the
 * address cannot be had; a port that cannot be opened is no such fault, because everything else must go on.
 * @throws StoreFault when the store cannot be opened
 */
export async function startApp(
  read: Whole & { readonly instead?: Instead },
  tools: AppTools,
): Promise<Result<App>> {
  const { watchdog, version } = tools
  const ground = await openGround(read, tools)
  const { log, whole } = ground
  const lag = startLagWatch(tools)
  let site: SiteRules = { rules: read.rules, policies: read.policies }
  let { sitePrint } = whole
  const files = createFilesWatch(whole.config.folder)
  files.taken(read.instead?.since ?? ground.clock.now(), whole.site.zone)
  const door = createDoor(ground)
  const feeds: RunningFeed[] = []
  const stored = storedTimes()
  const channels = channelsOf(whole, { ...ground, feeds: () => feeds })
  let delivery: ReturnType<typeof startDeliverPart> | undefined
  const alert = startAlertPart(
    ground,
    () => site,
    stored.storedAt,
    channels,
    (applied) => {
      const told = statusOf(applied)
      if (told) for (const feed of feeds) feed.status(told.bleep, told.status)
    },
    () => delivery?.ahead,
  )
  const post = openPost(ground)
  const evidence = startEvidencePart(ground, feeds, channels, lag, post)
  delivery = startDeliverPart(ground, channels, alert, evidence.sign)
  await startLines(ground, feeds, evidence, stored, alert, lag)
  const keep = await startKeepPart(ground, channels, alert)
  const print = () => (whole.config.store.kind === 'postgres' ? sitePrint : undefined)
  const watch = startHealthPart(
    ...([ground, feeds, alert, keep, files, door, evidence, print, post, channels] as const),
  )
  const http = await openDesk(ground, channels, alert, keep, evidence, watch.health, () => site, post)
  const listening = await door.open(http)
  ground.begin()
  const readFrom = ({ fingerprint }: Pick<Whole, 'fingerprint'>) => ({ version, fingerprint })

  const reload = async (next: Reading): Promise<readonly string[]> => {
    // All that may fail or takes its time comes first; then everything changes at once.
    const rules = await inSlices(rulesSteps(next.rulesRead, []))
    const rics = await inSlices(expectedRics(next.site.numbers))
    await ground.roster.replace(next.site)
    site = { rules, policies: next.policies }
    sitePrint = next.sitePrint
    for (const plan of whole.feeds)
      if (plan.rics !== undefined) feeds.find((feed) => feed.id === plan.id)?.know(rics)
    files.taken(ground.clock.now(), next.site.zone)
    await door.renew(next.config)
    keep.own('config.read', readFrom(next))
    const waiting = changedSettings(whole.config, next.config)
    files.waiting(waiting)
    return waiting
  }

  const clockStepped = (by: Millis): void => {
    lag.stepped(by)
    evidence.clockStepped(by)
    keep.own('clock.stepped', { by })
  }

  const unexpected = (error: unknown): void => defect(ground, 'task-failed', 'process', error)

  const stop = async (): Promise<void> => {
    watchdog.stopping()
    watch.stopHeartbeat()
    lag.stop()
    const loops = [alert, delivery, watch, evidence, keep, post]
    const parts = {
      door: () => http.close(),
      loops: () => Promise.all(loops.map((one) => one?.stop())),
      audit() {
        keep.own('daemon.stopped')
        return keep.trail.stop().catch(() => log.error('audit-unwritten'))
      },
      channels: () => channels.close(),
      lines: () => Promise.all(feeds.map((feed) => feed.stop())),
      store: () => ground.close(),
    }
    await stopInOrder(parts, ground)
  }

  if (!listening.ok) {
    await stop()
    return listening
  }
  watchdog.ready()
  keep.own('daemon.started', readFrom(whole))
  if (ground.upgraded) keep.own('schema.upgraded', { ...ground.upgraded })
  log.info('started', { url: listening.value.url, feeds: feeds.length })
  const { refused, kept } = files
  return {
    ok: true,
    value: { url: listening.value.url, reload, refused, kept, clockStepped, unexpected, stop },
  }
}
