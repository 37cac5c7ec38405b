import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { keyed } from './keyed.js'

/** @import { AskView } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */

/** Whoever waits longest stands first; more than these at once is a list that nobody reads. */
const SHOWN = 6
/** Folded away, so that an answer is at hand when a ward rings. */
const AT_HAND = 30

/** Those whose screen, phone or call was tried in vain. @param {readonly AskView[]} asks */
export const toBeRung = (asks) => asks.filter(({ told }) => told.some(({ way }) => way !== 'switchboard'))

/**
 * Answers that did not reach whoever asked. Where a screen, a phone or a call of theirs was tried in vain the switchboard
 * rings them; the press is the receipt, and names the answer that stood on this board. A ward that has none of these has
 * its answer at hand for when it rings, folded, or a site of such wards would have nothing else on its board.
 * @param {readonly AskView[]} asks the longest waiting first
 * @param {Acts | undefined} acts absent: this operator only looks
 */
export function readOut(asks, acts) {
  const tried = toBeRung(asks)
  const without = asks.filter((a) => !tried.includes(a)).toReversed()
  return html`${
    tried.length === 0
      ? nothing
      : html`<section class="read-out" aria-labelledby="read-out-h">
          <h2 id="read-out-h">${say('board.readOut')} <span class="count">${tried.length}</span></h2>
          ${lines(tried, SHOWN, acts)}
        </section>`
  }${
    without.length === 0
      ? nothing
      : html`<details class="fold read-out">
          <summary><h2>${say('board.readOutWithout')} <span class="count">${without.length}</span></h2></summary>
          ${lines(without, AT_HAND, acts)}
        </details>`
  }`
}

/**
 * @param {readonly AskView[]} asks
 * @param {number} most
 * @param {Acts | undefined} acts
 */
function lines(asks, most, acts) {
  return html`<ul>${keyed(
    asks.slice(0, most),
    (a) => a.id,
    (a) => line(a, acts),
  )}</ul>
    ${asks.length > most ? html`<p class="quiet">${put('board.readOutMore', { count: asks.length - most })}</p>` : nothing}`
}

/**
 * @param {AskView} ask
 * @param {Acts | undefined} acts
 */
function line(ask, acts) {
  return html`<li data-ask=${ask.id}>
    <p>
      ${ask.extension === undefined ? nothing : html`<a class="tel figure" href="tel:${ask.extension}">${ask.extension}</a>`}
      <strong>${ask.ward ?? ''}</strong>
      <span class="quiet">${put('board.readOutAsked', { at: clock(ask.at), to: ask.to })}</span>
    </p>
    <p class="line-to-do">${translate(ask.sentence)}</p>
    ${
      acts === undefined
        ? nothing
        : html`<button class="main" @click=${(/** @type {Event} */ e) => once(e, () => acts.told(ask))}>
            ${say('board.toldThem')}<span class="away"> ${ask.ward ?? ask.extension ?? ''}</span>
          </button>`
    }
  </li>`
}
