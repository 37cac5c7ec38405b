import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attempt, Outcome } from '../../../src/core/deliver/attempt.ts'
import { asId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Log } from '../../../src/ports/log.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import type { Result } from '../../../src/run/deliver/outbox-rows.ts'
import { Results } from '../../../src/run/deliver/results.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { aPhone } from '../../support/delivery.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

// How results get into the store, and who is told of what they came to.

const T0 = 100_000
const taken: Outcome = { kind: 'taken' }
const later: Outcome = { kind: 'later', fault: 'provider-unavailable', said: '503 come again' }
const refused: Outcome = { kind: 'refused', fault: 'push-refused' }

let store: Store
let clock: VirtualClock
let metrics: ReturnType<typeof listeningMetrics>
/** What was told, in order: to the outbox, and to the log. */
let told: unknown[]
let transactions = 0
beforeEach(async () => {
  clock = new VirtualClock(T0)
  metrics = listeningMetrics()
  told = []
  transactions = 0
  store = await openSqlite(':memory:')
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
  })
})
afterEach(() => store.close())

const log: Log = { ...quietLog, warn: (name, fields) => void told.push([name, fields]) }

/** Results over a store that `within` may change, whose attempts are there already. */
const made = (within: (tx: Tx) => Tx | StoreFault | TypeError = (tx) => tx) => {
  const counting: Store = {
    ...store,
    transact: (work, ...more) => {
      transactions += 1
      return store.transact(
        (tx) => {
          const other = within(tx)
          if (other instanceof Error) throw other
          return work(other)
        },
        ...more,
      )
    },
  }
  const random = { bytes: (n: number) => new Uint8Array(n) }
  return new Results(
    { store: counting, clock, metrics, log, random },
    {
      count: (channel, result) => void told.push(['count', channel, result]),
      refused: (channel, fault, device) => void told.push(['refused', channel, fault, device]),
      report: async (lost, at) => {
        if (lost.length > 0) told.push(['lost', lost.map(({ person }) => person), at])
      },
      doubted: () => false,
      soon: (wait) => void told.push(['soon', wait]),
    },
  )
}
const inStore = async (...attempts: Attempt[]) => {
  await store.transact((tx) => tx.attempts.add(attempts))
}
const handed = (id: string, more: Partial<Attempt> = {}) =>
  anAttempt(id, 'a1', { state: 'handed', created: T0, due: T0, expires: T0 + MINUTE, ...more })
const result = (attempt: Attempt, outcome: Outcome): Result => ({
  ready: {
    ...{ attempt, device: aPhone(attempt.device), bleep: aBleep('b1') },
    channel: { id: attempt.channel, send: async () => outcome, close: async () => undefined },
  },
  ...{ outcome, handed: T0, ended: clock.now() },
})
const states = async () =>
  (await store.transact((tx) => tx.attempts.ofAlert(asId('a1')))).map(({ state }) => state)
/** Time goes on by this, and every answer of the store with it. */
const on = async (ms: number) => {
  clock.advance(ms)
  await settle(5)
}

test('what was taken is counted and timed, and nobody is alarmed', async () => {
  await inStore(handed('t1'))
  await made().store(result(handed('t1'), taken))
  expect(await states()).toEqual(['taken'])
  expect(told).toEqual([['count', 'webpush', 'taken']])
  const hops = metrics.observed.map(([, , labels]) => labels?.hop)
  expect(hops).toContain('handed')
  expect(hops).toContain('taken')
})

test('what was put off is told with the provider’s own words, and when it is due again', async () => {
  await inStore(handed('t1'))
  await made().store(result(handed('t1'), later))
  const due = (await store.transact((tx) => tx.attempts.get(asId('t1'))))?.due ?? 0
  const fault = 'provider-unavailable'
  expect(told).toEqual([
    ['count', 'webpush', 'later'],
    ['refused', 'webpush', fault, 'd1'],
    [
      'attempt-failed',
      {
        ...{ attempt: 't1', channel: 'webpush', try: 0, state: 'queued' },
        ...{ fault, providerSays: '503 come again' },
      },
    ],
    ['soon', due - T0],
  ])
  expect(due).toBeGreaterThan(T0)
})

test('what was refused has rung nobody, and is due no more', async () => {
  await inStore(handed('t1'))
  await made().store(result(handed('t1'), refused))
  expect(told.map((one) => (Array.isArray(one) ? one[0] : one))).toEqual([
    ...['count', 'refused', 'attempt-failed', 'lost'],
  ])
  expect(told.at(-1)).toEqual(['lost', ['p1'], T0])
})

test('what is put off beyond its own time is counted as expired', async () => {
  await inStore(handed('t1', { expires: T0 + 1 }))
  await made().store(result(handed('t1', { expires: T0 + 1 }), later))
  expect(await states()).toEqual(['expired'])
  expect(told[0]).toEqual(['count', 'webpush', 'expired'])
})

test('one refused way beside one that was taken in the same moment alarms nobody', async () => {
  const key = (channel: string) => ({ key: `a1/1/p1/ask/0/d1/${channel}` })
  const [push, socket] = [handed('t1', key('webpush')), handed('t2', { channel: 'socket', ...key('socket') })]
  await inStore(push, socket)
  const results = made()
  await Promise.all([results.store(result(push, refused)), results.store(result(socket, taken))])
  expect(told.filter((one) => Array.isArray(one) && one[0] === 'lost')).toEqual([])
})

test('results that come together share transactions of thirty-two, and each of them waits until it is stored', async () => {
  const all = Array.from({ length: 70 }, (_, i) => handed(`t${i}`, { device: asId(`d${i}`) }))
  await inStore(...all)
  const results = made()
  let stored = 0
  await Promise.all(
    all.map(async (attempt) => {
      await results.store(result(attempt, taken))
      stored += 1
      expect((await store.transact((tx) => tx.attempts.get(attempt.id)))?.state).toBe('taken')
    }),
  )
  expect(stored).toBe(70)
  // The first goes by itself: nobody knows yet that more will come.
  expect(transactions).toBe(4)
})

test('a defect in one is told, and its neighbours are stored', async () => {
  await inStore(handed('t1'), handed('t2', { device: asId('d2') }))
  const results = made((tx) => {
    const get: Tx['attempts']['get'] = (id) => {
      if (id === 't1') throw new TypeError('planted')
      return tx.attempts.get(id)
    }
    return Object.create(tx, { attempts: { value: { ...tx.attempts, get } } })
  })
  await Promise.all([
    results.store(result(handed('t1'), taken)),
    results.store(result(handed('t2', { device: asId('d2') }), taken)),
  ])
  expect(await states()).toEqual(['handed', 'taken'])
  expect(metrics.counted).toMatchObject([['bleepbridge_faults_total', { fault: 'hand-over-failed' }, 1]])
  expect(told).toEqual([['count', 'webpush', 'taken']])
})

test('while the store is away a result is kept, tried again twice a second, and told by its fault', async () => {
  let away = 2
  await inStore(handed('t1'))
  const results = made((tx) => (away-- > 0 ? new StoreFault('store-lost') : tx))
  let stored = false
  const kept = results.store(result(handed('t1'), taken)).then(() => {
    stored = true
  })
  await on(0)
  await on(499)
  expect([transactions, stored]).toEqual([1, false])
  await on(1)
  await on(499)
  expect([transactions, stored]).toEqual([2, false])
  await on(1)
  await kept
  expect(await states()).toEqual(['taken'])
  const warned = ['outbox-store', { fault: 'store-lost' }]
  expect(told).toEqual([warned, warned, ['count', 'webpush', 'taken']])
})

test('a defect of the store’s own is no pause: whoever asked is told', async () => {
  const results = made(() => new TypeError('planted'))
  await expect(results.store(result(handed('t1'), taken))).rejects.toThrow('planted')
  expect([clock.pending, told]).toEqual([0, []])
})

describe('a result of an attempt that this store has not', () => {
  const nowhere = (isPart: boolean) => (tx: Tx) =>
    Object.create(tx, {
      isPart: { value: isPart },
      attempts: { value: { ...tx.attempts, get: async () => undefined } },
    })

  test('is over where that is the whole database', async () => {
    await made(nowhere(false)).store(result(handed('t1'), taken))
    expect([clock.pending, told]).toEqual([0, []])
  })

  test('is tried again twice a second where it is a part, all in one, for a minute', async () => {
    const results = made(nowhere(true))
    await results.store(result(handed('t1'), taken))
    await results.store(result(handed('t2'), taken))
    expect([clock.pending, transactions]).toEqual([1, 2])
    await on(499)
    expect(transactions).toBe(2)
    await on(1)
    // The first goes by itself, the other with whatever else has come.
    expect(transactions).toBeGreaterThan(2)
    for (let ms = 500; ms < MINUTE; ms += 500) await on(500)
    await on(500)
    expect(clock.pending).toBe(0)
    expect(told).toEqual([])
  })

  test('is kept for a minute and no longer', async () => {
    const results = made(nowhere(true))
    const old = { ...result(handed('t1'), taken), ended: T0 - MINUTE }
    await results.store(old)
    expect(clock.pending).toBe(0)
    await results.store({ ...old, ended: T0 - MINUTE + 1 })
    expect(clock.pending).toBe(1)
  })

  test('is left to whoever runs next, once the end has begun', async () => {
    const results = made(nowhere(true))
    results.end()
    await results.store(result(handed('t1'), taken))
    results.end()
    expect(clock.pending).toBe(0)
  })

  test('is stored when the rest of the database is back', async () => {
    await inStore(handed('t1'))
    let part = true
    const results = made((tx) => (part ? nowhere(true)(tx) : tx))
    await results.store(result(handed('t1'), taken))
    part = false
    await on(500)
    await on(0)
    expect(await states()).toEqual(['taken'])
    expect(told).toEqual([['count', 'webpush', 'taken']])
  })
})
