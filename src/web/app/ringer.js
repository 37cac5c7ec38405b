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

/** The alert that rings in the open app: it rings until it is answered, silenced, over, or has rung long enough. */
export function createRinger() {
  /** @type {string | undefined} */
  let ringing
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer

  const stop = () => {
    clearInterval(timer)
    if (ringing !== undefined) shake(0)
    ringing = undefined
  }

  return {
    /** @param {Pick<Card, 'id' | 'class'>} card */
    start(card) {
      stop()
      ring(card.class)
      const { every, lasts } = AGAIN[card.class]
      if (every === 0) return
      ringing = card.id
      const until = Date.now() + lasts
      timer = setInterval(() => {
        if (Date.now() < until) ring(card.class)
        else stop()
      }, every)
    },
    stop,
    /** @param {string} id */
    is: (id) => ringing === id,
    /** @returns {string | undefined} */
    now: () => ringing,
  }
}
