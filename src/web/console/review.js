import { badge, html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { pick, rolesToPick } from './pick.js'
import { QUALITY } from './quality.js'
import { numberSays } from './todo.js'

/** @import { StrangersView, WaitingBleep } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

/** What rang nobody: what waits for a person, and then what was heard and called for nobody. @param {PageContext} page */
export function reviewPage(page) {
  const { state } = page
  return html`<h1>${say('review.bleepsThatRangNobody')}</h1>
    <section class="panel" aria-labelledby="wait-h">
      <h2 id="wait-h">${say('review.readAndAct')}</h2>
      ${
        state.waiting.length === 0
          ? html`<p>${say('review.noneWaits')}</p>`
          : html`<ul class="waiting">${state.waiting.map((b) => waiting(page, b))}</ul>`
      }
    </section>
    <section class="panel" aria-labelledby="strange-h">
      <h2 id="strange-h">${say('review.addressesThatNoDirectoryHolds')}</h2>
      <p class="quiet">
        ${say('review.heardInTheLast24')} <code>numbers.csv</code>.
      </p>
      ${strangers(page, state.strangers)}
    </section>`
}

/**
 * @param {PageContext} page
 * @param {WaitingBleep} b
 */
function waiting({ acting: acts, state }, b) {
  return html`<li class="call must-act ${b.class ?? ''}">
    <div class="call-head">
      ${b.class === undefined ? nothing : badge(b.class)}
      <h3>${numberSays(b.number)}</h3>
      <span class="quiet figure">${put('review.since', { received: clock(b.received) })}</span>
    </div>
    ${b.words === undefined ? nothing : html`<p class="said">“${b.words}”</p>`}
    ${b.unclear === undefined ? nothing : html`<p class="gap">${translate(b.unclear)}</p>`}
    <p>${translate(b.sentence)}.</p>
    ${
      acts === undefined
        ? nothing
        : html`<div class="acts">
          <button class="main" @click=${(/** @type {Event} */ e) => once(e, () => acts.reviewed(b.id))}>${say('board.iHaveActedOnIt')}</button>
          ${pick(say('board.askARole'), 'role', rolesToPick(state.directory), (role, label) => acts.reviewAsk(b.id, role, label))}
        </div>`
    }
  </li>`
}

/**
 * @param {PageContext} page
 * @param {StrangersView | undefined} view
 */
function strangers({ acting: acts, state }, view) {
  if (view === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  if (view.addresses.length === 0) return html`<p>${say('review.noneWasHeard')}</p>`
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${say('review.unknownAddresses')}">
    <table>
      <caption class="away">${say('review.eachUnknownAddressWithHow')}</caption>
      <thead>
        <tr>
          <th scope="col">${say('review.address')}</th><th scope="col" class="num">${say('review.heard')}</th><th scope="col">${say('review.last')}</th><th scope="col">${say('review.words')}</th>
          ${acts === undefined ? nothing : html`<th scope="col">${say('review.itWasForUs')}</th>`}
        </tr>
      </thead>
      <tbody>
        ${view.addresses.map(
          (a) =>
            html`<tr>
              <th scope="row">${numberSays(a.number)}</th>
              <td class="num figure">${a.count}</td>
              <td class="figure">${day(a.last)} ${clock(a.last)}</td>
              <td>${a.words === undefined ? html`<span class="quiet">${say('review.notForYouToRead')}</span>` : html`“${a.words}”`} ${a.quality === 'clean' ? nothing : html`<span class="quiet">${QUALITY[a.quality]}</span>`}</td>
              ${
                acts === undefined
                  ? nothing
                  : html`<td>${pick(say('board.askARole'), 'role', rolesToPick(state.directory), (role, label) => acts.reviewAsk(a.bleep, role, label))}</td>`
              }
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
