import { expect, test } from 'vitest'
import type { Watchdog } from '../../../src/ports/watchdog.ts'
import { type Obligation, startHeartbeat } from '../../../src/run/watch/heartbeat.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

function bench(obligations: readonly Obligation[], patience: number | undefined = 30_000) {
  const clock = new VirtualClock(0)
  const fed: number[] = []
  const beats: number[] = []
  const said: string[] = []
  const watchdog: Watchdog = {
    patience,
    ready: () => undefined,
    status: (text) => said.push(text),
    alive: () => fed.push(clock.now()),
    stopping: () => undefined,
  }
  const out = { confirms: true }
  const beat = { send: async () => beats.push(clock.now()) > 0 && out.confirms }
  const tools = { clock, log: quietLog, metrics: quietMetrics }
  const { stop, troubles } = startHeartbeat(obligations, { watchdog, beat }, tools, {
    every: 60_000,
    within: 2_000,
  })
  return { clock, fed, beats, said, stop, troubles, out }
}

test('both watchers are fed three times within the patience of the service manager', async () => {
  const { clock, fed, beats } = bench([{ name: 'store', holds: () => true }])
  await clock.elapse(30_000)
  expect(fed).toEqual([0, 10_000, 20_000, 30_000])
  expect(beats).toEqual(fed)
})

test('both starve while one obligation fails, and are fed again when it holds', async () => {
  let holds = true
  const { clock, fed, beats, said } = bench([
    { name: 'store', holds: () => true },
    { name: 'outbox', holds: () => holds },
  ])
  await clock.elapse(10_000)
  holds = false
  await clock.elapse(30_000)
  expect(fed).toEqual([0, 10_000])
  expect(beats).toEqual(fed)
  holds = true
  await clock.elapse(10_000)
  expect(fed).toEqual([0, 10_000, 50_000])
  expect(said).toEqual(['Fit to page', 'Not fit to page: outbox', 'Fit to page'])
})

test('an obligation that throws or never answers does not hold, and does not stop the loop', async () => {
  const { clock, fed, said } = bench([
    {
      name: 'store',
      holds: () => {
        throw new Error('gone')
      },
    },
    { name: 'due', holds: () => new Promise<boolean>(() => undefined) },
  ])
  await clock.elapse(25_000)
  expect(fed).toEqual([])
  expect(said).toEqual(['Not fit to page: store, due'])
})

test('stopping leaves no timer behind', async () => {
  const { clock, stop } = bench([{ name: 'store', holds: () => true }], undefined)
  await clock.elapse(60_000)
  stop()
  expect(clock.pending).toBe(0)
})

test('a watcher outside that does not confirm three beats in a row is told of here, until it confirms one', async () => {
  const { clock, out, troubles } = bench([{ name: 'store', holds: () => true }])
  out.confirms = false
  await clock.elapse(15_000)
  expect(troubles()).toEqual([])
  await clock.elapse(10_000)
  expect(troubles()).toEqual([{ code: 'heartbeat-unconfirmed', subject: 'heartbeat' }])
  out.confirms = true
  await clock.elapse(10_000)
  expect(troubles()).toEqual([])
})
