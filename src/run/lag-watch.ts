import { type Millis, SECOND } from '../core/instant.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Metrics } from '../ports/metrics.ts'

const LOOK: Millis = SECOND / 4
/** Looks in one interval, of which the worst is told. */
const LOOKS = 40

/** How late the process gets to its work: a timer that should have run already is every other task's delay too. */
export function startLagWatch({ clock, metrics }: { clock: Clock; metrics: Metrics }): () => void {
  let timer: Timer | undefined
  let looks = 0
  let worst = 0
  const look = (): void => {
    const due = clock.now() + LOOK
    timer = clock.after(LOOK, () => {
      worst = Math.max(worst, clock.now() - due)
      looks += 1
      if (looks === LOOKS) {
        metrics.gauge('bleepbridge_loop_lag_seconds', worst / SECOND)
        looks = 0
        worst = 0
      }
      look()
    })
  }
  look()
  return () => timer?.cancel()
}
