import { badge, html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, instantOf, now, span } from '../shared/time.js'
import { STATE, stands, who } from '../shared/words.js'
import { keyed } from './keyed.js'

/** @import { BoardView, Card } from '../shared/types.d.ts' */
/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */

/** As far back as is shown before anybody has typed. */
const HOURS = 72
const FIELDS = /** @type {const} */ ([
  ['q', say('find.words'), say('find.wordsHint')],
  ['number', say('find.number'), '2222'],
  ['place', say('find.place'), '7B'],
  ['kind', say('find.kind'), ''],
  ['role', say('find.role'), ''],
])

/**
 * @param {State} state
 * @param {string} [cursor]
 */
function query(state, cursor) {
  const wanted = new URLSearchParams()
  for (const [name] of FIELDS) {
    const text = (state.filter[`find-${name}`] ?? '').trim()
    if (text !== '') wanted.set(name, text)
  }
  const from = state.filter['find-from'] ?? ''
  const to = state.filter['find-to'] ?? ''
  wanted.set('from', from === '' ? new Date(now() - HOURS * 3_600_000).toISOString() : instantOf(from))
  if (to !== '') wanted.set('to', instantOf(to))
  if (cursor !== undefined) wanted.set('cursor', cursor)
  return `/alerts?${wanted}`
}

/** @param {Read} read @param {State} state */
export const loadFound = (read, state) =>
  read('found', query(state), (/** @type {BoardView} */ view) => {
    state.found = view
  })

/** Any call by time, number, ward, kind, role or word; the last three days to begin with. @param {PageContext} page */
export function findPage({ state, draw, load, api }) {
  const { found } = state
  /** @param {SubmitEvent} event */
  const look = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    for (const [name, value] of form) state.filter[`find-${name}`] = String(value)
    return once(event, load)
  }
  const more = async () => {
    /** @type {BoardView} */
    const next = await api.get(query(state, found?.cursor))
    state.found = { ...next, alerts: [...(found?.alerts ?? []), ...next.alerts] }
    draw()
  }
  return html`<h1>${say('find.find')}</h1>
    <form class="tools no-print find" role="search" aria-label=${say('find.found')} @submit=${look}>
      ${FIELDS.map(
        ([name, label, hint]) =>
          html`<label>${label} <input type="search" name=${name} placeholder=${hint} .value=${state.filter[`find-${name}`] ?? ''} autocomplete="off" /></label>`,
      )}
      <label>${say('find.from')} <input type="datetime-local" name="from" .value=${state.filter['find-from'] ?? ''} /></label>
      <label>${say('find.to')} <input type="datetime-local" name="to" .value=${state.filter['find-to'] ?? ''} /></label>
      <button class="main">${say('find.find')}</button>
      <a class="button" href="/api/v1/shift-log" target="_blank">${say('find.shiftLog')}</a>
    </form>
    ${
      found === undefined
        ? html`<p class="wait">${say('frame.loading')}</p>`
        : html`<section class="panel" aria-labelledby="found-h">
          <h2 id="found-h">${put('find.calls', { n: found.alerts.length })}</h2>
          ${found.alerts.length === 0 ? html`<p>${say('find.none')}</p>` : table(found.alerts)}
          ${found.cursor === undefined ? nothing : html`<button class="no-print" @click=${(/** @type {Event} */ e) => once(e, more)}>${say('find.more')}</button>`}
        </section>`
    }`
}

/** @param {readonly Card[]} cards */
function table(cards) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${say('find.found')}>
    <table class="found-calls">
      <caption class="away">${say('find.found')}</caption>
      <thead>
        <tr>
          <th scope="col">${say('find.when')}</th><th scope="col">${say('find.call')}</th><th scope="col">${say('find.number')}</th>
          <th scope="col">${say('find.who')}</th><th scope="col">${say('find.outcome')}</th>
        </tr>
      </thead>
      <tbody>${keyed(
        cards,
        (c) => c.id,
        (c) =>
          html`<tr>
            <td class="figure nowrap">${day(c.raised)} ${clock(c.raised)}</td>
            <th scope="row">${badge(c.class)} <a href="#/alert/${c.id}">${c.title} ${c.place ?? c.to}</a></th>
            <td class="figure">${c.number}</td>
            <td>${c.responders
              .filter((r) => c.coming.includes(r.person))
              .map((r) => `${who(r)} ${STATE[r.state]}`)
              .join(', ')}</td>
            <td>${c.closed === undefined ? html`<strong>${stands(c)}</strong>` : html`${c.closed.sentence} <span class="quiet figure">${span(Date.parse(c.closed.at) - Date.parse(c.raised))}</span>`}</td>
          </tr>`,
      )}</tbody>
    </table>
  </div>`
}
