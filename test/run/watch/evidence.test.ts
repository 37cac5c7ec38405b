import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { FAULTS } from '../../../src/core/faults.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { LINE_ERRORS } from '../../../src/core/line/kit/line-errors.ts'
import type { FeedFigures, HealthPayload, ShiftPayload, Shown } from '../../../src/core/measure/telemetry.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import type { Telemetry } from '../../../src/ports/telemetry.ts'
import { startChores } from '../../../src/run/keep/chores.ts'
import { type EvidenceFeed, startEvidence } from '../../../src/run/watch/evidence.ts'
import { startFeedWatch } from '../../../src/run/watch/feed-watch.ts'
import { startHealthWatch } from '../../../src/run/watch/health-watch.ts'
import { startPhoneWatch } from '../../../src/run/watch/phone-watch.ts'
import { watchProviders } from '../../../src/run/watch/provider-watch.ts'
import { startSupervision } from '../../../src/run/watch/supervision.ts'
import { aBleep } from '../../contract/store.ts'
import { HOSPITAL_SHIFTS } from '../../support/hospital.ts'
import { USUAL_KEEPS } from '../../support/keeps.ts'
import { type ListeningMetrics, listeningMetrics, quietLog, quietMetrics } from '../../support/quiet.ts'
import { aRole, smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

const START = Date.UTC(2026, 10, 20, 9)
const ZONE = 'Europe/London'
const HERE = { zone: ZONE, node: { id: 'north', shares: false }, feeds: () => [] }
let store: Store
let clock: VirtualClock
let heard: ReturnType<typeof listening>

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(START)
  heard = listening()
})
afterEach(() => store.close())

function listening() {
  const states: Shown[] = []
  const figures: [string, FeedFigures][] = []
  const health: HealthPayload[] = []
  const alerts: { ringing: number; stuck: number }[] = []
  const shifts: ShiftPayload[] = []
  const announced: string[] = []
  const telemetry: Telemetry = {
    announce: (things) => void announced.push(...things.map((t) => `${t.sort}/${t.subject}`)),
    state: (shown) => void states.push(shown),
    figures: (feed, what) => void figures.push([feed, what]),
    node: () => undefined,
    health: (what) => void health.push(what),
    alerts: (what) => void alerts.push(what),
    shift: (what) => void shifts.push(what),
  }
  return { telemetry, states, figures, health, alerts, shifts, announced }
}

const tools = (metrics = quietMetrics) => ({
  ...{ store, clock, wake: store.wake, log: quietLog, metrics, telemetry: heard.telemetry },
})
const told = () => heard.states.map((s) => `${s.sort}/${s.subject} ${s.state} ${s.why?.code ?? ''}`.trim())

describe('supervision', () => {
  const things = [
    { sort: 'feed', subject: 'air', label: 'Air' },
    { sort: 'transmitter', subject: 'roof', label: 'Roof' },
  ] as const

  test('tells a change of state once, with why and since when, and how much of the month was good', async () => {
    const loop = startSupervision({ ...tools(), ...HERE, things })
    await clock.elapse(SECOND)
    loop.sign('feed', 'air', { kind: 'said', at: clock.now() })
    loop.sign('feed', 'air', { kind: 'said', at: clock.now() })
    await clock.elapse(30 * MINUTE)
    loop.sign('feed', 'air', { kind: 'said', at: clock.now(), fault: 'port-absent' })
    loop.sign('feed', 'nobody', { kind: 'said', at: clock.now(), fault: 'port-absent' })
    await clock.elapse(10 * MINUTE)
    loop.sign('feed', 'air', { kind: 'said', at: clock.now() })
    expect(told()).toEqual(['feed/air good', 'feed/air failed port-absent', 'feed/air good'])
    expect(heard.states[1]?.since).toBe(START + SECOND + 30 * MINUTE)
    expect(heard.states[2]?.availability).toBeCloseTo(0.75, 2)
    await loop.stop()
    expect(clock.pending).toBe(0)
  })

  test('the month survives a restart, and the time between counts for nothing', async () => {
    const first = startSupervision({ ...tools(), ...HERE, things })
    await clock.elapse(SECOND)
    first.sign('feed', 'air', { kind: 'said', at: clock.now(), fault: 'port-absent' })
    await clock.elapse(HOUR)
    await first.stop()
    await clock.elapse(5 * HOUR)
    const second = startSupervision({ ...tools(), ...HERE, things })
    await clock.elapse(10 * SECOND)
    second.sign('feed', 'air', { kind: 'said', at: clock.now() })
    await clock.elapse(HOUR)
    const spent = second.things().find((t) => t.subject === 'air')?.month.spent
    expect((spent?.failed ?? 0) / HOUR).toBeCloseTo(1, 1)
    expect((spent?.good ?? 0) / HOUR).toBeCloseTo(1, 1)
    await second.stop()
  })

  test('a clock that is set back keeps no node from telling what it found, and no time is counted twice or not', async () => {
    const loop = startSupervision({ ...tools(), ...HERE, node: { id: 'north', shares: true }, things })
    await clock.elapse(SECOND)
    loop.sign('feed', 'air', { kind: 'said', at: clock.now() })
    await clock.elapse(10 * MINUTE)
    clock.step(-HOUR)
    await clock.elapse(5 * SECOND)
    const spent = () => loop.things().find((t) => t.subject === 'air')?.month.spent.good ?? 0
    const before = spent()
    let writes = 0
    const { transact } = store
    store = Object.assign(store, {
      transact: (...given: Parameters<typeof transact>) => {
        writes += 1
        return transact(...given)
      },
    })
    await clock.elapse(MINUTE)
    expect(spent() - before).toBeCloseTo(MINUTE, -4)
    // Each look reads what others found, and every other one tells what we have.
    expect(writes).toBeGreaterThan(12)
    clock.step(HOUR)
    await clock.elapse(MINUTE)
    expect(spent() - before).toBeCloseTo(2 * MINUTE, -4)
    await loop.stop()
  })

  test('a page that was asked for and not heard makes the transmitter degraded; the next one heard mends it', async () => {
    const metrics = listeningMetrics()
    const loop = startSupervision({ ...tools(metrics), ...HERE, things })
    await clock.elapse(SECOND)
    loop.asked({ transmitter: 'roof', number: '2222', text: 'ONE', at: clock.now() })
    await clock.elapse(10 * MINUTE)
    loop.asked({ transmitter: 'roof', number: '2222', text: 'TWO', at: clock.now() })
    await clock.elapse(4 * SECOND)
    loop.heard({ transmitter: 'roof', number: '2222', text: 'TWO', at: clock.now(), quality: 'clean' })
    expect(told()).toEqual(['transmitter/roof degraded air-not-heard', 'transmitter/roof good'])
    const checks = metrics.counted.filter(([name]) => name === 'bleepbridge_air_checks_total')
    expect(checks.map(([, labels]) => labels?.heard)).toEqual(['silent', 'heard'])
    expect(metrics.observed).toContainEqual(['bleepbridge_air_delay_seconds', 4, { transmitter: 'roof' }])
    await loop.stop()
  })
})

test.each([HOUR, -HOUR])(
  'a clock that steps by %i ms makes no page unheard, and none that is keeps for it',
  async (by) => {
    const things = [{ sort: 'transmitter', subject: 'roof', label: 'Roof' }] as const
    const loop = startSupervision({ ...tools(), ...HERE, things })
    await clock.elapse(SECOND)
    loop.asked({ transmitter: 'roof', number: '2222', text: 'ONE', at: clock.now() })
    await clock.elapse(SECOND)
    clock.step(by)
    await clock.elapse(10 * SECOND)
    expect(told()).toEqual([])
    loop.heard({ transmitter: 'roof', number: '2222', text: 'ONE', at: clock.now(), quality: 'clean' })
    loop.asked({ transmitter: 'roof', number: '2222', text: 'TWO', at: clock.now() })
    clock.step(by)
    await clock.elapse(4 * MINUTE)
    expect(told()).toEqual(['transmitter/roof good', 'transmitter/roof degraded air-not-heard'])
    await loop.stop()
  },
)

test('an hour that a clock skipped is no hour of silence, and one that it repeats is no fresh start', async () => {
  const metrics = listeningMetrics()
  const quiet: boolean[] = []
  const rates = Array.from({ length: 168 }, () => 60)
  await store.transact((tx) =>
    tx.notes.set('pattern/north/air', { rates, seen: rates.map(() => 40) }, clock.now()),
  )
  const watch = startFeedWatch(['air'], {
    ...tools(metrics),
    ...{ zone: ZONE, node: 'north', overdue: (_, is) => void quiet.push(is) },
  })
  await clock.elapse(MINUTE)
  for (const by of [HOUR, -HOUR]) {
    watch.metrics.count('bleepbridge_feed_pages_total', { feed: 'air', quality: 'clean' })
    clock.step(by)
    await clock.elapse(5 * MINUTE)
    expect(quiet.slice(-5)).not.toContain(true)
  }
  await clock.elapse(2 * HOUR)
  expect(quiet.at(-1)).toBe(true)
  await watch.stop()
})

test('a feed’s figures are told every minute, counted on their way to the metrics', async () => {
  const metrics = listeningMetrics()
  const watch = startFeedWatch(['air'], { ...tools(metrics), zone: ZONE, node: 'north' })
  watch.metrics.count('bleepbridge_feed_bytes_total', { feed: 'air' }, 512)
  watch.metrics.count('bleepbridge_feed_pages_total', { feed: 'air', quality: 'damaged' })
  watch.metrics.count('bleepbridge_feed_faults_total', { feed: 'air', fault: 'sync-lost' })
  watch.metrics.count('bleepbridge_feed_bytes_total', { feed: 'other' }, 9)
  await clock.elapse(MINUTE)
  expect(heard.figures.at(-1)).toMatchObject([
    'air',
    { bytes: 512, pages: 1, damaged: 1, syncLosses: 1, silentSeconds: 60 },
  ])
  expect(metrics.counted).toHaveLength(4)
  await watch.stop()
})

test('corrected bits and lost codewords over the bits of all codewords read are the bit error rate', async () => {
  const metrics = listeningMetrics()
  const watch = startFeedWatch(['air', 'link'], { ...tools(metrics), zone: ZONE, node: 'north' })
  watch.metrics.count('bleepbridge_feed_bytes_total', { feed: 'link' }, 500)
  watch.metrics.count('bleepbridge_feed_bytes_total', { feed: 'air' }, 9000)
  watch.metrics.count('bleepbridge_feed_codewords_total', { feed: 'air' }, 250)
  watch.metrics.count('bleepbridge_feed_corrected_bits_total', { feed: 'air' }, 16)
  watch.metrics.count('bleepbridge_feed_faults_total', { feed: 'air', fault: 'codeword-bad' }, 2)
  await clock.elapse(MINUTE)
  const told = new Map(heard.figures.slice(-2))
  expect(told.get('air')).toMatchObject({ correctedBits: 16, lostCodewords: 2, bitErrorRate: 80 / 8000 })
  expect(told.get('link')).not.toHaveProperty('bitErrorRate')
  await watch.stop()
})

test('what a port’s driver counts is told; where it counts nothing, nothing is told', async () => {
  const metrics = listeningMetrics()
  const watch = startFeedWatch(['wire', 'net', 'quiet'], { ...tools(metrics), zone: ZONE, node: 'north' })
  for (const event of LINE_ERRORS)
    watch.metrics.count('bleepbridge_feed_events_total', { feed: 'wire', event }, 0)
  watch.metrics.count('bleepbridge_feed_events_total', { feed: 'wire', event: 'framing' }, 3)
  watch.metrics.count('bleepbridge_feed_faults_total', { feed: 'net', fault: 'parity-bad' }, 2)
  await clock.elapse(MINUTE)
  const told = new Map(heard.figures.slice(-3))
  expect(told.get('wire')).toMatchObject({ parityErrors: 0, framingErrors: 3, breaks: 0, overruns: 0 })
  expect(told.get('net')).toMatchObject({ parityErrors: 2 })
  for (const figure of ['framingErrors', 'breaks', 'overruns'])
    expect(told.get('net')).not.toHaveProperty(figure)
  expect(told.get('quiet')).not.toHaveProperty('parityErrors')
  await watch.stop()
})

test('a feed’s habits are learnt over weeks, kept over a restart, and its silence is held against them', async () => {
  const metrics = listeningMetrics()
  let watch = startFeedWatch(['air'], { ...tools(metrics), zone: ZONE, node: 'north' })
  const ratios = () => metrics.gauges.filter(([name]) => name === 'bleepbridge_feed_silence_ratio')
  const speak = async (days: number) => {
    for (let i = 0; i < days * 24 * 6; i++) {
      watch.metrics.count('bleepbridge_feed_pages_total', { feed: 'air', quality: 'clean' })
      await clock.elapse(10 * MINUTE)
    }
  }
  await speak(15)
  await watch.stop()
  watch = startFeedWatch(['air'], { ...tools(metrics), zone: ZONE, node: 'north' })
  await speak(0.1)
  const usual = ratios().at(-1)?.[1]
  expect(usual).toBeLessThan(1)
  await clock.elapse(6 * HOUR)
  expect(ratios().at(-1)?.[1]).toBeGreaterThan(1)
  await watch.stop()
})

test('chores make facts of what has settled and tell each shift once when it has ended', async () => {
  const directory = buildDirectory(smallSite())
  const meaning = { kind: 'met', class: 'urgent', reason: 'class-address', rule: 'x' } as const
  await store.transact(async (tx) => {
    for (let i = 0; i < 5; i++) {
      const received = START + i * MINUTE
      const page = { ...aBleep('x').page, firstByte: received, lastByte: received }
      await tx.bleeps.add(aBleep(`b${i}`, { received, page, meaning, stage: 'routed', number: '2210' }))
    }
  })
  const kept: string[] = []
  const parts = {
    ...tools(),
    directory: () => directory,
    settings: { site: 'demo', shifts: HOSPITAL_SHIFTS },
    keeps: USUAL_KEEPS,
    keep: async (_: unknown, span: { readonly name: string }) => void kept.push(span.name),
  }
  const loop = startChores(parts)
  await clock.elapse(29 * MINUTE)
  const facts = () => store.transact((tx) => tx.facts.page({ at: 0, id: '' }, START + DAY, 100))
  expect(await facts()).toEqual([])
  await clock.elapse(20 * MINUTE)
  expect(await facts()).toHaveLength(5)
  expect(kept).toEqual([])
  await turning(15 * HOUR)
  await loop.stop()
  const once = kept.length
  expect(once).toBeGreaterThan(0)
  expect(new Set(kept).size).toBe(once)
  // A restart tells no shift again.
  const again = startChores(parts)
  await turning(30 * MINUTE)
  await again.stop()
  expect(kept).toHaveLength(once)
})

/** Reports give way by a timer of no length; small steps let them come to their end. */
async function turning(ms: number) {
  for (let passed = 0; passed < ms; passed += 10 * MINUTE) await clock.elapse(10 * MINUTE)
}

describe('everything that is supervised', () => {
  const feed: EvidenceFeed = { id: 'air', label: 'Air', bound: 90 * SECOND, side: 'air' }
  const link: EvidenceFeed = { id: 'espa', label: 'Switchboard', bound: 90 * SECOND, side: 'link' }
  let directory = buildDirectory(smallSite())
  afterEach(() => {
    directory = buildDirectory(smallSite())
  })
  const start = (metrics?: ListeningMetrics, know?: (subjects: readonly string[]) => void) =>
    startEvidence({
      ...tools(metrics),
      ...(know === undefined ? {} : { know }),
      directory: () => directory,
      feeds: [feed, link],
      views: () => [],
      settings: { site: 'demo', shifts: HOSPITAL_SHIFTS },
      keeps: USUAL_KEEPS,
      providers: ['webpush'],
      node: {
        ...{
          id: 'north',
          shares: false,
          lag: { take: () => 0 },
          machine: { memory: () => 1, free: async () => 9 },
        },
        bounds: { loop: 1, memory: 9, disk: 1, commit: 9, clock: 9, peers: 9 },
      },
      broker: true,
      random: countingRandom(),
      ring: async () => false,
    })

  test('is announced, and may be named by figures', async () => {
    const evidence = start()
    const all = ['feed/air', 'feed/espa', 'transmitter/air', 'provider/webpush', 'phones/reg']
    const own = ['loop', 'memory', 'disk', 'commit', 'clock']
    expect(heard.announced).toEqual([
      ...[...all, 'store/store'],
      ...own.map((part) => `node/${part}`),
      'broker/broker',
    ])
    expect(evidence.known.transmitter).toEqual(['air'])
    const before = ['air', 'espa', 'webpush', 'reg', 'store']
    expect(evidence.known.subject).toEqual([...before, ...own, 'broker'])
    await evidence.stop()
    expect(clock.pending).toBe(0)
  })

  test('a crash role that a reload brought is watched, named by figures and announced; one that it took is not', async () => {
    const metrics = listeningMetrics()
    const known: string[] = []
    const evidence = start(metrics, (subjects) => known.push(...subjects))
    await clock.elapse(6 * SECOND)
    expect(known).toEqual([])
    const site = smallSite()
    directory = buildDirectory({
      ...site,
      roles: [...site.roles.map((r) => ({ ...r, crash: false })), aRole('anaes', { crash: true })],
    })
    await clock.elapse(MINUTE)
    expect(known).toContain('anaes')
    expect(heard.announced.filter((one) => one === 'phones/anaes')).toHaveLength(1)
    const phones = evidence.site().things.filter((t) => t.sort === 'phones')
    expect(phones.map(({ subject }) => subject)).toEqual(['anaes'])
    const last = (name: string, subject: string) =>
      metrics.gauges.findLast(([n, , labels]) => n === name && labels?.subject === subject)?.[1]
    expect(last('bleepbridge_supervised_state', 'anaes')).toBeDefined()
    expect(last('bleepbridge_role_proved', 'reg')).toBeNaN()
    const of = metrics.gauges.filter(
      ([n, , l]) => n === 'bleepbridge_supervised_state' && l?.subject === 'reg',
    )
    expect(of.slice(-4).map(([, value]) => value)).toEqual([0, 0, 0, 0])
    await evidence.stop()
  })

  test('a provider fails after three attempts in a row that it did not take, and is well with the next it takes', async () => {
    const evidence = start()
    const metrics = watchProviders(quietMetrics, { clock, sign: evidence.sign })
    const result = (what: string) => {
      metrics.count('bleepbridge_attempts_total', { channel: 'webpush', result: what })
      if (what === 'later') metrics.refused('webpush', 'provider-unreachable', asId('d1'))
    }
    for (const what of ['taken', 'later', 'later', 'taken', 'later', 'dead', 'later']) result(what)
    expect(told()).toEqual(['provider/webpush good'])
    result('later')
    result('taken')
    expect(told().slice(1)).toEqual(['provider/webpush failed provider-unreachable', 'provider/webpush good'])
    await evidence.stop()
  })

  test('phones are counted by channel and state, and numbers that are texted beside them', async () => {
    const metrics = listeningMetrics()
    const phone = (id: string, person: string, seen: number): Device => ({
      ...{ id: asId(id), owner: { kind: 'person', person: asId(person) }, label: id, channel: 'webpush' },
      ...{ address: '{}', state: 'active', enrolled: 0, seen },
    })
    const all = [
      phone('d1', 'ada', START),
      phone('d2', 'ben', START - 3 * DAY),
      phone('d3', 'cat', START - 3 * DAY),
    ]
    await store.transact(async (tx) => {
      for (const one of all) await tx.devices.add(one, `token-${one.id}`)
    })
    const loop = startPhoneWatch(tools(metrics))
    await clock.elapse(SECOND)
    const active = { channel: 'webpush', device: 'active' }
    const gauged = () => metrics.gauges.filter(([name]) => name === 'bleepbridge_devices')
    expect(gauged()).toEqual([['bleepbridge_devices', 3, active]])
    await store.transact(async (tx) => {
      for (const one of all) await tx.devices.save({ ...one, state: 'signed-out' })
    })
    await clock.elapse(MINUTE)
    expect(gauged().slice(1)).toEqual([
      ['bleepbridge_devices', 0, active],
      ['bleepbridge_devices', 3, { channel: 'webpush', device: 'signed-out' }],
    ])
    await store.transact((tx) =>
      tx.devices.add({ ...phone('d4', 'ada', 0), channel: 'nudge', address: '+447700900123' }, 'token-d4'),
    )
    await clock.elapse(MINUTE)
    expect(gauged().slice(3)).toContainEqual([
      'bleepbridge_devices',
      1,
      { channel: 'nudge', device: 'active' },
    ])
    expect(JSON.stringify([metrics.gauges, told()])).not.toContain('7700')
    await loop.stop()
    expect(clock.pending).toBe(0)
  })

  test('health and open alerts are told when they change, and store and broker are signed for', async () => {
    const evidence = start()
    let connected = true
    let lost = false
    const metrics = listeningMetrics()
    const loop = startHealthWatch({
      ...tools(metrics),
      sign: evidence.sign,
      broker: () => (connected ? undefined : 'broker-unreachable'),
      health: {
        standing: () =>
          lost ? [{ code: 'store-lost', subject: 'store', unfit: true, since: clock.now() }] : [],
      },
    })
    // The node's own parts are signed for as well (node-watch.test.ts).
    const leant = () => told().filter((t) => !t.startsWith('node/'))
    await clock.elapse(MINUTE)
    expect(heard.health.map((h) => h.ready)).toEqual([true])
    expect(heard.alerts).toHaveLength(1)
    expect(leant().sort()).toEqual(['broker/broker good', 'store/store good'])
    connected = false
    lost = true
    await store.transact((tx) => tx.bleeps.add(aBleep('b1', { stage: 'stuck', received: START })))
    await clock.elapse(10 * SECOND)
    expect(heard.health.at(-1)).toMatchObject({
      ready: false,
      reasons: ['store-lost'],
      standing: [{ code: 'store-lost', subject: 'store', sentence: FAULTS['store-lost'].sentence }],
    })
    expect(metrics.gauges).toContainEqual(['bleepbridge_standing', 1, { fault: 'store-lost' }])
    expect(leant().slice(2).sort()).toEqual([
      'broker/broker failed broker-unreachable',
      'store/store failed store-lost',
    ])
    expect(metrics.gauges.at(-1)).toEqual(['bleepbridge_ready', 0, undefined])
    lost = false
    await clock.elapse(10 * SECOND)
    expect(heard.alerts.at(-1)).toMatchObject({ stuck: 1 })
    expect(metrics.gauges).toContainEqual(['bleepbridge_standing', 0, { fault: 'store-lost' }])
    await loop.stop()
    await evidence.stop()
  })
})
