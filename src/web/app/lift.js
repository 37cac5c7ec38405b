/** @import { Card } from '../shared/types.d.ts' */

/** @typedef {Omit<Card, 'coming' | 'awaited' | 'order'> & Partial<Pick<Card, 'coming' | 'awaited' | 'order'>>} OlderCard */

/**
 * A card as this version knows it, from what an earlier version of the app kept: it did not say yet who is coming and
 * who is awaited. What the server says next stands instead.
 * @param {OlderCard} card
 * @returns {Card}
 */
export function lifted(card) {
  /** @param {string[]} states */
  const those = (...states) => card.responders.filter((r) => states.includes(r.state)).map((r) => r.person)
  return {
    ...card,
    order: card.order ?? '',
    coming: card.coming ?? those('accepted', 'attending', 'arrived'),
    awaited: card.awaited ?? those('asked', 'on-device', 'presented', 'opened'),
  }
}
