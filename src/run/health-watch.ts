import type { Device } from '../core/deliver/device.ts'
import type { HealthView } from '../core/desk/views.ts'
import type { Directory } from '../core/directory/directory.ts'
import { HOUR, type Instant, type Millis, printInstant, SECOND } from '../core/instant.ts'
import type { Sign } from '../core/measure/availability.ts'
import type { Store } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { type Loop, type LoopTools, startLoop } from './loop.ts'
import type { Supervision } from './supervision.ts'

export interface HealthWatchParts extends LoopTools {
  readonly store: Store
  readonly ready: () => Promise<HealthView>
  readonly directory: () => Directory
  readonly sign: Supervision['sign']
  /** Absent where no broker is configured. */
  readonly broker?: () => boolean
  readonly telemetry?: Telemetry
}

const EVERY: Millis = 5 * SECOND
/** A phone that was heard in this time is in use: people work in shifts of up to twelve hours. */
const SEEN_WITHIN: Millis = 24 * HOUR
/** Fewer than this share of a group's phones in use: the group's network or app has a fault, not one person's battery. */
const ENOUGH = 0.5

/** Tells, when it changes, whether we are fit to page and how many alerts are open; and signs for what we lean on. */
export function startHealthWatch(parts: HealthWatchParts): Loop {
  const { store, clock, metrics, telemetry, sign, broker } = parts
  let saidHealth = ''
  let saidAlerts = ''

  const health = async (): Promise<boolean> => {
    const view = await parts.ready()
    const now = clock.now()
    const fit = view.status !== 'not-ready'
    const reasons = [...new Set(view.reasons.map((r) => r.code))].sort()
    metrics.gauge('bleepbridge_ready', fit ? 1 : 0)
    const said = JSON.stringify([fit, reasons])
    if (said !== saidHealth) telemetry?.health({ at: printInstant(now), ready: fit, reasons })
    saidHealth = said
    const lost = (['store-lost', 'store-full', 'store-busy'] as const).find((c) => reasons.includes(c))
    sign('store', 'store', signOf(now, lost))
    if (broker) sign('broker', 'broker', signOf(now, broker() ? undefined : 'broker-unreachable'))
    return lost === undefined
  }

  const alerts = async (): Promise<void> => {
    const { phases, stuck, devices } = await store.transact(async (tx) => ({
      phases: await tx.alerts.countByPhase(),
      stuck: (await tx.bleeps.inStage('stuck', clock.now(), 1000)).length,
      devices: await tx.devices.list(),
    }))
    const { ringing, exhausted, covered } = phases
    const said = JSON.stringify([ringing, exhausted, covered, stuck])
    if (said !== saidAlerts)
      telemetry?.alerts({ at: printInstant(clock.now()), ringing, exhausted, covered, stuck })
    saidAlerts = said
    for (const [group, share] of seenShares(devices, parts.directory(), clock.now())) {
      const at = clock.now()
      if (share >= ENOUGH) sign('phones', group, { kind: 'said', at })
      else sign('phones', group, { kind: 'said', at, fault: 'phones-unseen', works: share > 0 })
    }
  }

  return startLoop(
    'health-watch',
    [],
    EVERY,
    async () => {
      // A database that does not answer is not asked for more.
      if (await health()) await alerts()
    },
    parts,
  )
}

function signOf(
  at: Instant,
  fault: Extract<Sign, { kind: 'said' }>['fault'],
): Extract<Sign, { kind: 'said' }> {
  return fault === undefined ? { kind: 'said', at } : { kind: 'said', at, fault }
}

/** Devices that belong to a role and not to a person. */
const SHARED_PHONES = 'shared'

/** The groups of phones that are watched: one for each staff group, and the shared ones. */
export function phoneGroups(directory: Directory): readonly string[] {
  return [...new Set([...directory.people.values()].map((p) => p.staffGroup)), SHARED_PHONES]
}

/** Of each group with phones, the share that was heard of lately. */
function seenShares(devices: readonly Device[], directory: Directory, now: Instant): Map<string, number> {
  const groups = Map.groupBy(
    devices.filter((d) => d.state === 'active'),
    ({ owner }) =>
      owner.kind === 'person'
        ? (directory.people.get(owner.person)?.staffGroup ?? SHARED_PHONES)
        : SHARED_PHONES,
  )
  const seen = (d: Device) => now - (d.seen ?? d.enrolled) <= SEEN_WITHIN
  return new Map([...groups].map(([group, all]) => [group, all.filter(seen).length / all.length]))
}
