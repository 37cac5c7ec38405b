import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Tools } from '../../ports/tools.ts'

const LOOK: Millis = SECOND / 4
/** How many looks make one interval, of which the worst is told. */
const LOOKS = 40
/** A look that is so late means that the process stood still, or its machine did. */
const STOOD: Millis = SECOND
/** What the system had kept for it is read by then. */
const READ: Millis = SECOND
/** A page may be stored long after it was read, and the process may have stood still again since. */
const REMEMBER = 32

export interface LagWatch {
  /** The worst since it was last taken. */
  take(): Millis
  /** The earliest that what was read at this moment can have come: all of a time in which the process stood still. */
  since(read: Instant): Instant
  /** The system clock jumped: that is no delay of ours. */
  stepped(by: Millis): void
  stop(): void
}

/** Measures how late the process gets to its work. When a timer runs late, every other task is as late. */
export function startLagWatch({ clock, metrics }: Pick<Tools, 'clock' | 'metrics'>): LagWatch {
  let timer: Timer | undefined
  let looks = 0
  let worst = 0
  let untaken = 0
  let due = 0
  let stood: readonly { readonly from: Instant; readonly until: Instant }[] = []
  const note = (now: Instant): Millis => {
    const late = now - due
    const from = due - LOOK
    if (late >= STOOD)
      stood = [...stood.filter((one) => one.from !== from), { from, until: now }].slice(-REMEMBER)
    return late
  }
  const look = (): void => {
    due = clock.now() + LOOK
    timer = clock.after(LOOK, () => {
      // The clock is read first: reading it is what finds a step, and a step moves `due`.
      const now = clock.now()
      const late = note(now)
      worst = Math.max(worst, late)
      untaken = Math.max(untaken, late)
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
  return {
    take() {
      const taken = untaken
      untaken = 0
      return taken
    },
    since(read) {
      // Bytes that waited are read before a timer that is late: the look may be yet to come.
      note(clock.now())
      return stood.find(({ from, until }) => read >= from && read <= until + READ)?.from ?? read
    },
    stepped(by) {
      due += by
      stood = stood.map(({ from, until }) => ({ from: from + by, until: until + by }))
    },
    stop: () => timer?.cancel(),
  }
}
