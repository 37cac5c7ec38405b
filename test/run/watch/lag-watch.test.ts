import { expect, test } from 'vitest'
import { startLagWatch } from '../../../src/run/watch/lag-watch.ts'
import { quietMetrics } from '../../support/quiet.ts'

/** A clock that goes on while nothing runs, as it does for a process that is stopped. */
function stoppable() {
  let now = 1_000_000
  let timer: { readonly at: number; readonly run: () => void } | undefined
  const clock = {
    now: () => now,
    after(ms: number, run: () => void) {
      timer = { at: now + ms, run }
      return { cancel: () => undefined }
    },
  }
  return {
    clock,
    runs(ms: number) {
      for (const until = now + ms; ; timer?.run()) {
        if (timer === undefined || timer.at > until) {
          now = until
          return
        }
        now = Math.max(now, timer.at)
      }
    },
    stops(ms: number) {
      now += ms
    },
  }
}

test('what is read behind a standstill may have come at any time of it, before and after the late look', () => {
  const { clock, runs, stops } = stoppable()
  const lag = startLagWatch({ clock, metrics: quietMetrics })
  runs(10_000)
  const before = clock.now()
  expect(lag.since(before)).toBe(before)
  stops(20_000)
  const thawed = clock.now()
  expect(lag.since(thawed)).toBeLessThanOrEqual(before)
  expect(lag.since(thawed)).toBeGreaterThan(before - 500)
  runs(600)
  expect(lag.since(clock.now())).toBeLessThanOrEqual(before)
  // A page that was read then may be stored behind other standstills.
  runs(5000)
  for (let n = 0; n < 3; n += 1) {
    stops(2000)
    runs(5000)
  }
  expect(lag.since(thawed)).toBeLessThanOrEqual(before)
  // What was read before it stays what it was.
  expect(lag.since(before - 5000)).toBe(before - 5000)
  runs(600)
  expect(lag.since(clock.now())).toBe(clock.now())
})

test('a process that is merely slow has not stood still, and a clock that steps is no standstill', () => {
  const { clock, runs, stops } = stoppable()
  const lag = startLagWatch({ clock, metrics: quietMetrics })
  runs(1000)
  stops(700)
  expect(lag.since(clock.now())).toBe(clock.now())
  runs(1000)
  stops(3_600_000)
  lag.stepped(3_600_000)
  expect(lag.since(clock.now())).toBe(clock.now())
})
