import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { SECOND_TRY } from '../../../src/core/deliver/gone.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Log } from '../../../src/ports/log.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { Addresses } from '../../../src/run/deliver/addresses.ts'
import { aPhone } from '../../support/delivery.ts'
import { listeningMetrics, quietLog } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

// What is made of a provider's word that an address is gone, without an outbox.

const gone: Outcome = { kind: 'dead', fault: 'push-address-dead' }
const taken: Outcome = { kind: 'taken' }
const later: Outcome = { kind: 'later', fault: 'provider-unavailable' }
const refused: Outcome = { kind: 'refused', fault: 'push-refused' }

let clock: VirtualClock
let store: Store
let metrics: ReturnType<typeof listeningMetrics>
const probed: string[] = []
const counted: string[] = []
let rung = 0
beforeEach(async () => {
  clock = new VirtualClock(1_000_000)
  store = await openSqlite(':memory:')
  metrics = listeningMetrics()
  probed.length = 0
  counted.length = 0
  rung = 0
  store.wake.on('phones', () => {
    rung += 1
  })
})
afterEach(() => store.close())

const phone = (id: string, more: Partial<Device> = {}): Device => ({
  ...aPhone(id, 'webpush', { endpoint: `https://push.example/${id}` }),
  ...more,
})
const said = (id: string, more: Partial<Device> = {}) => phone(id, { saidGone: clock.now(), ...more })
const keep = (...devices: Device[]) =>
  store.transact(async (tx) => {
    for (const device of devices) await tx.devices.add(device, `digest-${device.id}`)
  })
const kept = (id: string) => store.transact((tx) => tx.devices.get(asId<DeviceId>(id)))
const made = (answer: Outcome | undefined) =>
  new Addresses(
    {
      ...{ store, clock, metrics, log: quietLog },
      probe: async (device) => {
        probed.push(device.id)
        return answer
      },
    },
    (channel, result) => void counted.push(`${channel} ${result}`),
  )
const aMinute = async (ms = SECOND_TRY) => {
  clock.advance(ms)
  await settle(20)
}

test.each([
  ['taken', taken],
  ['put off', later],
  ['refused', refused],
])('what is %s says of no address that it is gone', async (_, outcome) => {
  const addresses = made(gone)
  await keep(said('a'))
  addresses.heard(phone('a'), outcome)
  expect(clock.pending).toBe(0)
})

test('what is said a second time, or where nobody could ask, is asked no more', () => {
  made(gone).heard(said('a'), gone)
  const unasking = new Addresses({ store, clock, metrics, log: quietLog }, () => undefined)
  unasking.heard(phone('a'), gone)
  expect(clock.pending).toBe(0)
})

test('said twice within the minute it is asked once, a minute after the second', async () => {
  const addresses = made(gone)
  await keep(said('a'))
  addresses.heard(phone('a'), gone)
  clock.advance(SECOND_TRY / 2)
  addresses.heard(phone('a'), gone)
  await aMinute(SECOND_TRY - 1)
  expect(probed).toEqual([])
  await aMinute(1)
  expect(probed).toEqual(['a'])
})

test('nothing is asked once the end has begun', async () => {
  const addresses = made(gone)
  await keep(said('a'), said('b'))
  addresses.heard(phone('a'), gone)
  addresses.heard(phone('b'), gone)
  addresses.end()
  expect(clock.pending).toBe(0)
})

describe('a minute later', () => {
  const afterOne = async (answer: Outcome | undefined, device: Device | undefined) => {
    if (device) await keep(device)
    made(answer).heard(phone('a'), gone)
    await aMinute()
  }

  test.each([
    ['which took something since', () => phone('a')],
    ['that was revoked', () => said('a', { state: 'revoked' })],
    ['that is unknown by now', () => undefined],
  ])('a phone %s is not asked, and that is no defect', async (_, device) => {
    await afterOne(gone, device())
    expect(probed).toEqual([])
    expect(metrics.counted).toEqual([])
  })

  test('what takes the ring is there: nothing is held against it, and its holder is looked at again', async () => {
    await afterOne(taken, said('a'))
    expect(await kept('a')).toMatchObject({ state: 'active' })
    expect((await kept('a'))?.saidGone).toBeUndefined()
    expect([rung, counted]).toEqual([1, ['webpush taken']])
  })

  test('what is said to be gone again is dropped, and its holder is looked at again', async () => {
    await afterOne(gone, said('a'))
    expect(await kept('a')).toMatchObject({ state: 'dead' })
    expect([rung, counted]).toEqual([1, ['webpush dead']])
  })

  test.each([
    ['nothing', undefined],
    ['“come again”', later],
    ['a refusal', refused],
  ])('%s proves neither', async (_, answer) => {
    const before = said('a')
    await afterOne(answer, before)
    expect(probed).toEqual(['a'])
    expect(await kept('a')).toEqual(before)
    expect([rung, counted, metrics.counted]).toEqual([0, [], []])
  })

  test.each<[string, Error, unknown[]]>([
    ['a store that is away is no defect: the next call is its second try', new StoreFault('store-lost'), []],
    ['anything else is told', new TypeError('planted'), [['task-failed', 'outbox']]],
  ])('%s', async (_, error, defects) => {
    const told: unknown[] = []
    const log: Log = {
      ...quietLog,
      error: (_name, fields) => void told.push([fields?.fault, fields?.subject]),
    }
    const away: Store = { ...store, transact: () => Promise.reject(error) }
    const parts = { store: away, clock, metrics, log, probe: async () => gone }
    new Addresses(parts, () => undefined).heard(phone('a'), gone)
    await aMinute()
    expect(told).toEqual(defects)
  })
})

describe('a push service that says it of three phones', () => {
  const three = (addresses: Addresses) => {
    for (const id of ['a', 'b', 'c']) addresses.heard(phone(id), gone)
  }

  test('speaks of itself, until it takes something; what it puts off or refuses proves nothing', () => {
    const addresses = made(undefined)
    three(addresses)
    for (const outcome of [later, refused]) addresses.heard(phone('d'), outcome)
    expect(addresses.doubted(phone('e'), clock.now())).toBe(true)
    addresses.heard(phone('d'), taken)
    expect(addresses.doubted(phone('e'), clock.now())).toBe(false)
  })

  test.each([
    ['drops none of them when it says so again', gone, true, 'active'],
    ['is believed again when one of them takes the second ring', taken, false, 'active'],
  ])('%s', async (_, answer, doubted, state) => {
    const addresses = made(answer)
    await keep(said('a'))
    three(addresses)
    await aMinute()
    expect(addresses.doubted(phone('e'), clock.now())).toBe(doubted)
    expect(await kept('a')).toMatchObject({ state })
  })

  test('two and the second try of one of them are two', async () => {
    const addresses = made(gone)
    await keep(said('a'))
    addresses.heard(phone('a'), gone)
    addresses.heard(phone('b'), gone)
    await aMinute()
    expect(await kept('a')).toMatchObject({ state: 'dead' })
  })
})
