import { withoutTables } from '../config/reading.ts'
import type { Whole } from '../config/whole.ts'
import { asId, type NodeId } from '../core/ids.ts'
import type { Finding } from '../core/measure/watch/standing.ts'
import type { MetricsAdapter } from '../io/metrics.ts'
import { mqttTelemetry } from '../io/mqtt/telemetry.ts'
import type { Broker } from '../ports/broker.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Random } from '../ports/random.ts'
import { type Store, StoreFault } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { Watchdog } from '../ports/watchdog.ts'
import { leaseOwner, takeBackLeases } from '../run/leases.ts'
import { measuredStore } from '../run/measured-store.ts'
import { createRoster, type Roster } from '../run/roster.ts'
import { type DefectWatch, watchDefects } from '../run/watch/defect-watch.ts'
import { brokerOptions } from './broker.ts'
import { type OpenedStore, openStore } from './store.ts'

/** What differs between the real daemon and a test of it. */
export interface AppTools {
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly metrics: MetricsAdapter
  readonly watchdog: Watchdog
  readonly version: string
  /** Whether what is logged is written anywhere. */
  readonly logTroubles?: () => readonly Finding[]
}

/** What every part of the daemon stands on: its store, its people, its name, its broker. */
export interface Ground extends AppTools {
  readonly whole: Whole
  readonly store: Store
  /** What stands of the database itself until a person has seen to it. */
  readonly storeTroubles: OpenedStore['troubles']
  /** What this start did to the schema of the database. */
  readonly upgraded: OpenedStore['upgraded']
  readonly captureKeys: OpenedStore['captureKeys']
  /** Whether we are on the file that outlasts the database. */
  readonly apart: OpenedStore['apart']
  readonly adopt: OpenedStore['adopt']
  readonly redoBy: OpenedStore['redoBy']
  readonly wake: Store['wake']
  readonly roster: Roster
  readonly directory: Roster['current']
  readonly node: NodeId
  /** The name that this run of the process claims work under. */
  readonly owner: string
  readonly broker: Broker | undefined
  readonly telemetry: Telemetry | undefined
  /** Settles when the doors are open: work on what is stored begins then. */
  readonly begins: Promise<void>
  begin(): void
  /** Overhears `log`. */
  readonly defects: DefectWatch
  close(): Promise<void>
}

/** Before anything is stamped: a node that starts with a wrong clock would take another's calls for new ones. */
async function agreeOnTime(store: Store, clock: Clock): Promise<void> {
  const began = clock.now()
  try {
    const { clock: shared } = await store.measure()
    if (shared !== undefined) clock.agree?.(shared + (clock.now() - began) / 2)
  } catch (error) {
    // It is looked at again while we run.
    if (!(error instanceof StoreFault)) throw error
  }
}

/** @throws StoreFault when the store cannot be opened */
export async function openGround(read: Whole, tools: AppTools): Promise<Ground> {
  const { config, site } = read
  // Its rows are the roster's from here on, which lets them go once a reload has others.
  const whole = { ...read, site: withoutTables(site) }
  const { clock, random, metrics, version } = tools
  const defects = watchDefects(tools.log, clock)
  const { log } = defects
  metrics.know({ feed: config.feeds.map((f) => f.id), version: [version] })
  metrics.gauge('bleepbridge_build_info', 1, { version })
  const opened = await openStore(whole, { log, clock, metrics })
  const store = measuredStore(opened.store, { clock, metrics })
  await agreeOnTime(opened.store, clock)
  const roster = await createRoster({ store, site, clock, random })
  const origin = { site: config.site.id, node: config.node }
  const broker =
    config.mqtt &&
    (await import('../io/mqtt/client.ts')).openBroker(brokerOptions(whole), { clock, log, metrics })
  const telemetry =
    broker &&
    mqttTelemetry(broker, origin, { version, ...(config.mqtt?.homeAssistant ? {} : { discovery: false }) })
  const gate = Promise.withResolvers<void>()
  const node = asId<NodeId>(config.node)
  await takeBackLeases(store, node)
  return {
    ...tools,
    ...{
      log,
      defects,
      whole,
      store,
      storeTroubles: opened.troubles,
      upgraded: opened.upgraded,
      captureKeys: opened.captureKeys,
      apart: opened.apart,
      adopt: opened.adopt,
      redoBy: opened.redoBy,
      wake: store.wake,
      roster,
      directory: roster.current,
      node,
      broker,
      telemetry,
    },
    owner: leaseOwner(node, random),
    begins: gate.promise,
    begin: gate.resolve,
    async close() {
      roster.close()
      // Beside each other: a broker that hangs says nothing of the store.
      await Promise.all([broker?.close(), store.close()])
    },
  }
}
