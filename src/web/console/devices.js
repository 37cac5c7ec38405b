import { html, nothing } from '../shared/dom.js'
import { clock, day, fine, now, span } from '../shared/time.js'
import { enrolPanel } from './enrol-device.js'
import { sureButton } from './sure.js'

/** @import { DeviceView } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { Context } from './context.js' */

/** @typedef {Context & { acts: Acts }} DevicesPage */

const DAY = 86_400_000
/** A phone whose clock is this far out writes misleading times; ours are used, so nothing worse. */
const CLOCK_FAR = 5000
/** Not heard of for longer than a run of shifts. */
const SEEN_OLD = 7 * DAY

const STATE = { active: 'in use', 'signed-out': 'signed out', revoked: 'revoked', dead: '! no push' }
const WAY = /** @type {Readonly<Record<string, string>>} */ ({
  webpush: 'Web Push',
  apn: 'Apple push',
  fcm: 'Android push',
  socket: 'hospital network',
  mqtt: 'MQTT',
  nudge: 'text',
})

/** Who has which phone, whether it works, and how to take one up or out. @param {DevicesPage} page */
export function devicesPage(page) {
  const { state, draw } = page
  const { devices } = state
  if (devices === undefined) return html`<p class="wait">Loading…</p>`
  const wanted = (state.filter.devices ?? '').toLowerCase()
  const old = state.filter.gone === 'shown'
  const shown = devices.filter(
    (d) =>
      (old || d.state === 'active' || d.state === 'dead') &&
      `${d.owner.name} ${d.label} ${d.channel}`.toLowerCase().includes(wanted),
  )
  /** @param {Event} event */
  const narrow = (event) => {
    state.filter.devices = /** @type {HTMLInputElement} */ (event.target).value
    draw()
  }
  const turn = () => {
    state.filter.gone = old ? '' : 'shown'
    draw()
  }
  return html`<h1>Devices</h1>
    <div class="split wide">
      <section class="panel" aria-labelledby="dev-h">
        <h2 id="dev-h">Enrolled <span class="count">${shown.length}</span></h2>
        <div class="tools">
          <input type="search" aria-label="Owner or device" placeholder="Owner or device" .value=${state.filter.devices ?? ''} @input=${narrow} />
          <label class="check"><input type="checkbox" .checked=${old} @change=${turn} /> also signed out and revoked</label>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="Enrolled devices">
          <table>
            <caption class="away">Every device, whose it is and whether it works</caption>
            <thead>
              <tr>
                <th scope="col">Owner</th><th scope="col">Device</th><th scope="col">State</th>
                <th scope="col">Last seen</th><th scope="col">Self-test</th><th scope="col" class="num">Clock</th>
                ${page.forces ? html`<th scope="col"><span class="away">Revoke</span></th>` : nothing}
              </tr>
            </thead>
            <tbody>
              ${shown.map((d) => device(page, d))}
            </tbody>
          </table>
        </div>
        ${shown.length === 0 ? html`<p>${devices.length === 0 ? 'No device is enrolled yet.' : 'None like that.'}</p>` : nothing}
      </section>
      ${page.forces ? enrolPanel(page) : nothing}
    </div>`
}

/**
 * @param {DevicesPage} page
 * @param {DeviceView} d
 */
function device(page, d) {
  const { acts } = page
  return html`<tr>
    <th scope="row">${d.owner.name} ${d.owner.kind === 'role' ? html`<span class="tag">shared</span>` : nothing}</th>
    <td>${d.label} <span class="quiet">${WAY[d.channel] ?? d.channel} ${d.number ?? nothing}</span></td>
    <td class=${d.state === 'active' ? '' : 'gap'}>${STATE[d.state]}</td>
    ${d.channel === 'nudge' ? aboutNumber(d) : aboutApp(d)}
    ${
      page.forces
        ? html`<td>
          ${
            d.state === 'revoked'
              ? nothing
              : sureButton(page, {
                  key: `revoke/${d.id}`,
                  label: 'Revoke',
                  asks: 'For good?',
                  about: `${d.label} of ${d.owner.name}`,
                  act: () => acts.revoke(d.id, `${d.label} of ${d.owner.name}`),
                })
          }
        </td>`
        : nothing
    }
  </tr>`
}

/** What our own app reports. @param {DeviceView} d */
const aboutApp = (d) => html`<td class="figure">${ago(d.seen)}</td>
  <td>${tested(d)}</td>
  <td class="num figure">${clockOf(d)}</td>`

/** A number reports nothing, which is no fault of it. @param {DeviceView} d */
const aboutNumber = ({ tested: last }) => html`<td class="quiet">only told to look</td>
  <td class="quiet">${last === undefined ? nothing : `test text ${day(last.at)} ${clock(last.at)}`}</td>
  <td class="num quiet">none</td>`

/** @param {string | undefined} at */
function ago(at) {
  if (at === undefined) return html`<span class="gap">never</span>`
  const passed = now() - Date.parse(at)
  if (passed < DAY) return `${span(passed)} ago`
  return html`<span class=${passed > SEEN_OLD ? 'gap' : ''}>${day(at)} ${clock(at)}</span>`
}

/** @param {DeviceView} d */
function tested({ tested: last }) {
  if (last === undefined) return html`<span class="quiet">never tried</span>`
  return last.heard === undefined
    ? html`<span class="gap">did not ring, ${day(last.at)} ${clock(last.at)}</span>`
    : html`rang ${day(last.heard)} ${clock(last.heard)}`
}

/** @param {DeviceView} d */
function clockOf({ clock: its }) {
  if (its === undefined) return html`<span class="quiet">not measured</span>`
  const far = Math.abs(its.offset) > CLOCK_FAR
  const sign = its.offset < 0 ? '−' : '+'
  return html`<span class=${far ? 'gap' : ''}>${sign}${fine(Math.abs(its.offset))}</span> <span class="quiet">± ${fine(its.uncertainty)}</span>`
}
