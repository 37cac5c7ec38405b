import { html, nothing } from '../shared/dom.js'
import { clock, clockSeconds, day, now, span } from '../shared/time.js'

/** @import { EstateView, FeedView, SupervisedView } from '../shared/types.d.ts' */
/** @import { Context } from './context.js' */

/** A state is told by a shape and a word, never by colour alone. */
const SAYS = { good: '✓ well', degraded: '▲ ailing', failed: '✕ down', unknown: '– not used yet' }

/** @type {readonly (readonly [heading: string, sorts: readonly SupervisedView['sort'][], says: string])[]} */
const GROUPS = [
  ['Lines in', ['feed'], 'what we listen to'],
  [
    'On the air',
    ['transmitter'],
    'pages asked for on the switchboard side, held against what a radio tap heard',
  ],
  ['Push providers', ['provider'], 'what rings phones outside the building'],
  ['Phones', ['phones'], 'of each group of staff, whether their phones have been heard of lately'],
]

/** For estates: which link is ill, since when, why, and what to do, before a bleep is lost. @param {Context} page */
export function linesPage({ state }) {
  const { estate, site } = state
  if (estate === undefined) return html`<p class="wait">Loading…</p>`
  const ill = estate.things.filter((t) => t.state === 'failed' || t.state === 'degraded')
  const reasons = site?.reasons ?? []
  return html`<h1>Lines and providers</h1>
    ${
      site?.ready === false
        ? html`<p class="notice bad"><strong>Not fit to page.</strong> Phones may not ring: use radio bleeps and the telephone.</p>`
        : nothing
    }
    <section class="panel" aria-labelledby="ill-h">
      <h2 id="ill-h">To mend</h2>
      ${ill.length === 0 && reasons.length === 0 ? html`<p><span class="good">✓</span> Everything that is watched works.</p>` : nothing}
      <ul class="plain mend">
        ${ill.map(
          (t) =>
            html`<li>
              <strong class=${t.state === 'failed' ? 'gap' : 'double'}>${SAYS[t.state]}: ${named(t, estate)}</strong>
              <span class="quiet figure">${idOf(t) === '' ? '' : `${idOf(t)}, `}since ${at(t.since)} (${span(now() - Date.parse(t.since))})</span>
              ${t.why === undefined ? nothing : html`<p>${t.why.sentence}. <strong>${t.why.remedy}.</strong> ${faultLink(t.why.code)}</p>`}
            </li>`,
        )}
        ${reasons
          .filter((r) => !ill.some((t) => t.why?.code === r.code && r.detail?.startsWith(t.subject)))
          .map(
            (r) =>
              html`<li>
                <strong class=${r.unfit ? 'gap' : 'double'}>${r.sentence}</strong>
                ${r.detail === undefined ? nothing : html`<span class="quiet">${r.detail}</span>`}
                <p><strong>${r.remedy}.</strong> ${faultLink(r.code)}</p>
              </li>`,
          )}
      </ul>
    </section>
    ${GROUPS.map(([heading, sorts, says]) => group(heading, says, estate, state.feeds, sorts))}
    ${machines(estate).map(([heading, own]) => group(heading, 'what the bridge itself leans on', own, state.feeds, OWN))}`
}

/** @type {readonly SupervisedView['sort'][]} */
const OWN = ['store', 'broker', 'node']

/** Each machine that runs the bridge by itself. @param {EstateView} estate @returns {[heading: string, own: EstateView][]} */
function machines(estate) {
  const nodes = [...new Set(estate.things.map((t) => t.node))]
  return nodes.map((node) => [
    nodes.length === 1 ? 'Ourselves' : `Ourselves, ${node}`,
    { ...estate, things: estate.things.filter((t) => t.node === node) },
  ])
}

/**
 * @param {string} heading
 * @param {string} says
 * @param {EstateView} estate
 * @param {readonly FeedView[]} feeds
 * @param {readonly SupervisedView['sort'][]} sorts
 */
function group(heading, says, estate, feeds, sorts) {
  const things = estate.things.filter((t) => sorts.includes(t.sort))
  if (things.length === 0) return nothing
  const air = sorts.includes('transmitter')
  const lines = sorts.includes('feed')
  const measured = things.some((t) => t.reading !== undefined)
  const id = heading.replaceAll(/[^A-Za-z0-9]+/g, '-')
  return html`<section class="panel" aria-labelledby="group-${id}">
    <h2 id="group-${id}">${heading}</h2>
    <div class="scroll" tabindex="0" role="group" aria-label=${heading}>
      <table>
        <caption>${says}</caption>
        <thead>
          <tr>
            <th scope="col">What</th><th scope="col">State</th><th scope="col">Since</th>
            ${lines ? html`<th scope="col">Last page</th><th scope="col">May be silent</th><th scope="col">Counted by the port</th>` : nothing}
            ${measured ? html`<th scope="col">Measured</th>` : nothing}
            ${air ? AIR.map(([label]) => html`<th scope="col" class="num">${label}</th>`) : nothing}
            <th scope="col">Why, and what to do</th><th scope="col" class="num">${month(things[0]?.month)}</th>
          </tr>
        </thead>
        <tbody>
          ${things.map(
            (t) =>
              html`<tr>
                <th scope="row">${named(t, estate)} <span class="quiet">${idOf(t)}</span></th>
                <td class="nowrap ${t.state === 'failed' ? 'gap' : t.state === 'degraded' ? 'double' : ''}">${saysOf(t)}</td>
                <td class="figure nowrap">${at(t.since)}</td>
                ${lines ? silence(t, feeds) : nothing}
                ${measured ? html`<td class="figure nowrap">${reading(t)}</td>` : nothing}
                ${air ? airCells(estate.air.find((a) => a.transmitter === t.subject && a.node === t.node)) : nothing}
                <td>${t.why === undefined ? nothing : html`${t.why.sentence}. <strong>${t.why.remedy}.</strong> ${faultLink(t.why.code)}`}</td>
                <td class="num figure">${achieved(t)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** Where several nodes watch the site, whose it is; phones are everybody's. @param {SupervisedView} t @param {EstateView} estate */
function named(t, { things }) {
  return t.sort === 'phones' || things.every((one) => one.node === t.node) ? t.label : `${t.label}, ${t.node}`
}

/** Of a line the name it has in the configuration; what else is watched is known by its label alone. @param {SupervisedView} t */
function idOf(t) {
  return (t.sort === 'feed' || t.sort === 'transmitter') && t.subject !== t.label ? t.subject : ''
}

/** Of what a node that is heard of no more watched nothing is known. @param {SupervisedView} t */
function saysOf(t) {
  return t.state === 'unknown' && t.why !== undefined ? '? not known' : SAYS[t.state]
}

/**
 * @param {SupervisedView} t
 * @param {readonly FeedView[]} feeds
 */
function silence(t, feeds) {
  const feed = feeds.find((f) => f.id === t.subject && f.node === t.node)
  return html`<td class="figure">${feed?.lastPage === undefined ? 'none yet' : clockSeconds(feed.lastPage)}</td>
    <td class="figure">${t.bound === undefined || t.bound === 0 ? 'for ever' : span(t.bound)}</td>
    <td>${portErrors(feed)}</td>`
}

/** @type {readonly (readonly [key: keyof NonNullable<FeedView['portErrors']>, says: string])[]} */
const PORT_ERRORS = [
  ['framing', 'framing'],
  ['parity', 'parity'],
  ['break', 'break'],
  ['overrun', 'overrun'],
]

/** A port that does not count is not one without errors. @param {FeedView | undefined} feed */
function portErrors(feed) {
  const counted = feed?.portErrors
  if (counted === undefined) return html`<span class="quiet">not told by this port</span>`
  const some = PORT_ERRORS.filter(([key]) => counted[key] > 0)
  return some.length === 0 ? 'no errors' : some.map(([key, says]) => `${says} ${counted[key]}`).join(', ')
}

/** What was measured last, and what it is held to. @param {SupervisedView} t */
function reading({ reading: r }) {
  if (r === undefined) return '–'
  return `${amount(r.value, r.unit)}, ${r.least ? 'at least' : 'at most'} ${amount(r.bound, r.unit)}`
}

/**
 * @param {number} value
 * @param {'ms' | 'bytes'} unit
 */
function amount(value, unit) {
  if (unit === 'bytes')
    return value < GIB ? `${Math.round(value / 1_048_576)} MiB` : `${Number((value / GIB).toFixed(1))} GiB`
  if (value < 1000) return `${Math.round(value)} ms`
  return value < 120_000 ? `${Number((value / 1000).toFixed(1))} s` : span(value)
}

const GIB = 1_073_741_824

/** @typedef {EstateView['air'][number]} Air */

/** @type {readonly (readonly [label: string, value: (a: Air) => string])[]} */
const AIR = [
  ['Asked', (a) => `${a.asked}`],
  ['Heard', (a) => `${a.heard}`],
  ['Garbled', (a) => `${a.garbled}`],
  ['Silent', (a) => `${a.silent}`],
  [
    'Delay',
    (a) =>
      a.meanDelaySeconds === null
        ? '–'
        : `${a.meanDelaySeconds.toFixed(1)} s, at most ${(a.longestDelaySeconds ?? 0).toFixed(1)} s`,
  ],
]

/** @param {Air | undefined} air */
function airCells(air) {
  return AIR.map(
    ([label, value]) =>
      html`<td class="num figure ${air !== undefined && label === 'Silent' && air.silent > 0 ? 'gap' : ''}">${air === undefined ? '–' : value(air)}</td>`,
  )
}

/** Share of the known time of the month that it worked. @param {SupervisedView} t */
function achieved(t) {
  if (t.availability === undefined) return '–'
  const percent = `${(Math.floor(t.availability * 10_000) / 100).toFixed(2)} %`
  return t.failedMinutes === 0
    ? percent
    : html`${percent}<br /><span class="quiet">${t.failedMinutes} min down</span>`
}

/** @param {string | undefined} text YYYY-MM */
function month(text) {
  if (text === undefined) return 'Month'
  return new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(
    new Date(`${text}-15T12:00:00Z`),
  )
}

/** @param {string} instant */
const at = (instant) => `${day(instant)} ${clock(instant)}`

/** @param {string} code */
const faultLink = (code) => html`<a href="#/fault/${code}">${code}</a>`

/**
 * What every fault code means, with the one that was asked for first.
 * @param {Context} page
 * @param {string} code
 */
export function faultPage({ state, draw }, code) {
  const { faults } = state
  if (faults === undefined) return html`<p class="wait">Loading…</p>`
  const wanted = (state.filter.faults ?? '').toLowerCase()
  const asked = faults.find((f) => f.code === code)
  const shown = faults.filter((f) => `${f.code} ${f.sentence} ${f.remedy}`.toLowerCase().includes(wanted))
  /** @param {Event} event */
  const narrow = (event) => {
    state.filter.faults = /** @type {HTMLInputElement} */ (event.target).value
    draw()
  }
  return html`<p class="back"><a href="#/lines">← Lines</a></p>
    <h1>What a fault code means</h1>
    ${
      asked === undefined
        ? nothing
        : html`<section class="panel" aria-labelledby="asked-h">
          <h2 id="asked-h"><code>${asked.code}</code></h2>
          <p>${asked.sentence}.</p>
          <p><strong>${asked.remedy}.</strong></p>
        </section>`
    }
    <section class="panel" aria-labelledby="all-h">
      <h2 id="all-h">All codes</h2>
      <input type="search" aria-label="Search the codes" placeholder="Search the codes" .value=${state.filter.faults ?? ''} @input=${narrow} />
      <div class="scroll" tabindex="0" role="group" aria-label="All codes">
        <table>
          <caption class="away">Every code with what it means and what to do</caption>
          <thead>
            <tr><th scope="col">Code</th><th scope="col">Means</th><th scope="col">What to do</th></tr>
          </thead>
          <tbody>
            ${shown.map(
              (f) =>
                html`<tr>
                  <th scope="row"><code class=${f.severity === 'alarm' ? 'gap' : ''}>${f.code}</code></th>
                  <td>${f.sentence}</td>
                  <td>${f.remedy}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`
}
