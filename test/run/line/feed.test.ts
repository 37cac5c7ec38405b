import { expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { failed, ok, type Result } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import type { LineEffect, LineInput } from '../../../src/core/line/kit/protocol.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { createFeed, type FedLine, type FeedSink } from '../../../src/run/line/feed.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

const page = (text: string): Page => ({
  to: { scheme: 'number', number: '0028' },
  type: 'alpha',
  text,
  quality: 'clean',
  corrected: 0,
  fields: {},
  firstByte: 0,
  lastByte: 0,
})

/** A line that gives out a page for every byte and says what it hears. */
function aLine(listensOnly: boolean, heard: LineInput[]): FedLine {
  let ref = 0
  return {
    listensOnly,
    step(input): readonly LineEffect[] {
      heard.push(input)
      if (input.kind === 'bytes')
        return [...input.bytes].map((b) => ({ kind: 'page', ref: ref++, page: page(`${b}`) }))
      return []
    },
  }
}

interface Bed {
  readonly heard: LineInput[]
  readonly asked: string[]
  readonly clock: VirtualClock
  readonly sink: FeedSink
  readonly lost: string[]
  answer: (text: string, improves: BleepId | undefined) => Promise<Result<BleepId>>
}

function aBed(): Bed {
  const bed: Bed = {
    heard: [],
    asked: [],
    lost: [],
    clock: new VirtualClock(),
    answer: async (text) => ok(asId<BleepId>(`bleep-${text}`)),
    sink: {
      async store(p, improves) {
        bed.asked.push(p.text)
        return bed.answer(p.text, improves)
      },
      call() {},
      discarded: (_bytes, fault) => void bed.lost.push(fault),
      noted() {},
      checked() {},
      write() {},
      hangUp() {},
      takes: () => true,
      failed: (error) => {
        throw error
      },
    },
  }
  return bed
}

const kinds = (heard: readonly LineInput[]): string[] => heard.map((h) => h.kind).filter((k) => k !== 'bytes')

test('the line hears "stored" only after the store has said so', async () => {
  const bed = aBed()
  let commit = () => {}
  bed.answer = (text) =>
    new Promise((done) => {
      commit = () => done(ok(asId<BleepId>(text)))
    })
  createFeed(aLine(false, bed.heard), bed.sink, bed.clock).bytes(Uint8Array.of(1), 0)
  await settle()
  expect(kinds(bed.heard)).toEqual([])
  commit()
  await settle()
  expect(kinds(bed.heard)).toEqual(['stored'])
})

test('the line hears "stored" once, as soon as it is, whatever is done about the page behind it', async () => {
  const bed = aBed()
  let done = () => {}
  const sink: FeedSink = {
    ...bed.sink,
    async store(_page, _improves, _decoded, durable) {
      const id = asId<BleepId>('b1')
      durable(id)
      await new Promise<void>((then) => {
        done = then
      })
      return ok(id)
    },
  }
  const feed = createFeed(aLine(false, bed.heard), sink, bed.clock)
  feed.bytes(Uint8Array.of(1), 0)
  await settle()
  expect(kinds(bed.heard)).toEqual(['stored'])
  done()
  await settle()
  expect(kinds(bed.heard)).toEqual(['stored'])
  await feed.stop()
})

test('a store that refuses is refused on a line whose sender waits: it repeats by itself', async () => {
  const bed = aBed()
  bed.answer = async () => failed('store-lost')
  const feed = createFeed(aLine(false, bed.heard), bed.sink, bed.clock)
  feed.bytes(Uint8Array.of(1), 0)
  await settle()
  expect(bed.heard.at(-1)).toMatchObject({ kind: 'refused', ref: 0, fault: 'store-lost' })
  expect(feed.held()).toBe(0)
})

test('a line that only listens keeps its pages in order until the store is back', async () => {
  const bed = aBed()
  bed.answer = async () => failed('store-lost')
  const feed = createFeed(aLine(true, bed.heard), bed.sink, bed.clock)
  feed.bytes(Uint8Array.of(1, 2, 3), 0)
  await settle()
  expect(feed.held()).toBe(3)
  bed.asked.length = 0
  bed.answer = async (text) => ok(asId<BleepId>(text))
  await bed.clock.elapse(1000)
  expect(bed.asked).toEqual(['1', '2', '3'])
  expect(feed.held()).toBe(0)
  expect(kinds(bed.heard)).toEqual(['stored', 'stored', 'stored'])
})

test('what is held is bounded, and what had to be given up is counted', async () => {
  const bed = aBed()
  bed.answer = async () => failed('store-lost')
  const feed = createFeed(aLine(true, bed.heard), bed.sink, bed.clock)
  for (let i = 0; i < 510; i++) feed.bytes(Uint8Array.of(i & 0xff), 0)
  await settle()
  expect(feed.held()).toBe(500)
  expect(bed.lost).toEqual(Array(10).fill('page-lost'))
  await feed.stop()
})

test('a better reading names the bleep that its first reading became', async () => {
  const bed = aBed()
  const improved: (BleepId | undefined)[] = []
  bed.answer = async (text, improves) => {
    improved.push(improves)
    return ok(asId<BleepId>(`bleep-${text}`))
  }
  let n = 0
  const line: FedLine = {
    listensOnly: true,
    step(input) {
      if (input.kind !== 'bytes') return []
      const first = n === 0
      return [{ kind: 'page', ref: n++, page: page('A'), ...(first ? {} : { improves: 0 }) }]
    },
  }
  const feed = createFeed(line, bed.sink, bed.clock)
  feed.bytes(Uint8Array.of(1), 0)
  feed.bytes(Uint8Array.of(2), 0)
  await settle()
  expect(improved).toEqual([undefined, 'bleep-A'])
})

test('a page sent out is answered when the line closes under it, never left waiting', async () => {
  const bed = aBed()
  const feed = createFeed(aLine(false, bed.heard), bed.sink, bed.clock)
  const sent = feed.send(page('OUT'))
  feed.closed(5)
  expect(await sent).toMatchObject({ outcome: 'no-answer', fault: 'line-closed' })
})

test.each([
  [15, ['silence']],
  [16, []],
  [400, []],
])('%i ms after its time a silence is heard only if the process was not held up', (late, before) => {
  const heard: LineInput[] = []
  const clock = new VirtualClock()
  const line: FedLine = {
    listensOnly: true,
    step(input) {
      heard.push(input)
      return input.kind === 'bytes' ? [{ kind: 'wake', after: 100 }] : []
    },
  }
  let lag = 0
  const held: Clock = {
    now: () => clock.now() + lag,
    after: (ms, run) => clock.after(ms, run),
  }
  const feed = createFeed(line, aBed().sink, held)
  feed.bytes(Uint8Array.of(1), 0)
  lag = late
  clock.advance(100)
  expect(kinds(heard)).toEqual(before)
  clock.advance(30)
  expect(kinds(heard)).toEqual(['silence'])
})

test('a page heard just before the end is durable before stopping is done', async () => {
  const bed = aBed()
  let commit = () => {}
  bed.answer = (text) =>
    new Promise((done) => {
      commit = () => done(ok(asId<BleepId>(text)))
    })
  const feed = createFeed(aLine(true, bed.heard), bed.sink, bed.clock)
  feed.bytes(Uint8Array.of(1), 0)
  await settle()
  let ended = false
  const stopped = (async () => {
    await feed.stop()
    ended = true
  })()
  await settle()
  expect(ended).toBe(false)
  commit()
  await stopped
  expect(bed.asked).toEqual(['1'])
})

test('held pages get one last try when the feed stops, and what is lost even so is counted', async () => {
  const bed = aBed()
  bed.answer = async () => failed('store-lost')
  const feed = createFeed(aLine(true, bed.heard), bed.sink, bed.clock)
  feed.bytes(Uint8Array.of(1, 2), 0)
  await settle()
  bed.answer = async (text) => (text === '1' ? ok(asId<BleepId>(text)) : failed('store-lost'))
  bed.asked.length = 0
  await feed.stop()
  expect(bed.asked).toEqual(['1', '2'])
  expect(bed.lost).toEqual(['page-lost'])
})

test('no page overtakes one that is held: what comes while pages wait goes behind them', async () => {
  const bed = aBed()
  bed.answer = async () => failed('store-lost')
  const feed = createFeed(aLine(true, bed.heard), bed.sink, bed.clock)
  feed.bytes(Uint8Array.of(1), 0)
  await settle()
  bed.answer = async (text) => ok(asId<BleepId>(text))
  bed.asked.length = 0
  feed.bytes(Uint8Array.of(2), 0)
  await settle()
  expect([bed.asked, feed.held()]).toEqual([[], 2])
  await bed.clock.elapse(1000)
  expect([bed.asked, feed.held()]).toEqual([['1', '2'], 0])
})

test('the last two hundred pages can still be told how they went, and none before them', async () => {
  const bed = aBed()
  const feed = createFeed(aLine(true, bed.heard), bed.sink, bed.clock)
  for (let i = 0; i <= 200; i++) {
    feed.bytes(Uint8Array.of(i), 0)
    await settle()
  }
  bed.heard.length = 0
  for (const i of [0, 1, 200]) feed.status(asId<BleepId>(`bleep-${i}`), 'paged')
  expect(bed.heard).toMatchObject([
    { kind: 'status', ref: 1, status: 'paged' },
    { kind: 'status', ref: 200, status: 'paged' },
  ])
})
