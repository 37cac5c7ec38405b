import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Attempt, Outcome } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { rePageKey } from '../../../src/core/deliver/re-page.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Store } from '../../../src/ports/store.ts'
import { change, endAttempt } from '../../../src/run/deliver/outbox-rows.ts'
import { stepStored } from '../../../src/run/step-attempt.ts'
import { aBleep, anAlert, anAttempt } from '../../contract/store.ts'
import { aPhone } from '../../support/delivery.ts'

// What one answer of a channel changes in the store: its attempt, the clock's record, the phone, the re-page.

const HANDED = 100_000
const ENDED = 100_400
const bleep = aBleep('b1')
const ours = { bleep: 'b1', alert: 'a1', text: '5551234', at: HANDED }

let store: Store
beforeEach(async () => {
  store = await openSqlite(':memory:')
  await store.transact(async (tx) => {
    await tx.bleeps.add(bleep)
    await tx.alerts.add(anAlert('a1', 'b1'), [])
    await tx.notes.set(rePageKey(bleep.number), [ours], HANDED)
  })
})
afterEach(() => store.close())

interface Case {
  readonly attempt?: Partial<Attempt>
  readonly device?: Partial<Device>
  readonly doubted?: boolean
}

/** What the store holds once this was heard of an attempt that was handed over. */
const after = async (outcome: Outcome, { attempt: more, device, doubted = false }: Case = {}) => {
  const phone = { ...aPhone('d1'), ...device }
  const attempt = anAttempt('t1', 'a1', { state: 'handed', expires: ENDED + MINUTE, ...more })
  const channel = { id: attempt.channel, send: async () => outcome, close: async () => undefined }
  const result = { ready: { attempt, device: phone, bleep, channel }, outcome, handed: HANDED, ended: ENDED }
  return store.transact(async (tx) => {
    await tx.devices.add(phone, 'digest')
    await tx.attempts.add([attempt])
    const told = await endAttempt(tx, result, 0, doubted)
    return {
      told,
      hops: (await tx.hops.of(bleep.id)).map(({ hop, at }) => [hop, at]),
      stamped: await tx.hops.of(bleep.id),
      state: (await tx.attempts.get(attempt.id))?.state,
      device: await tx.devices.get(asId<DeviceId>('d1')),
      before: phone,
      rePages: await tx.notes.get(rePageKey(bleep.number)),
    }
  })
}

const taken: Outcome = { kind: 'taken' }
const later: Outcome = { kind: 'later', fault: 'provider-unavailable' }
const refused: Outcome = { kind: 'refused', fault: 'push-refused' }
const gone: Outcome = { kind: 'dead', fault: 'push-address-dead' }

test.each<[string, Outcome, string, [string, number][]]>([
  [
    'taken',
    taken,
    'taken',
    [
      ['handed', HANDED],
      ['taken', ENDED],
    ],
  ],
  ['put off', later, 'queued', [['handed', HANDED]]],
  ['gone', gone, 'dead', [['handed', HANDED]]],
  ['refused', refused, 'refused', []],
])('a ring that was %s', async (_, outcome, state, hops) => {
  const found = await after(outcome)
  expect(found.state).toBe(state)
  expect(found.hops).toEqual(hops)
  expect(found.told?.hops.map(({ hop, at }) => [hop, at])).toEqual(hops)
  expect(found.told?.next.state).toBe(state)
})

test('the clock’s record says whose it is, and by which clock', async () => {
  const [first] = (await after(taken)).stamped
  expect(first).toMatchObject({
    ...{ bleep: 'b1', alert: 'a1', attempt: 't1', device: 'd1' },
    ...{ class: 'routine', clock: 'ours', person: 'p1' },
  })
})

test('a page on the air reaches no person by name', async () => {
  const { stamped } = await after(taken, { attempt: { channel: 'radio' } })
  expect(stamped).toHaveLength(2)
  expect(stamped.map(({ person }) => person)).toEqual([undefined, undefined])
})

test.each([
  ['taken', taken],
  ['put off', later],
  ['refused', refused],
])('what only changes a screen is on no clock, %s or not', async (_, outcome) => {
  expect((await after(outcome, { attempt: { purpose: 'update' } })).stamped).toEqual([])
})

test('a receipt that came before the answer stands, and both hops are on record', async () => {
  const attempt = anAttempt('t1', 'a1', { state: 'handed' })
  const channel = { id: attempt.channel, send: async () => taken, close: async () => undefined }
  const result = { outcome: taken, handed: HANDED, ended: ENDED }
  const told = await store.transact(async (tx) => {
    await tx.attempts.add([attempt])
    await stepStored(tx, attempt.id, { kind: 'receipt', stage: 'presented', at: ENDED - 1 })
    return endAttempt(tx, { ...result, ready: { attempt, device: aPhone('d1'), bleep, channel } }, 0, false)
  })
  expect([told?.next.state, told?.hops.length]).toEqual(['presented', 2])
})

test('an attempt that is not in this store changes nothing', async () => {
  const attempt = anAttempt('nobody', 'a1')
  const channel = { id: attempt.channel, send: async () => taken, close: async () => undefined }
  const ready = { attempt, device: aPhone('d1'), bleep, channel }
  const told = await store.transact((tx) =>
    endAttempt(tx, { ready, outcome: taken, handed: HANDED, ended: ENDED }, 0, false),
  )
  expect(told).toBeUndefined()
  expect(await store.transact((tx) => tx.hops.of(bleep.id))).toEqual([])
})

test.each<[string, Outcome, Case, Partial<Device>]>([
  ['said to be gone is remembered so', gone, {}, { state: 'active', saidGone: ENDED }],
  [
    'said to be gone once more after a minute is dead',
    gone,
    { device: { saidGone: ENDED - MINUTE } },
    { state: 'dead' },
  ],
  [
    'of a service that says it of everybody is kept',
    gone,
    { device: { saidGone: ENDED - MINUTE }, doubted: true },
    { state: 'active', saidGone: ENDED - MINUTE },
  ],
  [
    'that cannot be read as one is dead at once',
    { kind: 'dead', fault: 'push-address-bad' },
    {},
    { state: 'dead' },
  ],
])('an address %s', async (_, outcome, known, device) => {
  expect((await after(outcome, known)).device).toMatchObject(device)
})

test('whoever takes something is there', async () => {
  const { device, before } = await after(taken, { device: { saidGone: 1000 } })
  expect(device).toEqual({ ...before, saidGone: undefined })
})

test.each([
  ['taken', taken, {}],
  ['put off', later, {}],
  ['put off, of one that was said to be gone', later, { saidGone: 1000 }],
  ['refused', refused, {}],
  ['refused, of one that was said to be gone', refused, { saidGone: 1000 }],
])('%s says nothing new of an address', async (_, outcome, device) => {
  const found = await after(outcome, { device })
  expect(found.device).toEqual(found.before)
})

test('what the encoder refused is not on the air', async () => {
  expect((await after(refused, { attempt: { channel: 'radio' } })).rePages).toEqual([])
})

test.each([
  ['taken by the encoder', taken, 'radio'],
  ['put off by it', later, 'radio'],
  ['refused by a phone', refused, 'webpush'],
] as const)('what was %s leaves our own page known', async (_, outcome, channel) => {
  expect((await after(outcome, { attempt: { channel } })).rePages).toMatchObject([{ alert: 'a1' }])
})

test('a device that was taken out meanwhile is no trouble', async () => {
  await store.transact((tx) => change(tx, aPhone('nobody'), (device) => ({ ...device, saidGone: 1 })))
  expect(await store.transact((tx) => tx.devices.get(asId<DeviceId>('nobody')))).toBeUndefined()
})
