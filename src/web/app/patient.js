import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { translate } from '../shared/translate.js'
import { api } from './line.js'

/** @import { ReadBackView } from '../shared/types.d.ts' */
/** @import { AlertPage } from './pages.d.ts' */

/** What was read back last, of which alert, and what became of it. */
let open = {
  alert: '',
  typed: '',
  said: '',
  /** @type {ReadBackView | undefined} */ read: undefined,
}

/** Whose record the call belongs in: typed, read back, and only a yes to that counts. @param {AlertPage} page */
export function patient(page) {
  const { card, filing } = page
  if (filing === undefined || card.class === 'test') return nothing
  if (open.alert !== card.id) open = { alert: card.id, typed: '', said: '', read: undefined }
  /** @param {() => Promise<void>} act */
  const attempt = async (act) => {
    open.said = ''
    await act().catch((error) => {
      open.read = undefined
      open.said = explain(error)
    })
    page.redraw()
  }
  /** @param {SubmitEvent} event */
  const readBack = (event) => {
    event.preventDefault()
    const number = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('patient'))
    return once(event, () =>
      attempt(async () => {
        open.read = undefined
        /** @type {ReadBackView} */
        const read = await api.send('POST', `/alerts/${card.id}/patient/read-back`, { number })
        Object.assign(open, { read, typed: number })
      }),
    )
  }
  const { read, typed, said } = open
  return html`<section aria-labelledby="patient-h">
    <h2 id="patient-h">${say('patient.record')}</h2>
    <p>${filing.stand === undefined ? say('patient.open') : html`${translate(filing.sentence)}.`}${filing.patient === undefined ? nothing : html` <strong class="figure">${filing.patient}</strong>`}</p>
    <form class="line" @submit=${readBack}>
      <label for="patient">${say('patient.number')}</label>
      <input id="patient" name="patient" required minlength="4" maxlength="40" inputmode="text" autocomplete="off" autocapitalize="characters" spellcheck="false" />
      <button>${say('patient.readBack')}</button>
    </form>
    <div role="status">
      ${said === '' ? nothing : html`<p class="notice">${translate(said)}</p>`}
      ${read === undefined ? nothing : confirm(card.id, read, typed, attempt, page.reload)}
    </div>
  </section>`
}

/**
 * What was read back, large enough to compare with a wristband.
 * @param {string} alert
 * @param {ReadBackView} read
 * @param {string} number as it was typed
 * @param {(act: () => Promise<void>) => Promise<void>} attempt
 * @param {() => Promise<void>} reload
 */
function confirm(alert, read, number, attempt, reload) {
  const yes = () =>
    attempt(async () => {
      await api.send('POST', `/alerts/${alert}/patient`, { number, readBack: read.readBack })
      Object.assign(open, { read: undefined, said: say('patient.set') })
      await reload()
    })
  return html`<div class="read-back ${read.differs ? 'bad' : ''}">
    <p class="figure"><strong>${read.number}</strong></p>
    ${read.name === undefined ? nothing : html`<p><strong>${read.name}</strong>${read.born === undefined ? nothing : put('patient.born', { day: read.born.split('-').reverse().join('/') })}</p>`}
    <p>${translate(read.sentence)}.</p>
    <button class="main" @click=${(/** @type {Event} */ e) => once(e, yes)}>${say('patient.confirm')}</button>
  </div>`
}
