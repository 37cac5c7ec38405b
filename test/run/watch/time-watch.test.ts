import { expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/instant.ts'
import { keepsTime } from '../../../src/io/machine.ts'
import { localWake } from '../../../src/io/store/wake.ts'
import { startTimeWatch } from '../../../src/run/watch/time-watch.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('a clock that nothing keeps is told after a quarter of an hour, until it is kept; no answer says nothing', async () => {
  const clock = new VirtualClock()
  let says: boolean | undefined = false
  const watch = startTimeWatch({
    ...{ clock, log: quietLog, metrics: quietMetrics, wake: localWake() },
    machine: { keepsTime: async () => says },
  })
  await clock.elapse(9 * MINUTE)
  expect(watch.troubles()).toEqual([])
  await clock.elapse(6 * MINUTE)
  expect(watch.troubles()).toEqual([{ code: 'clock-unkept', subject: 'clock' }])
  says = undefined
  await clock.elapse(6 * MINUTE)
  expect(watch.troubles()).toEqual([])
  says = true
  await clock.elapse(30 * MINUTE)
  expect(watch.troubles()).toEqual([])
  await watch.stop()
})

test('a machine without systemd, and one whose answer does not come, cannot say', async () => {
  const signal = new AbortController().signal
  expect(await keepsTime(signal, '/nonexistent')).toBeUndefined()
  expect(await keepsTime(signal, 'echo')).toBeUndefined()
  expect(await keepsTime(AbortSignal.abort(), 'echo')).toBeUndefined()
})
