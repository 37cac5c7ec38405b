import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock } from '../shared/time.js'

/** @import { AlertPage } from './pages.d.ts' */

const QUICK = /** @type {const} */ ([
  ['eta', say('phone.twoMinutes')],
  ['eta', say('phone.fiveMinutes')],
  ['eta', say('phone.tenMinutes')],
])

/** How a reply of each kind begins. @type {Readonly<Record<string, string>>} */
const SAID = { eta: say('phone.etaLabel'), 'need-role': say('phone.needs'), note: '' }

/** Short replies among everybody on the alert. @param {AlertPage} page */
export function thread(page) {
  /** @param {SubmitEvent} event */
  const write = async (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const text = String(new FormData(form).get('text') ?? '').trim()
    // What was typed stays until it has been taken.
    if (text !== '' && (await page.write('note', { text }))) form.reset()
  }
  const closed = page.card.phase === 'closed'
  const said = page.thread
  return html`<section aria-labelledby="thread-h">
    <h2 id="thread-h">${say('phone.thread')}</h2>
    ${
      said === undefined
        ? html`<p class="quiet">${say('phone.theThreadNeedsTheNetwork')}</p>`
        : html`<div role="log" aria-label="${say('phone.replies')}"><ul class="thread">
            ${said.map(
              (s) =>
                html`<li>
                  <span class="quiet figure">${clock(s.at)}</span> <strong>${s.name ?? s.by}</strong>
                  ${SAID[s.kind]}${s.text}
                </li>`,
            )}
          </ul></div>
          ${said.length === 0 ? html`<p class="quiet">${say('phone.nobodyHasWrittenYet')}</p>` : nothing}`
    }
    ${
      closed
        ? nothing
        : html`<div class="quick" role="group" aria-label="${say('phone.quickReplies')}">
              ${QUICK.map(
                ([kind, text]) =>
                  html`<button @click=${(/** @type {Event} */ e) => once(e, async () => void (await page.write(kind, { text })))}>
                    ${SAID[kind]}${text}
                  </button>`,
              )}
            </div>
            ${needs(page)}
            <form class="line" @submit=${write}>
              <label for="note">${say('phone.writeToEverybodyOnIt')}</label>
              <input id="note" name="text" maxlength="240" autocomplete="off" enterkeyhint="send" value=${page.draft}
                @input=${(/** @type {Event} */ e) => page.keepDraft(/** @type {HTMLInputElement} */ (e.currentTarget).value)} />
              <button>${say('phone.send')}</button>
            </form>`
    }
  </section>`
}

/** Another role is wanted: a second opinion, another pair of hands. Its holders are rung. @param {AlertPage} page */
function needs(page) {
  if (page.roles.length === 0) return nothing
  /** @param {SubmitEvent} event */
  const pick = async (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const role = String(new FormData(form).get('role') ?? '')
    if (role !== '' && (await page.write('need-role', { role }))) form.reset()
  }
  return html`<form class="line" @submit=${pick}>
    <label for="need">${say('phone.askAnotherRoleToCome')}</label>
    <select id="need" name="role">
      <option value="">${say('phone.needAnotherRole')}</option>
      ${page.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
    </select>
    <button>${say('phone.ask')}</button>
  </form>`
}
