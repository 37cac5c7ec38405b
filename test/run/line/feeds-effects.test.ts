import { expect, test } from 'vitest'
import type { Page } from '../../../src/core/bleep/bleep.ts'
import { FAULTS, type FaultCode } from '../../../src/core/faults.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { LineEffect, LineInput } from '../../../src/core/line/kit/protocol.ts'
import type { Line } from '../../../src/core/line/registry.ts'
import type { ReasonCode } from '../../../src/core/reasons.ts'
import type { FeedSpec } from '../../../src/run/line/feeds.ts'
import { aPage } from '../../support/pages.ts'
import { toldFeed } from '../../support/told-feed.ts'

/** What a feed makes of each thing that a protocol can say, whichever protocol it is: this one says what it is told to. */

const SIGNAL = { eyeOpening: 0.8, impulses: 3, lowCutHertz: 90, toneOffset: -0.02 }
const text = (words: string) => new TextEncoder().encode(words)
const note = (reason: ReasonCode, count?: number): LineEffect => ({
  kind: 'note',
  reason,
  ...(count === undefined ? {} : { count }),
})
const discard = (fault: FaultCode): LineEffect => ({ kind: 'discard', bytes: text('?'), fault })

async function saying(spec: Partial<FeedSpec> = {}, wires?: Parameters<typeof toldFeed>[0]) {
  const inputs: LineInput[] = []
  const said: (readonly LineEffect[] | Error)[] = []
  const line: Line = {
    ...{ listensOnly: true, traits: { side: 'other' } },
    step(input) {
      inputs.push(input)
      if (input.kind !== 'bytes') return []
      const next = said.shift() ?? []
      if (next instanceof Error) throw next
      return next
    },
  }
  const b = toldFeed({ ...wires, spec: { line, ...spec } })
  await b.clock.elapse(SECOND)
  /** A byte comes, and the protocol says this. */
  const says = async (...effects: LineEffect[]) => {
    said.push(effects)
    b.hears('x')
    await b.clock.elapse(1)
  }
  const throws = async (error: Error) => {
    said.push(error)
    b.hears('x')
    await b.clock.elapse(1)
  }
  const kinds = () => inputs.map(({ kind }) => kind)
  return { ...b, says, throws, kinds }
}

test('a protocol that throws is told of by name and begins anew', async () => {
  const b = await saying()
  await b.throws(new Error('a defect of ours'))
  expect(b.said.some((line) => line.startsWith('error defect line-failed ward'))).toBe(true)
  expect(b.kinds()).toEqual(['opened', 'bytes', 'closed', 'opened'])
  await b.feed.stop()
})

test('what a protocol replies is written to the first wire, and what it hangs up is hung up there', async () => {
  const b = await saying({}, { wires: [['opened'], ['opened']] })
  await b.says({ kind: 'reply', bytes: text('ACK') }, { kind: 'hang-up' })
  expect(b.ports.map(({ written }) => String.fromCharCode(...written))).toEqual(['ACK', ''])
  expect(b.ports.map(({ hungUp }) => hungUp)).toEqual([1, 0])
  await b.feed.stop()
})

test('the protocol hears that the line is open when all wires are, and closed when the first of them goes', async () => {
  const b = await saying({}, { wires: [['opened'], ['port-absent', 'port-absent', 'port-absent', 'opened']] })
  expect(b.kinds()).toEqual([])
  await b.clock.elapse(MINUTE)
  expect(b.kinds()).toEqual(['opened'])
  const shown = b.shown.length
  b.ports[0]!.breaks('port-unplugged')
  b.ports[1]!.breaks('port-unplugged')
  expect(b.kinds()).toEqual(['opened', 'closed'])
  expect(b.shown.length).toBeGreaterThan(shown)
  await b.feed.stop()
})

test.each(['heartbeat', 'resend-dropped', 'record-heard', 'transmission-end'] as const)(
  'a note of %s shows that the right protocol is there',
  async (reason) => {
    const b = await saying()
    expect(b.feed.view().heard).toBe(false)
    await b.says(note(reason, 3))
    expect(b.feed.view()).toMatchObject({ heard: true, sentence: 'Open, and listening' })
    expect(b.counts).toMatchObject({ [`notes_total ward ${reason}`]: 3 })
    await b.feed.stop()
  },
)

test.each(['noise-line', 'log-line', 'date-record'] as const)(
  'a note of %s fits the profile, and shows no page',
  async (reason) => {
    const b = await saying()
    for (let i = 0; i < 8; i++) await b.says(discard('record-unmatched'))
    for (let i = 0; i < 8; i++) await b.says(note(reason))
    await b.clock.elapse(6 * SECOND)
    expect(b.feed.view().heard).toBe(false)
    expect(b.feed.faults()).toEqual([])
    for (let i = 0; i < 8; i++) await b.says(discard('record-unmatched'))
    await b.clock.elapse(6 * SECOND)
    expect(b.feed.faults()).toEqual(['profile-unfit'])
    await b.feed.stop()
  },
)

test('a note of anything else says nothing about the profile', async () => {
  const b = await saying()
  for (let i = 0; i < 8; i++) await b.says(discard('record-unmatched'), note('preamble-heard'))
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toContain('profile-unfit')
  await b.feed.stop()
})

const page = (quality: Page['quality'] = 'clean'): LineEffect => ({
  ...{ kind: 'page', ref: 1 },
  page: aPage('CRASH CALL', { quality }),
})
const call: LineEffect = {
  ...{ kind: 'call', raw: '', printed: { from: '4421', to: '4406' } },
  record: {
    ...{ from: '4421', to: '4406', internal: true, answered: true, mailbox: false },
    precisionSeconds: 1,
  },
}

test.each([
  ['pages', page()],
  ['call records', call],
])('%s that fit outweigh lines that do not', async (_, fitting) => {
  const b = await saying()
  for (let i = 0; i < 6; i++) await b.says(discard('record-unmatched'), fitting)
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual([])
  expect(b.feed.view()).toMatchObject({ state: 'open', heard: true })
  await b.feed.stop()
})

const checked = (words: number, corrected: number, unreadable = 0): LineEffect => ({
  ...{ kind: 'checked', words, corrected, unreadable, signal: SIGNAL, explained: 0.01 },
})

test.each([
  ['a clean page', page('clean'), true],
  ['a corrected page', page('corrected'), true],
  ['a doubtful page', page('doubtful'), false],
  ['codewords, a bit to correct in each fourth', checked(16, 4), true],
  ['codewords, more to correct', checked(16, 5), false],
  ['codewords, one of which could not be repaired', checked(16, 0, 1), true],
  ['codewords, two of which could not be', checked(16, 0, 2), false],
  ['too few codewords', checked(15, 0), false],
])('after transmissions at another rate, %s ends the fault: %#', async (_, effect, ends) => {
  const b = await saying()
  await b.says(note('preamble-other-rate'), note('preamble-other-rate'))
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual(['signal-rate'])
  await b.says(effect)
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual(ends ? [] : ['signal-rate'])
  await b.feed.stop()
})

test('figures of the signal are told where the codewords are sound, and codewords always', async () => {
  const b = await saying()
  await b.says(checked(16, 5))
  expect(b.feed.view()).toMatchObject({ heard: false })
  expect(b.feed.view()).not.toHaveProperty('signal')
  await b.says(checked(16, 4))
  expect(b.feed.view()).toMatchObject({ heard: true, signal: SIGNAL })
  expect(b.gauges).toMatchObject({
    ...{ 'eye_opening ward': 0.8, 'impulses_per_second ward': 3 },
    ...{ 'low_cut_hertz ward': 90, 'tone_offset ward': -0.02 },
  })
  expect(b.counts).toMatchObject({ 'codewords_total ward': 32, 'corrected_bits_total ward': 9 })
  await b.feed.stop()
})

test('a lead that bends the signal is told although a page was clean between, until it reads well', async () => {
  const b = await saying()
  await b.says(...Array.from({ length: 8 }, () => checked(16, 14)), page('clean'))
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual(['signal-bent'])
  expect(b.feed.view().sentence).toContain('bends the signal')
  await b.says(...Array.from({ length: 16 }, () => checked(16, 0)))
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual([])
  await b.feed.stop()
})

test('one fault that takes the place of another is shown at once', async () => {
  const b = await saying()
  await b.says(note('preamble-other-rate'), note('preamble-other-rate'))
  await b.clock.elapse(6 * SECOND)
  const shown = b.shown.length
  await b.says(page())
  await b.says(note('sync-upside-down'), note('sync-upside-down'))
  await b.clock.elapse(6 * SECOND)
  expect(b.feed.faults()).toEqual(['signal-inverted'])
  expect(b.shown.length).toBe(shown + 1)
  await b.clock.elapse(MINUTE)
  expect(b.shown.length).toBe(shown + 1)
  await b.feed.stop()
})

test('a link that is opened again is judged from then on', async () => {
  const b = await saying()
  await b.says(note('preamble-other-rate'), note('preamble-other-rate'))
  await b.clock.elapse(6 * SECOND)
  b.port.breaks('port-unplugged')
  await b.clock.elapse(MINUTE)
  expect(b.feed.faults()).toEqual([])
  await b.feed.stop()
})

test('an alarm is logged as a fault of the feed, a lost page as a defect, and less not at all', async () => {
  const b = await saying()
  await b.says(discard('record-unmatched'))
  expect(b.said.filter((line) => line.startsWith('error'))).toEqual([])
  await b.says(discard('profile-unfit'))
  expect(b.said).toContain('error feed-fault ward profile-unfit ward')
  await b.says(discard('page-lost'))
  expect(b.said).toContain('error defect ward page-lost ward')
  await b.feed.stop()
})

test('every change of a port is shown as it comes: gone, failing, back', async () => {
  const b = await saying()
  b.port.opens = ['port-absent', 'port-absent', 'opened']
  b.port.breaks('port-unplugged')
  await b.clock.elapse(1)
  expect(b.shown.at(-1)).toMatchObject({ state: 'failed', sentence: FAULTS['port-unplugged'].sentence })
  await b.clock.elapse(2 * SECOND)
  expect(b.shown.map(({ sentence }) => sentence)).toContain(FAULTS['port-absent'].sentence)
  await b.clock.elapse(MINUTE)
  expect(b.shown.at(-1)).toMatchObject({ state: 'open' })
  expect(b.shown.at(-1)).toEqual(b.feed.view())
  await b.feed.stop()
})

test('a port that ends without a fault is shown as closed', async () => {
  const b = await saying({ reopen: false })
  b.port.ends()
  expect(b.shown.at(-1)).toMatchObject({ state: 'closed', sentence: 'Not open' })
  expect(b.gauges).toMatchObject({ 'up ward': 0 })
  await b.feed.stop()
})

test('silence is a state of its own while the line is open, and a failure when it is gone', async () => {
  const b = await saying({ silentAfterMs: MINUTE })
  await b.clock.elapse(2 * MINUTE)
  expect(b.feed.faults()).toEqual(['line-silent'])
  expect(b.feed.view()).toMatchObject({ state: 'silent', sentence: FAULTS['line-silent'].sentence })
  b.port.opens = ['port-absent']
  b.port.breaks('port-unplugged')
  await b.clock.elapse(MINUTE)
  expect(b.feed.view()).toMatchObject({ state: 'failed' })
  await b.feed.stop()
})

test('a line that waits for callers and cannot listen is failed', async () => {
  const b = await saying({ callers: true }, { wires: [['listen-failed']] })
  expect(b.feed.view()).toMatchObject({ state: 'failed', sentence: FAULTS['listen-failed'].sentence })
  expect(b.gauges).toMatchObject({ 'up ward': 0 })
  await b.feed.stop()
})

test('what is stored says whose it is: the feed, its tap, and its hospital where there are several', async () => {
  const b = await saying({ hospital: 'north' })
  await b.says(page())
  expect(b.sources).toEqual([{ feed: 'ward', tap: 'cellar', repeatMs: 7000, hospital: 'north' }])
  await b.feed.stop()
})

test('why nothing is captured is asked of the capture, where there is one that knows', async () => {
  const capture = { bytes: () => undefined, event: () => undefined, close: async () => undefined }
  const failing = await saying({ capture: { ...capture, failing: () => 'capture-unwritable' } })
  expect(failing.feed.uncaptured?.()).toBe('capture-unwritable')
  await failing.feed.stop()
  for (const which of [capture, undefined]) {
    const b = await saying({ capture: which })
    expect(b.feed.uncaptured?.()).toBeUndefined()
    await b.feed.stop()
  }
})

test('a line that was silent and speaks again is shown as open at once', async () => {
  const b = await saying({ silentAfterMs: 10_000 })
  await b.clock.elapse(11 * SECOND)
  expect(b.shown.at(-1)?.state).toBe('silent')
  await b.says()
  expect(b.shown.at(-1)?.state).toBe('open')
  await b.feed.stop()
})

test('a line that can send says so, gives its hands to whoever sends, and its capture is closed when it stops', async () => {
  let closed = 0
  const capture = { bytes: () => {}, event: () => {}, close: async () => void closed++ }
  const line: Line = {
    ...({ listensOnly: false, traits: { side: 'link' }, sends: 'number' } as const),
    step: () => [],
  }
  const { feed } = toldFeed({ spec: { line, capture } })
  expect(feed.sends).toBe('number')
  expect([typeof feed.send, typeof feed.status, typeof feed.know]).toEqual([
    'function',
    'function',
    'function',
  ])
  expect(closed).toBe(0)
  await feed.stop()
  expect(closed).toBe(1)
})
