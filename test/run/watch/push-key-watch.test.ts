import { expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import { startPushKeyWatch } from '../../../src/run/watch/push-key-watch.ts'
import { aPhone } from '../../support/delivery.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const START = Date.UTC(2026, 10, 22, 3, 0)

test('a changed push key is told with the number of phones that still hold an address of the old one', async () => {
  const clock = new VirtualClock(START)
  const store = await openSqlite(':memory:')
  const phones: Device[] = ['a', 'b', 'c'].map((id) => ({ ...aPhone(id), enrolled: START - 1000 }))
  const others: Device[] = [aPhone('d', 'socket'), { ...aPhone('e'), state: 'revoked' }]
  await store.transact(async (tx) => {
    for (const device of [...phones, ...others]) await tx.devices.add(device, `token-${device.id}`)
  })
  const parts = { store, clock, log: quietLog, metrics: quietMetrics, wake: store.wake }
  const run = async (key: string) => {
    const watch = startPushKeyWatch({ ...parts, key })
    await clock.elapse(2 * MINUTE)
    return watch
  }
  const first = await run('old')
  expect(first.troubles()).toEqual([])
  await first.stop()

  const second = await run('new')
  expect(second.troubles()).toEqual([{ code: 'push-key-changed', subject: 'webpush', detail: '3 phones' }])
  await second.stop()
  const again = await run('new')
  expect(again.troubles()).toMatchObject([{ detail: '3 phones' }])
  for (const device of phones)
    await store.transact((tx) => tx.devices.save({ ...device, subscribed: clock.now() }))
  await clock.elapse(2 * MINUTE)
  expect(again.troubles()).toEqual([])
  await again.stop()
  await store.close()
})
