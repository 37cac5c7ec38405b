import { html, once } from '../shared/dom.js'

/** @import { Context } from './context.js' */

/** The second press must come within this time. */
const WITHIN = 5000

/**
 * A button for what cannot be taken back: the first press asks, the second does. It keeps its place and its size.
 * @param {Pick<Context, 'state' | 'draw'>} context
 * @param {object} what
 * @param {string} what.key
 * @param {string} what.label
 * @param {string} what.asks what the button says when it asks
 * @param {string} [what.about] said to those who cannot see what the button stands beside
 * @param {() => Promise<void>} what.act
 */
export function sureButton({ state, draw }, { key, label, asks, about = '', act }) {
  const asking = state.sure?.key === key && state.sure.until > Date.now()
  /** @param {Event} event */
  const press = (event) => {
    if (!asking) {
      state.sure = { key, until: Date.now() + WITHIN }
      return draw()
    }
    state.sure = undefined
    return once(event, act)
  }
  return html`<button class="sure small ${asking ? 'asking' : ''}" @click=${press}>
    <span class=${asking ? 'off' : ''} aria-hidden=${asking}>${label}</span>
    <span class=${asking ? '' : 'off'} aria-hidden=${!asking}>${asks}</span>
    <span class="away">${about}</span>
  </button>`
}
