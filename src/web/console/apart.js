import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clockSeconds } from '../shared/time.js'

/** @import { Card } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */

/**
 * One press: what was joined to a call rings as a call of its own.
 * @param {Acts | undefined} acts
 * @param {string} alert
 * @param {string} joined
 */
export function apart(acts, alert, joined) {
  if (acts === undefined) return nothing
  return html`<button class="small no-print" title=${say('call.anotherCallTitle')} @click=${(/** @type {Event} */ e) => once(e, () => acts.separate(alert, joined))}>${say('call.anotherCall')}</button>`
}

/**
 * What was joined to a call and may be another patient’s, the newest first.
 * @param {Card} card
 * @param {Acts | undefined} acts
 */
export function joinedHere({ id, mayBeAnother = [] }, acts) {
  if (mayBeAnother.length === 0) return nothing
  return html`<ul class="plain joined">
    ${mayBeAnother.map(
      (j) =>
        html`<li>
          ${put('call.joinedHere', { at: clockSeconds(j.at) })}
          ${j.words === undefined ? nothing : html`<strong>“${j.words}”</strong>`} <span class="quiet">${j.sentence}.</span>
          ${apart(acts, id, j.id)}
        </li>`,
    )}
  </ul>`
}
