import { HOUR, MINUTE, SECOND } from '../../src/core/instant.ts'
import type { Fact } from '../../src/core/measure/facts/fact.ts'
import type { Stamp } from '../../src/core/measure/hops.ts'
import { NODE_PARTS, type NodePart } from '../../src/core/measure/node-parts.ts'
import type { Report } from '../../src/core/measure/report/report.ts'
import type { Sort } from '../../src/core/measure/telemetry.ts'
import { observe, watched } from '../../src/core/measure/watch/availability.ts'
import { type FoundBy, figuresOf } from '../../src/core/measure/watch/found.ts'
import { type Hospital, hospital, hospitalReport } from './hospital.ts'

/** A report in which every part of the page has something to say: emergencies, two nodes, a transmitter that failed. */
export function wholeReport(h: Hospital = hospital({ seed: 3, extensions: 16, bleeps: 0.3 })): Report {
  const calls = emergencies(h)
  const after = [...h.after, ...calls].sort((a, b) => a.at - b.at)
  const report = hospitalReport({ ...h, after }, figuresOf(nodes(h.live.to)))
  const slowest = calls.slice(0, 3).map(({ at }, i) => ({
    at: new Date(at).toISOString(),
    stamps: stampsOf(at, (90 - 20 * i) * SECOND),
  }))
  const misses = report.emergency.misses.map((miss, i) => ({
    ...miss,
    place: i % 2 === 0 ? 'Ward 7B' : null,
  }))
  return {
    ...report,
    emergency: { ...report.emergency, slowest, misses },
    recipients: { calls: 1204, asked: 1530, notMe: 23, callsWithNotMe: 21 },
  }
}

/** Forty crash calls; the first is the slowest, and one in twenty reached no phone within the target. */
function emergencies(h: Hospital): Fact[] {
  return h.after.slice(0, 400).flatMap((base, i) => {
    if (i % 10 !== 0) return []
    const slow = i % 200 === 190
    const [handed, onDevice] = [base.at + 120, base.at + (slow ? 7400 : 1300 + 5 * i)]
    return [
      {
        ...{ bleep: `crash-${i}`, at: base.at, class: 'emergency', kind: 'adult-arrest', number: '2222' },
        ...{ handed, onDevice, accepted: onDevice + 9000 - 10 * i, covered: onDevice + 88_000 - 100 * i },
        by: 'person',
      } satisfies Fact,
    ]
  })
}

function stampsOf(at: number, covered: number): Stamp[] {
  const ours = (hop: Stamp['hop'], after: number, of?: string): Stamp => ({
    ...{ hop, at: at + after, clock: 'ours', uncertainty: 0 },
    ...(of === undefined ? {} : { of }),
  })
  return [
    ...[ours('first-byte', 0), ours('last-byte', 420), ours('decoded', 424), ours('stored', 433)],
    ...[ours('routed', 441), ours('handed', 470, '1'), ours('on-device', 1700, '1')],
    ...[ours('accepted', 11_000, '1'), ours('handed', 472, '2'), ours('on-device', 2900, '2')],
    ...[ours('accepted', covered, '2'), ours('covered', covered)],
  ]
}

const MONTH = '2026-11'

function nodes(at: number): FoundBy[] {
  const began = at - 400 * HOUR
  const tick = { kind: 'tick', at, month: MONTH, expected: Number.POSITIVE_INFINITY } as const
  const good = (sort: Sort, subject: string, label: string, until = at) =>
    observe(observe(watched(sort, subject, label, began, MONTH), { kind: 'said', at: began }), {
      ...tick,
      at: until,
    })
  const own = (['loop', 'memory', 'disk', 'commit', 'clock', 'peers'] satisfies NodePart[]).map((part) =>
    good('node', part, NODE_PARTS[part].label),
  )
  const roof = good('feed', 'roof', 'Roof receiver', at - 47 * MINUTE)
  const unplugged = observe(roof, { kind: 'said', at: at - 47 * MINUTE, fault: 'port-absent' })
  const mended = observe(unplugged, { kind: 'said', at })
  const air = { meanDelaySeconds: 2.4, longestDelaySeconds: 31 }
  return [
    {
      ...{ node: 'north', at, feeds: [] },
      things: [
        mended,
        good('feed', 'espa', 'Switchboard'),
        observe(good('transmitter', 'roof', 'Roof receiver'), {
          ...{ kind: 'said', at, fault: 'air-not-heard', works: true },
        }),
        good('provider', 'webpush', 'Push by webpush'),
        good('phones', 'doctor', 'Phones: doctor'),
        watched('phones', 'nurse', 'Phones: nurse', began, MONTH),
        good('store', 'store', 'Database'),
        ...own,
        good('broker', 'broker', 'MQTT broker'),
      ],
      air: [{ transmitter: 'roof', asked: 1204, heard: 1180, garbled: 18, silent: 6, ...air }],
    },
    {
      ...{ node: 'south', at, feeds: [] },
      things: [
        observe(
          observe(good('feed', 'cellar', 'Cellar receiver', at - 90_000), {
            ...{ kind: 'said', at: at - 90_000, fault: 'line-silent' },
          }),
          tick,
        ),
        good('store', 'store', 'Database'),
        ...own.map((thing) =>
          thing.subject === 'disk'
            ? observe(thing, { kind: 'said', at, fault: 'disk-low', works: true })
            : thing,
        ),
      ],
      air: [],
    },
  ]
}
