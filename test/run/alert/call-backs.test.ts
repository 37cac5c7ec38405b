import { afterEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alert/alert.ts'
import { timelineOf } from '../../../src/core/desk/timeline.ts'
import { asId, type BleepId, type FeedId, type NodeId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE, type Millis, SECOND } from '../../../src/core/instant.ts'
import type { CallRecord } from '../../../src/core/line/kit/call-record.ts'
import type { Answer } from '../../../src/core/vocabulary.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { startCallBacks } from '../../../src/run/alert/call-backs.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, enrol, startWard, wardDirectory } from '../../support/ward.ts'

let close: () => Promise<void> = async () => undefined
afterEach(() => close())

/** A ward whose exchange prints a record at the end of each call, its clock `ahead` of ours. */
async function ward(
  phones: readonly string[] = [],
  ahead: Millis = 0,
  numbers: readonly string[] = [],
  lead?: Store['lead'],
) {
  const opened = await openSqlite(':memory:')
  const store: Store = lead ? { ...opened, lead } : opened
  const metrics = listeningMetrics()
  await enrol(store, phones)
  await enrol(store, numbers, 'nudge')
  const clock = new VirtualClock()
  const holding = aHolding()
  const middle = startWard({ store, clock, random: countingRandom(), holding, onSent: () => undefined })
  const loop = startCallBacks({
    ...{ store, clock, alerts: middle.alerts, wake: store.wake, log: quietLog, metrics },
    directory: () => wardDirectory(holding),
  })
  close = async () => {
    await loop.stop()
    await middle.stop()
    await store.close()
  }
  const call = async (to: string, more: Partial<CallRecord> = {}) => {
    const { talkSeconds = 30 } = more
    const end = new Date(clock.now() + ahead).toISOString().slice(0, 19)
    await middle.ingest.call(
      { feed: asId('exchange'), tap: 'exchange', repeatMs: 0 },
      {
        end,
        talkSeconds,
        from: '5001',
        to,
        internal: true,
        answered: true,
        mailbox: false,
        precisionSeconds: 1,
        ...more,
      },
    )
    await clock.elapse(10 * SECOND)
  }
  const alertOf = async (bleep: BleepId | undefined): Promise<Alert | undefined> =>
    bleep && store.transact((tx) => tx.alerts.byBleep(bleep))
  // Some calls that have nothing to do with anything, as on every exchange: its clock is known by them.
  await clock.elapse(SECOND)
  for (let i = 0; i < 3; i++) await call('6000')
  const answer = async (bleep: BleepId | undefined, person: string, answer: Answer): Promise<void> => {
    const alert = await alertOf(bleep)
    await middle.alerts.apply(alert!.id, {
      ...{ kind: 'answered', at: clock.now(), by: { kind: 'person', person: asId(person) } },
      ...{ answer, version: alert!.version, person: asId(person) },
    })
  }
  const matched = () =>
    metrics.counted.flatMap(([name, labels]) =>
      name === 'bleepbridge_callbacks_total' ? [labels?.matched] : [],
    )
  return { store, clock, middle, call, alertOf, answer, matched, metrics, directory: wardDirectory(holding) }
}

test('a call-back that the exchange saw answers for somebody with a pager only, and says so', async () => {
  const { clock, middle, call, alertOf, store, directory } = await ward()
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(90 * SECOND)
  const before = await alertOf(bleep)
  expect(before?.phase).not.toBe('covered')
  await call('4421')
  const alert = await alertOf(bleep)
  expect(alert?.phase).toBe('covered')
  expect(alert?.responders[asId<never>('reg')]).toMatchObject({ state: 'call-back', confirmed: true })
  const events = await store.transact((tx) => tx.alerts.events(alert!.id))
  expect(events.at(-1)).toMatchObject({ kind: 'answered', by: { kind: 'pbx' }, person: 'reg' })
  const past = { alert: alert!, hops: [], events, attempts: [], start: alert!.raised }
  const line = timelineOf(past, { access: 'switchboard' }, directory).find((l) => l.what === 'answered')
  expect(line).toMatchObject({ person: 'reg', reason: 'call-back-answered' })
  expect(line?.sentence).toContain('implicit')
})

test('an exchange whose clock is an hour ahead acknowledges as well', async () => {
  const { clock, middle, call, alertOf, matched, metrics } = await ward([], HOUR)
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(bleep))?.phase).toBe('covered')
  expect(matched()).toEqual(['matched'])
  const offset = metrics.gauges.findLast(([name]) => name === 'bleepbridge_pbx_offset_seconds')
  expect(offset?.slice(1)).toEqual([3600, { feed: 'exchange' }])
})

test('a phone that said it would ring is confirmed by the call', async () => {
  const { clock, middle, call, alertOf, answer } = await ward(['reg'])
  const person = asId<never>('reg')
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(SECOND)
  await answer(bleep, 'reg', 'call-back')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(bleep))?.responders[person]).toMatchObject({ state: 'call-back', confirmed: true })
})

test.each([
  ['somebody who has a phone is not answered for', ['reg'], {}],
  ['a call that nobody took answers nothing', [], { answered: false }],
  ['voicemail answers nothing', [], { mailbox: true }],
  ['a call from outside answers nothing', [], { internal: false }],
  ['a call that began before the bleep answers nothing', [], { talkSeconds: 300 }],
] as const)('%s', async (_, phones, record) => {
  const { clock, middle, call, alertOf } = await ward(phones)
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421', record)
  expect((await alertOf(bleep))?.phase).not.toBe('covered')
})

test('somebody with a pager and a number to text is answered for by the call: nothing of theirs can answer', async () => {
  const { clock, middle, call, alertOf } = await ward([], 0, ['reg'])
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(bleep))?.phase).toBe('covered')
})

test('with two requests from one extension the call may have been for either, and neither is closed', async () => {
  const { clock, middle, call, alertOf, matched } = await ward()
  const one = await middle.page('1113', '4421')
  const two = await middle.page('0028', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(one))?.phase).not.toBe('covered')
  expect((await alertOf(two))?.phase).not.toBe('covered')
  // Told once, however often it is looked again.
  await clock.elapse(20 * SECOND)
  expect(matched()).toEqual(['ambiguous'])
})

test('two requests that one call after the other answers are each closed by their own', async () => {
  const { clock, middle, call, alertOf } = await ward()
  const one = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  const two = await middle.page('0028', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  for (const bleep of [one, two]) expect((await alertOf(bleep))?.phase).toBe('covered')
})

test('the same request made twice is one, and its call answers it', async () => {
  const { clock, middle, call, alertOf, matched } = await ward()
  const one = await middle.page('1113', 'RING 4421')
  await clock.elapse(25 * SECOND)
  expect(await alertOf(await middle.page('1113', 'PLEASE RING 4421'))).toBeUndefined()
  await clock.elapse(MINUTE)
  await call('4421')
  expect([(await alertOf(one))?.phase, matched()]).toEqual(['covered', ['matched']])
})

test('a call that the exchange put through from the extension answers its request', async () => {
  const { clock, middle, call, alertOf } = await ward()
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4499', { dialled: '4421' })
  expect((await alertOf(bleep))?.phase).toBe('covered')
})

describe('whose call it is', () => {
  test('of those with a pager only, whoever was asked first', async () => {
    const { clock, middle, call, alertOf } = await ward()
    const bleep = await middle.page('0028', '4421')
    await clock.elapse(MINUTE)
    await call('4421')
    const { f1a, f1b } = (await alertOf(bleep))!.responders as Record<string, { confirmed?: boolean }>
    expect([f1a?.confirmed, f1b?.confirmed]).toEqual([true, undefined])
  })

  test('of those with a phone, whoever said that they would ring', async () => {
    const { clock, middle, call, alertOf, answer } = await ward(['f1a', 'f1b'])
    const bleep = await middle.page('0028', '4421')
    await clock.elapse(SECOND)
    await answer(bleep, 'f1b', 'call-back')
    await clock.elapse(MINUTE)
    await call('4421')
    const { f1a, f1b } = (await alertOf(bleep))!.responders as Record<string, { confirmed?: boolean }>
    expect([f1a?.confirmed, f1b?.confirmed]).toEqual([undefined, true])
  })

  test('where one has said no, the other’s', async () => {
    const { clock, middle, call, alertOf, answer } = await ward(['f1a'])
    const bleep = await middle.page('0028', '4421')
    await clock.elapse(SECOND)
    await answer(bleep, 'f1a', 'declined')
    await clock.elapse(MINUTE)
    await call('4421')
    expect((await alertOf(bleep))?.responders[asId<never>('f1b')]).toMatchObject({ confirmed: true })
  })

  test.each([
    ['where somebody has accepted', '1113', '4421', 'accepted'],
    ['of a test', '2299', 'TEST CALL 4421', undefined],
  ] as const)('nobody’s %s', async (_, number, text, said) => {
    const { clock, middle, call, alertOf, answer } = await ward(said ? ['reg'] : [])
    const bleep = await middle.page(number, text)
    await clock.elapse(SECOND)
    if (said) await answer(bleep, 'reg', said)
    await clock.elapse(SECOND)
    const before = (await alertOf(bleep))?.responders
    await call('4421', { talkSeconds: 1 })
    expect((await alertOf(bleep))?.responders).toEqual(before)
  })

  test('nobody’s once the call is closed', async () => {
    const { clock, middle, call, alertOf } = await ward()
    const bleep = await middle.page('1113', '4421')
    await clock.elapse(MINUTE)
    const { id, version } = (await alertOf(bleep))!
    await middle.alerts.apply(id, {
      ...{ kind: 'closed', at: clock.now(), by: { kind: 'switchboard', operator: 'op' }, version },
    })
    const before = await alertOf(bleep)
    await call('4421')
    expect(await alertOf(bleep)).toEqual(before)
  })
})

test('more records than are read at once are all read in one turn', async () => {
  const { clock, middle, store, alertOf } = await ward()
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  const arrived = clock.now()
  const record = (to: string): CallRecord => ({
    ...{
      end: new Date(arrived).toISOString().slice(0, 19),
      talkSeconds: 30,
      from: '5001',
      to,
      internal: true,
    },
    ...{ answered: true, mailbox: false, precisionSeconds: 1 },
  })
  const row = (to: string, i: number) => ({
    ...{ id: `${i}`.padStart(4, '0'), feed: asId<FeedId>('exchange'), node: asId<NodeId>('node') },
    ...{ arrived, record: record(to) },
  })
  await store.transact((tx) =>
    tx.calls.add([...Array.from({ length: 500 }, (_, i) => row(`${6000 + i}`, i)), row('4421', 999)]),
  )
  await clock.elapse(7 * SECOND)
  expect((await alertOf(bleep))?.phase).toBe('covered')
})

test.each([[null], ['yesterday'], [{ at: 'noon', id: '' }], [{ at: 0 }], [{ at: 0, id: 7 }], [{ id: '' }]])(
  'how far it had come is noted as %j, which is none: it goes on from now',
  async (noted) => {
    const { clock, middle, call, alertOf, store } = await ward()
    const bleep = await middle.page('1113', '4421')
    await clock.elapse(MINUTE)
    await store.transact((tx) => tx.notes.set('call-backs-until', noted, clock.now()))
    await call('4421')
    expect((await alertOf(bleep))?.phase).toBe('covered')
  },
)

test('a clock that was set back by an hour keeps no call of that hour from answering', async () => {
  const { clock, middle, call, alertOf } = await ward()
  clock.step(-HOUR)
  // The exchange is set with it, and known by its next calls.
  for (let i = 0; i < 3; i++) await call('6000')
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(bleep))?.phase).toBe('covered')
})

test('the node that leads the duty does it, and lets another have it at its end', async () => {
  let leads = false
  let left = 0
  const duties: string[] = []
  const { clock, middle, call, alertOf } = await ward([], 0, [], async (duty) => {
    duties.push(duty)
    return leads ? { duty, token: 1, held: () => true, release: async () => void left++ } : undefined
  })
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(bleep))?.phase).not.toBe('covered')
  expect(new Set(duties)).toEqual(new Set(['call-backs']))
  leads = true
  await clock.elapse(6 * SECOND)
  await close()
  close = async () => undefined
  expect(left).toBe(1)
})

test('an emergency is never closed by a telephone call', async () => {
  const { clock, middle, call, alertOf } = await ward()
  const bleep = await middle.page('2223', 'TRAUMA CALL 4421')
  await clock.elapse(10 * SECOND)
  await call('4421', { talkSeconds: 5 })
  expect((await alertOf(bleep))?.phase).not.toBe('covered')
})
