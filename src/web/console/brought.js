/** @typedef {Readonly<Record<string, unknown>>} Fields of a call, by name */

/**
 * Whether an event brings something that the record in view does not have: then its parts that no event brings are read
 * anew. After an act of one's own it brings nothing, because the record was read when the act was answered.
 * @param {Fields | undefined} view
 * @param {Fields} card
 */
export function isNews(view, card) {
  if (view?.id !== card.id) return true
  return Object.entries(card).some(([key, value]) => JSON.stringify(value) !== JSON.stringify(view?.[key]))
}
