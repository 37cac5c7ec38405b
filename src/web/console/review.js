import { badge, html, nothing } from '../shared/dom.js'
import { clock } from '../shared/time.js'

/** @import { WaitingBleep } from '../shared/types.d.ts' */

/**
 * Bleeps that rang nobody. They stand above everything else until somebody says that they have acted.
 * @param {readonly WaitingBleep[]} bleeps
 * @param {((id: string) => void) | undefined} seen absent: this operator may look only
 */
export function review(bleeps, seen) {
  if (bleeps.length === 0) return nothing
  return html`<section aria-labelledby="review">
    <h2 id="review">Rang nobody: read and act</h2>
    <ul class="rows">
      ${bleeps.map(
        (b) => html`<li class="row must-act ${b.class ?? ''}">
          <div>
            ${b.class === undefined ? nothing : badge(b.class)}
            <p class="quiet figure">since ${clock(b.received)}</p>
          </div>
          <div>
            <h3>Bleep ${b.number}</h3>
            ${b.words === undefined ? nothing : html`<p class="said">“${b.words}”</p>`}
            ${b.quality === 'clean' || b.quality === 'corrected' ? nothing : html`<p class="quiet">Read ${b.quality}</p>`}
          </div>
          <p class="must act">${b.sentence}</p>
          <div class="do">
            ${seen === undefined ? nothing : html`<button @click=${() => seen(b.id)}>I have acted on it</button>`}
          </div>
        </li>`,
      )}
    </ul>
  </section>`
}
