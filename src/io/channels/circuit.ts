import { type Instant, type Millis, SECOND } from '../../core/instant.ts'
import type { Outcome } from '../../ports/channel.ts'
import { isProviderFault } from './push-results.ts'

/** How many different devices must fail in a row before the provider is taken to be ill, and not just one phone. */
const DEVICES = 3
const FAILURES = 5
/** Short, so that a provider that works again is noticed soon. The one trial call costs little. */
const REST: Millis = 2 * SECOND

/**
 * Holds back calls to a provider that answers nobody, so that a dead provider costs no deadlines. One trial is let
 * through after each rest. Emergencies are never held back: the caller does not ask.
 */
export class Circuit {
  #failed = new Set<string>()
  #failures = 0
  #until: Instant | undefined

  /** How long to wait, or nothing when the call may go. A call let through while open is the trial. */
  wait(now: Instant): Millis | undefined {
    if (this.#until === undefined) return undefined
    if (now < this.#until) return this.#until - now
    this.#until = now + REST
    return undefined
  }

  heard(device: string, outcome: Outcome, now: Instant): void {
    if (!isProviderFault(outcome)) {
      this.#failed.clear()
      this.#failures = 0
      this.#until = undefined
      return
    }
    this.#failed.add(device)
    this.#failures += 1
    if (this.#failures < FAILURES || this.#failed.size < DEVICES) return
    this.#until = now + REST
  }
}

/** One circuit for each provider that is met. */
export class Circuits {
  readonly #all = new Map<string, Circuit>()

  of(provider: string): Circuit {
    const known = this.#all.get(provider)
    if (known) return known
    const made = new Circuit()
    this.#all.set(provider, made)
    return made
  }
}
