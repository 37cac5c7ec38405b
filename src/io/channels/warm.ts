import { type Agent, request } from 'node:https'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** A connection that nothing was asked on is closed by the other end after a minute or so. */
const EVERY: Millis = 30 * SECOND
const WITHIN: Millis = 5 * SECOND
/** A hospital's phones are of a few makes; more places than this are not kept warm. */
const PLACES = 8
/** A call to a team goes by several connections at once: one for each phone that leads there, within these bounds. */
const LEAST = 4
const MOST = 20

export interface Warmth {
  /**
   * Something leads there.
   * @param phones so many, for which connections are opened at once; 0: it has just been sent to
   */
  know(origin: string, phones?: number): void
  close(): void
}

/**
 * Keeps connections open to push services, by asking what they allow: a handshake takes longer than a push. Not by HEAD,
 * after which some servers close.
 */
export function keepWarm(agent: Agent, clock: Clock): Warmth {
  const connections = new Map<string, number>()
  let timer: Timer | undefined

  const ask = (origin: string): void => {
    const asked = request(origin, { agent, method: 'OPTIONS', timeout: WITHIN }, (answer) => answer.resume())
    // Whoever sends finds out, and says so.
    asked.on('error', () => undefined)
    asked.on('timeout', () => asked.destroy())
    asked.end()
  }
  /** At one moment, or they would all go by the same connection. */
  const askAll = (origin: string, times: number): void => {
    for (let n = 0; n < times; n++) ask(origin)
  }
  const turn = (): void => {
    for (const [origin, times] of connections) askAll(origin, times)
    timer = clock.after(EVERY, turn)
  }
  return {
    know(origin, phones = 0) {
      const before = connections.get(origin)
      if (before === undefined && connections.size >= PLACES) return
      const wanted = Math.max(before ?? LEAST, Math.min(phones, MOST))
      connections.set(origin, wanted)
      if (phones > 0 && wanted !== before) askAll(origin, wanted)
      timer ??= clock.after(EVERY, turn)
    },
    close: () => timer?.cancel(),
  }
}
