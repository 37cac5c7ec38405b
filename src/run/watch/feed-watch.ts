import { afterStep, HOUR, type Instant, MINUTE } from '../../core/instant.ts'
import {
  EMPTY_TALLY,
  type FeedTally,
  feedFigures,
  gauged,
  tallied,
} from '../../core/measure/facts/feed-tally.ts'
import { learn, NOTHING_LEARNT, type Pattern, silenceRatio } from '../../core/measure/report/baseline.ts'
import { type ZoneTable, zoneTable } from '../../core/measure/zone.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { followSteps } from '../ticks.ts'

export interface FeedWatch extends Loop {
  /**
   * The same figures, overheard on their way to `/metrics`, so that what is counted once need not be counted again
   * here.
   */
  readonly metrics: Metrics
}

interface Feed {
  tally: FeedTally
  pattern: Pattern
  /** Pages when the hour under way began; undefined while its beginning was not seen. */
  atHour: number | undefined
}

const EVERY = MINUTE
const NOTE = 'pattern/'

/** Tells estates each feed's figures every minute and learns how often it speaks at each hour of the week. */
export function startFeedWatch(
  feeds: readonly string[],
  parts: LoopTools & {
    readonly store: Store
    readonly zone: string
    readonly node: string
    readonly telemetry?: Telemetry
    readonly overdue?: (feed: string, is: boolean) => void
  },
): FeedWatch {
  const { clock, metrics, store, telemetry } = parts
  // Two nodes may listen to two lines under one name.
  const note = (feed: string): string => `${NOTE}${parts.node}/${feed}`
  const all = new Map<string, Feed>(
    feeds.map((id) => [id, { tally: EMPTY_TALLY, pattern: NOTHING_LEARNT, atHour: undefined }]),
  )
  let zone: ZoneTable = zoneTable(parts.zone, clock.now(), clock.now())
  let zoneUntil: Instant = clock.now() + HOUR
  let began = clock.now()
  // An hour that a clock skipped was not an hour of silence.
  const followed = followSteps(clock, (feeds: ReadonlyMap<string, Feed>, by, from, at) => {
    began = afterStep(began, by, from, at)
    for (const feed of feeds.values()) {
      const { lastPage } = feed.tally
      if (lastPage !== undefined) feed.tally = { ...feed.tally, lastPage: afterStep(lastPage, by, from, at) }
    }
  })
  let hour: number | undefined
  let restored = false

  const work = async (): Promise<void> => {
    if (!restored) await restore()
    restored = true
    followed(all)
    const now = clock.now()
    if (now > zoneUntil) {
      zone = zoneTable(parts.zone, now, now)
      zoneUntil = now + HOUR
    }
    const thisHour = Math.floor(zone.civil(now) / HOUR)
    const turned = hour !== undefined && thisHour !== hour
    for (const [id, feed] of all) {
      if (turned && feed.atHour !== undefined && hour !== undefined) {
        feed.pattern = learn(feed.pattern, hour * HOUR, feed.tally.pages - feed.atHour)
        const kept = feed.pattern
        await store.transact((tx) => tx.notes.set(note(id), kept, now))
      }
      if (turned) feed.atHour = feed.tally.pages
      // A line that has habits and says nothing after a start is as silent as one that stopped.
      const last = feed.tally.lastPage ?? began
      const ratio = silenceRatio(feed.pattern, zone.civil(last), zone.civil(now))
      parts.overdue?.(id, (ratio ?? 0) > 1)
      if (ratio !== undefined) metrics.gauge('bleepbridge_feed_silence_ratio', ratio, { feed: id })
      telemetry?.figures(id, feedFigures(feed.tally, now, ratio))
    }
    hour = thisHour
  }

  const restore = async (): Promise<void> => {
    for (const [id, feed] of all) {
      // Weeks of habits were learnt by releases that did not name the node.
      const kept = await store.transact(
        async (tx) => (await tx.notes.get(note(id))) ?? tx.notes.get(`${NOTE}${id}`),
      )
      if (isPattern(kept)) feed.pattern = kept
    }
  }

  const loop = startLoop('feed-watch', [], EVERY, work, parts)
  return {
    stop: loop.stop,
    metrics: {
      count(name, labels = {}, by = 1) {
        const feed = labels.feed === undefined ? undefined : all.get(labels.feed)
        if (feed) feed.tally = tallied(feed.tally, name, labels, by, clock.now())
        metrics.count(name, labels, by)
      },
      gauge(name, value, labels) {
        const feed = labels?.feed === undefined ? undefined : all.get(labels.feed)
        if (feed) feed.tally = gauged(feed.tally, name, value)
        metrics.gauge(name, value, labels)
      },
      observe: (name, seconds, labels, exemplar) => metrics.observe(name, seconds, labels, exemplar),
    },
  }
}

function isPattern(kept: unknown): kept is Pattern {
  return typeof kept === 'object' && kept !== null && 'rates' in kept && 'seen' in kept
}
