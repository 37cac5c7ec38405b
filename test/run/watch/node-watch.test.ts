import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { longestUnseen, lookAtParts, type NodeBounds } from '../../../src/core/measure/node-parts.ts'
import { NodeFigures } from '../../../src/core/measure/telemetry.ts'
import type { Sign } from '../../../src/core/measure/watch/availability.ts'
import { discovery } from '../../../src/core/measure/watch/discovery.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import type { Telemetry } from '../../../src/ports/telemetry.ts'
import { nodeParts, startNodeWatch } from '../../../src/run/watch/node-watch.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const BOUNDS: NodeBounds = {
  ...{ loop: SECOND, memory: 500, disk: 1000, commit: 500, clock: SECOND, peers: MINUTE },
}
let store: Store
let clock: VirtualClock
beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock()
})
afterEach(() => store.close())

function bed(more: { shares?: boolean; store?: Store } = {}) {
  const now = { lag: 0, memory: 100, free: 5000, kept: true as boolean | undefined }
  const signs: string[] = []
  const figures: NodeFigures[] = []
  const metrics = listeningMetrics()
  const telemetry: Telemetry = {
    ...{ announce: () => undefined, state: () => undefined, figures: () => undefined },
    ...{ health: () => undefined, alerts: () => undefined, shift: () => undefined },
    node: (what) => void figures.push(what),
  }
  const used = more.store ?? store
  const watch = startNodeWatch({
    ...{ store: used, clock, wake: store.wake, log: quietLog, metrics, telemetry },
    node: {
      ...{ id: 'north', shares: more.shares === true, bounds: BOUNDS },
      machine: { memory: () => now.memory, free: async () => now.free, keepsTime: () => now.kept },
      lag: { take: () => now.lag },
    },
    sign(sort, subject, sign: Exclude<Sign, { kind: 'tick' }>) {
      const state = sign.kind !== 'said' ? sign.kind : sign.fault === undefined ? 'good' : sign.fault
      signs.push(
        `${sort}/${subject} ${state}${sign.kind === 'said' && sign.works === false ? ' failed' : ''}`,
      )
    },
  })
  return {
    now,
    signs,
    figures,
    metrics,
    watch,
    ill: () => signs.splice(0).filter((s) => !s.endsWith('good')),
  }
}

test.each([false, undefined])(
  'a clock of which a machine says %s is kept is not called well',
  async (kept) => {
    const { now, signs, watch } = bed()
    now.kept = kept
    await clock.elapse(SECOND)
    expect(signs).toEqual(['loop', 'memory', 'disk', 'commit'].map((part) => `node/${part} good`))
    // It is told to be off all the same, and that it is no more.
    watch.stepped(5 * SECOND)
    await clock.elapse(10 * SECOND)
    expect(signs).toContain('node/clock clock-off')
    await clock.elapse(HOUR + 2 * MINUTE)
    expect(signs.at(-1)).toBe('node/clock good')
    await watch.stop()
  },
)

test('a node within its bounds is well in every part, and its figures are told', async () => {
  const { signs, figures, metrics, watch } = bed()
  await clock.elapse(SECOND)
  expect(signs).toEqual(['loop', 'memory', 'disk', 'commit', 'clock'].map((part) => `node/${part} good`))
  expect(NodeFigures.parse(figures[0])).toMatchObject({ memoryBytes: 100, freeBytes: 5000, writeSeconds: 0 })
  expect(figures[0]?.databaseBytes).toBeGreaterThan(4096)
  expect(metrics.gauges).toContainEqual(['bleepbridge_memory_bytes', 100, undefined])
  expect(metrics.gauges).toContainEqual(['bleepbridge_store_free_bytes', 5000, undefined])
  await clock.elapse(2 * MINUTE)
  expect(figures).toHaveLength(3)
  await watch.stop()
  expect(clock.pending).toBe(0)
})

test('beyond a bound a part ails, far beyond it fails, and it is well after a calm minute', async () => {
  const { now, watch, ill } = bed()
  Object.assign(now, { lag: 1500, memory: 501, free: 150 })
  await clock.elapse(SECOND)
  expect(ill()).toEqual(['node/loop loop-late', 'node/memory memory-high', 'node/disk disk-low failed'])
  Object.assign(now, { lag: 0, memory: 100, free: 5000 })
  await clock.elapse(50 * SECOND)
  expect(new Set(ill())).toEqual(
    new Set(['node/loop loop-late', 'node/memory memory-high', 'node/disk disk-low']),
  )
  await clock.elapse(20 * SECOND)
  ill()
  await clock.elapse(20 * SECOND)
  expect(ill()).toEqual([])
  await watch.stop()
})

test('a step of the clock is told for an hour', async () => {
  const { watch, ill } = bed()
  await clock.elapse(SECOND)
  watch.stepped(-2 * SECOND)
  await clock.elapse(30 * MINUTE)
  expect(new Set(ill())).toEqual(new Set(['node/clock clock-off']))
  await clock.elapse(HOUR)
  ill()
  await clock.elapse(MINUTE)
  expect(ill()).toEqual([])
  await watch.stop()
})

test('a slow write is told, and a database that does not answer is left to its own sign', async () => {
  let slow = 0
  let away = false
  const { watch, ill, signs } = bed({
    store: {
      ...store,
      async transact(work) {
        if (away) throw new StoreFault('store-lost')
        const done = await store.transact(work)
        clock.advance(slow)
        return done
      },
      measure: async () => ({ bytes: 4096, clock: clock.now() + 1200 }),
    },
  })
  await clock.elapse(SECOND)
  expect(ill()).toEqual(['node/clock clock-off'])
  slow = 600
  await clock.elapse(10 * SECOND)
  expect(ill()).toContain('node/commit commit-slow')
  away = true
  await clock.elapse(20 * SECOND)
  ill()
  await clock.elapse(10 * SECOND)
  expect(signs.some((s) => s.startsWith('node/commit'))).toBe(false)
  expect(signs).toContain('node/loop good')
  await watch.stop()
})

test('another node is told of while it is unheard of, and forgotten when it has gone for good', async () => {
  const { watch, ill } = bed({ shares: true })
  await clock.elapse(SECOND)
  expect(ill()).toEqual(['node/peers idle'])
  await store.transact((tx) => tx.notes.set('node/south', {}, clock.now()))
  await clock.elapse(MINUTE)
  expect(ill()).toEqual([])
  await clock.elapse(MINUTE)
  expect(ill()).toContain('node/peers node-unseen')
  await clock.elapse(10 * MINUTE)
  expect(ill().at(-1)).toBe('node/peers node-unseen failed')
  await store.transact((tx) => tx.notes.set('node/south', {}, clock.now() - 8 * DAY))
  await clock.elapse(MINUTE)
  expect(ill().at(-1)).toBe('node/peers idle')
  const left = await store.transact((tx) => tx.notes.list('node/'))
  expect(left.map(({ key }) => key)).toEqual(['node/north'])
  await watch.stop()
})

test('what cannot be measured here is not watched, and everything watched has sensors of its own', () => {
  const machine = { memory: () => 1 }
  expect(nodeParts({ machine, shares: true })).toEqual(['loop', 'memory', 'commit', 'clock', 'peers'])
  const things = [{ sort: 'node', subject: 'disk', label: 'Disk' }] as const
  const topics = discovery({ site: 'demo', node: 'north' }, '1', things).map((m) => m.topic)
  expect(topics.filter((t) => t.includes('node_'))).toEqual([
    'homeassistant/binary_sensor/bleepbridge_demo_north/node_disk/config',
    'homeassistant/sensor/bleepbridge_demo_north/node_freeBytes/config',
  ])
})

test('judging: no space at all is a failure, and a part without a reading is left as it was', () => {
  const [ills, signs] = lookAtParts({}, { disk: 0 }, BOUNDS, 10)
  expect(signs).toEqual([
    {
      part: 'disk',
      fault: 'disk-low',
      works: false,
      reading: { value: 0, bound: 1000, unit: 'bytes', least: true },
    },
  ])
  expect(lookAtParts(ills, {}, BOUNDS, 20)).toEqual([ills, []])
  expect(longestUnseen([{ node: 'a', at: 0 }], 'a', 9)).toBeUndefined()
  expect(
    longestUnseen(
      [
        { node: 'a', at: 1 },
        { node: 'b', at: 5 },
        { node: 'c', at: 3 },
      ],
      'a',
      9,
    ),
  ).toBe(6)
})
