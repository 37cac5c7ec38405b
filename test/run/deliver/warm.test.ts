import { expect, test } from 'vitest'
import type { ChannelId } from '../../../src/core/deliver/channels.ts'
import { SECOND } from '../../../src/core/instant.ts'
import { openSqlite } from '../../../src/io/store/open.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { StoreFault } from '../../../src/ports/store.ts'
import { startWarm } from '../../../src/run/deliver/warm.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { enrol } from '../../support/ward.ts'

test('each channel is made ready for its own phones at the start, and for one that is enrolled later', async () => {
  const store = await openSqlite(':memory:')
  const clock = new VirtualClock(0)
  const asked: (readonly string[])[] = []
  const channel = (id: ChannelId): Channel => ({
    id,
    send: async () => ({ kind: 'taken' }),
    warm: (addresses) => void (addresses.length > 0 && asked.push(addresses)),
    close: async () => undefined,
  })
  const channels = new Map([channel('webpush'), channel('ntfy')].map((one) => [one.id, one]))
  await enrol(store, ['reg'])
  const loop = startWarm({ store, clock, channels, log: quietLog, metrics: quietMetrics })
  await clock.elapse(1)
  const [first] = asked
  expect(first).toHaveLength(1)
  await enrol(store, ['gas'])
  await clock.elapse(10 * SECOND)
  expect(asked).toHaveLength(2)
  expect(asked[1]).toEqual(expect.arrayContaining([...(first ?? [])]))
  expect(asked[1]).toHaveLength(2)
  await loop.stop()
  await store.close()
})

test('a channel that needs nothing is left out, and what the store does is told by name', async () => {
  const store = await openSqlite(':memory:')
  const clock = new VirtualClock(0)
  const told: unknown[] = []
  let away = false
  const socket: Channel = {
    id: 'socket',
    send: async () => ({ kind: 'taken' }),
    close: async () => undefined,
  }
  const loop = startWarm({
    store: {
      ...store,
      transact: (work) => (away ? Promise.reject(new StoreFault('store-lost')) : store.transact(work)),
    },
    ...{ clock, channels: new Map([[socket.id, socket]]), metrics: quietMetrics },
    log: { ...quietLog, error: (_, fields) => void told.push([fields?.fault, fields?.subject]) },
  })
  await clock.elapse(1)
  expect(told).toEqual([])
  away = true
  await clock.elapse(10 * SECOND)
  expect(told).toEqual([['store-lost', 'warm']])
  await loop.stop()
  await store.close()
})
