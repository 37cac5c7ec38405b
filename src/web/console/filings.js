import { badge, html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { decide, nameIt } from './filing-acts.js'
import { keyed } from './keyed.js'

/** @import { FilingsView, FilingView } from '../shared/types.d.ts' */
/** @import { PageContext, Read } from './pages.d.ts' */
/** @import { State } from './context.js' */

const STAND = /** @type {const} */ ({
  'not-filed': say('filing.notFiled'),
  refused: say('filing.refused'),
  filed: say('filing.filed'),
  'no-patient': say('filing.noPatient'),
})
export const WAY = /** @type {const} */ ({ fhir: 'FHIR', hl7: 'HL7' })

/** @param {State} state @param {string} [cursor] */
function query(state, cursor) {
  const wanted = new URLSearchParams()
  const stand = state.filter.filings ?? ''
  if (stand !== '') wanted.set('state', stand)
  if (cursor !== undefined) wanted.set('cursor', cursor)
  return `/filings?${wanted}`
}

/** @param {Read} read @param {State} state */
export const loadFilings = (read, state) =>
  read('filings', query(state), (/** @type {FilingsView} */ view) => {
    state.filings = view
  })

/** What became of calls in the patient's record, and what waits for a person to say. @param {PageContext} page */
export function filingsPage(page) {
  const { filings } = page.state
  if (filings === undefined)
    return html`<h1>${say('filing.title')}</h1><p class="wait">${say('frame.loading')}</p>`
  if (filings.ways.length === 0) return html`<h1>${say('filing.title')}</h1><p>${say('filing.off')}</p>`
  return html`<h1>${say('filing.title')}</h1>
    <section class="panel" aria-labelledby="ways-h">
      <h2 id="ways-h">${say('filing.ways')}</h2>
      <ul class="plain">${filings.ways.map(way)}</ul>
      <p class="quiet">
        ${put('filing.lastDay', { filed: filings.lastDay.filed, left: filings.lastDay['not-filed'], refused: filings.lastDay.refused, nobody: filings.lastDay['no-patient'] })}
      </p>
    </section>
    <section class="panel" aria-labelledby="filed-h">
      <h2 id="filed-h">${say('filing.calls')}</h2>
      ${filings.undecided === 0 ? nothing : html`<p class="gap">${put('filing.undecided', { n: filings.undecided })}</p>`}
      ${narrow(page)}
      ${filings.filings.length === 0 ? html`<p>${say('filing.none')}</p>` : table(page, filings.filings)}
      ${filings.cursor === undefined ? nothing : html`<button @click=${(/** @type {Event} */ e) => once(e, () => more(page))}>${say('find.more')}</button>`}
    </section>`
}

/** @param {FilingsView['ways'][number]} w */
function way(w) {
  return html`<li>
    <strong>${WAY[w.way]}</strong>
    ${
      w.fault !== undefined
        ? html`<span class="bad">${w.sentence}.</span>`
        : w.proved === undefined
          ? html`<span class="bad">${say('filing.unproved')}</span>`
          : html`<span>${put('filing.proved', { at: `${day(w.proved)} ${clock(w.proved)}` })}</span>`
    }
    <span class="quiet"
      >${put('filing.waiting', { n: w.waiting })}${w.since === undefined ? '' : put('filing.since', { at: `${day(w.since)} ${clock(w.since)}` })}${w.refused === 0 ? '' : put('filing.refusals', { n: w.refused })}</span
    >
  </li>`
}

/** @param {PageContext} page */
function narrow({ state, load }) {
  const now = state.filter.filings ?? ''
  const to = (/** @type {string} */ stand) => () => {
    state.filter.filings = stand
    return load()
  }
  return html`<div class="tools" role="group" aria-label=${say('filing.show')}>
    ${['', ...Object.keys(STAND)].map(
      (stand) =>
        html`<button class=${now === stand ? 'main' : ''} aria-pressed=${String(now === stand)} @click=${to(stand)}>${stand === '' ? say('filing.all') : STAND[/** @type {keyof typeof STAND} */ (stand)]}</button>`,
    )}
  </div>`
}

/** @param {PageContext} page */
async function more({ api, state, draw }) {
  /** @type {FilingsView} */
  const next = await api.get(query(state, state.filings?.cursor))
  state.filings = { ...next, filings: [...(state.filings?.filings ?? []), ...next.filings] }
  draw()
}

/** @param {PageContext} page @param {readonly FilingView[]} filings */
function table(page, filings) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${say('filing.calls')}>
    <table>
      <caption class="away">${say('filing.calls')}</caption>
      <thead>
        <tr>
          <th scope="col">${say('find.when')}</th><th scope="col">${say('find.call')}</th><th scope="col">${say('filing.patient')}</th>
          <th scope="col">${say('filing.stands')}</th><th scope="col">${say('filing.doIt')}</th>
        </tr>
      </thead>
      <tbody>${keyed(
        filings,
        (f) => f.alert,
        (f) =>
          html`<tr>
            <td class="figure nowrap">${day(f.raised)} ${clock(f.raised)}</td>
            <th scope="row">${badge(f.class)} <a href="#/alert/${f.alert}">${f.title} ${f.place ?? f.to}</a></th>
            <td class="figure">${f.patient ?? '–'}</td>
            <td>${stands(f)}</td>
            <td>${page.may('filing.decide') ? acts(page, f) : nothing}</td>
          </tr>`,
      )}</tbody>
    </table>
  </div>`
}

/** Where it stands, and what the record said. @param {FilingView} f */
function stands(f) {
  const last = f.sent.filter(({ state }) => state === 'waiting' || state === 'refused')
  return html`<strong class=${f.stand === 'refused' ? 'bad' : ''}>${f.stand === undefined ? '' : STAND[f.stand]}</strong>
    ${f.stand === 'filed' || f.stand === 'no-patient' ? nothing : html`<div>${f.sentence}.</div>`}
    ${last.map(
      (s) =>
        html`<div class="quiet">${WAY[s.way]}: ${s.sentence === undefined ? say('filing.underWay') : html`${s.sentence}.`}
          ${s.why === undefined || s.why.length === 0 ? nothing : html`<code>${s.why.join(' ')}</code>`}</div>`,
    )}`
}

/** @param {PageContext} page @param {FilingView} f */
function acts(page, f) {
  return html`<div class="acts">
    ${f.may.includes('again') ? decide(page, f, 'again', say('filing.again')) : nothing}
    ${f.may.includes('patient') && f.stand !== 'filed' ? nameIt(page, f) : nothing}
    ${f.may.includes('leave') ? decide(page, f, 'leave', say('filing.leave')) : nothing}
    ${f.may.includes('withdraw') ? decide(page, f, 'withdraw', say('filing.withdraw')) : nothing}
  </div>`
}
