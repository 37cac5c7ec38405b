import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'

/** @import { FilingView, ReadBackView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

/**
 * A decision with its reason, which goes on the record.
 * @param {PageContext} page
 * @param {FilingView} f
 * @param {'again' | 'leave' | 'withdraw'} decision
 * @param {string} label
 */
export function decide({ api, attempt }, f, decision, label) {
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault()
    const reason = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('reason'))
    return once(event, () =>
      attempt(async () => {
        /** @type {{ sentence: string }} */
        const { sentence } = await api.send('POST', `/filings/${f.alert}/decide`, { decision, reason })
        return `${sentence}.`
      }),
    )
  }
  return html`<details>
    <summary>${label}</summary>
    <form class="tools" @submit=${send}>
      <label>${say('filing.reason')} <input name="reason" required minlength="3" maxlength="240" autocomplete="off" /></label>
      <button class="main">${label}</button>
    </form>
  </details>`
}

/**
 * Whose record it belongs in: one of those that the call names, or a number that is typed; read back before it counts.
 * @param {PageContext} page
 * @param {FilingView} f
 */
export function nameIt(page, f) {
  const { api, attempt, state, draw } = page
  const readBack = (/** @type {string} */ number) => async () => {
    /** @type {ReadBackView} */
    const read = await api.send('POST', `/alerts/${f.alert}/patient/read-back`, { number })
    state.readBack = { ...read, alert: f.alert, typed: number }
    draw()
    return undefined
  }
  /** @param {SubmitEvent} event */
  const typed = (event) => {
    event.preventDefault()
    const number = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('number'))
    return once(event, () => attempt(readBack(number)))
  }
  const read = state.readBack?.alert === f.alert ? state.readBack : undefined
  return html`<details ?open=${read !== undefined}>
    <summary>${say('patient.whose')}</summary>
    ${(f.named ?? []).map(
      ({ number, hint }) =>
        html`<button @click=${(/** @type {Event} */ e) => once(e, () => attempt(readBack(number)))}>${put('filing.theOneEnding', { hint })}</button>`,
    )}
    <form class="tools" @submit=${typed}>
      <label>${say('patient.number')} <input name="number" required minlength="4" maxlength="40" inputmode="text" autocomplete="off" /></label>
      <button>${say('patient.readBack')}</button>
    </form>
    ${read === undefined ? nothing : confirm(page, read)}
  </details>`
}

/**
 * What was read back, large enough to compare.
 * @param {PageContext} page
 * @param {NonNullable<PageContext['state']['readBack']>} read
 */
function confirm({ api, attempt, state }, read) {
  const yes = () =>
    attempt(async () => {
      await api.send('POST', `/alerts/${read.alert}/patient`, { number: read.typed, readBack: read.readBack })
      state.readBack = undefined
      return say('patient.set')
    })
  return html`<div class="read-back ${read.differs ? 'gap' : ''}" role="status">
    <p class="figure"><strong>${read.number}</strong></p>
    ${read.name === undefined ? nothing : html`<p><strong>${read.name}</strong>${read.born === undefined ? nothing : put('patient.born', { day: read.born.split('-').reverse().join('/') })}</p>`}
    <p>${read.sentence}.</p>
    <button class="main" @click=${(/** @type {Event} */ e) => once(e, yes)}>${say('patient.confirm')}</button>
  </div>`
}
