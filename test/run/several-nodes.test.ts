import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { asId } from '../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/instant.ts'
import { observe, watched } from '../../src/core/measure/watch/availability.ts'
import type { FeedView } from '../../src/core/measure/watch/feed-view.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Store } from '../../src/ports/store.ts'
import { startTicker } from '../../src/run/alert/ticker.ts'
import { makeReport } from '../../src/run/keep/report.ts'
import { type Evidence, startEvidence } from '../../src/run/watch/evidence.ts'
import { startFeedWatch } from '../../src/run/watch/feed-watch.ts'
import { HOSPITAL_SHIFTS } from '../support/hospital.ts'
import { USUAL_KEEPS } from '../support/keeps.ts'
import { listeningMetrics, quietLog, quietMetrics } from '../support/quiet.ts'
import { aRole, smallSite } from '../support/small-site.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { countingRandom } from '../support/ward.ts'

/* Two nodes on one database: what one finds of its lines must stand beside what the other finds, and never in its place. */

const START = Date.UTC(2026, 10, 20, 9)
const ZONE = 'Europe/London'
const directory = () => buildDirectory(smallSite({ roles: [aRole('reg', { crash: true })] }))
let store: Store
let clock: VirtualClock
const running: { stop(): Promise<void> }[] = []

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(START)
})
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop()
  await store.close()
})

const tools = (metrics = quietMetrics) => ({ store, clock, wake: store.wake, log: quietLog, metrics })

function node(id: string, feed: string): Evidence {
  const view: FeedView = { id: feed, state: 'open', sentence: 'Open, and listening' }
  const evidence = startEvidence({
    ...tools(),
    directory,
    feeds: [
      { id: feed, label: `Line ${feed}`, bound: 90 * SECOND, side: 'air' },
      { id: 'espa', label: 'Switchboard', bound: 90 * SECOND, side: 'link' },
    ],
    views: () => [view],
    settings: { site: 'demo', shifts: HOSPITAL_SHIFTS },
    keeps: USUAL_KEEPS,
    providers: [],
    node: {
      ...{ id, shares: true, lag: { take: () => 0 } },
      machine: { memory: () => 1, free: async () => 9 },
      bounds: { loop: 1, memory: 9, disk: 1, commit: 9, clock: 9, peers: HOUR },
    },
    broker: false,
    random: countingRandom(),
    ring: async () => false,
  })
  running.push(evidence)
  return evidence
}

const says = (view: FeedView['id'], state: FeedView['state']): FeedView => ({ id: view, state, sentence: '' })
const stateOf = (evidence: Evidence, feed: string) =>
  evidence.site().things.find((t) => t.sort === 'feed' && t.subject === feed)
const report = () =>
  makeReport(
    { store, directory: directory(), clock },
    { site: 'demo', shifts: HOSPITAL_SHIFTS, from: START, to: clock.now() },
  )

test('both nodes’ lines stand in the report, and each node’s month survives a restart of it', async () => {
  const north = node('north', 'roof')
  const south = node('south', 'cellar')
  await clock.elapse(SECOND)
  north.feed(says('roof', 'failed'), ['port-absent'])
  south.feed(says('cellar', 'open'), [])
  await clock.elapse(HOUR)
  const feeds = (await report()).availability.filter((a) => a.sort === 'feed' && a.label.startsWith('Line'))
  expect(feeds.map((a) => [a.node, a.label, a.availability, a.failedMinutes])).toEqual([
    ['north', 'Line roof', 0, 60],
    ['south', 'Line cellar', 1, 0],
  ])
  await north.stop()
  await clock.elapse(2 * MINUTE)
  const again = node('north', 'roof')
  await clock.elapse(10 * SECOND)
  again.feed(says('roof', 'open'), [])
  await clock.elapse(HOUR)
  const month = stateOf(again, 'roof')?.month.spent
  expect((month?.failed ?? 0) / HOUR).toBeCloseTo(1, 1)
  expect((month?.good ?? 0) / HOUR).toBeCloseTo(1, 1)
})

test('each node shows both nodes’ lines within seconds, one line under one name as two, and the phones once', async () => {
  const north = node('north', 'roof')
  const south = node('south', 'roof')
  await clock.elapse(10 * SECOND)
  south.feed(says('roof', 'failed'), ['port-absent'])
  await clock.elapse(10 * SECOND)
  const { things, feeds } = north.site()
  expect(
    things.filter((t) => t.sort === 'feed' && t.subject === 'roof').map((t) => [t.node, t.state, t.why]),
  ).toEqual([
    ['north', 'unknown', undefined],
    ['south', 'failed', 'port-absent'],
  ])
  expect(feeds.map((f) => [f.node, f.id])).toEqual([
    ['north', 'roof'],
    ['south', 'roof'],
  ])
  const phones = things.filter((t) => t.sort === 'phones').map((t) => `${t.node} ${t.subject}`)
  expect(phones).toEqual(['north reg'])
  const groups = (await report()).availability.filter((a) => a.sort === 'phones')
  expect(groups).toHaveLength(1)
})

test('of a node that is heard of no more nothing is known', async () => {
  const north = node('north', 'roof')
  const south = node('south', 'cellar')
  south.feed(says('cellar', 'open'), [])
  await clock.elapse(30 * SECOND)
  await south.stop()
  running.pop()
  expect(stateOf(north, 'cellar')).toMatchObject({ node: 'south', state: 'good' })
  await clock.elapse(5 * MINUTE)
  expect(stateOf(north, 'cellar')).toMatchObject({ state: 'unknown', why: 'node-unseen' })
  expect(north.site().feeds.find((f) => f.id === 'cellar')).toMatchObject({ state: 'failed' })
})

test('a month begun under the notes that all nodes shared goes on after the upgrade', async () => {
  const before = observe(
    observe(watched('feed', 'roof', 'Line roof', START - HOUR, '2026-11'), {
      ...{ kind: 'said', at: START - HOUR, fault: 'port-absent' },
    }),
    { kind: 'said', at: START },
  )
  const air = { transmitter: 'roof', asked: 7, heard: 7, garbled: 0, silent: 0 }
  const delays = { meanDelaySeconds: 2, longestDelaySeconds: 3 }
  await store.transact(async (tx) => {
    await tx.notes.set('supervised', [before, { ...before, subject: 'elsewhere' }], START)
    await tx.notes.set('supervision', [], START)
    await tx.notes.set('over-the-air', [{ ...air, ...delays }], START)
  })
  const north = node('north', 'roof')
  await clock.elapse(2 * MINUTE)
  expect(stateOf(north, 'roof')?.month.spent.failed).toBe(HOUR)
  expect(north.site().air).toEqual([{ ...air, ...delays, node: 'north' }])
  // From then on the node's own note counts.
  await north.stop()
  running.pop()
  await store.transact((tx) => tx.notes.set('supervised', [], clock.now()))
  const again = node('north', 'roof')
  await clock.elapse(MINUTE)
  expect(stateOf(again, 'roof')?.month.spent.failed).toBe(HOUR)
})

test('what a note of another version says that cannot be read is left out, and the rest stands', async () => {
  const good = watched('feed', 'cellar', 'Line cellar', START, '2026-11', Number.POSITIVE_INFINITY)
  const things = [good, { ...good, subject: 'x', why: 'of-a-later-release' }, { sort: 'moon' }, 7]
  await store.transact((tx) =>
    tx.notes.set('supervision/south', { things, air: [{}], feeds: [null], more: 1 }, START),
  )
  await store.transact((tx) => tx.notes.set('supervision/east', 'nonsense', START))
  const north = node('north', 'roof')
  await clock.elapse(10 * SECOND)
  const theirs = north.site().things.filter((t) => t.node !== 'north')
  expect(theirs).toEqual([{ ...good, bound: undefined, node: 'south' }])
})

test('each node learns the habits of its own line, though another has one of the same name', async () => {
  const speaking = startFeedWatch(['air'], { ...tools(), zone: ZONE, node: 'north' })
  const silent = startFeedWatch(['air'], { ...tools(), zone: ZONE, node: 'south' })
  for (let i = 0; i < 15 * 24 * 6; i++) {
    speaking.metrics.count('bleepbridge_feed_pages_total', { feed: 'air', quality: 'clean' })
    await clock.elapse(10 * MINUTE)
  }
  await speaking.stop()
  await silent.stop()
  const metrics = listeningMetrics()
  const again = startFeedWatch(['air'], { ...tools(metrics), zone: ZONE, node: 'north' })
  running.push(again)
  again.metrics.count('bleepbridge_feed_pages_total', { feed: 'air', quality: 'clean' })
  await clock.elapse(6 * HOUR)
  const ratio = metrics.gauges.filter(([name]) => name === 'bleepbridge_feed_silence_ratio').at(-1)?.[1]
  expect(ratio).toBeGreaterThan(1)
})

test('a node whose clock is behind another’s does not take its own for set back', async () => {
  const warned: string[] = []
  const ticker = (id: string, at: VirtualClock) =>
    startTicker({
      ...{ store, clock: at, metrics: quietMetrics, node: asId(id), owner: `${id}/1` },
      log: { ...quietLog, warn: (event: string) => void warned.push(event) },
      alerts: {
        apply: async () => undefined,
        applyIn: async () => undefined,
        raiseIn: () => Promise.reject(new Error('nothing is raised here')),
        announce: () => undefined,
      },
    })
  const ahead = ticker('north', clock)
  await clock.elapse(10 * SECOND)
  await ahead.stop()
  const behind = new VirtualClock(START - MINUTE)
  const other = ticker('south', behind)
  await behind.elapse(10 * SECOND)
  await other.stop()
  expect(warned).toEqual([])
})
