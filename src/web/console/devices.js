import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, fine, now, span } from '../shared/time.js'
import { enrolPanel } from './enrol-device.js'
import { ENTERED, everyWay } from './enter-way.js'
import { sureButton } from './sure.js'
import { WAY } from './way-names.js'

/** @import { DeviceView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

const DAY = 86_400_000
/** A phone whose clock is this far out writes misleading times; ours are used, so nothing worse. */
const CLOCK_FAR = 5000
/** Not heard of for longer than a run of shifts. */
const SEEN_OLD = 7 * DAY

const STATE = {
  active: say('devices.inUse'),
  'signed-out': say('devices.signedOut'),
  waiting: say('devices.waits'),
  revoked: say('devices.revoked'),
  dead: say('devices.noPush'),
}
/** Who has which phone, whether it works, and how to take one up or out. @param {PageContext} page */
export function devicesPage(page) {
  const { state, draw } = page
  const { devices } = state
  if (devices === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  const wanted = (state.filter.devices ?? '').toLowerCase()
  const old = state.filter.gone === 'shown'
  const shown = devices.filter(
    (d) =>
      (old || d.state === 'active' || d.state === 'waiting' || d.state === 'dead') &&
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
  return html`<h1>${say('devices.devices')}</h1>
    <p><a href="#/poster">${say('poster.open')}</a></p>
    <div class="split wide">
      <section class="panel" aria-labelledby="dev-h">
        <h2 id="dev-h">${say('devices.enrolled')} <span class="count">${shown.length}</span></h2>
        <div class="tools">
          <input type="search" aria-label="${say('devices.ownerOrDevice')}" placeholder="${say('devices.ownerOrDevice')}" .value=${state.filter.devices ?? ''} @input=${narrow} />
          <label class="check"><input type="checkbox" .checked=${old} @change=${turn} /> ${say('devices.alsoSignedOutAndRevoked')}</label>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="${say('devices.enrolledDevices')}">
          <table>
            <caption class="away">${say('devices.everyDeviceWhoseItIs')}</caption>
            <thead>
              <tr>
                <th scope="col">${say('devices.owner')}</th><th scope="col">${say('devices.device')}</th><th scope="col">${say('devices.state')}</th>
                <th scope="col">${say('devices.lastSeen')}</th><th scope="col">${say('devices.selfTest')}</th><th scope="col" class="num">${say('devices.clock')}</th>
                ${page.may('device.enrol') ? html`<th scope="col"><span class="away">${say('devices.revoke')}</span></th>` : nothing}
              </tr>
            </thead>
            <tbody>
              ${shown.map((d) => device(page, d))}
            </tbody>
          </table>
        </div>
        ${shown.length === 0 ? html`<p>${devices.length === 0 ? say('devices.noDeviceIsEnrolledYet') : say('devices.noneLikeThat')}</p>` : nothing}
      </section>
      <div>${page.may('device.enrol') ? enrolPanel(page) : nothing} ${everyWay(page)}</div>
    </div>`
}

/**
 * @param {PageContext} page
 * @param {DeviceView} d
 */
function device(page, d) {
  const { acts } = page
  return html`<tr>
    <th scope="row">${d.owner.name} ${d.owner.kind === 'role' ? html`<span class="tag">${say('devices.shared')}</span>` : nothing}</th>
    <td>${d.label} <span class="quiet">${WAY[d.channel] ?? d.channel} ${d.number ?? nothing}</span></td>
    <td class=${d.state === 'active' ? '' : 'gap'}>${STATE[d.state]}</td>
    ${ENTERED[d.channel] === undefined ? aboutApp(d) : aboutEntered(page, d)}
    ${
      page.may('device.enrol')
        ? html`<td>
          ${
            d.state === 'revoked'
              ? nothing
              : sureButton(page, {
                  key: `revoke/${d.id}`,
                  label: say('devices.revoke'),
                  asks: say('devices.forGood'),
                  about: say('devices.of', { label: d.label, owner: d.owner.name }),
                  act: () => acts.revoke(d.id, say('devices.of', { label: d.label, owner: d.owner.name })),
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

/**
 * A number or a topic reports nothing by itself, which is no fault of it: it is proved by its holder.
 * @param {PageContext} page
 * @param {DeviceView} d
 */
const aboutEntered = (
  { acts, may },
  d,
) => html`<td class="quiet">${ENTERED[d.channel]?.tells ? say('devices.onlyToldToLook') : nothing}</td>
  <td>${
    ENTERED[d.channel]?.tells
      ? d.tested &&
        html`<span class="quiet">${say('devices.testText', { at: day(d.tested.at), at2: clock(d.tested.at) })}</span>`
      : tested(d)
  }
    ${d.state === 'active' && may('device.enrol') ? html`<button class="small" @click=${(/** @type {Event} */ event) => once(event, () => acts.testWay(d))}>${say('ways.tryIt')}</button>` : nothing}</td>
  <td class="num quiet">${say('devices.none')}</td>`

/** @param {string | undefined} at */
function ago(at) {
  if (at === undefined) return html`<span class="gap">${say('devices.never')}</span>`
  const passed = now() - Date.parse(at)
  if (passed < DAY) return say('devices.ago', { passed: span(passed) })
  return html`<span class=${passed > SEEN_OLD ? 'gap' : ''}>${day(at)} ${clock(at)}</span>`
}

/** @param {DeviceView} d */
function tested({ tested: last }) {
  if (last === undefined) return html`<span class="quiet">${say('devices.neverTried')}</span>`
  return last.heard === undefined
    ? html`<span class="gap">${put('devices.didNotRing', { at: day(last.at), at2: clock(last.at) })}</span>`
    : html`${put('devices.rang', { heard: day(last.heard), heard2: clock(last.heard) })}`
}

/** @param {DeviceView} d */
function clockOf({ clock: its }) {
  if (its === undefined) return html`<span class="quiet">${say('devices.notMeasured')}</span>`
  const far = Math.abs(its.offset) > CLOCK_FAR
  const sign = its.offset < 0 ? '−' : '+'
  return html`<span class=${far ? 'gap' : ''}>${sign}${fine(Math.abs(its.offset))}</span> <span class="quiet">± ${fine(its.uncertainty)}</span>`
}
