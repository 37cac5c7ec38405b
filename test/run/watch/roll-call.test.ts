import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChannelId } from '../../../src/core/deliver/channels.ts'
import type { Device, Proof } from '../../../src/core/deliver/device.ts'
import { provedBy, readdressed, rollKey, stateOf, waysTo } from '../../../src/core/deliver/proof.ts'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { type Store, StoreFault } from '../../../src/ports/store.ts'
import { type RollCall, startRollCall } from '../../../src/run/watch/roll-call.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { aRole, person, smallSite } from '../../support/small-site.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { countingRandom } from '../../support/ward.ts'

// Ada holds the crash role by day, from 8 to 8; Ben relieves her.
const EIGHT = Date.UTC(2026, 10, 20, 8)
const directory = buildDirectory(smallSite({ roles: [aRole('reg', { crash: true })] }))

let store: Store
let clock: VirtualClock
let roll: RollCall | undefined
let rung: { device: string; id: string; channel: ChannelId }[]
let told: string[]

const phone = (id: string, of: string, more: Partial<Device> = {}): Device => ({
  ...{ id: asId<DeviceId>(id), owner: { kind: 'person', person: person(of) }, label: id, channel: 'webpush' },
  ...{ address: '{}', state: 'active', enrolled: 0 },
  ...more,
})
const add = (device: Device) => store.transact((tx) => tx.devices.add(device, `token-${device.id}`))
const save = (device: Device) => store.transact((tx) => tx.devices.save(device))

function start(): RollCall {
  roll = startRollCall({
    ...{ store, clock, wake: store.wake, log: quietLog, metrics: quietMetrics, random: countingRandom() },
    directory: () => directory,
    sign: (_, subject, sign) => {
      const said = sign.kind === 'said' ? (sign.fault ?? 'well') : sign.kind
      const line = `${subject} ${said}`
      if (told.at(-1) !== line) told.push(line)
    },
    ring: async (device, id, channel) => {
      rung.push({ device: device.id, id, channel })
      return true
    },
  })
  return roll
}

beforeEach(async () => {
  store = await openSqlite(':memory:')
  clock = new VirtualClock(EIGHT - HOUR)
  rung = []
  told = []
})
afterEach(async () => {
  await roll?.stop()
  roll = undefined
  await store.close()
})

test('a database that hangs leaves nothing proved: after some minutes it is told that nobody looks any more', async () => {
  await add(phone('ada', 'ada', { proved: { webpush: { at: EIGHT, by: 'ring' } } }))
  clock = new VirtualClock(EIGHT + HOUR)
  const call = start()
  await clock.elapse(MINUTE)
  expect(call.troubles()).toEqual([])
  const { transact } = store
  const hanging: ((why: Error) => void)[] = []
  store.transact = () => new Promise<never>((_, fail) => void hanging.push(fail))
  await clock.elapse(5 * MINUTE)
  expect(call.troubles()).toEqual([{ code: 'task-failed', subject: 'roll-call' }])
  store.transact = transact
  for (const end of hanging) end(new StoreFault('store-busy'))
})

describe('at the change of shift', () => {
  test('each way of the phone of whoever comes on is rung once, and those off duty are left in peace', async () => {
    await add(phone('ada', 'ada'))
    await add(
      phone('ben', 'ben', {
        proved: {
          webpush: { at: EIGHT - 2 * HOUR, by: 'ring' },
          socket: { at: EIGHT - 2 * HOUR, by: 'ring' },
        },
      }),
    )
    start()
    await clock.elapse(50 * MINUTE)
    expect(rung).toEqual([])
    await clock.elapse(15 * MINUTE)
    expect(rung.map((r) => `${r.device} ${r.channel}`)).toEqual(['ada webpush', 'ada socket'])
    const noted = await store.transact((tx) => tx.notes.get(rollKey(asId<DeviceId>('ada'))))
    expect(noted).toEqual(Object.fromEntries(rung.map(({ id, channel }) => [id, channel])))
  })

  test('a way that has been proved in this duty is not rung again, one that has not is tried every quarter of an hour', async () => {
    await add(phone('ada', 'ada', { proved: { webpush: { at: EIGHT + MINUTE, by: 'ring' } } }))
    clock = new VirtualClock(EIGHT + HOUR)
    start()
    await clock.elapse(31 * MINUTE)
    expect(rung.map((r) => r.channel)).toEqual(['socket', 'socket', 'socket'])
  })
})

test.each(['apn', 'fcm'] as const)('the app behind %s is asked without a sound as well', async (channel) => {
  await add(phone('ada', 'ada', { channel }))
  start()
  await clock.elapse(HOUR + MINUTE)
  expect(rung.map((r) => r.channel)).toEqual([channel, 'socket'])
})

describe('a crash role', () => {
  test('without a phone is an alarm like one that nobody holds, once its holder has had time to arrive', async () => {
    const call = start()
    await clock.elapse(5 * MINUTE)
    expect(call.troubles()).toEqual([])
    await clock.elapse(HOUR + 12 * MINUTE)
    expect(call.troubles()).toEqual([
      { code: 'crash-role-unproved', subject: 'reg', detail: 'ada: no way was ever shown to ring' },
    ])
    expect(told.at(-1)).toBe('reg crash-role-unproved')
  })

  test('is well when its holder’s phone says that it was rung, and says since when it was not', async () => {
    const ada = phone('ada', 'ada')
    await add(ada)
    const call = start()
    await clock.elapse(HOUR + 12 * MINUTE)
    const at = clock.now()
    await save(provedBy(ada, 'webpush', { at, by: 'roll-call' }))
    await clock.elapse(MINUTE)
    expect([call.troubles(), told.at(-1)]).toEqual([[], 'reg well'])
    expect(call.readiness().map((r) => [r.holder, r.next, r.state])).toEqual([
      ['ada', false, 'proved'],
      ['ben', true, 'none'],
    ])
    // The address dies: what was shown of it is shown no more.
    await save({ ...ada, state: 'dead', proved: { webpush: { at, by: 'roll-call' } } })
    await clock.elapse(MINUTE)
    expect(call.troubles()).toMatchObject([{ code: 'crash-role-unproved', subject: 'reg' }])
  })

  test('whose push is gone is told while the open app still answers; a handset that stays open is not', async () => {
    const at = EIGHT + MINUTE
    const proved = { socket: { at, by: 'roll-call' } } as const
    await add(phone('ada', 'ada', { state: 'dead', proved: { ...proved, webpush: { at, by: 'ring' } } }))
    const call = start()
    await clock.elapse(HOUR + 12 * MINUTE)
    expect(call.troubles()).toEqual([{ code: 'crash-role-open-only', subject: 'reg', detail: 'ada' }])
    await save(phone('ada', 'ada', { proved: { ...proved, webpush: { at, by: 'ring' } } }))
    await clock.elapse(MINUTE)
    expect(call.troubles()).toEqual([])
    await save(phone('ada', 'ada', { channel: 'socket', proved }))
    await clock.elapse(MINUTE)
    expect(call.troubles()).toEqual([])
  })

  test('whose push is said to be gone is told at once, however short they have been on', async () => {
    clock = new VirtualClock(EIGHT + HOUR)
    const at = clock.now()
    const proved = { socket: { at, by: 'roll-call' }, webpush: { at, by: 'ring' } } as const
    await add(phone('ada', 'ada', { proved }))
    const call = start()
    await clock.elapse(MINUTE)
    expect(call.troubles()).toEqual([])
    // Once is enough: what was shown of it before is shown no more, until something comes by it again.
    await save(phone('ada', 'ada', { proved, saidGone: at + MINUTE }))
    store.wake.ring('phones')
    await clock.elapse(SECOND)
    expect(call.troubles()).toEqual([{ code: 'crash-role-open-only', subject: 'reg', detail: 'ada' }])
    await save(phone('ada', 'ada', { proved: { webpush: { at, by: 'ring' } }, saidGone: at + MINUTE }))
    store.wake.ring('phones')
    await clock.elapse(SECOND)
    expect(call.troubles()).toMatchObject([{ code: 'crash-role-unproved', subject: 'reg' }])
    expect(told.at(-1)).toBe('reg crash-role-unproved')
    const again = { ...proved, webpush: { at: at + 2 * MINUTE, by: 'ring' } } as const
    await save(phone('ada', 'ada', { proved: again, saidGone: at + MINUTE }))
    store.wake.ring('phones')
    await clock.elapse(SECOND)
    expect([call.troubles(), told.at(-1)]).toEqual([[], 'reg well'])
  })

  test('proved long ago is "not since", with the time', async () => {
    await add(
      phone('ada', 'ada', { proved: { webpush: { at: EIGHT - 24 * HOUR - 2 * MINUTE, by: 'ring' } } }),
    )
    const call = start()
    await clock.elapse(HOUR + 12 * MINUTE)
    expect(call.troubles()).toEqual([
      { code: 'crash-role-unproved', subject: 'reg', detail: 'ada: last shown at 07:58, not since' },
    ])
  })
})

describe('a way', () => {
  const proof: Proof = { at: EIGHT, by: 'ring' }

  test('with a new address has to be proved anew; the same address again stays proved', () => {
    const ada = provedBy(provedBy(phone('ada', 'ada'), 'webpush', proof), 'socket', proof)
    expect(readdressed(ada, 'webpush', '{}', 1).proved).toEqual(ada.proved)
    expect(readdressed(ada, 'webpush', '{"new":1}', 1).proved).toEqual({ socket: proof })
  })

  test('by push ends with its address, the hospital network does not; a text proves nothing', () => {
    const ada = provedBy(provedBy(phone('ada', 'ada'), 'webpush', proof), 'socket', proof)
    expect(waysTo({ ...ada, state: 'dead' })).toEqual([{ channel: 'socket', proof }])
    expect(waysTo({ ...ada, state: 'revoked' })).toEqual([])
    expect(waysTo(phone('t', 'ada', { channel: 'nudge' }))).toEqual([{ channel: 'nudge' }])
  })

  test('is proved for a shift and its hand-over, and the best of several counts', () => {
    const ways = [{ channel: 'webpush' as const }, { channel: 'socket' as const, proof }]
    expect([EIGHT + 12 * HOUR, EIGHT + 13 * HOUR].map((now) => stateOf(ways, now))).toEqual([
      'proved',
      'not-since',
    ])
    expect(stateOf([{ channel: 'webpush' }], EIGHT)).toBe('none')
  })

  test('is not written down again for each ring of a busy phone', () => {
    const once = provedBy(phone('ada', 'ada'), 'webpush', proof)
    expect(provedBy(once, 'webpush', { at: EIGHT + 30 * SECOND, by: 'ring' })).toBe(once)
    expect(provedBy(once, 'webpush', { at: EIGHT + 2 * MINUTE, by: 'ring' })).not.toBe(once)
  })
})
