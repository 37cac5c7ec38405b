import type { Page } from '../../src/core/bleep/bleep.ts'
import { failed, ok } from '../../src/core/faults.ts'
import { asId, type BleepId } from '../../src/core/ids.ts'
import { PROTOCOLS } from '../../src/core/line/registry.ts'
import type { FeedView } from '../../src/core/measure/watch/feed-view.ts'
import type { Capture } from '../../src/ports/capture.ts'
import type { Log } from '../../src/ports/log.ts'
import type { Metrics } from '../../src/ports/metrics.ts'
import { type FeedSpec, startFeed } from '../../src/run/line/feeds.ts'
import type { Source } from '../../src/run/line/ingest.ts'
import { ScriptPort } from './script-port.ts'
import { VirtualClock } from './virtual-clock.ts'

export const START = Date.UTC(2026, 10, 22, 3)
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

/** One feed with ports that do what the test says, and all that it tells. */
export function toldFeed({
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
  const sources: Source[] = []
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
          sources.push(source)
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
  return { clock, said, counts, gauges, shown, stored, calls, sources, ports, port: ports[0]!, feed, hears }
}
