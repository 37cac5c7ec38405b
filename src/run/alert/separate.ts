import type { Actor, Alert } from '../../core/alert/alert.ts'
import type { Bleep, Meaning } from '../../core/bleep/bleep.ts'
import { isFirst, ownCallOf, withoutReading } from '../../core/bleep/separate.ts'
import type { Directory } from '../../core/directory/directory.ts'
import { type AlertId, asId, type BleepId, type SightingId, uuid7 } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Policies } from '../../core/route/policy.ts'
import { route } from '../../core/route/route.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Random } from '../../ports/random.ts'
import type { Store, Tx } from '../../ports/store.ts'
import type { Applied } from './alert-rows.ts'
import type { Alerts } from './alerts.ts'

export interface SeparateParts {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly metrics: Metrics
  readonly alerts: Pick<Alerts, 'applyIn' | 'raiseIn' | 'announce'>
  readonly classify: (bleep: Bleep, directory: Directory) => Meaning
  readonly directory: () => Directory
  readonly policies: () => Policies
}

/** What was joined to an alert: a bleep of its own, or one reading of its page. */
export type Joined = BleepId | SightingId

/**
 * Takes what was joined to a call from it, and rings for it as a call of its own. Gives its alert, also when somebody
 * has done so already; undefined where nothing of that name is joined here.
 */
export function createSeparate(parts: SeparateParts) {
  return async (id: AlertId, joined: Joined, by: Actor): Promise<Alert | undefined> => {
    const done = await parts.store.transact((tx) => separate(tx, parts, id, joined, by))
    if (done === undefined) return undefined
    for (const applied of done.applied) parts.alerts.announce(applied)
    if (done.applied.length > 0) {
      parts.metrics.count('bleepbridge_reasons_total', { reason: 'joined-undone' })
      parts.store.wake.ring('bleeps')
    }
    return done.alert
  }
}

interface Done {
  readonly alert: Alert
  /** None: it was done before. */
  readonly applied: readonly Applied[]
}

async function separate(
  tx: Tx,
  parts: SeparateParts,
  id: AlertId,
  joined: Joined,
  by: Actor,
): Promise<Done | undefined> {
  const known = await tx.alerts.get(id)
  const number = known && (await tx.bleeps.get(known.bleep))?.number
  if (number === undefined) return undefined
  await tx.alone(`bleep/${number}`)
  const alert = await tx.alerts.get(id)
  const first = alert && (await tx.bleeps.get(alert.bleep))
  if (alert === undefined || first === undefined || (joined as string) === first.id) return undefined
  const before = await tx.alerts.byBleep(asId<BleepId>(joined))
  if (before !== undefined) return { alert: before, applied: [] }
  const at = parts.clock.now()
  const taken = alert.repeats.some((repeat) => repeat === joined)
    ? await tx.bleeps.get(asId<BleepId>(joined))
    : await reading(tx, parts, first, asId<SightingId>(joined), at)
  if (taken === undefined) return undefined
  const { related: _, ...alone } = taken
  const meaning = taken.meaning ?? parts.classify(alone, parts.directory())
  const own: Bleep = {
    ...alone,
    ...{ meaning, stage: 'routed', passed: { decoded: taken.received, ...taken.passed, routed: at } },
  }
  await tx.bleeps.save(own)
  const way = route(own, meaning, parts.directory(), parts.policies(), at)
  // It was thought to be the same call. Where nothing else says whom to ask, the people of that call are asked.
  const plan = way.kind === 'raise' ? way.plan : alert.plan
  const raised = await parts.alerts.raiseIn(tx, own, plan, at, by, id)
  const left = await parts.alerts.applyIn(tx, id, { kind: 'separated', at, by, joined })
  return { alert: raised.alert, applied: left === undefined ? [raised] : [raised, left] }
}

/** Takes one reading from a bleep, as the bleep it was; undefined where it is none of its, or the one it began with. */
async function reading(
  tx: Tx,
  { random }: SeparateParts,
  first: Bleep,
  joined: SightingId,
  at: Instant,
): Promise<Bleep | undefined> {
  const sightings = await tx.bleeps.sightings(first.id)
  const found = sightings.find((s) => s.id === joined)
  if (found === undefined || isFirst(sightings, joined)) return undefined
  const own = ownCallOf(found, first.number)
  await tx.bleeps.add(own)
  const id = asId<SightingId>(uuid7(at, random.bytes(10)))
  await tx.bleeps.sight({ ...found, id, bleep: own.id, reason: 'own-call' })
  // Its tap has heard neither the first call nor our re-page of it yet: both may still come.
  await tx.bleeps.resight(first.id, (s) => (s.id === joined ? { ...s, reason: 'joined-undone' } : s))
  await tx.bleeps.save(withoutReading(first, found, sightings))
  return own
}
