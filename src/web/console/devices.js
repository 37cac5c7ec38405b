import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { clock, day } from '../shared/time.js'

/** @import { CodeView, DeviceView, DirectoryView } from '../shared/types.d.ts' */
/** @import { Api } from '../shared/api.js' */

/**
 * @typedef {object} DevicesPage
 * @property {Api} api
 * @property {readonly DeviceView[]} devices
 * @property {DirectoryView | undefined} directory
 * @property {CodeView | undefined} code
 * @property {boolean} enrols
 * @property {(code: CodeView | undefined) => void} showCode
 * @property {() => Promise<void>} reload
 * @property {(text: string) => void} notice
 */

/** @param {DevicesPage} page */
export function devicesPage(page) {
  return html`<h1>Devices</h1>
    <div class="split">
      <section class="panel" aria-labelledby="dev-h">
        <h2 id="dev-h">Enrolled</h2>
        <div class="scroll" tabindex="0" role="group" aria-label="Enrolled devices">
          <table>
            <caption class="away">Every device, whose it is and whether it works</caption>
            <thead>
              <tr>
                <th scope="col">Owner</th><th scope="col">Device</th><th scope="col">State</th>
                <th scope="col">Last seen</th><th scope="col"><span class="away">Revoke</span></th>
              </tr>
            </thead>
            <tbody>
              ${page.devices.map((d) => device(page, d))}
            </tbody>
          </table>
        </div>
        ${page.devices.length === 0 ? html`<p>No device is enrolled yet.</p>` : nothing}
      </section>
      ${page.enrols ? enrol(page) : nothing}
    </div>`
}

/**
 * @param {DevicesPage} page
 * @param {DeviceView} d
 */
function device(page, d) {
  const revoke = async () => {
    try {
      await page.api.send('POST', `/devices/${d.id}/revoke`)
    } catch (error) {
      page.notice(explain(error))
    }
    await page.reload()
  }
  return html`<tr>
    <th scope="row">${d.owner.name}${d.owner.kind === 'role' ? html` <span class="quiet">shared</span>` : nothing}</th>
    <td>${d.label} <span class="quiet">${d.channel}</span></td>
    <td class=${d.state === 'active' ? '' : 'gap'}>${d.state}</td>
    <td class="figure">${d.seen === undefined ? 'never' : `${day(d.seen)} ${clock(d.seen)}`}</td>
    <td>
      ${
        page.enrols && d.state !== 'revoked'
          ? html`<button @click=${(/** @type {Event} */ e) => once(e, revoke)}>
            Revoke<span class="away"> ${d.label} of ${d.owner.name}</span>
          </button>`
          : nothing
      }
    </td>
  </tr>`
}

/** @param {DevicesPage} page */
function enrol(page) {
  /** @param {SubmitEvent} event */
  const make = async (event) => {
    event.preventDefault()
    const owner = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('owner'))
    const [kind, id] = owner.split('/')
    try {
      page.showCode(await page.api.send('POST', '/enrolments', { kind, id }))
    } catch (error) {
      page.notice(explain(error))
    }
  }
  const { code, directory } = page
  return html`<section class="panel" aria-labelledby="enrol-h">
    <h2 id="enrol-h">Enrol a device</h2>
    ${
      code === undefined
        ? html`<form class="form" @submit=${make}>
          <label for="owner">Whose device</label>
          <select id="owner" name="owner">
            <optgroup label="A person’s own phone">
              ${directory?.people.map((p) => html`<option value="person/${p.person}">${p.name}</option>`)}
            </optgroup>
            <optgroup label="Shared: whoever holds the role">
              ${directory?.roles.map((r) => html`<option value="role/${r.role}">${r.name}</option>`)}
            </optgroup>
          </select>
          <button class="main">Make a one-time code</button>
        </form>`
        : html`<p>For <strong>${code.owner.name}</strong>. Works once, until ${clock(code.expires)}.</p>
          <p class="code figure">${code.code}</p>
          <img class="qr" src=${code.qr} alt="QR code that opens the app with this code" />
          <p class="quiet">Scan it with the phone’s camera, or open <strong>${code.link.split('#')[0]}</strong> and type the code.</p>
          <button @click=${() => page.showCode(undefined)}>Done</button>`
    }
  </section>`
}
