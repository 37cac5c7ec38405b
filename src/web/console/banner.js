import { badge, html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clockSeconds, now, span } from '../shared/time.js'

/** @import { Card } from '../shared/types.d.ts' */

/** Shown one by one; the rest is counted. */
const SHOWN = 2

/** Across every page while what is shown may be old. @param {number} since the last word of the server */
export function staleBanner(since) {
  return html`<div class="stale-banner" role="alert">
    <strong>${say('frame.notUpdatedSince', { at: clockSeconds(since) })}</strong> ${say('frame.takeCallsBy')}
  </div>`
}

/**
 * Emergencies of the last seconds, above everything and on every page.
 * @param {readonly Card[]} cards
 * @param {(card: Card) => void} seen
 */
export function newCalls(cards, seen) {
  if (cards.length === 0) return nothing
  return html`<section class="new-calls" aria-label=${say('board.newEmergencies')}>
    ${cards.slice(0, SHOWN).map(
      (c) =>
        html`<div class="new-call" data-key=${c.id}>
          ${badge('emergency')} <strong class="new">${say('board.new')}</strong>
          <a href="#/alert/${c.id}">${c.title} <span class="place">${c.place ?? c.to}</span></a>
          ${c.words === undefined ? nothing : html`<span class="said">“${c.words}”</span>`}
          <span class="age figure">${span(now() - Date.parse(c.raised))}</span>
          <button class="small" @click=${() => seen(c)}>${say('board.seen')}<span class="away">: ${c.title}</span></button>
        </div>`,
    )}
    ${cards.length > SHOWN ? html`<p class="new-call">${put('board.moreNew', { n: cards.length - SHOWN })}</p>` : nothing}
  </section>`
}
