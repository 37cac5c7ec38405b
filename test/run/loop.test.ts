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

test('rung again and again it keeps its distance from the turn before, and misses no ring', async () => {
  const clock = new VirtualClock(0)
  const wake = localWake()
  const turns: number[] = []
  const work = async () => void turns.push(clock.now())
  const tools = { clock, wake, log: quietLog, metrics: quietMetrics, spacing: 1000 }
  const loop = startLoop('rota', ['directory'], 30_000, work, tools)
  await clock.elapse(5000)
  for (let i = 0; i < 25; i++) {
    wake.ring('directory')
    await clock.elapse(100)
  }
  await clock.elapse(10_000)
  // The first ring is heard at once, the last of them within the distance.
  expect(turns).toEqual([0, 5000, 6000, 7000, 8000])
  await clock.elapse(30_000)
  expect(turns.at(-1)).toBe(38_000)
  await loop.stop()
})
