import { expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { Capture } from '../../../src/ports/capture.ts'
import { START, toldFeed } from '../../support/told-feed.ts'

/** What a feed tells of itself: its view, its faults, its counts and its log, with ports that do what the test says. */

test('a feed that opens says so: not yet heard, then heard with its last page', async () => {
  const b = toldFeed()
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
  expect(b.sources).toEqual([{ feed: 'ward', tap: 'cellar', repeatMs: 7000 }])
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
  const b = toldFeed()
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
  const b = toldFeed()
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
  const b = toldFeed({ wires: [['opened'], ['hang']] })
  await b.clock.elapse(SECOND)
  expect(b.feed.view().state).toBe('closed')
  await b.feed.stop()
  const both = toldFeed({ wires: [['opened'], ['opened']] })
  await both.clock.elapse(SECOND)
  expect(both.feed.view()).toMatchObject({ state: 'open' })
  both.ports[0]!.breaks('port-unplugged')
  expect(both.feed.view().state).toBe('failed')
  expect(both.counts['events_total ward closed']).toBe(1)
  await both.feed.stop()
})

test('what a port’s driver counts adds up, and is told from none that does not count', async () => {
  const b = toldFeed()
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
  const b = toldFeed({ spec: { callers: true }, wires: [['hang']] })
  await b.clock.elapse(SECOND)
  expect(b.feed.view().state).toBe('open')
  b.port.turnsAway()
  await b.clock.elapse(1)
  expect(b.feed.view()).toMatchObject({ state: 'open' })
  expect(b.feed.faults()).toEqual(['peer-refused'])
  await b.feed.stop()
})

test('bytes for long with nothing valid are told within five seconds of the bound, once, and taken back by a page', async () => {
  const b = toldFeed()
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
  const b = toldFeed()
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
  const b = toldFeed({ spec: { ear: { bits: false, guesses: true, quietAfter: 0 } } })
  await b.clock.elapse(SECOND)
  b.hears('what is this\r'.repeat(40))
  b.hears('A0012300CRASH CALL\r')
  await b.clock.elapse(6 * SECOND)
  expect(b.stored).toEqual([])
  expect(b.feed.faults()).toContain('profile-unfit')
  await b.feed.stop()

  const sure = toldFeed()
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
  const b = toldFeed({ protocol: 'records', options })
  await b.clock.elapse(SECOND)
  b.hears('03:00 4421 4406 00:00:12\r')
  await b.clock.elapse(SECOND)
  expect(b.calls).toMatchObject([['ward', { from: '4421', to: '4406' }]])
  expect(b.counts['calls_total ward']).toBe(1)
  expect(b.feed.view()).toMatchObject({ heard: true })
  await b.feed.stop()
})

test('a page that is lost is logged as what stands until somebody has seen to it', async () => {
  const b = toldFeed({ takes: false })
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
  const b = toldFeed({ capture })
  await b.clock.elapse(SECOND)
  b.hears('A0012300CRASH CALL\r')
  await b.feed.stop()
  expect(order.at(-1)).toBe('closed')
  expect(order.filter((what) => what === 'closed').length).toBeGreaterThan(0)
  expect(order).toContain('bytes')
})

test('after its end a feed looks no more', async () => {
  const b = toldFeed()
  await b.clock.elapse(SECOND)
  await b.feed.stop()
  const told = b.said.length
  await b.clock.elapse(20 * MINUTE)
  expect(b.said.length).toBe(told)
})
