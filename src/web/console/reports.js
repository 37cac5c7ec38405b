import { html } from '../shared/dom.js'
import { clock, day } from '../shared/time.js'

const HOUR = 3_600_000

/** Links into the reports: the last twelve hours, day and week, each as a page or a table. */
export function reportsPage() {
  const to = new Date()
  const spans = /** @type {const} */ ([
    ['Last 12 hours', 12],
    ['Last 24 hours', 24],
    ['Last 7 days', 168],
  ])
  return html`<h1>Reports</h1>
    <section class="panel" aria-labelledby="rep-h">
      <h2 id="rep-h">Latency and time saved</h2>
      <ul>
        ${spans.map(([label, hours]) => {
          const from = new Date(to.getTime() - hours * HOUR)
          const query = `from=${from.toISOString()}&to=${to.toISOString()}`
          return html`<li class="line">
            <span>${label} <span class="quiet">from ${day(from.getTime())} ${clock(from.getTime())}</span></span>
            <a href="/api/v1/reports/shift?${query}&format=html">Read<span class="away"> ${label}</span></a>
            <a href="/api/v1/reports/shift?${query}&format=csv">Table (CSV)<span class="away"> ${label}</span></a>
          </li>`
        })}
      </ul>
    </section>`
}
