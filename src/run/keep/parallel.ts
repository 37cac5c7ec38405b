import type { Bleep, Sighting } from '../../core/bleep/bleep.ts'
import { RADIO_DEVICE } from '../../core/deliver/plan.ts'
import { type Directory, targetKey } from '../../core/directory/directory.ts'
import { hospitalOf } from '../../core/directory/number-plan.ts'
import { asId, type FeedId, type RoleId, type TeamId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import { stampsOf } from '../../core/measure/hops.ts'
import { type ByBothPaths, type ParallelRow, parallelRows } from '../../core/measure/report/parallel.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { beginning, nextBatch } from './settle-facts.ts'

/**
 * The span by roles and teams, most bleeps first.
 * @param air feeds that listen to the air
 */
export async function parallelOf(
  store: Store,
  directory: Directory,
  air: ReadonlySet<FeedId>,
  { from, to, hospital }: { readonly from: Instant; readonly to: Instant; readonly hospital?: string },
): Promise<readonly ParallelRow[]> {
  const all: ByBothPaths[] = []
  for await (const some of bothPaths(store, directory, air, from, to, hospital)) all.push(...some)
  return parallelRows(all, air.size > 0, (key) => {
    const id = key.slice(key.indexOf(':') + 1)
    return directory.roles.get(asId<RoleId>(id))?.name ?? directory.teams.get(asId<TeamId>(id))?.name ?? key
  })
}

/** Feeds of a site that listen to the air. */
export const onAir = (
  feeds: readonly { readonly id: string; readonly side: string }[],
): ReadonlySet<FeedId> => new Set(feeds.flatMap(({ side, id }) => (side === 'air' ? [asId<FeedId>(id)] : [])))

/**
 * Each bleep of a span by both paths, a hundred in one transaction: the daemon pages people between them. Sightings and
 * hops have a keep time of their own, so that a span beyond it has bleeps and no times.
 * @param air feeds that listen to the air
 * @param hospital only calls of its numbers; absent: of every hospital's
 */
export async function* bothPaths(
  store: Store,
  directory: Directory,
  air: ReadonlySet<FeedId>,
  from: Instant,
  to: Instant,
  hospital?: string,
): AsyncGenerator<readonly ByBothPaths[]> {
  for (let next = beginning(from); ; ) {
    const found = await store.transact(async (tx) => {
      const { bleeps, next: after } = await nextBatch(tx, next, to)
      next = after
      const seen = Map.groupBy(await tx.bleeps.sightingsOf(bleeps.map(({ id }) => id)), (one) => one.bleep)
      const rows: ByBothPaths[] = []
      for (const bleep of bleeps) {
        if (hospital !== undefined && hospitalOf(bleep.number, directory) !== hospital) continue
        const row = await byBoth(tx, bleep, seen.get(bleep.id) ?? [], directory, air)
        if (row !== undefined) rows.push(row)
      }
      return bleeps.length === 0 ? undefined : rows
    })
    if (found === undefined) return
    yield found
  }
}

/** Undefined for a page to a number of nobody's. */
async function byBoth(
  tx: Tx,
  bleep: Bleep,
  sightings: readonly Sighting[],
  directory: Directory,
  air: ReadonlySet<FeedId>,
): Promise<ByBothPaths | undefined> {
  const alert = await tx.alerts.byBleep(bleep.id)
  const target = alert?.plan.steps[0]?.ask[0] ?? directory.numbers.get(bleep.number)?.to
  if (target === undefined) return undefined
  const hops = (await tx.hops.of(bleep.id)).filter(({ device }) => device !== RADIO_DEVICE)
  const heard = sightings.filter(({ feed }) => air.has(feed)).map(({ page }) => page.lastByte)
  const had = stampsOf(hops)
    .filter(({ hop }) => hop === 'on-device')
    .map((stamp) => stamp.at)
  return {
    ...{ to: targetKey(target), rung: Object.keys(alert?.responders ?? {}).length > 0 },
    ...(heard.length === 0 ? {} : { pager: Math.min(...heard) }),
    ...(had.length === 0 ? {} : { phone: Math.min(...had) }),
  }
}
