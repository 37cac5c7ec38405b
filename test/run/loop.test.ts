import { expect, test } from 'vitest'
import { localWake } from '../../src/io/store/wake.ts'
import { startLoop } from '../../src/run/loop.ts'
import { quietLog, quietMetrics } from '../support/quiet.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

test('nothing is worked off before the doors are open, however often it is woken, and then at once', async () => {
  const clock = new VirtualClock(0)
  const wake = localWake()
  const doors = Promise.withResolvers<void>()
  let turns = 0
  const work = async () => void turns++
  const tools = { clock, wake, log: quietLog, metrics: quietMetrics, begins: doors.promise }
  const loop = startLoop('raise', ['bleeps'], 100, work, tools)
  wake.ring('bleeps')
  await clock.elapse(1000)
  expect(turns).toBe(0)
  doors.resolve()
  await clock.elapse(0)
  expect(turns).toBe(1)
  await clock.elapse(100)
  expect(turns).toBe(2)
  await loop.stop()
})
