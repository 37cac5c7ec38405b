import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { keyed } from './keyed.js'

/** @import { AskView } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */

/** Whoever waits longest stands first; more than these at once is a list that nobody reads. */
const SHOWN = 6

/**
 * Answers that no screen, phone or call could bring to whoever asked: the switchboard reads them out. The press is the
 * receipt, and names the answer that stood on this board.
 * @param {readonly AskView[]} asks the longest waiting first
 * @param {Acts | undefined} acts absent: this operator only looks
 */
export function readOut(asks, acts) {
  if (asks.length === 0) return nothing
  return html`<section class="read-out" aria-labelledby="read-out-h">
    <h2 id="read-out-h">${say('board.readOut')} <span class="count">${asks.length}</span></h2>
    <ul>${keyed(
      asks.slice(0, SHOWN),
      (a) => a.id,
      (a) => line(a, acts),
    )}</ul>
    ${asks.length > SHOWN ? html`<p class="quiet">${put('board.readOutMore', { count: asks.length - SHOWN })}</p>` : nothing}
  </section>`
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
