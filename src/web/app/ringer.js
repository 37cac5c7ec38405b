import { ring, shake } from '../shared/ring.js'

/** @import { Card } from '../shared/types.d.ts' */

/** How often a bleep sounds again in the open app, and for how long, milliseconds. */
/** @type {Readonly<Record<Card['class'], { every: number, lasts: number }>>} */
const AGAIN = {
  emergency: { every: 5000, lasts: 60_000 },
  urgent: { every: 8000, lasts: 24_000 },
  routine: { every: 0, lasts: 0 },
  test: { every: 0, lasts: 0 },
}

const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }

/**
 * The alerts that ring in the open app. Each rings until it is answered, silenced, over, or has rung long enough; another
 * that comes, or ends, silences none of them. Of several the most urgent is heard.
 */
export function createRinger() {
  /** @type {Map<string, { class: Card['class'], until: number }>} */
  const ringing = new Map()
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer
  /** @type {Card['class'] | undefined} */
  let heard

  const sound = () => {
    for (const [id, { until }] of ringing) if (Date.now() >= until) ringing.delete(id)
    const loudest = [...ringing.values()].toSorted((a, b) => RANK[a.class] - RANK[b.class])[0]?.class
    if (loudest === heard) return loudest
    clearInterval(timer)
    if (loudest === undefined) shake(0)
    else timer = setInterval(again, AGAIN[loudest].every)
    heard = loudest
    return loudest
  }
  const again = () => {
    const loudest = sound()
    if (loudest !== undefined) ring(loudest)
  }

  return {
    /** @param {Pick<Card, 'id' | 'class'>} card */
    start(card) {
      ring(card.class)
      const { every, lasts } = AGAIN[card.class]
      if (every !== 0) ringing.set(card.id, { class: card.class, until: Date.now() + lasts })
      sound()
    },
    /** @param {string} [id] absent: all of them */
    stop(id) {
      if (id === undefined) ringing.clear()
      else ringing.delete(id)
      sound()
    },
    /** @param {string} id */
    is: (id) => ringing.has(id),
    /** @returns {readonly string[]} */
    now: () => [...ringing.keys()],
  }
}
