import { afterEach, beforeEach, expect, test } from 'vitest'
import { failed, ok } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { PROTOCOLS } from '../../../src/core/line/registry.ts'
import { type FeedFigures, FeedFigures as figuresSchema } from '../../../src/core/measure/telemetry.ts'
import type { FeedView } from '../../../src/core/measure/watch/feed-view.ts'
import { toAudio } from '../../../src/core/pocsag/audio.ts'
import { PREAMBLE_BITS } from '../../../src/core/pocsag/code/tables.ts'
import { placeTransmission } from '../../../src/core/pocsag/encode.ts'
import { openMetrics } from '../../../src/io/metrics.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import type { Telemetry } from '../../../src/ports/telemetry.ts'
import { startFeed } from '../../../src/run/line/feeds.ts'
import { startFeedWatch } from '../../../src/run/watch/feed-watch.ts'
import { quietLog } from '../../support/quiet.ts'
import { ScriptPort } from '../../support/script-port.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** From the bytes of a port to what estates are told by MQTT and `/metrics`, with everything between as it is. */

let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
})
afterEach(() => store.close())

function bed(protocol: string, options: Record<string, unknown> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 10, 20, 9))
  const metrics = openMetrics({ feed: ['line'] })
  const told: FeedFigures[] = []
  const shown: FeedView[] = []
  const nothing = () => undefined
  const telemetry: Telemetry = {
    ...{ announce: nothing, state: nothing, node: nothing, health: nothing, alerts: nothing, shift: nothing },
    figures: (_, figures) => void told.push(figuresSchema.parse(figures)),
  }
  const shared = { clock, log: quietLog, store, wake: store.wake, telemetry }
  const watch = startFeedWatch(['line'], { ...shared, metrics, zone: 'Europe/London', node: 'north' })
  const opened = PROTOCOLS.get(protocol)?.open(options)
  if (!opened?.ok) throw new Error('options do not fit')
  const port = new ScriptPort(clock)
  let stores = 0
  const site = { refuses: 0, stores: () => stores }
  const feed = startFeed(
    {
      ...{
        id: 'line',
        name: 'Line',
        ear: { bits: false, guesses: false, quietAfter: 0 },
        tap: 'line',
        repeatMs: 0,
        silentAfterMs: 0,
        reopen: true,
        callers: false,
        capture: undefined,
      },
      line: opened.value,
      wires: [{ wire: 'a', port }],
    },
    {
      ...{ clock, log: quietLog, metrics: watch.metrics },
      ingest: {
        async store() {
          stores += 1
          return stores <= site.refuses ? failed('store-lost') : ok(asId<BleepId>(`bleep-${stores}`))
        },
        call: async () => ok(undefined),
      },
      onChange: (view) => void shown.push(view),
    },
  )
  /** What `/metrics` says of this feed, by name and the label that follows the feed. */
  async function series(): Promise<Record<string, number>> {
    const { body } = await metrics.text()
    const lines = [...body.matchAll(/^bleepbridge_feed_(\w+)\{feed="line"(?:,\w+="([\w-]+)")?\} (\S+)$/gm)]
    return Object.fromEntries(
      lines.map(([, name, label, value]) => [label ? `${name} ${label}` : name, Number(value)]),
    )
  }
  async function stop() {
    await feed.stop()
    await watch.stop()
    expect(port.written).toEqual([])
  }
  return { clock, port, feed, told, shown, site, series, stop }
}

const page = {
  ric: 8,
  function: 3,
  type: 'alpha',
  text: 'CARDIAC ARREST WARD 7B, BED 12, FAST PLEASE',
} as const
/** A batch: its sync and sixteen codewords. Bits. */
const BATCH = 17 * 32

/** Several batches, of which one bit, two bits, a whole codeword and a sync are destroyed. */
function disturbed(): { readonly bits: Uint8Array; readonly words: number } {
  const { bits, placed } = placeTransmission([page, { ...page, ric: 16 }])
  const flip = (at: number) => {
    bits[at >>> 3]! ^= 0x80 >>> (at & 7)
  }
  const first = placed[0]!.addressBit
  flip(first + 32 + 5)
  flip(first + 64 + 3)
  flip(first + 64 + 20)
  // Three wrong bits are one more than the code repairs, and too few to look like another codeword.
  for (const bit of [2, 9, 17]) flip(first + 128 + bit)
  for (const bit of [1, 3, 6, 8, 11, 14, 17, 20, 23, 26, 29]) flip(PREAMBLE_BITS + BATCH + bit)
  return { bits, words: ((bits.length * 8 - PREAMBLE_BITS) / BATCH) * 16 }
}

async function hear(b: ReturnType<typeof bed>, bytes: Uint8Array) {
  await b.clock.elapse(SECOND)
  for (let at = 0; at < bytes.length; at += 40) b.port.hears(...bytes.subarray(at, at + 40))
  await b.clock.elapse(5 * SECOND)
  await b.clock.elapse(MINUTE)
}

test('bits corrected, codewords lost, sync lost and the bit error rate of a POCSAG feed reach telemetry and metrics', async () => {
  const b = bed('pocsag')
  const { bits, words } = disturbed()
  await hear(b, bits)
  expect(b.told.at(-1)).toMatchObject({ correctedBits: 3, lostCodewords: 1, syncLosses: 1 })
  expect(b.told.at(-1)?.bitErrorRate).toBeCloseTo((3 + 32) / (words * 32), 10)
  expect(await b.series()).toMatchObject({
    codewords_total: words,
    corrected_bits_total: 3,
    'faults_total codeword-bad': 1,
    'faults_total sync-lost': 1,
  })
  await b.stop()
})

test.each([2, 8])('the rate of %d samples a bit is that of its bits', async (samplesPerBit) => {
  const b = bed('pocsag', { input: 'oversampled', samplesPerBit, baud: 1200 })
  const { bits, words } = disturbed()
  const samples = new Uint8Array(bits.length * samplesPerBit)
  for (let i = 0; i < samples.length * 8; i++) {
    const bit = Math.floor(i / samplesPerBit)
    if (bits[bit >>> 3]! & (0x80 >>> (bit & 7))) samples[i >>> 3]! |= 0x80 >>> (i & 7)
  }
  await hear(b, samples)
  expect((await b.series()).codewords_total).toBe(words)
  expect(b.told.at(-1)?.bitErrorRate).toBeCloseTo((3 + 32) / (words * 32), 10)
  await b.stop()
})

test('audio tells how open the eye is, and below what its lead cuts', async () => {
  const b = bed('pocsag', { input: 'pcm16', sampleRate: 22_050, baud: 1200 })
  const { bits } = disturbed()
  const samples = toAudio({ bits, bitCount: bits.length * 8 }, 1200, 22_050)
  await hear(b, new Uint8Array(samples.buffer))
  const told = b.told.at(-1)
  expect(told?.eyeOpening).toBeGreaterThan(0.7)
  expect(told?.impulsesPerSecond).toBeLessThan(5)
  expect(told?.lowCutHertz).toBe(0)
  expect(Math.abs(told?.toneOffset ?? 1)).toBeLessThan(0.1)
  expect((await b.series()).low_cut_hertz).toBe(0)
  expect(b.feed.view().signal).toMatchObject({ lowCutHertz: 0 })
  expect(b.feed.view().signal?.eyeOpening).toBeGreaterThan(0.7)
  await b.stop()
})

test('sound at another rate than was said is a fault of the line within two transmissions', async () => {
  const b = bed('pocsag', { input: 'pcm16', sampleRate: 24_000, baud: 1200 })
  const { bits } = placeTransmission([page])
  const samples = new Uint8Array(toAudio({ bits, bitCount: bits.length * 8 }, 1200, 22_050).buffer)
  await hear(b, samples)
  expect(b.feed.faults()).toEqual([])
  await hear(b, samples)
  expect(b.feed.faults()).toEqual(['signal-rate'])
  expect(b.feed.view().sentence).toContain('another sample rate')
  await b.stop()
})

test('a lead that leaves hardly anything to read is a fault of the line', async () => {
  const b = bed('pocsag', { input: 'pcm16', sampleRate: 22_050, baud: 512 })
  const { bits } = placeTransmission([page])
  const clean = toAudio({ bits, bitCount: bits.length * 8 }, 512, 22_050)
  // Each step of the signal is gone a quarter of a bit later.
  const pulses = clean.map(
    (sample, i) => (sample - (clean[i - 6] ?? 0)) / 2 - (clean[i - 6] ?? 0) / 8 + (clean[i - 14] ?? 0) / 8,
  )
  for (let i = 0; i < 4; i++) await hear(b, new Uint8Array(pulses.buffer))
  expect(b.feed.faults()).toEqual(['signal-bent'])
  await b.stop()
})

test('a clean signal has a rate of 0, a line not heard has none', async () => {
  const b = bed('pocsag')
  await b.clock.elapse(MINUTE)
  expect(b.told.at(-1)).not.toHaveProperty('bitErrorRate')
  await hear(b, placeTransmission([page]).bits)
  expect(b.told.at(-1)).toMatchObject({ correctedBits: 0, bitErrorRate: 0 })
  await b.stop()
})

test('a page that waits for the store has its corrected bits counted once', async () => {
  const b = bed('pocsag')
  b.site.refuses = 5
  await hear(b, disturbed().bits)
  expect(b.site.stores()).toBeGreaterThan(5)
  expect((await b.series()).corrected_bits_total).toBe(3)
  await b.stop()
})

test('a line without sound has no signal to show', async () => {
  const b = bed('pocsag')
  await hear(b, placeTransmission([page]).bits)
  expect(b.feed.view()).not.toHaveProperty('signal')
  await b.stop()
})

test('what the port’s driver counts reaches telemetry, metrics and the estates view', async () => {
  const b = bed('text')
  await b.clock.elapse(SECOND)
  b.port.counts({})
  expect(b.feed.view().portErrors).toEqual({ parity: 0, framing: 0, break: 0, overrun: 0 })
  b.port.counts({ parity: 1, framing: 2, break: 3, overrun: 4 })
  b.port.counts({ framing: 5 })
  await b.clock.elapse(MINUTE)
  expect(b.told.at(-1)).toMatchObject({ parityErrors: 1, framingErrors: 7, breaks: 3, overruns: 4 })
  expect(await b.series()).toMatchObject({
    'events_total parity': 1,
    'events_total framing': 7,
    'events_total break': 3,
    'events_total overrun': 4,
  })
  expect(b.feed.view().portErrors).toEqual({ parity: 1, framing: 7, break: 3, overrun: 4 })
  await b.stop()
})

test('a port whose driver does not count tells nothing, rather than 0', async () => {
  const b = bed('text')
  await hear(b, new TextEncoder().encode('HELLO\r\n'))
  for (const figure of ['parityErrors', 'framingErrors', 'breaks', 'overruns'])
    expect(b.told.at(-1)).not.toHaveProperty(figure)
  const names = Object.keys(await b.series())
  expect(names.filter((name) => /parity|framing|break|overrun/.test(name))).toEqual([])
  expect(names).toContain('events_total opened')
  expect(b.feed.view()).not.toHaveProperty('portErrors')
  await b.stop()
})
