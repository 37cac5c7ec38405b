import { afterEach, expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alert/alert.ts'
import { timelineOf } from '../../../src/core/desk/timeline.ts'
import { asId, type BleepId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE, type Millis, SECOND } from '../../../src/core/instant.ts'
import type { CallRecord } from '../../../src/core/line/kit/call-record.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { startCallBacks } from '../../../src/run/alert/call-backs.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, countingRandom, enrol, startWard, wardDirectory } from '../../support/ward.ts'

let close: () => Promise<void> = async () => undefined
afterEach(() => close())

/** A ward whose exchange prints a record at the end of each call, its clock `ahead` of ours. */
async function ward(phones: readonly string[] = [], ahead: Millis = 0, numbers: readonly string[] = []) {
  const store: Store = await openSqlite(':memory:')
  await enrol(store, phones)
  await enrol(store, numbers, 'nudge')
  const clock = new VirtualClock()
  const holding = aHolding()
  const middle = startWard({ store, clock, random: countingRandom(), holding, onSent: () => undefined })
  const loop = startCallBacks({
    ...{ store, clock, alerts: middle.alerts, wake: store.wake, log: quietLog, metrics: quietMetrics },
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
  return { store, clock, middle, call, alertOf, directory: wardDirectory(holding) }
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
  const { clock, middle, call, alertOf } = await ward([], HOUR)
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(bleep))?.phase).toBe('covered')
})

test('a phone that said it would ring is confirmed by the call', async () => {
  const { clock, middle, call, alertOf } = await ward(['reg'])
  const bleep = await middle.page('1113', '4421')
  await clock.elapse(SECOND)
  const alert = await alertOf(bleep)
  const person = asId<never>('reg')
  await middle.alerts.apply(alert!.id, {
    ...{ kind: 'answered', at: clock.now(), by: { kind: 'person', person }, person },
    ...{ answer: 'call-back', version: alert!.version },
  })
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
  const { clock, middle, call, alertOf } = await ward()
  const one = await middle.page('1113', '4421')
  const two = await middle.page('0028', '4421')
  await clock.elapse(MINUTE)
  await call('4421')
  expect((await alertOf(one))?.phase).not.toBe('covered')
  expect((await alertOf(two))?.phase).not.toBe('covered')
})

test('an emergency is never closed by a telephone call', async () => {
  const { clock, middle, call, alertOf } = await ward()
  const bleep = await middle.page('2223', 'TRAUMA CALL 4421')
  await clock.elapse(10 * SECOND)
  await call('4421', { talkSeconds: 5 })
  expect((await alertOf(bleep))?.phase).not.toBe('covered')
})
