import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attempt, Outcome } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { asId } from '../../../src/core/ids.ts'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import type { Log } from '../../../src/ports/log.ts'
import { type Store, StoreFault, type Tx } from '../../../src/ports/store.ts'
import { type RunningOutbox, startOutbox } from '../../../src/run/deliver/outbox.ts'
import { anAttempt } from '../../contract/store.ts'
import { aPhone, bleepOf, type DeliveryRig, deliveryRig } from '../../support/delivery.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

// The outbox where only a look from near shows the difference: what wakes it, what it frees, what it tells, how it ends.

const T0 = 1_000_000
/** So seldom does it look by itself in these tests: whatever happens sooner, something else has woken it. */
const SELDOM = 20 * SECOND
type Send = (attempt: Attempt, device: Device, signal: AbortSignal) => Promise<Outcome> | Outcome

let clock: VirtualClock
let rig: DeliveryRig
let metrics: ReturnType<typeof listeningMetrics>
let told: unknown[]
let sent: [at: number, device: string][]
let answer: Send
beforeEach(async () => {
  clock = new VirtualClock(T0)
  metrics = listeningMetrics()
  told = []
  sent = []
  answer = () => ({ kind: 'taken' })
  rig = await deliveryRig(clock, [channel('webpush')])
})
afterEach(async () => {
  const closed = rig.close()
  await run(60_000)
  await closed
})

const channel = (id: Channel['id']): Channel => ({
  id,
  async send(attempt, device, _bell, signal) {
    sent.push([clock.now() - T0, device.id])
    return answer(attempt, device, signal)
  },
  close: async () => undefined,
})
const log: Log = {
  ...quietLog,
  error: (_name, fields) => void told.push([fields?.fault, fields?.subject]),
}
const run = async (ms: number) => {
  await settle(30)
  for (let left = ms; left > 0; left -= 250) {
    await clock.elapse(Math.min(250, left))
    await settle(10)
  }
}
const start = (more: Parameters<DeliveryRig['start']>[0] = {}): RunningOutbox => {
  const outbox = rig.start({ log, metrics, every: SELDOM, ...more })
  if (!('ahead' in outbox)) throw new Error('no outbox')
  return outbox as RunningOutbox
}
const hang = (signal: AbortSignal) =>
  new Promise<Outcome>((done) =>
    signal.addEventListener('abort', () => done({ kind: 'later', fault: 'provider-timeout' })),
  )
const states = async (alert: string) => (await rig.attempts(alert)).map(({ state }) => state)

test('what is put off is tried again at its time, though nothing else wakes the loop', async () => {
  answer = () =>
    sent.length === 1 ? { kind: 'later', after: 7000, fault: 'provider-busy' } : { kind: 'taken' }
  start()
  await run(0)
  await rig.ask('a', 'urgent', [aPhone('phone')])
  await run(10_000)
  expect(sent.map(([at]) => at >= 7000 && at <= 7500)).toEqual([false, true])
})

test('all that waits is taken in turns of thirty-two at once', async () => {
  let transactions = 0
  const store: Store = {
    ...rig.store,
    transact: (work, within) =>
      rig.store.transact((tx) => {
        const claim: Tx['attempts']['claim'] = async (...given) => {
          const taken = await tx.attempts.claim(...given)
          if (taken.length > 0) transactions += 1
          expect(taken.length).toBeLessThanOrEqual(32)
          return taken
        }
        return work(Object.create(tx, { attempts: { value: { ...tx.attempts, claim } } }))
      }, within),
  }
  for (let i = 0; i < 70; i++) await rig.ask(`a${i}`, 'routine', [aPhone(`phone-${i}`)])
  start({ store })
  await run(250)
  expect(sent).toHaveLength(70)
  expect(transactions).toBe(3)
})

test('one phone is given four of what has waited for it, in one turn', async () => {
  answer = (_, __, signal) => hang(signal)
  for (let i = 0; i < 6; i++) await rig.ask(`a${i}`, 'routine', [aPhone('phone')])
  start()
  await run(250)
  expect(sent).toHaveLength(4)
})

test('emergencies by the score are all taken at once', async () => {
  for (let i = 0; i < 70; i++) await rig.ask(`a${i}`, 'emergency', [aPhone(`phone-${i}`)])
  start()
  await run(250)
  expect(sent).toHaveLength(70)
})

test('what waits for its phone goes the moment one hand-over to that ends, however often was looked meanwhile', async () => {
  const ends: (() => void)[] = []
  answer = () => new Promise((done) => ends.push(() => done({ kind: 'taken' })))
  for (let i = 0; i < 5; i++) await rig.ask(`a${i}`, 'routine', [aPhone('phone')])
  start()
  await run(250)
  rig.store.wake.ring('attempts')
  await run(250)
  expect(sent).toHaveLength(4)
  ends.shift()?.()
  await run(0)
  expect(sent).toHaveLength(5)
  for (const end of ends) end()
})

test('what finds no place goes the moment one is free', async () => {
  const ends: (() => void)[] = []
  answer = () => new Promise((done) => ends.push(() => done({ kind: 'taken' })))
  start({ concurrency: 4 })
  for (let i = 0; i < 6; i++) await rig.ask(`a${i}`, 'routine', [aPhone(`phone-${i}`)])
  await run(250)
  // A quarter is kept free for emergencies.
  expect(sent).toHaveLength(3)
  ends.shift()?.()
  await run(0)
  expect(sent.length).toBeGreaterThan(3)
  while (ends.length > 0) {
    ends.shift()?.()
    await run(0)
  }
  expect(sent).toHaveLength(6)
})

test('calls that nobody answers leave room for one that has not rung yet', async () => {
  const ends: (() => void)[] = []
  answer = () => new Promise((done) => ends.push(() => done({ kind: 'taken' })))
  start({ concurrency: 8 })
  for (let i = 0; i < 12; i++)
    await rig.ask(`a${i}`, 'emergency', [aPhone('phone')], { purpose: 'again', reason: 'no-receipt' })
  await run(250)
  expect(sent).toHaveLength(7)
  await rig.ask('new', 'emergency', [aPhone('other')])
  await run(250)
  expect(sent.at(-1)?.[1]).toBe('other')
  // And what rings again goes on as places come free.
  while (ends.length > 0) {
    ends.shift()?.()
    await run(0)
  }
  expect(sent).toHaveLength(13)
})

test('of what waits, an emergency that has not rung yet goes first', async () => {
  for (let i = 0; i < 40; i++)
    await rig.ask(`a${i}`, 'emergency', [aPhone('phone')], { purpose: 'again', reason: 'no-receipt' })
  await rig.ask('new', 'emergency', [aPhone('other')])
  start()
  await run(250)
  expect(sent[0]?.[1]).toBe('other')
  expect(sent).toHaveLength(41)
})

test('each hand-over is counted and timed by its way and by what came of it', async () => {
  answer = async (_, device) => {
    clock.advance(1500)
    return device.id === 'bad' ? { kind: 'refused', fault: 'push-refused' } : { kind: 'taken' }
  }
  start()
  await rig.ask('a', 'urgent', [aPhone('good')])
  await run(0)
  await rig.ask('b', 'urgent', [aPhone('bad')])
  await run(0)
  expect(metrics.observed.filter(([name]) => name === 'bleepbridge_send_seconds')).toEqual([
    ['bleepbridge_send_seconds', 1.5, { channel: 'webpush', result: 'taken' }],
    ['bleepbridge_send_seconds', 1.5, { channel: 'webpush', result: 'refused' }],
  ])
  expect(metrics.counted.filter(([name]) => name === 'bleepbridge_attempts_total')).toEqual([
    ['bleepbridge_attempts_total', { channel: 'webpush', result: 'taken' }, 1],
    ['bleepbridge_attempts_total', { channel: 'webpush', result: 'refused' }, 1],
  ])
})

test('who asked to be told of what was not taken is told by what, why and whom', async () => {
  const refusals: unknown[] = []
  answer = () => ({ kind: 'refused', fault: 'push-refused' })
  start({ refused: (...one) => void refusals.push(one) })
  await rig.ask('a', 'urgent', [aPhone('phone')])
  await run(0)
  expect(refusals).toEqual([['webpush', 'push-refused', 'phone']])
})

describe('a defect', () => {
  test('of a channel refuses its own attempt, is told once, and takes no neighbour with it', async () => {
    answer = (_, device) => {
      if (device.id === 'bad') throw new TypeError('planted')
      return { kind: 'taken' }
    }
    start()
    const [attempt] = await rig.ask('a', 'urgent', [aPhone('bad')])
    await rig.ask('b', 'urgent', [aPhone('good')])
    await run(250)
    expect([await states('a'), await states('b')]).toEqual([['refused'], ['taken']])
    expect(told).toEqual([['hand-over-failed', attempt?.id]])
    expect(rig.told).toMatchObject([{ kind: 'unreachable', alert: 'a', person: 'p1', reason: 'path-failed' }])
  })

  test('in making one ready refuses it, and its neighbours go', async () => {
    const [attempt] = await rig.ask('a', 'urgent', [aPhone('bad')])
    await rig.ask('b', 'urgent', [aPhone('good')])
    const store: Store = {
      ...rig.store,
      transact: (work, within) =>
        rig.store.transact((tx) => {
          const get: Tx['devices']['get'] = (id) => {
            if (id === 'bad') throw new TypeError('planted')
            return tx.devices.get(id)
          }
          return work(Object.create(tx, { devices: { value: { ...tx.devices, get } } }))
        }, within),
    }
    start({ store })
    await run(250)
    expect([await states('a'), await states('b')]).toEqual([['refused'], ['taken']])
    expect((await rig.attempts('a'))[0]?.fault).toBe('hand-over-failed')
    expect(told).toEqual([['hand-over-failed', attempt?.id]])
    expect(rig.told).toMatchObject([{ alert: 'a', person: 'p1' }])
  })

  test('in telling one alert of it leaves the others told', async () => {
    answer = () => ({ kind: 'refused', fault: 'push-refused' })
    const heard: string[] = []
    start({
      apply: async (alert) => {
        heard.push(alert)
        if (alert === 'a') throw new TypeError('planted')
      },
    })
    await rig.ask('a', 'urgent', [aPhone('one')])
    await rig.ask('b', 'urgent', [aPhone('two')])
    await run(250)
    expect(heard.toSorted()).toEqual(['a', 'b'])
    expect(told).toEqual([['step-failed', 'a']])
  })

  test('of the store’s own in a hand-over frees its place, and the attempt is claimed again after its lease', async () => {
    let broken = true
    answer = () => {
      if (broken) throw new StoreFault('store-lost')
      return { kind: 'taken' }
    }
    const [attempt] = await rig.ask('a', 'routine', [aPhone('phone')])
    start({ concurrency: 2, every: 500 })
    await run(250)
    expect([await states('a'), told]).toEqual([['handed'], [['hand-over-failed', attempt?.id]]])
    broken = false
    await run(29_000)
    expect(sent).toHaveLength(1)
    await run(2000)
    expect(await states('a')).toEqual(['taken'])
  })
})

describe('a phone', () => {
  const phones = () => {
    let rung = 0
    rig.store.wake.on('phones', () => {
      rung += 1
    })
    return () => rung
  }
  test('whose address is said to be gone, or that is there after all, has its holder looked at again', async () => {
    const rung = phones()
    start()
    await rig.ask('a', 'urgent', [aPhone('well')])
    await run(0)
    expect(rung()).toBe(0)
    answer = () => ({ kind: 'dead', fault: 'push-address-dead' })
    await rig.ask('b', 'urgent', [aPhone('lost')])
    await run(0)
    expect(rung()).toBe(1)
    answer = () => ({ kind: 'taken' })
    await rig.ask('c', 'urgent', [aPhone('lost')])
    await run(0)
    expect(rung()).toBe(2)
  })

  test('of which another way says so has not', async () => {
    const rung = phones()
    await rig.ask('a', 'emergency', [aPhone('phone')])
    answer = ({ channel }) =>
      channel === 'socket' ? { kind: 'dead', fault: 'push-address-dead' } : { kind: 'taken' }
    start({ channels: new Map((['webpush', 'socket'] as const).map((id) => [id, channel(id)])) })
    await run(250)
    expect([sent.length, rung()]).toEqual([2, 0])
  })
})

test('a provider that answers again has what hangs there asked anew at once, and what began just now left alone', async () => {
  let ill = true
  const began = new Map<string, number>()
  answer = (_, device, signal) => {
    began.set(device.id, (began.get(device.id) ?? 0) + 1)
    return ill || device.id === 'young' ? hang(signal) : { kind: 'taken' }
  }
  start({ every: 500 })
  for (let i = 0; i < 6; i++) await rig.ask(`a${i}`, 'routine', [aPhone(`phone-${i}`)])
  await run(40 * SECOND)
  ill = false
  await run(3 * SECOND)
  expect((await Promise.all([0, 1, 2, 3, 4, 5].map((i) => states(`a${i}`)))).flat()).toEqual(
    Array(6).fill('taken'),
  )
})

test.each<[string, Error, unknown[]]>([
  ['the store', new StoreFault('store-busy'), []],
  ['a defect', new TypeError('planted'), [['task-failed', 'outbox']]],
])(
  'what was put off comes at its own time where its provider answers again and %s keeps it from being hastened',
  async (_, error, faults) => {
    let ill = true
    answer = (_, __, signal) => (ill ? hang(signal) : { kind: 'taken' })
    const store: Store = {
      ...rig.store,
      transact: (work, within) =>
        rig.store.transact((tx) => {
          const hasten = () => Promise.reject(error)
          return work(Object.create(tx, { attempts: { value: { ...tx.attempts, hasten } } }))
        }, within),
    }
    start({ every: 500, store })
    for (let i = 0; i < 6; i++) await rig.ask(`a${i}`, 'routine', [aPhone(`phone-${i}`)])
    await run(40 * SECOND)
    ill = false
    await run(MINUTE)
    expect((await Promise.all([0, 1, 2, 3, 4, 5].map((i) => states(`a${i}`)))).flat()).toEqual(
      Array(6).fill('taken'),
    )
    expect(told.slice(0, 1)).toEqual(faults)
  },
)

describe('a clock that is set back an hour', () => {
  test('keeps nothing that was put off, or that waits for a place, for as long', async () => {
    answer = () => (sent.length < 3 ? { kind: 'later', fault: 'provider-unavailable' } : { kind: 'taken' })
    await rig.ask('a', 'urgent', [aPhone('one')])
    await rig.ask('b', 'routine', [aPhone('two')])
    start({ every: 500 })
    await run(250)
    expect([await states('a'), await states('b')]).toEqual([['queued'], ['queued']])
    clock.step(-60 * MINUTE)
    await run(6000)
    expect([await states('a'), await states('b')]).toEqual([['taken'], ['taken']])
  })

  test('while nobody ran is noticed at the start', async () => {
    await rig.ask('a', 'routine', [aPhone('one')])
    clock.step(-60 * MINUTE)
    start()
    await run(250)
    expect(await states('a')).toEqual(['taken'])
  })

  test('has each that is put off after it wait its time', async () => {
    start({ every: 500 })
    await run(250)
    clock.step(-60 * MINUTE)
    await run(1000)
    answer = () =>
      sent.length === 1 ? { kind: 'later', after: 20_000, fault: 'provider-busy' } : { kind: 'taken' }
    await rig.ask('a', 'urgent', [aPhone('one')])
    await run(19_000)
    expect(sent).toHaveLength(1)
    await run(2000)
    expect(sent).toHaveLength(2)
  })
})

describe('attempts that go with the commit which asks for them', () => {
  const asked = (id: string, more: Partial<Attempt> = {}) => ({
    attempt: anAttempt(id, 'a', {
      ...{ device: asId(id), created: T0, due: T0, expires: T0 + MINUTE },
      ...more,
    }),
    device: aPhone(id),
  })
  const store = (outbox: RunningOutbox, ids: string[], more: Partial<Attempt> = {}) =>
    rig.store.transact((tx) =>
      outbox.ahead.store(
        tx,
        ids.map((id) => asked(id, more)),
        bleepOf('a', T0, 'routine'),
        clock.now(),
      ),
    )
  const ids = (n: number) => Array.from({ length: n }, (_, i) => `t${i}`)

  test.each([
    ['routine', 6],
    ['emergency', 8],
  ] as const)('find as many places as there are for %s', async (c, places) => {
    const outbox = start({ concurrency: 8 })
    await rig.ask('a', 'routine', [])
    expect(await store(outbox, ids(12), { class: c })).toHaveLength(places)
  })

  test('are sent once that is durable, and never by the loop as well', async () => {
    const outbox = start({ every: 500 })
    await rig.ask('a', 'routine', [])
    outbox.ahead.setOff(await store(outbox, ['t0']))
    await run(10_000)
    expect([sent, await states('a')]).toEqual([[[0, 't0']], ['taken']])
  })

  test('of which nobody hears whether they are stored are let go each second, until no such commit can be open', async () => {
    const letGo: [at: number, ids: readonly string[]][] = []
    const spying: Store = {
      ...rig.store,
      transact: (work, within) =>
        rig.store.transact((tx) => {
          const spy: Tx['attempts']['letGo'] = async (all, owner) => {
            if (all.length > 0) letGo.push([clock.now() - T0, all])
            expect(owner).toBe('node-1')
            return tx.attempts.letGo([], owner)
          }
          return work(Object.create(tx, { attempts: { value: { ...tx.attempts, letGo: spy } } }))
        }, within),
    }
    const outbox = start({ every: 500, store: spying })
    await rig.ask('a', 'routine', [])
    await store(outbox, ['t0', 't1'])
    await run(12_000)
    expect(letGo[0]).toEqual([1000, ['t0', 't1']])
    expect(letGo.at(-1)?.[0]).toBeGreaterThanOrEqual(8000)
    expect(letGo.at(-1)?.[0]).toBeLessThanOrEqual(8500)
  })

  test('of which nobody hears are sent once, however slow their provider is and however often the loop looks', async () => {
    answer = (_, __, signal) => hang(signal)
    const outbox = start({ every: 500 })
    await rig.ask('other', 'routine', [aPhone('t0')])
    await rig.ask('a', 'routine', [])
    await run(0)
    const before = sent.length
    await store(outbox, ['t0'], { class: 'emergency' })
    await run(6000)
    expect(sent.length - before).toBe(1)
  })

  test('and were claimed by a commit of which nobody heard are let go within seconds', async () => {
    let cut = 2
    const cutting: Store = {
      ...rig.store,
      async transact(work, within) {
        let claimed = false
        const done = await rig.store.transact((tx) => {
          const claim: Tx['attempts']['claim'] = async (...given) => {
            const taken = await tx.attempts.claim(...given)
            claimed = taken.length > 0
            return taken
          }
          return work(Object.create(tx, { attempts: { value: { ...tx.attempts, claim } } }))
        }, within)
        if (claimed && cut-- > 0) throw new StoreFault('store-lost')
        return done
      },
    }
    start({ every: 500, store: cutting })
    await rig.ask('a', 'routine', [aPhone('t0')])
    await run(5000)
    expect([sent.length, await states('a')]).toEqual([1, ['taken']])
  })

  test('of which nobody hears are let go within seconds also when the clock went back', async () => {
    const outbox = start({ every: 500 })
    await rig.ask('other', 'routine', [aPhone('t0')])
    await rig.ask('a', 'routine', [])
    await store(outbox, ['t0'])
    clock.step(-60 * MINUTE)
    await run(4000)
    expect(await states('a')).toEqual(['taken'])
  })

  test('are begun with by nobody whose end has begun', async () => {
    const outbox = start()
    await rig.ask('a', 'routine', [])
    const ready = await store(outbox, ['t0'])
    const ended = outbox.stop()
    outbox.ahead.setOff(ready)
    expect(await store(outbox, ['t1'])).toEqual([])
    await run(250)
    await ended
    expect(sent).toEqual([])
  })
})

describe('an end', () => {
  test('waits for what is under way to be stored, and leaves no timer', async () => {
    let taken = (_: Outcome): void => undefined
    answer = () =>
      new Promise((done) => {
        taken = done
      })
    const outbox = start()
    await rig.ask('a', 'urgent', [aPhone('phone')])
    await run(0)
    let ended = false
    const end = outbox.stop().then(() => {
      ended = true
    })
    await run(1000)
    expect(ended).toBe(false)
    taken({ kind: 'taken' })
    await settle(30)
    await end
    expect([await states('a'), clock.pending]).toEqual([['taken'], 0])
  })

  test('leaves to whoever runs next what came of an attempt that is in another file', async () => {
    const apart: Store = {
      ...rig.store,
      transact: (work, within) =>
        rig.store.transact((tx) => {
          const attempts = { value: { ...tx.attempts, get: async () => undefined } }
          return work(Object.create(tx, { isPart: { value: true }, attempts }))
        }, within),
    }
    const outbox = start({ store: apart })
    await rig.ask('a', 'urgent', [aPhone('phone')])
    await run(0)
    expect([sent.length, await states('a')]).toEqual([1, ['handed']])
    await outbox.stop()
    expect(clock.pending).toBe(0)
  })

  test('waits no longer than two seconds for what hangs', async () => {
    answer = (_, __, signal) => hang(signal)
    const outbox = start()
    await rig.ask('a', 'routine', [aPhone('phone')])
    await run(0)
    let ended = false
    const end = outbox.stop().then(() => {
      ended = true
    })
    await run(1999)
    expect(ended).toBe(false)
    await run(1)
    await end
    expect(await states('a')).toEqual(['queued'])
  })
})

test.each<[Attempt['class'], number]>([
  ['emergency', 5000],
  ['urgent', 8000],
])('a provider has %s %d ms for one hand-over', async (c, within) => {
  const aborted: number[] = []
  answer = (_, __, signal) => {
    signal.addEventListener('abort', () => void aborted.push(clock.now() - T0))
    return hang(signal)
  }
  start()
  await rig.ask('a', c, [aPhone('phone')])
  await run(within + 250)
  expect(aborted[0]).toBe(within)
})

test('a loop that fails is told by its name', async () => {
  const store: Store = { ...rig.store, transact: () => Promise.reject(new TypeError('planted')) }
  const one = startOutbox({
    ...{ store, clock, metrics, log, random: { bytes: (n) => new Uint8Array(n) }, owner: 'node-1' },
    ...{ channels: new Map(), privacy: 'opaque', apply: async () => undefined },
  })
  await run(250)
  expect(told).toEqual([['task-failed', 'outbox']])
  await one.stop()
})
