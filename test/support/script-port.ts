import type { FaultCode, StandingCode } from '../../src/core/faults.ts'
import { failed, ok, type Result } from '../../src/core/faults.ts'
import { type LineErrors, NO_ERRORS } from '../../src/core/line/kit/line-errors.ts'
import type { LineEvent, LinePort, Link, PortFault } from '../../src/ports/line.ts'
import type { VirtualClock } from './virtual-clock.ts'

/** A line that does what the test says: `opens` is asked at every opening, the rest drives the link that is open. */
export class ScriptPort implements LinePort {
  readonly name = 'script'
  /** How the next openings end, in order; the last is repeated. `hang`: neither way. */
  opens: ('opened' | 'hang' | StandingCode)[] = ['opened']
  openings = 0
  readonly written: number[] = []
  writes: Result<void, PortFault> = ok(undefined)
  closedByUs = 0
  /** Calls that were ended, on a port that has calls. */
  hungUp = 0
  #on: ((event: LineEvent) => void) | undefined
  readonly #clock: VirtualClock

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  open(on: (event: LineEvent) => void): Link {
    const how = this.opens[Math.min(this.openings, this.opens.length - 1)]
    this.openings += 1
    this.#on = on
    this.#clock.after(0, () => {
      if (how === 'opened') on({ kind: 'opened', at: this.#clock.now() })
      else if (how !== undefined && how !== 'hang')
        on({ kind: 'closed', at: this.#clock.now(), fault: failed(how).fault })
    })
    return {
      write: async (bytes) => {
        if (this.writes.ok) this.written.push(...bytes)
        return this.writes
      },
      hangUp: () => {
        this.hungUp += 1
      },
      close: () => {
        this.closedByUs += 1
        on({ kind: 'closed', at: this.#clock.now() })
      },
    }
  }

  hears(...bytes: number[]): void {
    const at = this.#clock.now()
    this.#on?.({ kind: 'bytes', bytes: Uint8Array.from(bytes), at, began: at })
  }

  /** The driver has counted this since the last time. */
  counts(errors: Partial<LineErrors>): void {
    this.#on?.({ kind: 'errors', errors: { ...NO_ERRORS, ...errors }, at: this.#clock.now() })
  }

  /** Ends without a fault, as a replay does. */
  ends(): void {
    this.#on?.({ kind: 'closed', at: this.#clock.now() })
  }

  /** Somebody connected and was turned away. */
  turnsAway(): void {
    this.complains('peer-refused')
  }

  /** Says that something is wrong, and goes on. */
  complains(fault: FaultCode): void {
    this.#on?.({ kind: 'fault', fault, count: 1, at: this.#clock.now() })
  }

  /** Whoever listens to the link that is open. */
  get listener(): ((event: LineEvent) => void) | undefined {
    return this.#on
  }

  breaks(code: StandingCode): void {
    this.#on?.({ kind: 'closed', at: this.#clock.now(), fault: failed(code).fault })
  }
}
