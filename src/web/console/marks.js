import { byId } from '../shared/dom.js'
import { ring } from '../shared/ring.js'

/**
 * Whether what is shown can be trusted to be as things are now. While it cannot, nothing on the screen may look settled:
 * no tick, no "all well".
 */
let live = true

/**
 * When the trust ends it is heard as well, with a tone of its own.
 * @param {{ stale: boolean }} state
 * @param {boolean} stale
 */
export function weigh(state, stale) {
  if (stale && !state.stale) ring('stale')
  state.stale = stale
  live = !stale
  document.body.classList.toggle('stale', stale)
  // Shown by the style sheet alone once nothing has been drawn for two beats: a page that hangs cannot say so itself.
  byId('stopped').dataset.turn = byId('stopped').dataset.turn === 'a' ? 'b' : 'a'
}
export const isLive = () => live
/** The mark of what is as it should be; while the board is not live, of what is not known. */
export const tick = () => (live ? '✓' : '?')
