import { type Anchor, steady } from '../core/clock.ts'
import type { Millis } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'

/** The one place that reads the system's clocks. `onJump` hears of every step of the system clock, in milliseconds. */
export function systemClock(onJump: (jump: Millis) => void): Clock {
  const read = () => ({ wall: Date.now(), monotonic: performance.now() })
  let anchor: Anchor = read()
  return {
    now() {
      const reading = steady(anchor, read())
      anchor = reading.anchor
      if (reading.jump !== undefined) onJump(reading.jump)
      return reading.now
    },
    after(ms, run) {
      const timer = setTimeout(run, Math.max(0, ms))
      return { cancel: () => clearTimeout(timer) }
    },
  }
}
