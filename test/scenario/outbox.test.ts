import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Attempt } from '../../src/core/deliver/attempt.ts'
import { CHANNEL_IDS } from '../../src/core/deliver/channels.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { asId } from '../../src/core/ids.ts'
import { openLog } from '../../src/io/log.ts'
import type { Channel, Outcome } from '../../src/ports/channel.ts'
import type { Store } from '../../src/ports/store.ts'
import { takeBackLeases } from '../../src/run/leases.ts'
import { stepStored } from '../../src/run/step-attempt.ts'
import { aPhone, type DeliveryRig, deliveryRig } from '../support/delivery.ts'
import { settle, VirtualClock } from '../support/virtual-clock.ts'

interface Sent {
  readonly at: number
  readonly attempt: string
  readonly device: string
}

/** A channel that answers as the test says, never by itself. */
class ScriptedChannel implements Channel {
  readonly id: Channel['id']
  readonly sent: Sent[] = []
  answer: (attempt: Attempt, device: Device, signal: AbortSignal) => Promise<Outcome> | Outcome
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock, id: Channel['id'] = 'webpush') {
    this.id = id
    this.#clock = clock
    this.answer = () => ({ kind: 'taken' })
  }

  async send(attempt: Attempt, device: Device, _bell: unknown, signal: AbortSignal): Promise<Outcome> {
    this.sent.push({ at: this.#clock.now(), attempt: attempt.id, device: device.id })
    return this.answer(attempt, device, signal)
  }

  async close(): Promise<void> {}
}

const hang = (signal: AbortSignal) =>
  new Promise<Outcome>((done) =>
    signal.addEventListener('abort', () => done({ kind: 'later', fault: 'provider-timeout' })),
  )
const unavailable: Outcome = { kind: 'later', fault: 'provider-unavailable' }

let clock: VirtualClock
let push: ScriptedChannel
let rig: DeliveryRig
const T0 = 1_000_000

beforeEach(async () => {
  clock = new VirtualClock(T0)
  push = new ScriptedChannel(clock)
  rig = await deliveryRig(clock, [push])
})

afterEach(async () => {
  push.answer = () => ({ kind: 'taken' })
  const closed = rig.close()
  await clock.elapse(60_000)
  await closed
})

/** Real database work inside virtual time: turns until the store has come to rest. */
const run = async (ms: number) => {
  await settle(30)
  for (let left = ms; left > 0; left -= 250) {
    await clock.elapse(Math.min(250, left))
    await settle(10)
  }
}

const states = async (alert: string) => (await rig.attempts(alert)).map((a) => `${a.device} ${a.state}`)

test('a phone that hangs delays nobody else, and is tried again after its own deadline', async () => {
  push.answer = (_attempt, device, signal) => (device.id === 'bad' ? hang(signal) : { kind: 'taken' })
  rig.start()
  await rig.ask('a', 'urgent', [aPhone('bad')])
  await rig.ask('b', 'routine', [aPhone('good')])
  await run(100)
  expect(await states('b')).toEqual(['good taken'])
  expect(await states('a')).toEqual(['bad handed'])
  await run(9_000)
  expect(push.sent.filter((s) => s.device === 'bad').map((s) => s.at - T0)).toHaveLength(2)
})

test('a provider that is down for two minutes loses nothing: each call is tried until it is taken', async () => {
  const up = T0 + 120_000
  push.answer = () => (clock.now() < up ? unavailable : { kind: 'taken' })
  rig.start()
  const phones = Array.from({ length: 5 }, (_, i) => aPhone(`phone-${i}`))
  for (const [i, phone] of phones.entries()) await rig.ask(`alert-${i}`, 'emergency', [phone])
  await run(125_000)
  for (let i = 0; i < 5; i++)
    expect((await rig.attempts(`alert-${i}`)).filter((a) => a.channel === 'webpush')).toMatchObject([
      { state: 'taken' },
    ])
  const gaps = push.sent.filter((s) => s.device === 'phone-0').map((s) => s.at - T0)
  expect(gaps.at(-1)).toBeGreaterThanOrEqual(120_000)
  expect(gaps.at(-1)).toBeLessThan(125_000)
  expect(gaps.length).toBeLessThan(60)
})

test('retry-after is honoured', async () => {
  push.answer = () =>
    push.sent.length === 1 ? { kind: 'later', after: 7_000, fault: 'provider-busy' } : { kind: 'taken' }
  rig.start()
  await rig.ask('a', 'urgent', [aPhone('phone')])
  await run(6_900)
  expect(push.sent).toHaveLength(1)
  await run(600)
  expect(push.sent).toHaveLength(2)
})

test('what would ring too late is never sent, and the alert hears of it', async () => {
  await rig.ask('a', 'test', [aPhone('phone')])
  clock.advance(600_000)
  rig.start()
  await run(500)
  expect(push.sent).toEqual([])
  expect(await states('a')).toEqual(['phone expired'])
  expect(rig.told).toMatchObject([{ kind: 'unreachable', alert: 'a', person: 'p1' }])
})

test('an emergency goes before everything that waited longer', async () => {
  for (let i = 0; i < 6; i++) await rig.ask(`routine-${i}`, 'routine', [aPhone(`phone-${i}`)])
  await rig.ask('crash', 'emergency', [aPhone('crash-phone')])
  rig.start({ concurrency: 2 })
  await run(500)
  expect(push.sent[0]?.device).toBe('crash-phone')
  expect(push.sent).toHaveLength(7)
})

test('with every place taken by hanging phones an emergency still finds a free one', async () => {
  push.answer = (attempt, _device, signal) =>
    attempt.class === 'emergency' ? { kind: 'taken' } : hang(signal)
  rig.start({ concurrency: 8 })
  for (let i = 0; i < 20; i++) await rig.ask(`routine-${i}`, 'routine', [aPhone(`phone-${i}`)])
  await run(250)
  await rig.ask('crash', 'emergency', [aPhone('crash-phone')])
  await run(250)
  expect(await states('crash')).toContain('crash-phone taken')
  expect(push.sent.filter((s) => s.device.startsWith('phone-')).length).toBeLessThanOrEqual(8)
})

test('with every place of one phone taken by hanging bleeps an emergency still goes to it at once', async () => {
  push.answer = (attempt, _device, signal) =>
    attempt.class === 'emergency' ? { kind: 'taken' } : hang(signal)
  rig.start()
  for (let i = 0; i < 6; i++) await rig.ask(`routine-${i}`, 'routine', [aPhone('phone')])
  await run(250)
  expect(push.sent).toHaveLength(4)
  await rig.ask('crash', 'emergency', [aPhone('phone')])
  await run(0)
  expect(await states('crash')).toContain('phone taken')
  expect(push.sent.at(-1)).toMatchObject({ at: T0 + 250 })
})

test('a provider’s wish for patience with one call, however long, holds back no emergency to the same phone', async () => {
  push.answer = (attempt) =>
    attempt.class === 'emergency'
      ? { kind: 'taken' }
      : { kind: 'later', after: 120_000, fault: 'provider-busy' }
  rig.start()
  await rig.ask('routine', 'routine', [aPhone('phone')])
  await run(250)
  await rig.ask('crash', 'emergency', [aPhone('phone')])
  await run(0)
  expect(await states('routine')).toEqual(['phone queued'])
  expect(await states('crash')).toContain('phone taken')
})

test('one way refused and another taken: the person is reached, and nobody is alarmed', async () => {
  const socket = new ScriptedChannel(clock, 'socket')
  socket.answer = () => ({ kind: 'refused', fault: 'socket-absent' })
  rig.start({
    channels: new Map<Channel['id'], Channel>([
      ['webpush', push],
      ['socket', socket],
    ]),
  })
  await rig.ask('a', 'emergency', [aPhone('phone')])
  await run(500)
  expect((await rig.attempts('a')).map((a) => `${a.channel} ${a.state}`)).toEqual([
    'webpush taken',
    'socket refused',
  ])
  expect(rig.told).toEqual([])
})

test('a receipt that comes before the provider’s answer stands', async () => {
  let answer: ((outcome: Outcome) => void) | undefined
  push.answer = () => new Promise((done) => (answer = done))
  rig.start()
  const [attempt] = await rig.ask('a', 'urgent', [aPhone('phone')])
  await run(100)
  await rig.store.transact((tx) =>
    stepStored(tx, asId(attempt!.id), { kind: 'receipt', stage: 'presented', at: clock.now() }),
  )
  answer?.({ kind: 'taken' })
  await run(100)
  expect(await states('a')).toEqual(['phone presented'])
  expect((await rig.hops('a')).map((hop) => hop.hop)).toEqual(['handed', 'taken'])
})

test('a revoked device is never rung, even if the attempt was planned before', async () => {
  await rig.ask('a', 'urgent', [aPhone('phone')])
  await rig.store.transact((tx) => tx.devices.save({ ...aPhone('phone'), state: 'revoked' }))
  rig.start()
  await run(250)
  expect(push.sent).toEqual([])
  expect(await states('a')).toEqual(['phone refused'])
})

describe('killed at any point', () => {
  test('before the answer was stored: claimed again when the lease lapses, by whoever lives', async () => {
    // The first node never stores anything after its claim: as if killed.
    await rig.ask('a', 'urgent', [aPhone('phone')])
    await rig.store.transact((tx) =>
      tx.attempts.claim({ owner: 'dead-node', now: clock.now(), until: clock.now() + 30_000, limit: 10 }),
    )
    rig.start({ owner: 'node-2' })
    await run(29_000)
    expect(push.sent).toEqual([])
    await run(2_500)
    expect(push.sent).toHaveLength(1)
    expect(await states('a')).toEqual(['phone taken'])
  })

  test('the same node, started again, does not wait for the lease of its dead self', async () => {
    await rig.ask('a', 'emergency', [aPhone('phone')])
    await rig.store.transact((tx) =>
      tx.attempts.claim({ owner: 'node-1/dead', now: clock.now(), until: clock.now() + 30_000, limit: 10 }),
    )
    await takeBackLeases(rig.store, asId('node-1'))
    rig.start({ owner: 'node-1/alive' })
    await run(1_500)
    expect(push.sent).toHaveLength(1)
  })

  test('after the answer was stored: never rung again', async () => {
    const first = rig.start()
    await rig.ask('a', 'urgent', [aPhone('phone')])
    await run(250)
    await first.stop()
    rig.start({ owner: 'node-2' })
    await run(60_000)
    expect(push.sent).toHaveLength(1)
  })
})

test('a radio re-page is addressed by the bleep itself and leaves word for the taps', async () => {
  const radio = new ScriptedChannel(clock, 'radio')
  const addresses: unknown[] = []
  radio.answer = (_attempt, device) => {
    addresses.push(JSON.parse(device.address))
    return { kind: 'taken' }
  }
  rig.start({ channels: new Map<Channel['id'], Channel>([['radio', radio]]) })
  await rig.rePage('a', 'emergency')
  await run(250)
  expect(addresses).toMatchObject([
    { number: '1113', to: { ric: 1_234_000 }, reason: 'No device could be reached this way' },
  ])
  const note = () => rig.store.transact((tx) => tx.notes.get('re-page/1113'))
  expect(await note()).toMatchObject([{ bleep: 'bleep-of-a', alert: 'a' }])
})

test('paging equipment may take longer than a provider, and a page that timed out may be heard as well', async () => {
  const radio = new ScriptedChannel(clock, 'radio')
  radio.answer = (_attempt, _device, signal) => hang(signal)
  rig.start({ channels: new Map<Channel['id'], Channel>([['radio', radio]]) })
  await rig.rePage('a', 'emergency')
  await run(19_000)
  expect(radio.sent).toHaveLength(1)
  await run(6000)
  expect(radio.sent).toHaveLength(2)
  const note = await rig.store.transact((tx) => tx.notes.get('re-page/1113'))
  expect(note).toHaveLength(2)
})

test('a phone that hangs, with a long queue behind it, costs the others no time and the store no work', async () => {
  const hung = new Set(['hung'])
  push.answer = (_attempt, device, signal) => (hung.has(device.id) ? hang(signal) : { kind: 'taken' })
  rig.start()
  for (let i = 0; i < 60; i++) await rig.ask(`hung-${i}`, 'routine', [aPhone('hung')])
  await run(1000)
  const handed = push.sent.length
  expect(handed).toBe(4)
  for (let i = 0; i < 5; i++) await rig.ask(`well-${i}`, 'routine', [aPhone('well')])
  await run(0)
  expect(push.sent.slice(handed).map((s) => s.device)).toEqual(Array(5).fill('well'))
  const waiting = await Promise.all([...Array(60).keys()].map((i) => states(`hung-${i}`)))
  expect(waiting.filter(([state]) => state === 'hung queued')).toHaveLength(56)
})

test('a provider that hung for 140 s before 149 routine bleeps, and is well again, has everything within five seconds', async () => {
  let ill = true
  push.answer = (_attempt, _device, signal) => (ill ? hang(signal) : { kind: 'taken' })
  rig.start()
  for (let i = 0; i < 149; i++) {
    await rig.ask(`a-${i}`, 'routine', [aPhone(`phone-${i % 4}`)])
    await run(940)
  }
  ill = false
  const before = push.sent.length
  await run(5000)
  const all = await Promise.all([...Array(149).keys()].map((i) => states(`a-${i}`)))
  expect(all.flat().filter((state) => !state.endsWith('taken'))).toEqual([])
  // One more for what was under way when it came back, none besides.
  expect(push.sent.length - before).toBeLessThanOrEqual(169)
})

test('a result that comes while only another file is there is stored when the database is back, and nothing is sent again', async () => {
  let away = false
  let taken: (said: Outcome) => void = () => undefined
  push.answer = () =>
    new Promise((done) => {
      taken = done
    })
  const store: Store = {
    ...rig.store,
    transact: (work, within) =>
      rig.store.transact((tx) => {
        if (!away) return work(tx)
        const attempts = { value: { ...tx.attempts, get: async () => undefined } }
        return work(Object.create(tx, { isPart: { value: true }, attempts }))
      }, within),
  }
  rig.start({ store })
  await rig.ask('a', 'urgent', [aPhone('phone')])
  await run(250)
  away = true
  taken({ kind: 'taken' })
  await run(3000)
  expect(await states('a')).toEqual(['phone handed'])
  away = false
  await run(1000)
  expect(await states('a')).toEqual(['phone taken'])
  await run(40_000)
  expect(push.sent).toHaveLength(1)
})

test('an end waits two seconds for what hangs, and what was given up is sent by whoever runs next', async () => {
  push.answer = (_attempt, _device, signal) => hang(signal)
  const outbox = rig.start()
  await rig.ask('a', 'routine', [aPhone('phone')])
  await run(250)
  let ended = false
  const end = outbox.stop().then(() => {
    ended = true
  })
  await run(2100)
  await end
  expect(ended).toBe(true)
  expect(await states('a')).toEqual(['phone queued'])
  push.answer = () => ({ kind: 'taken' })
  rig.start()
  await run(5000)
  expect(await states('a')).toEqual(['phone taken'])
})

describe('a push address that is said to be gone', () => {
  const gone: Outcome = { kind: 'dead', fault: 'push-address-dead', said: '410 Gone' }
  const phone = (id: string) => aPhone(id, 'webpush', { endpoint: `https://push.example/${id}` })
  const stateOf = async (id: string) => (await rig.store.transact((tx) => tx.devices.get(asId(id))))?.state
  const probed: string[] = []
  const probe = (device: Device) => {
    probed.push(device.id)
    return Promise.resolve(push.answer({ id: 'roll' } as Attempt, device, new AbortController().signal))
  }

  test('is tried once more after a minute, and dropped only if that says the same', async () => {
    rig.start({ probe })
    push.answer = (_attempt, device) =>
      device.id === 'lost' || clock.now() < T0 + 30_000 ? gone : { kind: 'taken' }
    await rig.ask('a', 'urgent', [phone('lost')])
    await rig.ask('b', 'urgent', [phone('well')])
    await run(1000)
    expect([await stateOf('lost'), await stateOf('well')]).toEqual(['active', 'active'])
    expect(rig.told.map(({ kind }) => kind)).toEqual(['unreachable', 'unreachable'])
    await run(60_000)
    expect(probed.toSorted()).toEqual(['lost', 'well'])
    expect([await stateOf('lost'), await stateOf('well')]).toEqual(['dead', 'active'])
    await rig.ask('c', 'emergency', [{ ...phone('lost'), state: 'dead' }])
    await run(500)
    expect((await rig.attempts('c')).map((a) => a.channel)).toEqual(['socket'])
  })

  test('is told to the log in the provider’s own words, as it is written', async () => {
    const lines: string[] = []
    rig.start({ probe, log: openLog({ to: { write: (line) => void lines.push(line) } }) })
    push.answer = () => gone
    await rig.ask('a', 'urgent', [phone('lost')])
    await run(1000)
    expect(lines.find((line) => line.includes('attempt-failed'))).toContain('"providerSays":"410 Gone"')
  })

  test('said of everybody at once, drops nobody', async () => {
    rig.start({ probe })
    push.answer = () => gone
    for (const id of ['a', 'b', 'c', 'd']) await rig.ask(id, 'urgent', [phone(id)])
    await run(65_000)
    for (const id of ['a', 'b', 'c', 'd']) expect(await stateOf(id)).toBe('active')
  })
})

describe('a way that hangs delays no other', () => {
  const others = CHANNEL_IDS.filter((id) => id !== 'webpush' && id !== 'radio')
  test.each(others)(
    '%s: with a hundred hand-overs to it under way or waiting, a push goes at once',
    async (id) => {
      const bad = new ScriptedChannel(clock, id)
      bad.answer = (_attempt, _device, signal) => hang(signal)
      await rig.close()
      rig = await deliveryRig(clock, [push, bad])
      rig.start()
      for (let i = 0; i < 100; i++)
        await rig.ask(`bad-${i}`, 'routine', [{ ...aPhone(`bad-${i}`, id), address: `+44770090${1000 + i}` }])
      await run(1000)
      expect(bad.sent.length).toBeGreaterThan(0)
      const asked = clock.now()
      await rig.ask('well', 'routine', [aPhone('well')])
      await run(1000)
      expect(push.sent.filter(({ device }) => device === 'well')).toMatchObject([{ at: asked }])
    },
  )
})
