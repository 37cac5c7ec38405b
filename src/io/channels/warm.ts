import { type Agent, request } from 'node:https'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** A connection that nothing was asked on is closed by the other end after a minute or so. */
const EVERY: Millis = 30 * SECOND
const WITHIN: Millis = 5 * SECOND
/** A hospital's phones are of a few makes; more places than this are not kept warm. */
const PLACES = 8
/** A call to a team goes by several connections at once. */
const EACH = 4

export interface Warmth {
  /** Something leads there, or has just been sent there. */
  know(origin: string, sent?: 'sent'): void
  close(): void
}

/**
 * Keeps connections open to push services, by asking what they allow: a handshake takes longer than a push. Not by HEAD,
 * after which some servers close.
 */
export function keepWarm(agent: Agent, clock: Clock): Warmth {
  const sent = new Map<string, number | undefined>()
  let timer: Timer | undefined

  const ask = (origin: string): void => {
    const asked = request(origin, { agent, method: 'OPTIONS', timeout: WITHIN }, (answer) => answer.resume())
    // Whoever sends finds out, and says so.
    asked.on('error', () => undefined)
    asked.on('timeout', () => asked.destroy())
    asked.end()
  }
  const turn = (): void => {
    const now = clock.now()
    for (const [origin, last] of sent)
      if (last === undefined || now - last >= EVERY) for (let n = 0; n < EACH; n++) ask(origin)
    timer = clock.after(EVERY, turn)
  }
  return {
    know(origin, just) {
      const isNew = !sent.has(origin)
      if (isNew && sent.size >= PLACES) return
      sent.set(origin, just === undefined ? sent.get(origin) : clock.now())
      if (isNew && just === undefined) for (let n = 0; n < EACH; n++) ask(origin)
      timer ??= clock.after(EVERY, turn)
    },
    close: () => timer?.cancel(),
  }
}
