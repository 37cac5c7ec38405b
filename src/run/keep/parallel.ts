import type { Bleep, Sighting } from '../../core/bleep/bleep.ts'
import { RADIO_DEVICE } from '../../core/deliver/plan.ts'
import { type Directory, targetKey } from '../../core/directory/directory.ts'
import type { FeedId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import { stampsOf } from '../../core/measure/hops.ts'
import type { ByBothPaths } from '../../core/measure/report/parallel.ts'
import type { Store, Tx } from '../../ports/store.ts'
import { beginning, nextBatch } from './settle-facts.ts'

/**
 * Each bleep of a span by both paths, a hundred in one transaction: the daemon pages people between them. Sightings and
 * hops have a keep time of their own, so that a span beyond it has bleeps and no times.
 * @param air feeds that listen to the air
 */
export async function* bothPaths(
  store: Store,
  directory: Directory,
  air: ReadonlySet<FeedId>,
  from: Instant,
  to: Instant,
): AsyncGenerator<readonly ByBothPaths[]> {
  for (let next = beginning(from); ; ) {
    const found = await store.transact(async (tx) => {
      const { bleeps, next: after } = await nextBatch(tx, next, to)
      next = after
      const seen = Map.groupBy(await tx.bleeps.sightingsOf(bleeps.map(({ id }) => id)), (one) => one.bleep)
      const rows: ByBothPaths[] = []
      for (const bleep of bleeps) {
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
