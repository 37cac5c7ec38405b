import { html, nothing, once } from '../shared/dom.js'

/** @import { Context } from './context.js' */

/** The second press must come within this time. */
const WITHIN = 5000
/** And not before this: a key that bounces, or is held down, has answered nothing. */
const TWICE = 1000

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
  const left = state.sure?.key === key ? state.sure.until - Date.now() : 0
  const asking = left > 0
  const early = left > WITHIN - TWICE
  /** @param {Event} event */
  const press = (event) => {
    if (early) return undefined
    if (!asking) {
      state.sure = { key, until: Date.now() + WITHIN }
      setTimeout(draw, TWICE)
      return draw()
    }
    state.sure = undefined
    return once(event, act)
  }
  return html`<button class="sure small ${asking ? 'asking' : ''}" aria-disabled=${early ? 'true' : nothing} @click=${press}>
    <span class=${asking ? 'off' : ''} aria-hidden=${asking}>${label}</span>
    <span class=${asking ? '' : 'off'} aria-hidden=${!asking}>${asks}</span>
    <span class="away">${about}</span>
  </button>`
}
