import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Attempt } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { asId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store, Tx } from '../../../src/ports/store.ts'
import { bleepReader, change, deviceOf, fraction, unreached } from '../../../src/run/deliver/outbox-rows.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { aPhone } from '../../support/delivery.ts'

// What the outbox reads and writes in its transactions, each by itself.

let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
  await store.transact(async (tx) => {
    await tx.bleeps.add(aBleep('b1'))
    await tx.alerts.add(anAlert('a1', 'b1'), [])
  })
})
afterEach(() => store.close())

const failed = (id: string, more: Partial<Attempt> = {}) => {
  const attempt = anAttempt(id, 'a1', { state: 'refused', ...more })
  return { ...attempt, key: `a1/1/${attempt.person}/ask/0/${attempt.device}/${attempt.channel}` }
}

test.each<[string, Attempt[], string[]]>([
  ['both ways of one ring', [failed('t1'), failed('t2', { channel: 'socket' })], ['p1']],
  [
    'one way, and another still on its way',
    [failed('t1'), failed('t2', { channel: 'socket', state: 'handed' })],
    [],
  ],
  [
    'one way, and the device has it by another',
    [failed('t1'), failed('t2', { channel: 'socket', state: 'presented' })],
    [],
  ],
  ['what changes a screen only', [failed('t1', { purpose: 'update' })], []],
  ['a page by radio', [failed('t1', { channel: 'radio' })], []],
  ['what ran out of time', [failed('t1', { state: 'expired' })], ['p1']],
  ['rings of two people', [failed('t1'), failed('t2', { person: asId('p2') })], ['p1', 'p2']],
])('where %s failed, these were reached by nothing', async (_, attempts, people) => {
  const found = await store.transact(async (tx) => {
    await tx.attempts.add(attempts)
    return unreached(
      tx,
      attempts.filter(({ state }) => state === 'refused' || state === 'expired'),
    )
  })
  expect(found.map(({ person }) => person).toSorted()).toEqual(people)
})

test('the bleep of a call is read once in a transaction, however many it rings; none is none', async () => {
  let reads = 0
  await store.transact(async (tx) => {
    const counting: Tx = {
      ...tx,
      bleeps: {
        ...tx.bleeps,
        get: (id) => {
          reads += 1
          return tx.bleeps.get(id)
        },
      },
    }
    const bleepOf = bleepReader(counting)
    for (let i = 0; i < 3; i++) expect((await bleepOf(asId('a1')))?.id).toBe('b1')
    for (let i = 0; i < 2; i++) expect(await bleepOf(asId('nobody'))).toBeUndefined()
  })
  expect(reads).toBe(1)
})

test('a page by radio is addressed by itself, anything else by the device that is enrolled', async () => {
  const bleep = aBleep('b1')
  const of = (attempt: Attempt) => store.transact((tx) => deviceOf(tx, attempt, bleep))
  await store.transact((tx) => tx.devices.add(aPhone('phone'), 'digest'))
  expect((await of(failed('t1', { device: asId('phone') })))?.id).toBe('phone')
  expect(await of(failed('t1', { device: asId('gone') }))).toBeUndefined()
  const radio = await of(failed('t1', { channel: 'radio', device: asId('radio') }))
  expect(radio).toEqual({
    ...{ id: 'radio', channel: 'radio', label: 'radio', state: 'active', enrolled: 2000 },
    ...{ owner: { kind: 'role', role: 'radio' }, address: expect.any(String) },
  })
  const { to, type, text, fields } = bleep.page
  expect(JSON.parse(radio?.address ?? '')).toMatchObject({ number: bleep.number, to, type, text, fields })
})

test('what is heard of an address changes its device, unless that has another by now or is out of use', async () => {
  const tried = aPhone('phone', 'webpush', { at: 'old' })
  const gone = (device: Device): Device => ({ ...device, saidGone: 5000 })
  const heard = async (now: Device, how = gone) => {
    let writes = 0
    const asked: string[] = []
    await store.transact(async (tx) => {
      await ((await tx.devices.get(now.id)) ? tx.devices.save(now) : tx.devices.add(now, 'digest'))
      const save = async (device: Device) => {
        writes += 1
        await tx.devices.save(device)
      }
      const alone = async (key: string) => void asked.push(key)
      await change({ ...tx, alone, devices: { ...tx.devices, save } }, tried, how)
    })
    expect(asked).toEqual(['device/phone'])
    return [writes, (await store.transact((tx) => tx.devices.get(now.id)))?.saidGone]
  }
  expect(await heard(tried)).toEqual([1, 5000])
  expect(await heard(tried, (device) => device)).toEqual([0, undefined])
  expect(await heard({ ...tried, address: '{"at":"new"}' })).toEqual([0, undefined])
  expect(await heard({ ...tried, state: 'revoked' })).toEqual([0, undefined])
})

test.each([
  [[0, 0], 0],
  [[0, 1], 1 / 65_536],
  [[128, 0], 0.5],
  [[255, 255], 65_535 / 65_536],
])('the bytes %j are the fraction %d', (bytes, value) => {
  expect(fraction({ bytes: () => Uint8Array.from(bytes) })).toBe(value)
})
