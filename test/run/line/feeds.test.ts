import { expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { failed, ok } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { PROTOCOLS } from '../../../src/core/line/registry.ts'
import type { FeedView } from '../../../src/core/measure/watch/feed-view.ts'
import type { Capture } from '../../../src/ports/capture.ts'
import type { Log } from '../../../src/ports/log.ts'
import type { Metrics } from '../../../src/ports/metrics.ts'
import { type FeedSpec, startFeed } from '../../../src/run/line/feeds.ts'
import { ScriptPort } from '../../support/script-port.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** What a feed tells of itself: its view, its faults, its counts and its log, with ports that do what the test says. */

const START = Date.UTC(2026, 10, 22, 3)
const SCOPE = {
  framing: { end: '\r', parity: 'strip' },
  scheme: 'ric',
  patterns: [{ match: 'A(?P<address>\\d{7})(?P<text>.+)', set: { type: 'alpha' } }],
  noise: ['-+'],
}

interface Bed {
  readonly protocol?: string
  readonly options?: Record<string, unknown>
  readonly spec?: Partial<FeedSpec>
  /** How each wire’s openings end, in order. */
  readonly wires?: readonly ScriptPort['opens'][]
  readonly capture?: Capture
  /** False: what T1 is given it can neither store nor put aside. */
  readonly takes?: boolean
}

function bed({
  protocol = 'text',
  options = SCOPE,
  spec = {},
  wires = [['opened']],
  capture,
  takes = true,
}: Bed = {}) {
  const clock = new VirtualClock(START)
  const said: string[] = []
  const counts: Record<string, number> = {}
  const gauges: Record<string, number> = {}
  const shown: FeedView[] = []
  const stored: { page: Page; improves: BleepId | undefined }[] = []
  const calls: unknown[] = []
  const named = (name: string, labels: Readonly<Record<string, unknown>> = {}) =>
    [name.replace('bleepbridge_feed_', ''), ...Object.values(labels)].join(' ')
  const metrics: Metrics = {
    count(name, labels, by = 1) {
      counts[named(name, labels)] = (counts[named(name, labels)] ?? 0) + by
    },
    gauge(name, value, labels) {
      gauges[named(name, labels)] = value
    },
    observe: () => undefined,
  }
  const write = (level: string) => (what: string, more?: object) =>
    void said.push([level, what, ...Object.values(more ?? {})].join(' '))
  const log: Log = { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug') }
  const opened = PROTOCOLS.get(protocol)?.open(options)
  if (!opened?.ok) throw new Error('options do not fit')
  const ports = wires.map((opens) => Object.assign(new ScriptPort(clock), { opens }))
  const feed = startFeed(
    {
      ...{ id: 'ward', name: 'Ward 7', tap: 'cellar', repeatMs: 7000, silentAfterMs: 0, reopen: true },
      ...{ ear: { bits: false, guesses: false, quietAfter: 0 }, callers: false, capture },
      line: opened.value,
      wires: ports.map((port, i) => ({ wire: i === 0 ? 'a' : 'b', port }) as const),
      ...spec,
    },
    {
      ...{ clock, log, metrics },
      ingest: {
        async store(source, page, improves) {
          expect(source).toEqual({ feed: 'ward', tap: 'cellar', repeatMs: 7000 })
          if (!takes) return failed('page-failed')
          stored.push({ page, improves })
          return ok(asId<BleepId>(`bleep-${stored.length}`))
        },
        async call(source, record) {
          calls.push([source.feed, record])
          return ok(undefined)
        },
      },
      onChange: (view) => void shown.push(view),
    },
  )
  const hears = (text: string, wire = 0) => ports[wire]!.hears(...Buffer.from(text, 'latin1'))
  return { clock, said, counts, gauges, shown, stored, calls, ports, port: ports[0]!, feed, hears }
}

test('a feed that opens says so: not yet heard, then heard with its last page', async () => {
  const b = bed()
  expect(b.feed.view()).toEqual({
    ...{ id: 'ward', name: 'Ward 7', state: 'closed', heard: false },
    ...{ since: '2026-11-22T03:00:00.000Z', sentence: 'Not open' },
  })
  await b.clock.elapse(SECOND)
  expect(b.feed.view()).toMatchObject({ state: 'open', heard: false, sentence: 'Open; nothing heard yet' })
  expect(b.shown.at(-1)).toEqual(b.feed.view())
  expect(b.said).toContain('info port-opened ward a')
  expect(b.gauges).toMatchObject({ 'up ward': 1 })
  expect(b.counts).toMatchObject({ 'events_total ward opened': 1 })

  b.hears('A0012300CRASH CALL\r')
  await b.clock.elapse(SECOND)
  expect(b.stored.map(({ page }) => page.text)).toEqual(['CRASH CALL'])
  expect(b.feed.view()).toMatchObject({
    ...{ heard: true, lastPage: '2026-11-22T03:00:01.000Z', sentence: 'Open, and listening' },
  })
  expect(b.gauges['last_page_seconds ward']).toBe((START + SECOND) / 1000)
  expect(b.gauges['last_byte_seconds ward']).toBe((START + SECOND) / 1000)
  expect(b.counts['bytes_total ward']).toBe(19)
  await b.feed.stop()
  expect(b.port.closedByUs).toBe(1)
})

test('a line that fits nothing and a line that is noise are counted apart, and only the first is a fault', async () => {
  const b = bed()
  await b.clock.elapse(SECOND)
  b.hears('what is this\r-----\r')
  await b.clock.elapse(SECOND)
  expect(b.counts).toMatchObject({
    'faults_total ward record-unmatched': 1,
    'discarded_bytes_total ward': 12,
    'notes_total ward noise-line': 1,
  })
  expect(b.feed.view()).toMatchObject({ heard: false })
  await b.feed.stop()
})

test('an unplugged port is failed with a remedy, and open again with a new time when it comes back', async () => {
  const b = bed()
  await b.clock.elapse(SECOND)
  b.port.opens = ['port-unplugged', 'port-unplugged', 'opened']
  b.port.breaks('port-unplugged')
  await b.clock.elapse(10)
  expect(b.feed.view()).toMatchObject({ state: 'failed', since: '2026-11-22T03:00:01.000Z' })
  expect(b.feed.view().remedy).toBeTruthy()
  expect(b.feed.faults()).toContain('port-unplugged')
  expect(b.gauges).toMatchObject({ 'up ward': 0 })
  expect(b.said.some((line) => line.startsWith('warn port-fault ward a port-unplugged'))).toBe(true)
  expect(b.counts['faults_total ward port-unplugged']).toBeGreaterThan(0)
  await b.clock.elapse(2 * MINUTE)
  expect(b.feed.view()).toMatchObject({ state: 'open' })
  expect(b.feed.faults()).toEqual([])
  expect(b.said).toContain('info port-fault-cleared ward a port-unplugged')
  await b.feed.stop()
})

test('a tap of two wires is open when both are, and failed when one is gone', async () => {
  const b = bed({ wires: [['opened'], ['hang']] })
  await b.clock.elapse(SECOND)
  expect(b.feed.view().state).toBe('closed')
  await b.feed.stop()
  const both = bed({ wires: [['opened'], ['opened']] })
  await both.clock.elapse(SECOND)
  expect(both.feed.view()).toMatchObject({ state: 'open' })
  both.ports[0]!.breaks('port-unplugged')
  expect(both.feed.view().state).toBe('failed')
  expect(both.counts['events_total ward closed']).toBe(1)
  await both.feed.stop()
})

test('what a port’s driver counts adds up, and is told from none that does not count', async () => {
  const b = bed()
  await b.clock.elapse(SECOND)
  expect(b.feed.view()).not.toHaveProperty('portErrors')
  b.port.counts({})
  b.port.counts({ parity: 2, overrun: 1 })
  b.port.counts({ parity: 1 })
  expect(b.feed.view().portErrors).toEqual({ parity: 3, framing: 0, break: 0, overrun: 1 })
  expect(b.counts).toMatchObject({ 'events_total ward parity': 3, 'events_total ward framing': 0 })
  await b.feed.stop()
})

test('a line that waits for callers is open with nobody connected, also when one was turned away, and failed when it cannot listen', async () => {
  const b = bed({ spec: { callers: true }, wires: [['hang']] })
  await b.clock.elapse(SECOND)
  expect(b.feed.view().state).toBe('open')
  b.port.turnsAway()
  await b.clock.elapse(1)
  expect(b.feed.view()).toMatchObject({ state: 'open' })
  expect(b.feed.faults()).toEqual(['peer-refused'])
  await b.feed.stop()
})

test('bytes for long with nothing valid are told within five seconds of the bound, once, and taken back by a page', async () => {
  const b = bed()
  await b.clock.elapse(SECOND)
  for (let i = 0; i < 8; i++) {
    b.hears('what is this\r')
    await b.clock.elapse(MINUTE)
  }
  expect(b.feed.faults()).toContain('nothing-valid')
  expect(b.said.filter((line) => line === 'warn feed-not-heard ward nothing-valid')).toHaveLength(1)
  expect(b.counts['faults_total ward nothing-valid']).toBe(1)
  b.hears('A0012300CRASH CALL\r')
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).not.toContain('nothing-valid')
  await b.feed.stop()
})

test('a line whose own habits say that it is overdue is told so until it speaks', async () => {
  const b = bed()
  await b.clock.elapse(SECOND)
  b.hears('A0012300CRASH CALL\r')
  await b.clock.elapse(6 * SECOND)
  const before = b.shown.length
  b.feed.overdue(true)
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toContain('line-quiet')
  expect(b.shown.length).toBe(before + 1)
  await b.clock.elapse(MINUTE)
  expect(b.shown.length).toBe(before + 1)
  b.feed.overdue(false)
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual([])
  await b.feed.stop()
})

test('a profile that takes any text and fits little pages nobody until it fits again', async () => {
  const b = bed({ spec: { ear: { bits: false, guesses: true, quietAfter: 0 } } })
  await b.clock.elapse(SECOND)
  b.hears('what is this\r'.repeat(40))
  b.hears('A0012300CRASH CALL\r')
  await b.clock.elapse(6 * SECOND)
  expect(b.stored).toEqual([])
  expect(b.feed.faults()).toContain('profile-unfit')
  await b.feed.stop()

  const sure = bed()
  await sure.clock.elapse(SECOND)
  sure.hears('what is this\r'.repeat(40))
  sure.hears('A0012300CRASH CALL\r')
  await sure.clock.elapse(6 * SECOND)
  expect(sure.stored).toHaveLength(1)
  await sure.feed.stop()
})

test('call records are counted, handed on and make the line heard', async () => {
  const options = {
    framing: { end: '\r' },
    layout: {
      kind: 'pattern',
      patterns: ['(?P<time>\\d\\d:\\d\\d) (?P<from>\\d+) (?P<to>\\d+) (?P<talk>\\d\\d:\\d\\d:\\d\\d)'],
    },
    stampTells: 'start',
  }
  const b = bed({ protocol: 'records', options })
  await b.clock.elapse(SECOND)
  b.hears('03:00 4421 4406 00:00:12\r')
  await b.clock.elapse(SECOND)
  expect(b.calls).toMatchObject([['ward', { from: '4421', to: '4406' }]])
  expect(b.counts['calls_total ward']).toBe(1)
  expect(b.feed.view()).toMatchObject({ heard: true })
  await b.feed.stop()
})

test('a page that is lost is logged as what stands until somebody has seen to it', async () => {
  const b = bed({ takes: false })
  await b.clock.elapse(SECOND)
  b.hears('A0012300CRASH CALL\r')
  await b.clock.elapse(SECOND)
  expect(b.said).toContain('error defect ward page-lost ward')
  await b.feed.stop()
})

test('what is captured is closed last, and once', async () => {
  const order: string[] = []
  const capture: Capture = {
    bytes: () => void order.push('bytes'),
    event: (event) => void order.push(event),
    async close() {
      order.push('closed')
    },
  }
  const b = bed({ capture })
  await b.clock.elapse(SECOND)
  b.hears('A0012300CRASH CALL\r')
  await b.feed.stop()
  expect(order.at(-1)).toBe('closed')
  expect(order.filter((what) => what === 'closed').length).toBeGreaterThan(0)
  expect(order).toContain('bytes')
})

test('after its end a feed looks no more', async () => {
  const b = bed()
  await b.clock.elapse(SECOND)
  await b.feed.stop()
  const told = b.said.length
  await b.clock.elapse(20 * MINUTE)
  expect(b.said.length).toBe(told)
})
