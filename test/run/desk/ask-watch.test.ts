import { expect, test } from 'vitest'
import { asId, type BleepId, type DeviceId } from '../../../src/core/ids.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { createAskWatch } from '../../../src/run/desk/ask-watch.ts'
import { aBleep } from '../../contract/store.ts'
import { aPhone } from '../../support/delivery.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { settle, VirtualClock } from '../../support/virtual-clock.ts'

test('a ward is told once of what comes together, and no other ward is told of it at all', async () => {
  const store = await openSqlite(':memory:')
  const clock = new VirtualClock(Date.UTC(2026, 10, 30, 9))
  const wards = { a: 'Ward 1A', b: 'Ward 1A', c: 'Ward 1B' }
  await store.transact(async (tx) => {
    for (const [id, ward] of Object.entries(wards))
      await tx.devices.add({ ...aPhone(id, 'socket'), owner: { kind: 'ward', ward } }, id)
  })
  const woken: string[] = []
  const watch = createAskWatch({ store, clock, log: quietLog, metrics: quietMetrics })
  const stops = Object.keys(wards).map((id) => watch.watch(asId<DeviceId>(id), () => woken.push(id)))
  await settle()
  const ask = async (id: string) => {
    await store.transact(async (tx) => {
      await tx.bleeps.add(aBleep(id, { received: clock.now() }))
      await tx.asks.add({ bleep: asId<BleepId>(id), at: clock.now(), ward: 'Ward 1A', told: [] })
    })
    store.wake.ring('bleeps')
    await settle()
  }
  // What opening them asked for is over.
  for (let i = 0; i < 3; i++) {
    clock.advance(1000)
    await settle()
  }
  woken.length = 0

  await ask('one')
  expect(woken).toEqual(['a', 'b'])
  await ask('two')
  await ask('three')
  expect(woken).toEqual(['a', 'b'])
  clock.advance(1000)
  await settle()
  expect(woken).toEqual(['a', 'b', 'a', 'b'])

  for (const stop of stops) stop()
  clock.advance(1000)
  await ask('four')
  expect(woken).toHaveLength(4)
  await store.close()
})
