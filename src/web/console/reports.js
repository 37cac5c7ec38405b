import { html, nothing } from '../shared/dom.js'
import { clock, day, now } from '../shared/time.js'

/** @import { Context } from './context.js' */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SPANS = /** @type {const} */ ([
  ['Last 12 hours', 12],
  ['Last 24 hours', 24],
  ['Last 7 days', 168],
  ['Last 30 days', 720],
])

/** Latency and time saved, of each shift that has ended and of any span: to read, to print, and as a table. @param {Context} page */
export function reportsPage({ state }) {
  const to = new Date(Math.floor(now() / MINUTE) * MINUTE)
  const { shifts } = state
  return html`<h1>Reports</h1>
    <div class="split">
      <section class="panel" aria-labelledby="shift-h">
        <h2 id="shift-h">Shifts</h2>
        ${shifts === undefined ? html`<p class="wait">Loading…</p>` : nothing}
        ${shifts?.length === 0 ? html`<p>No shift has ended yet.</p>` : nothing}
        <ul class="plain">
          ${shifts?.map((s) =>
            line(
              `${s.name.charAt(0).toUpperCase()}${s.name.slice(1)}, ${day(s.from)}`,
              `${clock(s.from)} to ${clock(s.to)}`,
              `from=${s.from}&to=${s.to}&shift=${encodeURIComponent(s.name)}`,
            ),
          )}
        </ul>
      </section>
      <div>
        <section class="panel" aria-labelledby="rep-h">
          <h2 id="rep-h">Latency and time saved</h2>
          <ul class="plain">
            ${SPANS.map(([label, hours]) => {
              const from = new Date(to.getTime() - hours * HOUR)
              return line(
                label,
                `from ${day(from.getTime())} ${clock(from.getTime())}`,
                `from=${from.toISOString()}&to=${to.toISOString()}`,
              )
            })}
          </ul>
        </section>
        <section class="panel" aria-labelledby="span-h">
          <h2 id="span-h">Another span</h2>
          <form class="form" action="/api/v1/reports/shift" target="_blank">
            <label for="rep-from">From</label>
            <input id="rep-from" name="from" type="datetime-local" required />
            <label for="rep-to">To</label>
            <input id="rep-to" name="to" type="datetime-local" required />
            <label for="rep-as">As</label>
            <select id="rep-as" name="format">
              <option value="html">a page to read and print</option>
              <option value="csv">a table (CSV)</option>
              <option value="json">data (JSON)</option>
            </select>
            <button>Open</button>
          </form>
          <p class="quiet">By the clocks of the site. No report names a person.</p>
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
    <a href="${at}&format=html" target="_blank">Read<span class="away"> ${label}</span></a>
    <a href="${at}&format=csv">Table (CSV)<span class="away"> ${label}</span></a>
  </li>`
}
