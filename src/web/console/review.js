import { badge, html, nothing, once } from '../shared/dom.js'
import { clock, day } from '../shared/time.js'
import { pick, rolesToPick } from './pick.js'
import { numberSays } from './todo.js'

/** @import { StrangersView, WaitingBleep } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { Context } from './context.js' */

/** @typedef {Context & { acts: Acts | undefined }} ReviewPage */

/** What rang nobody: what waits for a person, and then what was heard and called for nobody. @param {ReviewPage} page */
export function reviewPage(page) {
  const { state } = page
  return html`<h1>Bleeps that rang nobody</h1>
    <section class="panel" aria-labelledby="wait-h">
      <h2 id="wait-h">Read and act</h2>
      ${
        state.waiting.length === 0
          ? html`<p>None waits.</p>`
          : html`<ul class="waiting">${state.waiting.map((b) => waiting(page, b))}</ul>`
      }
    </section>
    <section class="panel" aria-labelledby="strange-h">
      <h2 id="strange-h">Addresses that no directory holds</h2>
      <p class="quiet">
        Heard in the last 24 hours and kept off every phone: another site’s pagers, or a number missing from the number
        plan. One that is ours belongs in <code>numbers.csv</code>.
      </p>
      ${strangers(page, state.strangers)}
    </section>`
}

/**
 * @param {ReviewPage} page
 * @param {WaitingBleep} b
 */
function waiting({ acts, state }, b) {
  return html`<li class="call must-act ${b.class ?? ''}">
    <div class="call-head">
      ${b.class === undefined ? nothing : badge(b.class)}
      <h3>${numberSays(b.number)}</h3>
      <span class="quiet figure">since ${clock(b.received)}</span>
    </div>
    ${b.words === undefined ? nothing : html`<p class="said">“${b.words}”</p>`}
    ${b.quality === 'clean' || b.quality === 'corrected' ? nothing : html`<p class="gap">Read ${b.quality}: part of it may be missing.</p>`}
    <p>${b.sentence}.</p>
    ${
      acts === undefined
        ? nothing
        : html`<div class="acts">
          <button class="main" @click=${(/** @type {Event} */ e) => once(e, () => acts.reviewed(b.id))}>I have acted on it</button>
          ${pick('Ask a role', 'role', rolesToPick(state.directory), (role, label) => acts.reviewAsk(b.id, role, label))}
        </div>`
    }
  </li>`
}

/**
 * @param {ReviewPage} page
 * @param {StrangersView | undefined} view
 */
function strangers({ acts, state }, view) {
  if (view === undefined) return html`<p class="wait">Loading…</p>`
  if (view.addresses.length === 0) return html`<p>None was heard.</p>`
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Unknown addresses">
    <table>
      <caption class="away">Each unknown address with how often and when it was heard</caption>
      <thead>
        <tr>
          <th scope="col">Address</th><th scope="col" class="num">Heard</th><th scope="col">Last</th><th scope="col">Words</th>
          ${acts === undefined ? nothing : html`<th scope="col">It was for us</th>`}
        </tr>
      </thead>
      <tbody>
        ${view.addresses.map(
          (a) =>
            html`<tr>
              <th scope="row">${numberSays(a.number)}</th>
              <td class="num figure">${a.count}</td>
              <td class="figure">${day(a.last)} ${clock(a.last)}</td>
              <td>${a.words === undefined ? html`<span class="quiet">not for you to read</span>` : html`“${a.words}”`} ${a.quality === 'clean' ? nothing : html`<span class="quiet">${a.quality}</span>`}</td>
              ${
                acts === undefined
                  ? nothing
                  : html`<td>${pick('Ask a role', 'role', rolesToPick(state.directory), (role, label) => acts.reviewAsk(a.bleep, role, label))}</td>`
              }
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
