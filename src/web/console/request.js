import { Refusal } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { dueOf, KIND, STATE } from './requests.js'

/** @import { PackReview, RequestView } from '../shared/types.d.ts' */
/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */

/** @typedef {NonNullable<RequestView['items']>[number]} Item */

const PROOFS = /** @type {const} */ ({
  'identity-document': say('requests.identity-document'),
  'known-to-us': say('requests.known-to-us'),
  representative: say('requests.representative'),
  court: say('requests.court'),
})
const DECISIONS = /** @type {const} */ ({
  give: say('requests.give'),
  erase: say('requests.eraseIt'),
  restrict: say('requests.restrictIt'),
  refuse: say('requests.refuse'),
})
const OFFERED = /** @type {const} */ ({
  access: ['give', 'refuse'],
  erase: ['erase', 'restrict', 'refuse'],
  restrict: ['restrict', 'refuse'],
})
const GROUNDS = /** @type {const} */ ({
  'another-person': say('requests.another-person'),
  'health-record': say('requests.health-record'),
  'public-task': say('requests.public-task'),
  'legal-claim': say('requests.legal-claim'),
  'third-party': say('requests.third-party'),
  'serious-harm': say('requests.serious-harm'),
  unfounded: say('requests.unfounded'),
  'not-verified': say('requests.not-verified'),
})

/** @param {Read} read @param {State} state @param {string} id */
export const loadRequest = (read, state, id) =>
  read('request', `/subjects/requests/${id}`, (/** @type {RequestView} */ view) => {
    state.request = view
    if (state.review !== undefined && !view.items?.some(({ bleep }) => bleep === state.review?.bleep))
      state.review = undefined
  })

/** One request: what is to be done next stands at the top. @param {PageContext} page */
export function requestPage(page) {
  const { request } = page.state
  if (request === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  const acts = page.may('subject.erase') ? steps(page, request) : nothing
  return html`<h1>${KIND[request.kind]}: ${request.reason}</h1>
    <p>${STATE[request.state]}${request.done === undefined ? html`, ${dueOf(request)}` : html`, ${day(request.done)}`}.
      ${request.verified === undefined ? nothing : put('requests.verified', { how: PROOFS[request.verified.how], by: request.verified.by })}</p>
    <div class="acts">${acts}</div>
    ${request.proof === undefined || request.proof.looked === 0 ? nothing : html`<p>${put('requests.proof', { looked: request.proof.looked, still: request.proof.still })}</p>`}
    ${request.items === undefined || request.state === 'open' ? nothing : items(page, request)}
    ${page.state.review === undefined ? nothing : review(page, request, page.state.review)}
    ${
      request.letter === undefined
        ? nothing
        : html`<section class="panel" aria-labelledby="let-h"><h2 id="let-h">${say('requests.letter')}</h2>
          <div class="letter">${request.letter.split('\n\n').map((line) => html`<p>${line}</p>`)}</div></section>`
    }`
}

/**
 * @param {PageContext} page
 * @param {string} what
 * @param {RequestView} request
 * @param {object} [body]
 */
const send = ({ api, attempt }, what, request, body = {}) =>
  attempt(async () => {
    await api.send('POST', `/subjects/requests/${request.id}/${what}`, body)
    return undefined
  })

/** @param {PageContext} page @param {RequestView} request */
function steps(page, request) {
  const press = (/** @type {string} */ label, /** @type {string} */ what, main = true) =>
    html`<button class=${main ? 'main' : ''} @click=${(/** @type {Event} */ e) => once(e, () => send(page, what, request))}>${label}</button>`
  const over = request.state === 'done' || request.state === 'withdrawn'
  return html`${
    request.verified === undefined && !over
      ? html`<label>${say('requests.verify')}
          <select @change=${(/** @type {Event} */ e) => send(page, 'verify', request, { how: /** @type {HTMLSelectElement} */ (e.currentTarget).value })}>
            <option value="" selected disabled></option>
            ${Object.entries(PROOFS).map(([how, label]) => html`<option value=${how}>${label}</option>`)}
          </select></label>`
      : nothing
  }
  ${request.verified !== undefined && (request.state === 'open' || request.state === 'found') ? press(request.state === 'open' ? say('requests.find') : say('requests.findAgain'), 'find', request.state === 'open') : nothing}
  ${request.state === 'found' ? press(say('requests.approve'), 'approve') : nothing}
  ${request.state === 'approved' ? press(say('requests.carryOut'), 'do') : nothing}
  ${request.kind === 'access' && (request.state === 'approved' || request.state === 'done') ? pack(page, request) : nothing}
  ${over || request.state === 'started' ? nothing : html`<button @click=${(/** @type {Event} */ e) => once(e, () => send(page, 'withdraw', request))}>${say('requests.withdraw')}</button>`}`
}

/** The passphrase is made here and shown here, and stored nowhere. @param {PageContext} page @param {RequestView} request */
function pack({ state, attempt }, request) {
  state.passphrase ??= passphrase()
  const words = state.passphrase
  const fetchIt = (/** @type {'page' | 'data'} */ form) =>
    attempt(async () => {
      const answer = await fetch(`/api/v1/subjects/requests/${request.id}/pack?form=${form}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ passphrase: words }),
      })
      if (!answer.ok) throw new Refusal(await answer.json())
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await answer.blob())
      link.download = form === 'page' ? 'data.html.age' : 'data.json.age'
      link.click()
      URL.revokeObjectURL(link.href)
      return undefined
    })
  return html`<span>${say('requests.pack')}:
      <button @click=${(/** @type {Event} */ e) => once(e, () => fetchIt('page'))}>${say('requests.page')}</button>
      <button @click=${(/** @type {Event} */ e) => once(e, () => fetchIt('data'))}>${say('requests.data')}</button></span>
    <span class="quiet">${say('requests.passphrase')}: <code>${words}</code></span>`
}

function passphrase() {
  const letters = 'abcdefghjkmnpqrstuvwxyz23'
  const drawn = crypto.getRandomValues(new Uint8Array(200)).filter((n) => n < 250)
  const signs = [...drawn.slice(0, 25)].map((n) => letters[n % letters.length])
  return [0, 5, 10, 15, 20].map((at) => signs.slice(at, at + 5).join('')).join('-')
}

/** @param {PageContext} page @param {RequestView} request */
function items(page, request) {
  const all = request.items ?? []
  const offered = OFFERED[request.kind]
  const left = all.filter(({ decided }) => decided === undefined)
  const open = page.may('subject.erase') && (request.state === 'found' || request.state === 'approved')
  /** @param {readonly Item[]} some @param {string} name */
  const deciding = (some, name) => {
    /** @param {SubmitEvent} event */
    const decide = (event) => {
      event.preventDefault()
      const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
      const [what, ground] = [form.get('what'), form.get('ground')]
      const said = { what, ...(ground ? { ground } : {}) }
      return once(event, () =>
        send(page, 'decide', request, { items: some.map(({ bleep }) => ({ bleep, ...said })) }),
      )
    }
    return html`<form class="tools" @submit=${decide}>
      <select name="what" aria-label="${say('requests.decision')} ${name}">
        ${offered.map((what) => html`<option value=${what}>${DECISIONS[what]}</option>`)}
      </select>
      <select class="ground" name="ground" aria-label="${say('requests.ground')} ${name}">
        <option value=""></option>
        ${Object.entries(GROUNDS).map(([ground, label]) => html`<option value=${ground}>${label}</option>`)}
      </select>
      <button>${say('requests.decide')}</button>
    </form>`
  }
  return html`<section class="panel" aria-labelledby="it-h">
    <h2 id="it-h">${put('requests.found', { n: all.length })}</h2>
    ${open && left.length > 1 ? html`<p>${say('requests.decideAll')}</p>${deciding(left, say('requests.decideAll'))}` : nothing}
    <div class="scroll" tabindex="0" role="group" aria-labelledby="it-h"><table>
      <thead><tr><th scope="col">${say('requests.when')}</th><th scope="col">${say('requests.words')}</th>
        <th scope="col">${say('requests.others')}</th><th scope="col">${say('requests.decision')}</th></tr></thead>
      <tbody>${all.map(
        (item) => html`<tr>
          <th scope="row" class="figure">${day(item.received)} ${clock(item.received)}</th>
          <td>${item.words === undefined ? nothing : html`“${item.words}”`}</td>
          <td>${item.others === 0 ? nothing : html`<button @click=${(/** @type {Event} */ e) => once(e, () => show(page, request, item))}>${item.undecided} / ${item.others}</button>`}</td>
          <td>${item.decided === undefined ? nothing : html`<strong>${DECISIONS[item.decided.what]}</strong> <span class="quiet">${item.decided.by}${item.decided.ground === undefined ? nothing : html`: ${GROUNDS[item.decided.ground]}`}</span>`}
            ${open ? deciding([item], `${day(item.received)} ${clock(item.received)}`) : nothing}</td>
        </tr>`,
      )}</tbody>
    </table></div>
  </section>`
}

/** @param {PageContext} page @param {RequestView} request @param {Item} item */
async function show({ api, state, draw }, request, { bleep }) {
  /** @type {PackReview} */
  const view = await api.get(`/subjects/requests/${request.id}/items/${bleep}`)
  state.review = view
  draw()
}

/** @param {PageContext} page @param {RequestView} request @param {PackReview} view */
function review(page, request, view) {
  /** @param {SubmitEvent} event */
  const decide = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    const places = view.places.flatMap(({ place }, i) => {
      const said = form.get(`hide-${i}`)
      return said === null ? [] : [{ place, hide: said === 'hide', because: String(form.get('because')) }]
    })
    return once(event, async () => {
      await send(page, `items/${view.bleep}`, request, { places })
      await show(page, request, /** @type {Item} */ ({ bleep: view.bleep }))
    })
  }
  return html`<section class="panel" aria-labelledby="rev-h">
    <h2 id="rev-h">${say('requests.review')}</h2>
    <form @submit=${decide}>
      <ul class="plain">${view.places.map(
        (one, i) => html`<li class="report">
          <span><strong>${one.words}</strong>${one.context === one.words ? nothing : html` <span class="quiet">“${one.context}”</span>`}</span>
          <label><input type="radio" name="hide-${i}" value="hide" ?checked=${one.hide !== false} /> ${say('requests.hide')}</label>
          <label><input type="radio" name="hide-${i}" value="leave" ?checked=${one.hide === false} /> ${say('requests.leave')}</label>
          ${one.because === undefined ? nothing : html`<span class="quiet">${one.by}: ${one.because}</span>`}
        </li>`,
      )}</ul>
      <p class="tools"><label>${say('requests.because')} <input name="because" minlength="3" required autocomplete="off" /></label>
      <button class="main">${say('requests.decide')}</button></p>
    </form>
  </section>`
}
