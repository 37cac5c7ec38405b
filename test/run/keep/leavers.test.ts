import { expect, test, vi } from 'vitest'
import type { AlertEvent } from '../../../src/core/alert/alert.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import type { Directory, Person } from '../../../src/core/directory/directory.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { startLeavers } from '../../../src/run/keep/leavers.ts'
import { aPhone } from '../../support/delivery.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'
import { aHolding, wardDirectory } from '../../support/ward.ts'

test('a leaver is out at the reload: token void, phone told to wipe, streams ended, on the record', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 22, 3))
  const store = await openSqlite(':memory:')
  const whole = wardDirectory(aHolding())
  const [person, other] = [...whole.people.values()] as [Person, Person]
  let directory: Directory = whole
  const of = (id: string, owner: Person): Device => ({
    ...aPhone(id, 'webpush', { endpoint: `https://push.example/${id}` }),
    owner: { kind: 'person', person: owner.id },
  })
  await store.transact(async (tx) => {
    await tx.devices.add(of('leaves', person), 'token-leaves')
    await tx.devices.add(of('stays', other), 'token-stays')
  })
  const wiped: Device[] = []
  const out: DeviceId[] = []
  const applied: AlertEvent[] = []
  const leavers = startLeavers({
    ...{ store, clock, log: quietLog, metrics: quietMetrics, wake: store.wake },
    directory: () => directory,
    apply: async (_alert, event) => void applied.push(event),
    noToken: () => 'nobody',
    wipe: async (device) => wiped.push(device) > 0,
  })
  leavers.onOut((device) => out.push(device))
  const rest = async () => {
    await clock.elapse(100)
    await settle(30)
  }
  await rest()
  expect(out).toEqual([])

  directory = { ...whole, people: new Map(whole.people).set(person.id, { ...person, active: false }) }
  store.wake.ring('directory')
  await rest()
  expect(out).toEqual(['leaves'])
  expect(wiped).toMatchObject([{ id: 'leaves', address: expect.stringContaining('push.example') }])
  const { byToken, gone, kept } = await store.transact(async (tx) => ({
    byToken: await tx.devices.byToken('token-leaves'),
    gone: await tx.devices.get(asId('leaves')),
    kept: await tx.devices.byToken('token-stays'),
  }))
  expect(byToken).toBeUndefined()
  expect(gone).toMatchObject({ state: 'revoked', address: '' })
  expect(kept?.state).toBe('active')
  await leavers.stop()
  await store.close()
})

test('a list of people that has lost most of them puts nobody out, and is told until it is whole again', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 22, 3))
  const store = await openSqlite(':memory:')
  const whole = wardDirectory(aHolding())
  const [person] = [...whole.people.values()] as [Person]
  let directory: Directory = { ...whole, people: new Map() }
  await store.transact(async (tx) => {
    for (let i = 0; i < 11; i++)
      await tx.devices.add(
        { ...aPhone(`phone-${i}`, 'webpush'), owner: { kind: 'person', person: person.id } },
        `token-${i}`,
      )
  })
  const out: DeviceId[] = []
  const leavers = startLeavers({
    ...{ store, clock, log: quietLog, metrics: quietMetrics, wake: store.wake },
    directory: () => directory,
    apply: async () => undefined,
    noToken: () => 'nobody',
    wipe: async () => true,
  })
  leavers.onOut((device) => out.push(device))
  const rest = async () => {
    store.wake.ring('directory')
    await clock.elapse(100)
    await settle(30)
  }
  await rest()
  expect(leavers.troubles()).toEqual([{ code: 'leavers-held', subject: 'people', detail: '11 phones' }])
  directory = whole
  await rest()
  expect([leavers.troubles(), out]).toEqual([[], []])
  await leavers.stop()
  await store.close()
})

test('changes of the rota make nobody look through all phones and calls; who may have left is looked at each minute', async () => {
  const clock = new VirtualClock(Date.UTC(2026, 10, 22, 3))
  const store = await openSqlite(':memory:')
  const whole = wardDirectory(aHolding())
  let directory: Directory = whole
  const leavers = startLeavers({
    ...{ store, clock, log: quietLog, metrics: quietMetrics, wake: store.wake },
    directory: () => directory,
    apply: async () => undefined,
    noToken: () => 'nobody',
    wipe: async () => true,
  })
  const reads = vi.spyOn(store, 'transact')
  const rings = async (count: number) => {
    reads.mockClear()
    for (let i = 0; i < count; i++) {
      // The rota is folded anew; people and roles are those of before.
      directory = { ...directory }
      store.wake.ring('directory')
      await clock.elapse(100)
      await settle(10)
    }
    return reads.mock.calls.length
  }
  await clock.elapse(100)
  await settle(10)
  expect(await rings(50)).toBe(0)
  directory = { ...whole, people: new Map(whole.people) }
  expect(await rings(1)).toBe(2)
  reads.mockClear()
  await clock.elapse(MINUTE)
  await settle(10)
  expect(reads).toHaveBeenCalledTimes(2)
  await leavers.stop()
  await store.close()
})
