import type { StandingCode } from '../../core/faults.ts'
import { type Instant, type Millis, printInstant, SECOND } from '../../core/instant.ts'
import type { Sign } from '../../core/measure/watch/availability.ts'
import { countOf, reasonOf } from '../../core/measure/watch/standing.ts'
import type { Broker } from '../../ports/broker.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import type { Health } from './health.ts'
import type { Supervision } from './supervision.ts'

export interface HealthWatchParts extends LoopTools {
  readonly store: Store
  readonly health: Pick<Health, 'standing'>
  readonly sign: Supervision['sign']
  /** Absent where no broker is configured. */
  readonly broker?: () => Broker['trouble']
  readonly telemetry?: Telemetry
}

const EVERY: Millis = 2 * SECOND
const STORE_FAULTS = [
  'store-lost',
  'store-full',
  'store-damaged',
  'store-moved',
  'store-busy',
  'store-unproved',
] as const satisfies readonly StandingCode[]

/** Tells, when it changes, whether we are fit to page and how many alerts are open; and signs for what we lean on. */
export function startHealthWatch(parts: HealthWatchParts): Loop {
  const { store, clock, metrics, telemetry, sign, broker } = parts
  const told = new Set<StandingCode>()
  let saidHealth = ''
  let saidAlerts = ''

  let storeWell = false
  const health = async (): Promise<void> => {
    const standing = parts.health.standing()
    const now = clock.now()
    const fit = !standing.some((one) => one.unfit)
    const counts = countOf(standing)
    const reasons = [...counts.keys()].sort()
    // What stands no more is told as none: a rule on the figure ends with it.
    for (const code of new Set([...told, ...reasons]))
      metrics.gauge('bleepbridge_standing', counts.get(code) ?? 0, { fault: code })
    for (const code of reasons) told.add(code)
    metrics.gauge('bleepbridge_ready', fit ? 1 : 0)
    const said = JSON.stringify([fit, standing.map(({ code, subject }) => [code, subject])])
    if (said !== saidHealth)
      telemetry?.health({ at: printInstant(now), ready: fit, reasons, standing: standing.map(reasonOf) })
    saidHealth = said
    const lost = STORE_FAULTS.find((c) => standing.some((one) => one.code === c && one.unfit))
    sign('store', 'store', signOf(now, lost))
    if (broker) sign('broker', 'broker', signOf(now, broker()))
    storeWell = lost === undefined
  }

  const alerts = async (): Promise<void> => {
    // A database that does not answer is not asked for more.
    if (!storeWell) return
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

  // Apart: a database that hangs in the middle of the figures must not keep back the word that it does.
  const loops = [
    startLoop('health-watch', [], EVERY, health, parts),
    startLoop('alert-figures', [], EVERY, alerts, parts),
  ]
  return { stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))) }
}

function signOf(
  at: Instant,
  fault: Extract<Sign, { kind: 'said' }>['fault'],
): Extract<Sign, { kind: 'said' }> {
  return fault === undefined ? { kind: 'said', at } : { kind: 'said', at, fault }
}
