import type { Alert } from '../../core/alert/alert.ts'
import type { Bleep, Meaning } from '../../core/bleep/bleep.ts'
import { given } from '../../core/given.ts'
import type { BleepId } from '../../core/ids.ts'
import { HOUR, type Instant, type Millis } from '../../core/instant.ts'
import type { Policies } from '../../core/route/policy.ts'
import type { Earlier } from '../../core/route/route.ts'
import type { Tx } from '../../ports/store.ts'

/** How far back an open call may lie for a cancellation to end it. */
const CANCEL_REACH: Millis = 4 * HOUR
/** How many calls to the same number are looked at. */
const CANCEL_AT_MOST = 200

/** Only what this bleep may end or belong to is looked up: nothing for the usual page. */
export async function earlierAlerts(
  tx: Tx,
  bleep: Bleep,
  meaning: Meaning,
  policies: Policies,
  at: Instant,
): Promise<readonly Earlier[]> {
  const ids = new Set<BleepId>()
  if (bleep.related) ids.add(bleep.related.bleep)
  if (policies.cancelKinds.includes(meaning.kind))
    for (const other of await tx.bleeps.recent(bleep.number, at - CANCEL_REACH, CANCEL_AT_MOST))
      ids.add(other.id)
  ids.delete(bleep.id)
  const found: Earlier[] = []
  for (const id of ids) {
    const alert = await alertOf(tx, id)
    const other = await tx.bleeps.get(id)
    if (!alert || !other || found.some((e) => e.alert === alert.id)) continue
    found.push({
      alert: alert.id,
      phase: alert.phase,
      class: alert.plan.class,
      related: id === bleep.related?.bleep,
      ...given({ place: other.meaning?.place }),
    })
  }
  return found
}

/**
 * The alert that a bleep raised, or the one it joined. So a third request leads to the first one's alert, also when
 * it is joined to the second.
 */
export async function alertOf(tx: Tx, id: BleepId): Promise<Alert | undefined> {
  let at: BleepId | undefined = id
  for (let hops = 0; at && hops < 20; hops++) {
    const alert = await tx.alerts.byBleep(at)
    if (alert) return alert
    at = (await tx.bleeps.get(at))?.related?.bleep
  }
  return undefined
}
