import { explain } from '../shared/api.js'
import { badge, html, nothing, once } from '../shared/dom.js'
import { clock, clockSeconds, fine, now, span } from '../shared/time.js'
import { PHASE, STATE, who } from '../shared/words.js'
import { mustNow, people } from './board.js'
import { waterfall } from './waterfall.js'

/** @import { AlertView, DirectoryView } from '../shared/types.d.ts' */
/** @import { Api } from '../shared/api.js' */

/**
 * @typedef {object} AlertPage
 * @property {Api} api
 * @property {AlertView} view
 * @property {DirectoryView | undefined} directory
 * @property {boolean} manages
 * @property {() => Promise<void>} reload
 * @property {(text: string) => void} notice
 */

/** @param {AlertPage} page */
export function alertPage(page) {
  const { view } = page
  return html`<p><a href="#/">← Board</a></p>
    <div class="split">
      <div>
        ${head(page)}
        <section class="panel" aria-labelledby="line-h">
          <h2 id="line-h">Time line</h2>
          <div class="scroll" tabindex="0" role="group" aria-label="Time line">
            <table>
              <caption class="away">Everything that happened, in order</caption>
              <thead>
                <tr><th scope="col">Time</th><th scope="col" class="num">After</th><th scope="col">What</th></tr>
              </thead>
              <tbody>
                ${view.timeline
                  .filter((l) => l.clock !== 'device')
                  .map(
                    (l) =>
                      html`<tr>
                      <td class="figure">${clockSeconds(l.at)}</td>
                      <td class="num figure">${fine(l.after)}</td>
                      <td>
                        ${l.sentence}${l.name === undefined ? '' : html` – <strong>${l.name}</strong>`}
                      </td>
                    </tr>`,
                  )}
              </tbody>
            </table>
          </div>
        </section>
      </div>
      <div>
        <section class="panel" aria-labelledby="who-h">
          <h2 id="who-h">Who is coming</h2>
          ${people(view)} ${page.manages && view.phase !== 'closed' ? answerFor(page) : nothing}
        </section>
        ${thread(page)}
        <section class="panel" aria-labelledby="hops-h">
          <h2 id="hops-h">Where the time went</h2>
          ${waterfall(view.waterfall)}
        </section>
        ${attempts(view)}
        <section class="panel" aria-labelledby="why-h">
          <h2 id="why-h">Why</h2>
          <ul>
            ${view.reasons.map((r) => html`<li>${r.sentence}</li>`)}
          </ul>
        </section>
      </div>
    </div>`
}

/** @param {AlertPage} page */
function head(page) {
  const { view } = page
  const age = (view.closed ? Date.parse(view.closed.at) : now()) - Date.parse(view.raised)
  return html`<section class="panel head ${view.class}" aria-labelledby="alert-h">
    ${badge(view.class)}
    <h1 id="alert-h">${view.title}</h1>
    <p class="place">${view.place ?? view.to}</p>
    ${view.words === undefined ? nothing : html`<p class="said">“${view.words}”</p>`}
    ${
      view.quality === 'clean' || view.quality === 'corrected'
        ? nothing
        : html`<p class="notice bad">The page was ${view.quality} on the air: check what is unclear by telephone.</p>`
    }
    <dl class="facts">
      <div><dt>Open for</dt><dd class="figure">${span(age)}</dd></div>
      <div><dt>Raised</dt><dd class="figure">${clock(view.raised)}</dd></div>
      <div><dt>Bleep</dt><dd class="figure">${view.number}</dd></div>
      ${view.callBack === undefined ? nothing : html`<div><dt>Call back</dt><dd>${view.callBack}</dd></div>`}
      ${view.eta === undefined ? nothing : html`<div><dt>ETA</dt><dd>${view.eta}</dd></div>`}
      <div><dt>State</dt><dd>${PHASE[view.phase]}</dd></div>
    </dl>
    <div class="acts">${mustNow(view)}</div>
    ${view.closed === undefined ? nothing : html`<p class="quiet">${view.closed.sentence} (${view.closed.by})</p>`}
    ${page.manages && view.phase !== 'closed' ? acts(page) : nothing}
  </section>`
}

/** @param {AlertPage} page */
function acts(page) {
  const { view, directory } = page
  /** @param {object} body */
  const act = async (body) => {
    try {
      await page.api.send('POST', `/alerts/${view.id}/actions`, { version: view.version, ...body })
    } catch (error) {
      page.notice(explain(error))
    }
    await page.reload()
  }
  /** @param {SubmitEvent} event */
  const also = (event) => {
    event.preventDefault()
    const role = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('role')
    return act({ action: 'also-ask', role })
  }
  return html`<div class="acts">
      <button class="main" @click=${(/** @type {Event} */ e) => once(e, () => act({ action: 'take-over' }))}>
        I am acting on it
      </button>
      <button @click=${(/** @type {Event} */ e) => once(e, () => act({ action: 'close' }))}>Close</button>
    </div>
    <form class="acts" @submit=${also}>
      <label class="away" for="also">Ask another role</label>
      <select id="also" name="role">
        ${directory?.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
      </select>
      <button>Ask this role too</button>
    </form>`
}

/** Somebody rang in: their answer is put on record for them. @param {AlertPage} page */
function answerFor(page) {
  const { view } = page
  /** @param {SubmitEvent} event */
  const record = async (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    try {
      await page.api.send('POST', `/alerts/${view.id}/answers`, {
        version: view.version,
        person: form.get('person'),
        answer: form.get('answer'),
      })
    } catch (error) {
      page.notice(explain(error))
    }
    await page.reload()
  }
  return html`<form class="acts" @submit=${record}>
    <label class="away" for="said-who">Who said it on the telephone</label>
    <select id="said-who" name="person">
      ${view.responders.map((r) => html`<option value=${r.person}>${who(r)} (${r.roles.join(', ')})</option>`)}
    </select>
    <label class="away" for="said-what">What they said</label>
    <select id="said-what" name="answer">
      ${['accepted', 'attending', 'arrived', 'declined'].map(
        (a) => html`<option value=${a}>${STATE[/** @type {keyof typeof STATE} */ (a)]}</option>`,
      )}
    </select>
    <button>Record their answer</button>
  </form>`
}

/** @param {AlertPage} page */
function thread(page) {
  const { view } = page
  /** @param {SubmitEvent} event */
  const say = async (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const text = String(new FormData(form).get('text') ?? '').trim()
    if (text === '') return
    try {
      await page.api.send('POST', `/alerts/${view.id}/thread`, { kind: 'note', text })
      form.reset()
    } catch (error) {
      page.notice(explain(error))
    }
    await page.reload()
  }
  return html`<section class="panel" aria-labelledby="thread-h">
    <h2 id="thread-h">Thread</h2>
    <ul class="thread">
      ${view.thread.length === 0 ? html`<li class="quiet">Nobody has written yet.</li>` : nothing}
      ${view.thread.map(
        (s) =>
          html`<li><span class="quiet figure">${clock(s.at)}</span> <strong>${s.name ?? s.by}</strong> ${s.text}</li>`,
      )}
    </ul>
    ${
      page.manages
        ? html`<form class="line" @submit=${say}>
          <label class="away" for="say">Write to everybody on this alert</label>
          <input id="say" name="text" maxlength="240" autocomplete="off" placeholder="Write to everybody on it" />
          <button>Send</button>
        </form>`
        : nothing
    }
  </section>`
}

/** @param {AlertView} view */
function attempts(view) {
  return html`<section class="panel" aria-labelledby="tries-h">
    <h2 id="tries-h">Deliveries</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Deliveries">
      <table>
        <caption>Delivered means the device itself said so</caption>
        <thead>
          <tr><th scope="col">To</th><th scope="col">Way</th><th scope="col">State</th></tr>
        </thead>
        <tbody>
          ${view.attempts.map(
            (a) =>
              html`<tr>
                <td>${a.name ?? a.person}</td>
                <td>${a.channel}${a.label === undefined ? '' : html` <span class="quiet">${a.label}</span>`}</td>
                <td>${a.state}${a.fault === undefined ? '' : ` (${a.fault})`}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}
