import { html, nothing } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock } from '../shared/time.js'

/** @import { AlertPage } from './pages.d.ts' */

/** The operator's own steps for this kind of call, each ticked on its record. @param {AlertPage} page */
export function runSheet({ view, acting: acts }) {
  if (view.sheet.length === 0) return nothing
  return html`<section class="panel run-sheet" aria-labelledby="sheet-h">
    <h2 id="sheet-h">${say('start.sheet')}</h2>
    <ul class="plain">
      ${view.sheet.map(({ step, done }) => {
        const tick = (/** @type {Event} */ event) => {
          event.preventDefault()
          return acts?.tick(view, step, done === undefined)
        }
        return html`<li>
          <label class="check"><input type="checkbox" .checked=${done !== undefined} ?disabled=${acts === undefined} @click=${tick} /> ${step}</label>
          ${done === undefined ? nothing : html`<span class="quiet figure">${say('start.sheetDone', { at: clock(done.at), by: done.by })}</span>`}
        </li>`
      })}
    </ul>
  </section>`
}
