import type { AgentOptions } from 'node:https'
import type { LookupFunction } from 'node:net'
import { z } from 'zod'
import type { Attempt } from '../../core/deliver/attempt.ts'
import type { Device } from '../../core/deliver/device.ts'
import { readRetryAfter } from '../../core/deliver/retry.ts'
import type { Millis } from '../../core/instant.ts'
import { readJson } from '../../core/json.ts'
import type { Outcome } from '../../ports/channel.ts'
import type { Clock } from '../../ports/clock.ts'
import { Circuits } from './circuit.ts'
import { during, type UnderWay } from './under-way.ts'

/** How a provider is reached where that is not straight out; `host` and `port` stand in for its own. */
export interface Reach {
  /** http:// address of the proxy that leads out by CONNECT. */
  readonly proxy?: string
  readonly host?: string
  readonly port?: number
  /** Further certificate authorities, PEM. */
  readonly ca?: string
  /** Resolves names, where not every address will do. */
  readonly lookup?: LookupFunction
  /** Connections kept to each host, for HTTP/1.1. */
  readonly connections?: number
}

/** Settings of keep-alive connections that go so. */
export function agentOptions({ proxy, ca, lookup, connections = 32 }: Reach): AgentOptions {
  return {
    keepAlive: true,
    maxSockets: connections,
    ...(ca === undefined ? {} : { ca }),
    // A proxy stands inside, and resolves for itself.
    ...(lookup === undefined || proxy !== undefined ? {} : { lookup }),
    ...(proxy === undefined ? {} : { proxyEnv: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } }),
  }
}

/**
 * What every provider channel does around the call itself: asks the provider's circuit (emergencies do not ask), and
 * stops waiting at the deadline and ends what was asked for, because provider libraries may never resolve when a server
 * closes half-way through an answer or sends it a byte at a time.
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
    const underWay: UnderWay = { signal }
    const said = await withDeadline(signal, () => during(underWay, work)).catch((): Outcome => BROKEN)
    const outcome = patient(said, readRetryAfter(underWay.retryAfter, this.#clock.now()))
    circuit.heard(device.id, outcome, this.#clock.now())
    return outcome
  }
}

/** As patient as the provider asked for, where its library has not passed that on. */
function patient(said: Outcome, after: Millis | undefined): Outcome {
  return said.kind === 'later' && said.after === undefined && after !== undefined ? { ...said, after } : said
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

/**
 * A provider's token for a device, stored as the provider gave it or as `{"token": …}`. As it stands first: a token of
 * digits would pass for JSON too.
 */
export function readToken(address: string, token: z.ZodType<string>): string | undefined {
  const wrapped = z.object({ token })
  return token.safeParse(address).data ?? wrapped.safeParse(readJson(address)).data?.token
}
