import { describe, expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { failed, ok } from '../../../src/core/faults.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import type { LineEffect, LineInput } from '../../../src/core/line/kit/protocol.ts'
import { RicDirectory } from '../../../src/core/pocsag/directory.ts'
import { createFeed, type FeedSink } from '../../../src/run/line/feed.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

const page: Page = {
  ...{ to: { scheme: 'number', number: '0028' }, type: 'alpha', text: 'ARREST', quality: 'clean' },
  ...{ corrected: 0, fields: {}, firstByte: 0, lastByte: 0 },
}
const bytes = Uint8Array.of(1, 2)

/** A feed over a line that answers each input as told, and everything that comes out of it. */
function aFeed(
  answers: Partial<Record<LineInput['kind'], LineEffect[] | Error>>,
  over: Partial<FeedSink> = {},
  listensOnly = true,
) {
  const said: unknown[][] = []
  const heard: LineInput[] = []
  const clock = new VirtualClock(1000)
  const sink: FeedSink = {
    store: async () => ok(asId<BleepId>('b1')),
    call: (record) => said.push(['call', record]),
    discarded: (lost, fault) => said.push(['discarded', lost.length, fault]),
    noted: (reason, count) => said.push(['noted', reason, count]),
    checked: (read) => said.push(['checked', read]),
    takes: () => true,
    write: (out) => said.push(['write', ...out]),
    hangUp: () => said.push(['hang-up']),
    failed: (error) => said.push(['failed', String(error)]),
    ...over,
  }
  const line = {
    listensOnly,
    step(input: LineInput) {
      heard.push(input)
      const answer = answers[input.kind] ?? []
      if (answer instanceof Error) throw answer
      return answer
    },
  }
  return { said, heard, clock, feed: createFeed(line, sink, clock) }
}

test('each effect of a line goes where it belongs', () => {
  const record = {
    ...{ from: '4421', to: '2222', internal: true, answered: true, mailbox: false, precisionSeconds: 1 },
  }
  const { said, feed } = aFeed({
    bytes: [
      { kind: 'call', record, printed: { from: '4421', to: '2222' }, raw: 'x' },
      { kind: 'reply', bytes },
      { kind: 'hang-up' },
      { kind: 'discard', bytes, fault: 'checksum-bad' },
      { kind: 'heard', fields: { a: 'words' } },
      { kind: 'note', reason: 'heartbeat' },
      { kind: 'note', reason: 'heartbeat', count: 3 },
      { kind: 'checked', words: 16, corrected: 2, unreadable: 0 },
    ],
  })
  feed.bytes(bytes, 5)
  expect(said).toEqual([
    ['call', record],
    ['write', 1, 2],
    ['hang-up'],
    ['discarded', 2, 'checksum-bad'],
    ['noted', 'record-heard', 1],
    ['noted', 'heartbeat', 1],
    ['noted', 'heartbeat', 3],
    ['checked', { kind: 'checked', words: 16, corrected: 2, unreadable: 0 }],
  ])
})

test('a line hears everything as it was', () => {
  const { heard, feed } = aFeed({})
  feed.opened(1)
  feed.bytes(bytes, 2)
  feed.bytes(bytes, 3, 'b', 2.5)
  void feed.send(page)
  void feed.send(page)
  feed.closed(4)
  expect(heard).toEqual([
    { kind: 'opened', at: 1 },
    { kind: 'bytes', bytes, at: 2, began: 2 },
    { kind: 'bytes', bytes, at: 3, began: 2.5, wire: 'b' },
    { kind: 'send', ref: 1, page, at: 1000 },
    { kind: 'send', ref: 2, page, at: 1000 },
    { kind: 'closed', at: 4 },
  ])
})

test('what was sent is answered once, by its own outcome, or by the end of the line', async () => {
  const { feed } = aFeed({ bytes: [{ kind: 'sent', ref: 1, outcome: 'taken' }] }, {}, false)
  const [first, second] = [feed.send(page), feed.send(page)]
  feed.bytes(bytes, 5)
  expect(await first).toEqual({ kind: 'sent', ref: 1, outcome: 'taken' })
  await feed.stop()
  expect(await second).toEqual({ kind: 'sent', ref: 2, outcome: 'no-answer', fault: 'line-closed' })
})

describe('a protocol that throws', () => {
  const broken = new TypeError('planted')

  test('begins anew, and what it says to that is done', () => {
    const { said, heard, feed } = aFeed({ bytes: broken, opened: [{ kind: 'reply', bytes }] })
    feed.bytes(bytes, 5)
    expect(heard.map(({ kind }) => kind)).toEqual(['bytes', 'closed', 'opened'])
    expect(said).toEqual([
      ['failed', 'TypeError: planted'],
      ['write', 1, 2],
    ])
  })

  test('at that again is told of again, and the line goes on with what comes next', () => {
    const { said, heard, feed } = aFeed({ bytes: broken, opened: new TypeError('worse') })
    feed.bytes(bytes, 5)
    feed.closed(6)
    expect(said).toEqual([
      ['failed', 'TypeError: planted'],
      ['failed', 'TypeError: worse'],
    ])
    expect(heard.at(-1)).toMatchObject({ kind: 'closed', at: 6 })
  })
})

const heardPage: LineEffect = { kind: 'page', ref: 7, page }

test('a page that fits by chance alone is told of, refused, and stored nowhere', async () => {
  let stored = 0
  const store: FeedSink['store'] = async () => {
    stored += 1
    return ok(asId<BleepId>('b1'))
  }
  const { said, heard, feed } = aFeed({ bytes: [heardPage] }, { takes: () => false, store })
  feed.bytes(bytes, 5)
  await settle()
  expect([stored, said]).toEqual([0, [['discarded', 6, 'profile-unfit']]])
  expect(heard.at(-1)).toEqual({ kind: 'refused', ref: 7, at: 1000, fault: 'profile-unfit' })
})

test('a page that met a defect is not tried for ever: it is counted as lost and holds up nothing', async () => {
  const { said, clock, feed } = aFeed({ bytes: [heardPage] }, { store: async () => failed('page-failed') })
  feed.bytes(bytes, 5)
  await settle()
  expect([feed.held(), said]).toEqual([0, [['discarded', 0, 'page-lost']]])
  expect(clock.pending).toBe(0)
})

test('held pages that meet a defect later make way for those behind them', async () => {
  const answers = ['store-lost', 'page-failed', undefined] as const
  let n = 0
  const store: FeedSink['store'] = async () => {
    const fault = answers[Math.min(n++, 2)]
    return fault === undefined ? ok(asId<BleepId>('b1')) : failed(fault)
  }
  const { said, clock, feed } = aFeed({ bytes: [heardPage] }, { store })
  feed.bytes(bytes, 5)
  feed.bytes(bytes, 6)
  await settle()
  expect(feed.held()).toBe(2)
  await clock.elapse(1000)
  expect([feed.held(), said, clock.pending]).toEqual([0, [['discarded', 0, 'page-lost']], 0])
})

test('a feed that has stopped hears nothing any more and sets no timer', async () => {
  const { heard, clock, feed } = aFeed({ bytes: [heardPage] }, { store: async () => failed('store-lost') })
  feed.bytes(bytes, 5)
  await settle()
  await feed.stop()
  heard.length = 0
  feed.bytes(bytes, 6)
  feed.opened(7)
  await settle()
  expect([heard, clock.pending, feed.held()]).toEqual([[], 0, 0])
})

test('a line hears which radio addresses to expect', () => {
  const { heard, feed } = aFeed({})
  const rics = new RicDirectory([])
  feed.know(rics)
  expect(heard).toEqual([{ kind: 'known', rics, at: 1000 }])
})

test('an outcome that nobody waits for, or that is told twice, changes nothing', async () => {
  const sent: LineEffect = { kind: 'sent', ref: 1, outcome: 'taken' }
  const { said, feed } = aFeed({ bytes: [sent, { ...sent, outcome: 'no-answer' }, { ...sent, ref: 9 }] })
  const first = feed.send(page)
  feed.bytes(bytes, 5)
  expect(await first).toEqual(sent)
  expect(said).toEqual([])
})

test('a page that comes while others are held waits behind them', async () => {
  const stored: string[] = []
  let away = true
  const store: FeedSink['store'] = async ({ text }) => {
    if (away) return failed('store-lost')
    stored.push(text)
    return ok(asId<BleepId>(text))
  }
  let n = 0
  const line: Partial<Record<LineInput['kind'], LineEffect[]>> = {
    get bytes() {
      n += 1
      return [{ kind: 'page', ref: n, page: { ...page, text: `${n}` } } as const]
    },
  }
  const { clock, feed } = aFeed(line, { store })
  feed.bytes(bytes, 5)
  await settle()
  away = false
  feed.bytes(bytes, 6)
  await settle()
  expect([feed.held(), stored]).toEqual([2, []])
  await clock.elapse(1000)
  expect([feed.held(), stored]).toEqual([0, ['1', '2']])
})

test('the two hundred latest pages may still get a status, and the ones before them are forgotten', async () => {
  let n = 0
  const line: Partial<Record<LineInput['kind'], LineEffect[]>> = {
    get bytes() {
      n += 1
      return [{ kind: 'page', ref: n, page } as const]
    },
  }
  let stored = 0
  const store: FeedSink['store'] = async () => {
    stored += 1
    return ok(asId<BleepId>(`b${stored}`))
  }
  const { heard, feed } = aFeed(line, { store })
  for (let i = 0; i < 202; i++) feed.bytes(bytes, i)
  await settle()
  heard.length = 0
  for (const id of ['b1', 'b2', 'b3', 'b202']) feed.status(asId<BleepId>(id), 'acknowledged')
  expect(heard.map((it) => it.kind === 'status' && it.ref)).toEqual([3, 202])
})

test('a page that is still being stored when the feed stops is not tried again after it', async () => {
  let refuse = () => {}
  const store: FeedSink['store'] = () =>
    new Promise((done) => {
      refuse = () => done(failed('store-lost'))
    })
  const { clock, feed } = aFeed({ bytes: [heardPage] }, { store })
  feed.bytes(bytes, 5)
  await settle()
  const stopped = feed.stop()
  refuse()
  await settle()
  refuse()
  await stopped
  expect([clock.pending, feed.held()]).toEqual([0, 0])
})
