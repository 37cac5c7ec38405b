/** @import { Card } from '../shared/types.d.ts' */

/** An emergency is new this long, or until somebody has touched it. */
const NEW_FOR = 30_000

/**
 * New emergencies: they stand above all else on every open board, whatever else is open, until they are touched.
 */
export function createFresh() {
  /** @type {Set<string>} */
  const touched = new Set()
  return {
    /** Somebody at this board has seen it. @param {string} id */
    touch: (id) => touched.add(id),
    /**
     * The newest first.
     * @param {Iterable<Card>} cards
     * @param {number} now
     */
    of: (cards, now) =>
      [...cards]
        .filter(
          (c) =>
            c.class === 'emergency' &&
            c.phase !== 'closed' &&
            c.acting === undefined &&
            now - Date.parse(c.raised) < NEW_FOR &&
            !touched.has(c.id),
        )
        .sort((a, b) => b.raised.localeCompare(a.raised)),
  }
}

/** A row that is pressed or has the focus has been seen. @param {Pick<ReturnType<typeof createFresh>, 'touch'>} fresh */
export function watchTouch(fresh) {
  for (const gesture of /** @type {const} */ (['pointerdown', 'focusin']))
    document.addEventListener(gesture, ({ target }) => {
      const row = target instanceof Element ? target.closest('[data-key]') : null
      if (row instanceof HTMLElement) fresh.touch((row.dataset.key ?? '').replace('alert/', ''))
    })
}
