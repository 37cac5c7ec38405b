import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, clockSeconds, day, now, span } from '../shared/time.js'
import { alarms, waitsForLine } from './first-line.js'
import { tick } from './marks.js'
import { signal } from './signal.js'
import { standsBeside } from './standing.js'

/** @import { EstateView, FeedView, SupervisedView } from '../shared/types.d.ts' */
/** @import { Context } from './context.js' */

/** A state is told by a shape and a word, never by colour alone. */
const SAYS = {
  good: () => `${tick()} ${say('lines.well')}`,
  degraded: () => say('lines.degraded'),
  failed: () => say('lines.down'),
  unknown: () => say('lines.notUsedYet'),
}

/** @type {readonly (readonly [heading: string, sorts: readonly SupervisedView['sort'][], says: string])[]} */
const GROUPS = [
  [say('lines.linesIn'), ['feed'], say('lines.whatWeListenTo')],
  [say('lines.onTheAir'), ['transmitter'], say('lines.pagesAskedForOnThe')],
  [say('lines.pushProviders'), ['provider'], say('lines.whatRingsPhonesOutsideThe')],
  [say('lines.phones'), ['phones'], say('lines.ofEachGroupOfStaff')],
]

/** For estates: which link is ill, since when, why, and what to do, before a bleep is lost. @param {Context} page */
export function linesPage({ state }) {
  const { estate, site } = state
  if (estate === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  const ill = estate.things.filter((t) => t.state === 'failed' || t.state === 'degraded')
  const reasons = site?.reasons ?? []
  return html`<h1>${say('lines.linesAndProviders')}</h1>
    <p><a href="#/ready">${say('ready.title')}</a></p>
    ${
      site?.ready === false && !waitsForLine(site)
        ? html`<p class="notice bad"><strong>${say('lines.notFitToPage')}</strong> ${say('lines.phonesMayNotRingUse')}</p>`
        : nothing
    }
    <section class="panel" aria-labelledby="ill-h">
      <h2 id="ill-h">${say('lines.toMend')}</h2>
      ${ill.length === 0 && reasons.length === 0 ? html`<p><span class="good">${tick()}</span> ${say('lines.everythingThatIsWatchedWorks')}</p>` : nothing}
      <ul class="plain mend">
        ${ill.map(
          (t) =>
            html`<li>
              <strong class=${t.state === 'failed' ? 'gap' : 'double'}>${SAYS[t.state]()}: ${named(t, estate)}</strong>
              <span class="quiet figure">${put('lines.since', { what: idOf(t) === '' ? '' : `${idOf(t)}, `, since: at(t.since), span: span(now() - Date.parse(t.since)) })}</span>
              ${t.why === undefined ? nothing : html`<p>${t.why.sentence}. <strong>${t.why.remedy}.</strong> ${faultLink(t.why.code)}</p>`}
            </li>`,
        )}
        ${standsBeside(reasons, ill).map(
          (r) =>
            html`<li>
                <strong class=${alarms(r) ? 'gap' : 'double'}>${r.sentence}</strong>
                ${r.detail === undefined ? nothing : html`<span class="quiet">${r.detail}</span>`}
                <p><strong>${r.remedy}.</strong> ${faultLink(r.code)}</p>
              </li>`,
        )}
      </ul>
    </section>
    ${GROUPS.map(([heading, sorts, says]) => group(heading, says, estate, state.feeds, sorts))}
    ${machines(estate).map(([heading, own]) => group(heading, say('lines.whatTheBridgeItselfLeans'), own, state.feeds, OWN))}`
}

/** @type {readonly SupervisedView['sort'][]} */
const OWN = ['store', 'broker', 'node']

/** Each machine that runs the bridge by itself. @param {EstateView} estate @returns {[heading: string, own: EstateView][]} */
function machines(estate) {
  const nodes = [...new Set(estate.things.map((t) => t.node))]
  return nodes.map((node) => [
    nodes.length === 1 ? say('lines.ourselves') : say('lines.thisSystem', { node }),
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
  const sound = lines && feeds.some((f) => f.signal !== undefined)
  const id = heading.replaceAll(/[^A-Za-z0-9]+/g, '-')
  return html`<section class="panel" aria-labelledby="group-${id}">
    <h2 id="group-${id}">${heading}</h2>
    <div class="scroll" tabindex="0" role="group" aria-label=${heading}>
      <table>
        <caption>${says}</caption>
        <thead>
          <tr>
            <th scope="col">${say('lines.what')}</th><th scope="col">${say('lines.state')}</th><th scope="col">${say('lines.sinceHeading')}</th>
            ${lines ? html`<th scope="col">${say('lines.lastPage')}</th><th scope="col">${say('lines.mayBeSilent')}</th><th scope="col">${say('lines.countedByThePort')}</th>` : nothing}
            ${sound ? html`<th scope="col">${say('lines.signal')}</th>` : nothing}
            ${measured ? html`<th scope="col">${say('lines.measured')}</th>` : nothing}
            ${air ? AIR.map(([label]) => html`<th scope="col" class="num">${label}</th>`) : nothing}
            <th scope="col">${say('lines.whyAndWhatToDo')}</th><th scope="col" class="num">${month(things[0]?.month)}</th>
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
                ${sound ? html`<td class="figure">${signal(feeds.find((f) => f.id === t.subject && f.node === t.node))}</td>` : nothing}
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
  return t.state === 'unknown' && t.why !== undefined ? say('lines.notKnown') : SAYS[t.state]()
}

/**
 * @param {SupervisedView} t
 * @param {readonly FeedView[]} feeds
 */
function silence(t, feeds) {
  const feed = feeds.find((f) => f.id === t.subject && f.node === t.node)
  return html`<td class="figure">${feed?.lastPage === undefined ? say('lines.noneYet') : clockSeconds(feed.lastPage)}</td>
    <td class="figure">${t.bound === undefined || t.bound === 0 ? say('lines.forEver') : span(t.bound)}</td>
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
  if (counted === undefined) return html`<span class="quiet">${say('lines.notToldByThisPort')}</span>`
  const some = PORT_ERRORS.filter(([key]) => counted[key] > 0)
  return some.length === 0
    ? say('lines.noErrors')
    : some.map(([key, says]) => `${says} ${counted[key]}`).join(', ')
}

/** What was measured last, and what it is held to. @param {SupervisedView} t */
function reading({ reading: r }) {
  if (r === undefined) return '–'
  return `${amount(r.value, r.unit)}, ${r.least ? say('lines.atLeast') : say('lines.atMost')} ${amount(r.bound, r.unit)}`
}

/**
 * @param {number} value
 * @param {'ms' | 'bytes'} unit
 */
function amount(value, unit) {
  if (unit === 'bytes')
    return value < GIB
      ? say('lines.mib', { what: Math.round(value / 1_048_576) })
      : say('lines.gib', { value: Number((value / GIB).toFixed(1)) })
  if (value < 1000) return say('lines.ms', { value: Math.round(value) })
  return value < 120_000 ? `${Number((value / 1000).toFixed(1))} s` : span(value)
}

const GIB = 1_073_741_824

/** @typedef {EstateView['air'][number]} Air */

/** @type {readonly (readonly [label: string, value: (a: Air) => string])[]} */
const AIR = [
  [say('lines.asked'), (a) => `${a.asked}`],
  [say('lines.heard'), (a) => `${a.heard}`],
  [say('lines.garbled'), (a) => `${a.garbled}`],
  [say('lines.silent'), (a) => `${a.silent}`],
  [
    say('lines.delay'),
    (a) =>
      a.meanDelaySeconds === null
        ? '–'
        : say('lines.sAtMostS', {
            meanDelaySeconds: a.meanDelaySeconds.toFixed(1),
            longestDelaySeconds: (a.longestDelaySeconds ?? 0).toFixed(1),
          }),
  ],
]

/** @param {Air | undefined} air */
function airCells(air) {
  return AIR.map(
    ([label, value]) =>
      html`<td class="num figure ${air !== undefined && label === say('lines.silent') && air.silent > 0 ? 'gap' : ''}">${air === undefined ? '–' : value(air)}</td>`,
  )
}

/** Share of the known time of the month that it worked. @param {SupervisedView} t */
function achieved(t) {
  if (t.availability === undefined) return '–'
  const percent = `${(Math.floor(t.availability * 10_000) / 100).toFixed(2)} %`
  return t.failedMinutes === 0
    ? percent
    : html`${percent}<br /><span class="quiet">${put('lines.minDown', { failedMinutes: t.failedMinutes })}</span>`
}

/** @param {string | undefined} text YYYY-MM */
function month(text) {
  if (text === undefined) return say('lines.month')
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
  if (faults === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  const wanted = (state.filter.faults ?? '').toLowerCase()
  const asked = faults.find((f) => f.code === code)
  const shown = faults.filter((f) => `${f.code} ${f.sentence} ${f.remedy}`.toLowerCase().includes(wanted))
  /** @param {Event} event */
  const narrow = (event) => {
    state.filter.faults = /** @type {HTMLInputElement} */ (event.target).value
    draw()
  }
  return html`<p class="back"><a href="#/lines">${say('lines.lines')}</a></p>
    <h1>${say('lines.whatAFaultCodeMeans')}</h1>
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
      <h2 id="all-h">${say('lines.allCodes')}</h2>
      <input type="search" aria-label="${say('lines.searchTheCodes')}" placeholder="${say('lines.searchTheCodes')}" .value=${state.filter.faults ?? ''} @input=${narrow} />
      <div class="scroll" tabindex="0" role="group" aria-label="${say('lines.allCodes')}">
        <table>
          <caption class="away">${say('lines.everyCodeWithWhatIt')}</caption>
          <thead>
            <tr><th scope="col">${say('lines.code')}</th><th scope="col">${say('lines.means')}</th><th scope="col">${say('lines.whatToDo')}</th></tr>
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
