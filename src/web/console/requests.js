import { Refusal } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { day } from '../shared/time.js'

/** @import { RequestView } from '../shared/types.d.ts' */
/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */

export const KIND = /** @type {const} */ ({
  access: say('requests.access'),
  erase: say('requests.erase'),
  restrict: say('requests.restrict'),
})
export const STATE = /** @type {const} */ ({
  open: say('requests.stateOpen'),
  found: say('requests.stateFound'),
  approved: say('requests.stateApproved'),
  started: say('requests.stateStarted'),
  done: say('requests.stateDone'),
  withdrawn: say('requests.stateWithdrawn'),
})

/** @param {Read} read @param {State} state */
export const loadRequests = (read, state) =>
  read('requests', '/subjects/requests', (/** @type {{ requests: RequestView[] }} */ { requests }) => {
    state.requests = requests
  })

/** What people ask about their own data: what is open first, the next to be due at its head. @param {PageContext} page */
export function requestsPage(page) {
  const all = page.state.requests
  const isOver = (/** @type {RequestView} */ one) => one.state === 'done' || one.state === 'withdrawn'
  return html`<h1>${say('requests.title')}</h1>
    <p class="quiet">${say('requests.intro')}</p>
    <div class="split">
      <section class="panel" aria-labelledby="req-h">
        <h2 id="req-h">${say('requests.open')}</h2>
        ${
          all === undefined
            ? html`<p class="wait">${say('frame.loading')}</p>`
            : list(all.filter((one) => !isOver(one)).toSorted((a, b) => a.due.localeCompare(b.due)))
        }
        ${all?.some(isOver) ? html`<h2>${say('requests.over')}</h2>${list(all.filter(isOver))}` : nothing}
      </section>
      <div>${page.may('subject.erase') ? enter(page) : nothing} ${incident(page)}</div>
    </div>`
}

/** @param {readonly RequestView[]} all */
function list(all) {
  if (all.length === 0) return html`<p>${say('requests.none')}</p>`
  return html`<ul class="plain">
    ${all.map(
      (one) =>
        html`<li class="report">
          <span><strong>${one.reason}</strong>
            <span class="quiet">${KIND[one.kind]}, ${STATE[one.state]}${one.done === undefined ? html`, ${dueOf(one)}` : nothing}</span></span>
          <a href="#/request/${one.id}">${say('requests.open')}<span class="away"> ${one.reason}</span></a>
        </li>`,
    )}
  </ul>`
}

/** @param {RequestView} request */
export function dueOf({ due, late }) {
  return late
    ? html`<strong class="bad">${put('requests.late', { day: day(due) })}</strong>`
    : put('requests.due', { day: day(due) })
}

/** @param {PageContext} page */
function enter({ api, attempt }) {
  /** @param {SubmitEvent} event */
  const begin = (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const said = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''))
    return once(event, () =>
      attempt(async () => {
        /** @type {RequestView} */
        const { id } = await api.send('POST', '/subjects/requests', said)
        form.reset()
        location.hash = `#/request/${id}`
        return undefined
      }),
    )
  }
  return html`<section class="panel" aria-labelledby="new-h">
    <h2 id="new-h">${say('requests.start')}</h2>
    <form class="form" @submit=${begin}>
      <label for="req-kind">${say('requests.kind')}</label>
      <select id="req-kind" name="kind">
        ${Object.entries(KIND).map(([kind, label]) => html`<option value=${kind}>${label}</option>`)}
      </select>
      <label for="req-text">${say('requests.text')}</label>
      <input id="req-text" name="text" minlength="3" autocomplete="off" />
      <label for="req-person">${say('requests.person')}</label>
      <input id="req-person" name="person" autocomplete="off" />
      <label for="req-reason">${say('requests.reason')}</label>
      <input id="req-reason" name="reason" minlength="3" required autocomplete="off" />
      <button class="main">${say('requests.begin')}</button>
    </form>
  </section>`
}

/** @param {PageContext} page */
function incident({ attempt }) {
  /** @param {SubmitEvent} event */
  const make = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget), event.submitter)
    const [id, format] = [String(form.get('id')).trim(), String(form.get('format'))]
    return once(event, () =>
      attempt(async () => {
        const answer = await fetch(`/api/v1/subjects/incident/${encodeURIComponent(id)}?format=${format}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ reason: form.get('reason'), names: form.get('names') === 'yes' }),
        })
        if (!answer.ok) throw new Refusal(await answer.json())
        const link = document.createElement('a')
        link.href = URL.createObjectURL(await answer.blob())
        if (format === 'html') link.target = '_blank'
        else link.download = `incident-${id}.jsonl`
        link.click()
        return undefined
      }),
    )
  }
  return html`<section class="panel" aria-labelledby="inc-h">
    <h2 id="inc-h">${say('incident.title')}</h2>
    <p class="quiet">${say('incident.intro')}</p>
    <form class="form" @submit=${make}>
      <label for="inc-id">${say('incident.id')}</label>
      <input id="inc-id" name="id" required autocomplete="off" />
      <label for="inc-reason">${say('requests.reason')}</label>
      <input id="inc-reason" name="reason" minlength="3" required autocomplete="off" />
      <label><input type="checkbox" name="names" value="yes" /> ${say('incident.names')}</label>
      <button class="main" name="format" value="html">${say('incident.read')}</button>
      <button name="format" value="jsonl">${say('incident.save')}</button>
    </form>
  </section>`
}
