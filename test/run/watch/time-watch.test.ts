import { expect, test } from 'vitest'
import { MINUTE } from '../../../src/core/instant.ts'
import { keepsTime } from '../../../src/io/kernel-clock.ts'
import { localWake } from '../../../src/io/store/wake.ts'
import { startTimeWatch } from '../../../src/run/watch/time-watch.ts'
import { quietLog, quietMetrics } from '../../support/quiet.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('a clock that nothing keeps is told after ten minutes, one of which nothing is known as not proved', async () => {
  const clock = new VirtualClock()
  let says: boolean | undefined = false
  const watch = startTimeWatch({
    ...{ clock, log: quietLog, metrics: quietMetrics, wake: localWake() },
    machine: { keepsTime: () => says },
  })
  await clock.elapse(9 * MINUTE)
  expect(watch.troubles()).toEqual([])
  await clock.elapse(6 * MINUTE)
  expect(watch.troubles()).toEqual([{ code: 'clock-unkept', subject: 'clock' }])
  says = undefined
  await clock.elapse(6 * MINUTE)
  expect(watch.troubles()).toEqual([{ code: 'clock-unproved', subject: 'clock' }])
  says = true
  await clock.elapse(30 * MINUTE)
  expect(watch.troubles()).toEqual([])
  // A moment without an answer says nothing.
  says = undefined
  await clock.elapse(6 * MINUTE)
  expect(watch.troubles()).toEqual([])
  await watch.stop()
})

const kernel = (long: 4 | 8, error: number, answer = 0) =>
  keepsTime(() => ({
    long,
    adjtimex(into) {
      const bytes = Buffer.from(into.buffer, into.byteOffset)
      if (long === 8) bytes.writeBigInt64LE(BigInt(error), 24)
      else bytes.writeInt32LE(error, 12)
      return answer
    },
  }))

test.each([4, 8] as const)(
  'the kernel says whether any service sets its clock, with longs of %i bytes',
  (long) => {
    expect([kernel(long, 0), kernel(long, 15_999_999), kernel(long, 16_000_000)]).toEqual([true, true, false])
    // TIME_ERROR is an answer; a call that is forbidden is none.
    expect([kernel(long, 16_000_000, 5), kernel(long, 0, -1)]).toEqual([false, undefined])
  },
)

test('a machine whose kernel cannot be asked cannot say, and this one can', () => {
  const none = (): never => {
    throw new Error('no such function')
  }
  expect(keepsTime(none)).toBeUndefined()
  if (process.platform === 'linux') expect(keepsTime()).toBeTypeOf('boolean')
})
