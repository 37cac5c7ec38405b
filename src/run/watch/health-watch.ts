import type { HealthView } from '../../core/desk/views.ts'
import { type Instant, type Millis, printInstant, SECOND } from '../../core/instant.ts'
import type { Sign } from '../../core/measure/watch/availability.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import type { Supervision } from './supervision.ts'

export interface HealthWatchParts extends LoopTools {
  readonly store: Store
  readonly ready: () => Promise<HealthView>
  readonly sign: Supervision['sign']
  /** Absent where no broker is configured. */
  readonly broker?: () => boolean
  readonly telemetry?: Telemetry
}

const EVERY: Millis = 5 * SECOND
const LOST = ['store-lost', 'store-full', 'store-damaged', 'store-moved', 'store-busy'] as const

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
    const lost = LOST.find((code) => view.reasons.some((r) => r.code === code && r.unfit))
    sign('store', 'store', signOf(now, lost))
    if (broker) sign('broker', 'broker', signOf(now, broker() ? undefined : 'broker-unreachable'))
    return lost === undefined
  }

  const alerts = async (): Promise<void> => {
    const { phases, stuck } = await store.transact(async (tx) => ({
      phases: await tx.alerts.countByPhase(),
      stuck: (await tx.bleeps.inStage('stuck', clock.now(), 1000)).length,
    }))
    const { ringing, exhausted, covered } = phases
    const said = JSON.stringify([ringing, exhausted, covered, stuck])
    if (said !== saidAlerts)
      telemetry?.alerts({ at: printInstant(clock.now()), ringing, exhausted, covered, stuck })
    saidAlerts = said
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
