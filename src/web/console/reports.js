import { html, nothing } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock, day, now } from '../shared/time.js'

/** @import { Context } from './context.js' */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SPANS = /** @type {const} */ ([
  [say('reports.last12Hours'), 12],
  [say('reports.last24Hours'), 24],
  [say('reports.last7Days'), 168],
  [say('reports.last30Days'), 720],
])

/** Latency and time saved, of each shift that has ended and of any span: to read, to print, and as a table. @param {Context} page */
export function reportsPage({ state }) {
  const to = new Date(Math.floor(now() / MINUTE) * MINUTE)
  const { shifts } = state
  const may = state.me?.may ?? []
  const year = new Date(to.getTime() - 365 * 24 * HOUR)
  const month = new Date(to.getTime() - 28 * 24 * HOUR)
  const sides = `/api/v1/reports/parallel?from=${month.toISOString()}&to=${to.toISOString()}&format=html`
  const foi = `/api/v1/reports/foi?from=${year.toISOString()}&to=${to.toISOString()}&format=html`
  return html`<h1>${say('reports.reports')}</h1>
    <div class="split">
      <section class="panel" aria-labelledby="shift-h">
        <h2 id="shift-h">${say('reports.shifts')}</h2>
        ${shifts === undefined ? html`<p class="wait">${say('frame.loading')}</p>` : nothing}
        ${shifts?.length === 0 ? html`<p>${say('reports.noShiftHasEndedYet')}</p>` : nothing}
        <ul class="plain">
          ${shifts?.map((s) =>
            line(
              `${s.name.charAt(0).toUpperCase()}${s.name.slice(1)}, ${day(s.from)}`,
              say('reports.to', { from: clock(s.from), to: clock(s.to) }),
              `from=${s.from}&to=${s.to}&shift=${encodeURIComponent(s.name)}`,
            ),
          )}
        </ul>
      </section>
      <div>
        <section class="panel" aria-labelledby="rep-h">
          <h2 id="rep-h">${say('reports.latencyAndTimeSaved')}</h2>
          <ul class="plain">
            ${SPANS.map(([label, hours]) => {
              const from = new Date(to.getTime() - hours * HOUR)
              return line(
                label,
                say('reports.from', { from: day(from.getTime()), from2: clock(from.getTime()) }),
                `from=${from.toISOString()}&to=${to.toISOString()}`,
              )
            })}
          </ul>
        </section>
        <section class="panel" aria-labelledby="pol-h">
          <h2 id="pol-h">${say('policy.forOthers')}</h2>
          <ul class="plain">
            ${may.includes('audit.read') ? html`<li><a href="/api/v1/policy?format=html" target="_blank">${say('policy.open')}</a></li>` : nothing}
            <li><a href="${foi}" target="_blank">${say('policy.openFoi')}</a></li>
            <li><a href="${sides}" target="_blank">${say('reports.pagersAndPhones')}</a></li>
          </ul>
        </section>
        <section class="panel" aria-labelledby="span-h">
          <h2 id="span-h">${say('reports.anotherSpan')}</h2>
          <form class="form" action="/api/v1/reports/shift" target="_blank">
            <label for="rep-from">${say('reports.fromLabel')}</label>
            <input id="rep-from" name="from" type="datetime-local" required />
            <label for="rep-to">${say('reports.toLabel')}</label>
            <input id="rep-to" name="to" type="datetime-local" required />
            <label for="rep-as">${say('reports.as')}</label>
            <select id="rep-as" name="format">
              <option value="html">${say('reports.aPageToReadAnd')}</option>
              <option value="csv">${say('reports.aTableCsv')}</option>
              <option value="json">${say('reports.dataJson')}</option>
            </select>
            <button>${say('reports.open')}</button>
          </form>
          <p class="quiet">${say('reports.byTheClocksOfThe')}</p>
        </section>
      </div>
    </div>`
}

/**
 * @param {string} label
 * @param {string} more
 * @param {string} query
 */
function line(label, more, query) {
  const at = `/api/v1/reports/shift?${query}`
  return html`<li class="report">
    <span><strong>${label}</strong> <span class="quiet figure">${more}</span></span>
    <a href="${at}&format=html" target="_blank">${say('reports.read')}<span class="away"> ${label}</span></a>
    <a href="${at}&format=csv">${say('reports.tableCsv')}<span class="away"> ${label}</span></a>
  </li>`
}
