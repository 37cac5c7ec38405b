import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { Bleep } from '../../src/core/bleep/bleep.ts'
import { classify } from '../../src/core/bleep/classify.ts'
import { rulesSchema } from '../../src/core/bleep/rule-schema.ts'
import { compileRules } from '../../src/core/bleep/rules.ts'
import { titleOf } from '../../src/core/bleep/title.ts'
import type { Outcome } from '../../src/core/deliver/attempt.ts'
import type { ChannelId } from '../../src/core/deliver/channels.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import type { SiteView } from '../../src/core/desk/site-views.ts'
import type { JoinedLine } from '../../src/core/desk/views.ts'
import type { Directory } from '../../src/core/directory/directory.ts'
import type { Site } from '../../src/core/directory/site.ts'
import type { StandingCode } from '../../src/core/faults.ts'
import { type AttemptId, asId, type DeviceId, type FeedId, type NodeId } from '../../src/core/ids.ts'
import { HOUR, type Instant, MINUTE } from '../../src/core/instant.ts'
import type { HealthPayload } from '../../src/core/measure/telemetry.ts'
import { policiesSchema } from '../../src/core/route/policy.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Channel } from '../../src/ports/channel.ts'
import { type Store, StoreFault } from '../../src/ports/store.ts'
import type { Telemetry } from '../../src/ports/telemetry.ts'
import type { Watchdog } from '../../src/ports/watchdog.ts'
import { createAlerts } from '../../src/run/alert/alerts.ts'
import { startAuditor } from '../../src/run/alert/auditor.ts'
import { startRaise } from '../../src/run/alert/raise.ts'
import { startRotaWatch } from '../../src/run/alert/rota-watch.ts'
import { createSeparate } from '../../src/run/alert/separate.ts'
import { startTicker } from '../../src/run/alert/ticker.ts'
import { startOutbox } from '../../src/run/deliver/outbox.ts'
import { createRinger } from '../../src/run/deliver/self-test.ts'
import { createDesk } from '../../src/run/desk/desk.ts'
import { startLeavers } from '../../src/run/keep/leavers.ts'
import { startTrail } from '../../src/run/keep/trail.ts'
import { createIngest } from '../../src/run/line/ingest.ts'
import { createRoster } from '../../src/run/roster.ts'
import { certificateFindings } from '../../src/run/watch/certificate-watch.ts'
import { watchDefects } from '../../src/run/watch/defect-watch.ts'
import { startEvidence } from '../../src/run/watch/evidence.ts'
import { createFilesWatch } from '../../src/run/watch/files-watch.ts'
import { createHealth } from '../../src/run/watch/health.ts'
import { startHealthWatch } from '../../src/run/watch/health-watch.ts'
import { startHeartbeat } from '../../src/run/watch/heartbeat.ts'
import { watchProviders } from '../../src/run/watch/provider-watch.ts'
import { startStoreProbe } from '../../src/run/watch/store-probe.ts'
import { HOSPITAL_SHIFTS } from './hospital.ts'
import { USUAL_KEEPS } from './keeps.ts'
import { type ListeningMetrics, listeningMetrics, quietLog } from './quiet.ts'
import { VirtualClock } from './virtual-clock.ts'
import { countingRandom } from './ward.ts'

/** How the outside world is: what a month's steps change. */
export interface World {
  site: Site
  /** Devices that hear nothing now. */
  readonly deadSpots: Set<string>
  /** Push addresses that the provider says are gone. */
  readonly deadPush: Set<string>
  /** Whether the disk takes writes. */
  disk: 'well' | 'full'
  /** Faults of the line at this moment. */
  readonly line: Set<StandingCode>
  /** Free memory of the disk beside the database; below 1 it is low. */
  free: number
  /** The provider takes our keys. */
  keys: boolean
  /** The broker answers. */
  broker: boolean
  /** When the door's certificate ends. */
  certificate: Instant
  /** Whoever reads the log of the second node is gone. */
  logGone: boolean
  /** The watcher outside confirms our beats. */
  watched: boolean
}

/** What is so, and so what every screen must say: no more, and no less. */
export interface Truth {
  /** `code subject`, in any order. */
  readonly stands: readonly string[]
  readonly fit: boolean
}

const WELL = {
  free: 9,
  keys: true,
  broker: true,
  certificate: Number.POSITIVE_INFINITY,
  logGone: false,
  watched: true,
}
const OPERATOR = { kind: 'operator', access: 'switchboard', operator: 'op' } as const
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * A hospital for a month: one database, and a daemon that is started anew at the instant of each step, because a virtual
 * clock is too slow for four weeks of loops and a restart must not be a special case. Add a step by `at`, change the
 * world, and say what is true then.
 */
export class Month {
  readonly world: World
  readonly #store: Store
  #running: Running | undefined
  /** A second node on the same database, where there is one. */
  #second: Running | undefined
  #rings: { device: string; text: string; attempt: string }[] = []
  readonly #sent: string[] = []
  /** What has changed since the screens were last held against the truth. */
  #untold: string | undefined

  static async begin(site: Site): Promise<Month> {
    return new Month(site, await openSqlite(':memory:'))
  }

  private constructor(site: Site, store: Store) {
    this.world = { site, deadSpots: new Set(), deadPush: new Set(), disk: 'well', line: new Set(), ...WELL }
    this.#store = store
  }

  get #now(): Running {
    if (this.#running === undefined) throw new Error('a step begins with at()')
    return this.#running
  }

  /** The daemon is started at this instant, or goes on if it runs. */
  async at(when: string): Promise<void> {
    this.#allTold()
    this.#untold = when
    await this.leaves()
    await this.#running?.stop()
    this.#running = await this.#start('north', new VirtualClock(Date.parse(when)))
    await this.pass(MINUTE)
  }

  /** A step ends with what is true then: what was done in it and not looked at might have been told wrongly. */
  #allTold(): void {
    if (this.#untold !== undefined) throw new Error(`nothing was compared after ${this.#untold}`)
  }

  #start(node: string, clock: VirtualClock): Promise<Running> {
    return start(this.#store, this.world, clock, (bell) => this.#hear(bell), node)
  }

  /** A second node begins to work on the same database, and hears the same lines. */
  async joins(): Promise<void> {
    this.#untold = 'a second node'
    this.#second = await this.#start('south', this.#now.clock)
    await this.pass(MINUTE)
  }

  /** It is stopped, where there is one. */
  async leaves(): Promise<void> {
    await this.#second?.stop()
    this.#second = undefined
  }

  /** The first node is gone; the second is all there is from now on. */
  async dies(): Promise<void> {
    this.#untold = 'the end of a node'
    await this.#running?.stop()
    this.#running = this.#second
    this.#second = undefined
    await this.pass(MINUTE)
  }

  get #nodes(): readonly Running[] {
    return [this.#now, ...(this.#second === undefined ? [] : [this.#second])]
  }

  pass(ms: number): Promise<void> {
    return this.#now.clock.elapse(ms)
  }

  /** Somebody sets the clock of the machine. */
  async setClock(by: number): Promise<void> {
    this.#untold = `a step of ${by} ms`
    this.#now.clock.step(by)
    this.#now.stepped(by)
    await this.pass(MINUTE)
  }

  /** A phone of ours: it says that it was rung as soon as it is, where it can hear. */
  async enrol(person: string, id: string): Promise<void> {
    this.#untold = id
    const device: Device = {
      ...{ id: asId<DeviceId>(id), owner: { kind: 'person', person: asId(person) }, label: id },
      ...{ channel: 'webpush', address: `push/${id}`, state: 'active', enrolled: this.#now.clock.now() },
    }
    await this.#store.transact((tx) => tx.devices.add(device, sha256(id)))
  }

  /** The app has renewed its push address. */
  async renew(id: string, address: string): Promise<void> {
    this.#untold = id
    this.world.deadPush.delete(id)
    await this.#now.desk.subscribe({ kind: 'device', access: 'holder', device: asId(id) }, 'webpush', address)
  }

  /** A page on the switchboard's line, heard by every node; false where it was refused and will be sent again. */
  async page(text: string): Promise<boolean> {
    this.#untold = text
    const at = this.#now.clock.now()
    const all = await Promise.all(
      this.#nodes.map(({ ingest }) =>
        ingest.store(
          { feed: asId('link'), tap: 'link', repeatMs: 0 },
          pageOf('2201', text, at),
          undefined,
          at,
        ),
      ),
    )
    const stored = all.some(({ ok }) => ok)
    if (stored) this.#sent.push(text)
    await this.pass(10_000)
    return stored
  }

  /** The same on the air, where the transmitter says each page again. */
  async onAir(number: string, text: string): Promise<void> {
    this.#untold = text
    const at = this.#now.clock.now()
    const tap = { feed: asId<FeedId>('air'), tap: 'air', repeatMs: 20_000 }
    const stored = await this.#now.ingest.store(tap, pageOf(number, text, at), undefined, at)
    if (stored.ok) this.#sent.push(text)
    await this.pass(10_000)
  }

  /** What the board says was joined to the call with these words, and may be another. */
  async joined(text: string): Promise<{ alert: string; lines: readonly JoinedLine[] }> {
    const board = await this.#now.desk.board(OPERATOR, { phase: 'open' })
    if (!board.ok) throw new Error(board.fault.code)
    const card = board.value.alerts.find(({ words }) => words === text)
    if (card === undefined) throw new Error(`no call of ${text}`)
    const view = await this.#now.desk.alert(OPERATOR, asId(card.id))
    if (!view.ok) throw new Error(view.fault.code)
    return { alert: card.id, lines: view.value.mayBeAnother ?? [] }
  }

  /** The one press that rings for what was joined. */
  async takeApart(alert: string, line: string): Promise<void> {
    this.#untold = alert
    await this.#now.desk.separate(OPERATOR, asId(alert), asId(line))
    await this.pass(10_000)
  }

  /** Of two nodes one may be told alone: each has a composition and a memory of its own over the one database. */
  async reload(site: Site | 'broken', nodes: 'all' | 'second' = 'all'): Promise<void> {
    this.#untold = 'a reload'
    for (const { files, clock, roster } of nodes === 'all' ? this.#nodes : this.#nodes.slice(1)) {
      if (site === 'broken') files.refused([{ path: 'rota.csv' }])
      else {
        this.world.site = site
        await roster.replace(site)
        files.taken(clock.now(), site.zone)
      }
    }
    this.#store.wake.ring('directory')
  }

  /** Which devices were rung for these words. */
  rungFor(text: string): readonly string[] {
    return [...new Set(this.#rings.filter((r) => r.text === text).map((r) => r.device))].sort()
  }

  /** How often a phone was rung for these words. */
  ringsFor(text: string): number {
    return this.#rings.filter((r) => r.text === text).length
  }

  /** Whether a phone is in use: its token tells who it is. */
  async isKnown(id: string): Promise<boolean> {
    return (await this.#now.desk.identify(sha256(id))) !== undefined
  }

  /** Phones that were told to wipe themselves since the step began. */
  get wiped(): readonly string[] {
    return this.#now.wiped
  }

  /** Nothing that was taken in is lost: each page has an alert, is joined to one, or waits on the switchboard's screen. */
  async nothingLost(): Promise<void> {
    this.#allTold()
    const seen = await this.#store.transact(async (tx) => {
      const found: string[] = []
      for (const stage of ['routed', 'stuck', 'received'] as const)
        for (const b of await tx.bleeps.inStage(stage, Number.MAX_SAFE_INTEGER, 1000))
          if (stage === 'stuck' || b.related !== undefined || (await tx.alerts.byBleep(b.id)))
            found.push(b.page.text)
      return found
    })
    expect(seen.toSorted()).toEqual(this.#sent.toSorted())
  }

  /** Board, `/readyz`, metric and MQTT of every node, each held against what is so; the second may have a truth of its own. */
  async is(truth: Truth, second: Truth = truth): Promise<void> {
    for (const [i, node] of this.#nodes.entries()) await this.#saysOf(node, i === 0 ? truth : second)
    this.#untold = undefined
  }

  async #saysOf({ health, desk, metrics, told }: Running, { stands, fit }: Truth): Promise<void> {
    const codes = [...new Set(stands.map((one) => one.split(' ')[0] ?? ''))].sort()
    const ready = await health.ready()
    const named = (all: readonly { code: string; subject: string }[]) =>
      [...new Set(all.map(({ code, subject }) => `${code} ${subject}`))].sort()
    expect({ by: '/readyz', fit: ready.status === 'ready', stands: named(ready.reasons) }).toEqual({
      ...{ by: '/readyz', fit, stands: stands.toSorted() },
    })
    const site = await desk.site(OPERATOR)
    const board: SiteView | undefined = site.ok ? site.value : undefined
    expect({ by: 'board', fit: board?.ready, stands: named(board?.reasons ?? []) }).toEqual({
      ...{ by: 'board', fit, stands: stands.toSorted() },
    })
    const last = (name: string, fault?: string) =>
      metrics.gauges.findLast(([n, , l]) => n === name && l?.fault === fault)?.[1]
    const counted = [
      ...new Set(metrics.gauges.map(([n, , l]) => (n === 'bleepbridge_standing' ? l?.fault : undefined))),
    ]
    const up = counted.filter((code) => code !== undefined && last('bleepbridge_standing', code) !== 0).sort()
    expect({ by: 'metric', fit: last('bleepbridge_ready'), stands: up }).toEqual({
      ...{ by: 'metric', fit: fit ? 1 : 0, stands: codes },
    })
    const mqtt = told.at(-1)
    expect({ by: 'mqtt', fit: mqtt?.ready, stands: named(mqtt?.standing ?? []) }).toEqual({
      ...{ by: 'mqtt', fit, stands: stands.toSorted() },
    })
  }

  async end(): Promise<void> {
    await this.leaves()
    await this.#running?.stop()
    await this.#store.close()
  }

  /** What the provider or the network says, and what the phone does when it is rung. */
  #hear({ device, channel, attempt, text }: Bell): Outcome {
    if (channel === 'webpush' && !this.world.keys) return { kind: 'refused', fault: 'provider-credentials' }
    if (channel === 'webpush' && this.world.deadPush.has(device))
      return { kind: 'dead', fault: 'push-address-dead' }
    // The app is closed: only a push wakes it.
    if (channel === 'socket') return { kind: 'refused', fault: 'socket-absent' }
    if (this.world.deadSpots.has(device)) return { kind: 'taken' }
    this.#rings.push({ device, text, attempt })
    const { desk, clock } = this.#now
    clock.after(200, () => {
      void desk.receipt(
        { kind: 'device', access: 'holder', device: asId(device) },
        { attempt: asId<AttemptId>(attempt), stage: 'on-device' },
      )
    })
    return { kind: 'taken' }
  }
}

const pageOf = (number: string, text: string, at: Instant) => ({
  ...{ to: { scheme: 'number' as const, number }, type: 'alpha' as const, text, quality: 'clean' as const },
  ...{ corrected: 0, fields: {}, firstByte: at, lastByte: at },
})

interface Bell {
  readonly device: string
  readonly channel: ChannelId
  readonly attempt: string
  readonly text: string
}

type Running = Awaited<ReturnType<typeof start>>

/** The daemon without its ports: everything between a page and a phone, and everything that watches it. */
async function start(
  kept: Store,
  world: World,
  clock: VirtualClock,
  hear: (bell: Bell) => Outcome,
  name: string,
) {
  const store: Store = {
    ...kept,
    close: async () => undefined,
    transact: (work) =>
      kept.transact((tx) =>
        work(
          world.disk === 'full'
            ? {
                ...tx,
                notes: { ...tx.notes, set: full },
                bleeps: { ...tx.bleeps, add: full },
              }
            : tx,
        ),
      ),
  }
  const metrics: ListeningMetrics = listeningMetrics()
  const told: HealthPayload[] = []
  const wiped: string[] = []
  const nothing = () => undefined
  const telemetry: Telemetry = {
    ...{
      announce: nothing,
      state: nothing,
      figures: nothing,
      node: nothing,
      alerts: nothing,
      shift: nothing,
    },
    health: (payload) => void told.push(payload),
  }
  const random = countingRandom()
  const broker = () => (world.broker ? undefined : 'broker-unreachable')
  const defects = watchDefects(quietLog, clock)
  const roster = await createRoster({ store, site: world.site, clock, random })
  const directory = roster.current
  const tools = { store, wake: store.wake, clock, random, metrics, log: defects.log, directory }
  const textOf = async (alert: string): Promise<string> => {
    const found = await kept.transact(async (tx) => {
      const known = await tx.alerts.get(asId(alert))
      return known && tx.bleeps.get(known.bleep)
    })
    return found?.page.text ?? ''
  }
  const channel = (id: ChannelId): Channel => ({
    id,
    send: async (attempt, device) =>
      hear({ device: device.id, channel: id, attempt: attempt.id, text: await textOf(attempt.alert) }),
    close: async () => undefined,
  })
  const channels = new Map((['webpush', 'socket'] as const).map((id) => [id as ChannelId, channel(id)]))
  const alerts = createAlerts({ ...tools, radio: false })
  const compiled = compileRules(rulesSchema.parse({}))
  if (!compiled.ok) throw new Error('the starter rules do not compile')
  const meaningOf = (bleep: Bleep, known: Directory) =>
    classify(bleep.page, bleep.number, known, compiled.rules)
  const policies = policiesSchema.parse({})
  const node = asId<NodeId>(name)
  const files = createFilesWatch('/site')
  files.taken(clock.now(), world.site.zone)
  const auditor = startAuditor({ ...tools, alerts })
  const rota = startRotaWatch(directory, tools)
  const evidence = startEvidence({
    ...tools,
    telemetry,
    feeds: [{ id: 'link', label: 'Switchboard', bound: HOUR, side: 'link' }],
    views: () => [],
    settings: { site: 'month', shifts: HOSPITAL_SHIFTS },
    keeps: USUAL_KEEPS,
    providers: ['webpush'],
    node: {
      ...{
        id: node,
        shares: false,
        lag: { take: () => 0 },
        machine: { memory: () => 1, free: async () => world.free },
      },
      bounds: { loop: 1, memory: 9, disk: 1, commit: 9, clock: 9, peers: 9 },
    },
    broker: true,
    ring: createRinger(channels, clock, 'roll-call'),
  })
  const leavers = startLeavers({
    ...tools,
    apply: (id, event) => alerts.apply(id, event),
    noToken: () => sha256(`nobody ${clock.now()}`),
    wipe: async (device) => void wiped.push(device.id) === undefined,
  })
  const providers = watchProviders(metrics, { clock, sign: evidence.sign })
  const probe = startStoreProbe({ ...tools, node })
  const heart = startHeartbeat([], { watchdog: DOG, beat: { send: async () => world.watched } }, tools, {
    every: 10_000,
    within: 5000,
  })
  const health = createHealth({
    ...{ clock, probe, auditor, broker },
    feeds: [
      {
        id: 'link',
        view: () => ({ id: 'link', state: world.line.size === 0 ? 'open' : 'failed', sentence: '' }),
        faults: () => [...world.line],
        held: () => 0,
      },
    ],
    troubles: () => [
      ...defects.standing(),
      ...rota.troubles(),
      ...evidence.troubles(),
      ...files.troubles(),
      ...leavers.troubles(),
      ...heart.troubles(),
      ...(world.logGone && name === 'south' ? [{ code: 'log-unwritten' as const, subject: 'log' }] : []),
      ...(Number.isFinite(world.certificate) ? certificateFindings(world.certificate, clock.now()) : []),
    ],
  })
  const loops = [
    startRaise({
      ...{ ...tools, alerts, policies: () => policies, every: 10_000 },
      classify: meaningOf,
    }),
    startTicker({ ...tools, alerts, node, owner: name, every: 10_000 }),
    startOutbox({
      ...{ ...tools, channels, privacy: 'opaque', owner: name },
      ...{ metrics: providers, refused: providers.refused },
      apply: async (id, event) => void (await alerts.apply(id, event)),
    }),
    startHealthWatch({ ...tools, telemetry, health, sign: evidence.sign, broker }),
    ...[auditor, rota, probe, evidence, leavers],
  ]
  const trail = startTrail(tools)
  const desk = createDesk({
    ...{ ...tools, roster, alerts, trail, title: titleOf, digest: sha256, ready: health.ready },
    ...{ asks: () => policies.asks, sounds: () => 'routine' },
    separate: createSeparate({ ...tools, alerts, classify: meaningOf, policies: () => policies }),
    ...{ found: evidence.site, shiftEnd: { own: false, shared: false, grace: HOUR } },
  })
  const ingest = createIngest({
    ...tools,
    node,
    skewMs: 2000,
    lag: () => 0,
    hearsRePages: () => true,
    onStored: nothing,
  })
  return {
    ...{ clock, health, desk, metrics, told, ingest, files, roster, wiped },
    stepped: evidence.clockStepped,
    async stop() {
      heart.stop()
      await Promise.all(loops.map((loop) => loop.stop()))
      await trail.stop()
      roster.close()
    },
  }
}

const DOG: Watchdog = {
  patience: undefined,
  ready: () => undefined,
  status: () => undefined,
  alive: () => undefined,
  stopping: () => undefined,
}

const full = (): Promise<never> => Promise.reject(new StoreFault('store-full'))
