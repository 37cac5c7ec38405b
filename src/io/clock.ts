import { type Anchor, agree, steady } from '../core/clock.ts'
import type { Millis } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'

/** The one place that reads the system's clocks. `onJump` hears of every step of the system clock, in milliseconds. */
export function systemClock(onJump: (jump: Millis) => void): Clock {
  const read = () => ({ wall: Date.now(), monotonic: performance.now() })
  let anchor: Anchor = read()
  const heed = (reading: ReturnType<typeof steady>): number => {
    anchor = reading.anchor
    if (reading.jump !== undefined) onJump(reading.jump)
    return reading.now
  }
  return {
    now: () => heed(steady(anchor, read())),
    ticks: () => performance.now(),
    agree: (shared) => void heed(agree(anchor, read(), shared)),
    stray: () => anchor.stray ?? 0,
    after(ms, run) {
      const timer = setTimeout(run, Math.max(0, ms))
      return { cancel: () => clearTimeout(timer) }
    },
  }
}
