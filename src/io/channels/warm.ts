import { type Agent, request } from 'node:https'
import { type Instant, MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** A connection that nothing was asked on is closed by the other end after a minute or so. */
const EVERY: Millis = 30 * SECOND
const WITHIN: Millis = 5 * SECOND
/** A hospital's phones are of a few makes; more places than this are not kept warm. */
const PLACES = 8
/** A call to a team goes by several connections at once: one for each phone that leads there, within these bounds. */
const LEAST = 4
const MOST = 20
/** As many are kept as were in use at once in the last quarter of an hour in which any was: each is traffic, day and night. */
const SPAN: Millis = 15 * MINUTE

export interface Warmth {
  /** So many phones lead there: connections for them are opened at once, and kept for a quarter of an hour. */
  know(origin: string, phones: number): void
  /**
   * Something is sent there.
   * @returns to be called once that has ended
   */
  use(origin: string): () => void
  close(): void
}

/** What one place needed: in the span in which it was last in use, and while that lasts in the one before. */
interface Place {
  /** Opened for it at once so far. */
  opened: number
  span: number
  peak: number
  before: number
  flying: number
  /** What was opened for phones that nothing has been sent to yet counts until then. */
  until: Instant
}

/**
 * Keeps connections open to push services, by asking what they allow: a handshake takes longer than a push. Not by HEAD,
 * after which some servers close.
 */
export function keepWarm(agent: Agent, clock: Clock): Warmth {
  const places = new Map<string, Place>()
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
  const spanNow = (): number => Math.floor(clock.now() / SPAN)
  const needed = ({ opened, span, peak, before, until }: Place): number => {
    const used = span === spanNow() ? Math.max(peak, before) : peak
    // Either way: a clock that was set back would keep what was opened for as long.
    const isFresh = Math.abs(until - clock.now()) <= SPAN && until > clock.now()
    return Math.min(MOST, Math.max(1, used, isFresh ? opened : 0))
  }
  const turn = (): void => {
    for (const [origin, place] of places) askAll(origin, needed(place))
    timer = clock.after(EVERY, turn)
  }
  const placeOf = (origin: string): Place | undefined => {
    const known = places.get(origin)
    if (known !== undefined || places.size >= PLACES) return known
    const fresh = { opened: 0, span: spanNow(), peak: 0, before: 0, flying: 0, until: 0 }
    places.set(origin, fresh)
    timer ??= clock.after(EVERY, turn)
    return fresh
  }
  return {
    know(origin, phones) {
      const place = placeOf(origin)
      const wanted = Math.max(LEAST, Math.min(phones, MOST))
      if (place === undefined || wanted <= place.opened) return
      place.opened = wanted
      place.until = clock.now() + SPAN
      askAll(origin, wanted)
    },
    use(origin) {
      const place = placeOf(origin)
      if (place === undefined) return () => undefined
      const span = spanNow()
      if (place.span !== span) Object.assign(place, { span, before: place.peak, peak: 0 })
      place.flying += 1
      place.peak = Math.max(place.peak, place.flying)
      return () => {
        place.flying -= 1
      }
    },
    close: () => timer?.cancel(),
  }
}
