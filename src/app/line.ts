import { hearsRePages } from '../config/feeds.ts'
import { given } from '../core/given.ts'
import type { FeedView } from '../core/measure/watch/feed-view.ts'
import { openAlikeIds } from '../run/line/alike-ids.ts'
import { type RunningFeed, startFeed } from '../run/line/feeds.ts'
import { createIngest } from '../run/line/ingest.ts'
import type { StoredTimes } from '../run/line/stored-times.ts'
import type { Evidence } from '../run/watch/evidence.ts'
import type { LagWatch } from '../run/watch/lag-watch.ts'
import type { AlertPart } from './alert.ts'
import { hmacBytes } from './digest.ts'
import { specOf } from './feeds.ts'
import type { Ground } from './ground.ts'
import { airOf, neighboursOf } from './neighbours.ts'

/**
 * Opens every line: from here on bytes become stored pages. A port that cannot be opened ends nothing; it is tried
 * again and told of.
 * @param feeds where each running line is added: others look at it from before the first is open
 */
export async function startLines(
  ground: Ground,
  feeds: RunningFeed[],
  evidence: Evidence,
  stored: StoredTimes,
  { raise, needed }: AlertPart,
  lag: Pick<LagWatch, 'since'>,
): Promise<void> {
  const { whole } = ground
  const mac = hmacBytes
  const alike =
    neighboursOf(whole).length > 0 ? await openAlikeIds({ ...ground, common: airOf(whole), mac }) : undefined
  const own = { ...ground, metrics: evidence.metrics }
  const ingest = createIngest({
    ...own,
    skewMs: whole.config.merge.skewMs,
    lag: (tap) => Math.max(0, ...whole.feeds.filter((f) => f.tap === tap).map((f) => f.lagMs)),
    hearsRePages: hearsRePages(whole.config, whole.feeds),
    onStored: stored.onStored,
    since: lag.since,
    straight: raise.straight,
    ...given({ alike }),
  })
  const onChange = (view: FeedView): void =>
    evidence.feed(view, feeds.find((feed) => feed.id === view.id)?.faults() ?? [])
  const tools = { ...own, ingest: evidence.overhear(ingest), onChange }
  for (const plan of whole.feeds) feeds.push(startFeed(await specOf(plan, whole, ground, needed), tools))
}
