/**
 * Whether what is shown can be trusted to be as things are now. While it cannot, nothing on the screen may look settled:
 * no tick, no "all well".
 */
let live = true

/** @param {boolean} is */
export const trust = (is) => {
  live = is
}
export const isLive = () => live
/** The mark of what is as it should be; while the board is not live, of what is not known. */
export const tick = () => (live ? '✓' : '?')
