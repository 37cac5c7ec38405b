import { createPrivateKey } from 'node:crypto'
import type { Attempt } from '../../core/deliver/attempt.ts'
import type { Device } from '../../core/deliver/device.ts'
import type { Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { Circuits } from './circuit.ts'

/**
 * What every provider channel does around the call itself: asks the provider's circuit (emergencies do not ask), and
 * stops waiting at the deadline, because provider libraries may never settle when a server closes half-way through an
 * answer or sends it a byte at a time.
 */
export class ProviderCalls {
  readonly #circuits = new Circuits()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @param provider whose circuit it is: the channel, or the origin of a push service */
  async call(
    provider: string,
    attempt: Attempt,
    device: Device,
    signal: AbortSignal,
    work: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const circuit = this.#circuits.of(provider)
    const wait = attempt.class === 'emergency' ? undefined : circuit.wait(this.#clock.now())
    if (wait !== undefined) return { kind: 'later', after: wait, fault: 'provider-circuit-open' }
    // Whatever a library throws, the call has failed and the attempt goes on: a channel never throws.
    const outcome = await withDeadline(signal, work).catch((): Outcome => BROKEN)
    circuit.heard(device.id, outcome, this.#clock.now())
    return outcome
  }
}

const BROKEN: Outcome = { kind: 'later', fault: 'provider-unavailable' }

/** What the work says, or `provider-timeout` once the signal aborts. */
function withDeadline(signal: AbortSignal, work: () => Promise<Outcome>): Promise<Outcome> {
  const late: Outcome = { kind: 'later', fault: 'provider-timeout' }
  if (signal.aborted) return Promise.resolve(late)
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(late)
    signal.addEventListener('abort', onAbort, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** JSON text of an address, or nothing when it is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a setting is a private key that this machine can sign with: found at start, not at the first alarm. */
export function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem)
    return true
  } catch {
    return false
  }
}
