import { state } from './state.js'

/** @import { Held } from './store.js' */

/** Whether whoever has this phone has not answered yet; an answer that is still to be sent is one. @param {Held} held */
export const waits = ({ id, card }) =>
  card.awaited.includes(card.you?.person ?? '') && !state.unsaid.some((u) => u.alert === id)

/** An emergency that waits for an answer. @param {Held} held */
export const calls = (held) => held.card.class === 'emergency' && held.card.phase !== 'closed' && waits(held)
