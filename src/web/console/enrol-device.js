import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock } from '../shared/time.js'
import { enterWay } from './enter-way.js'
import { field, personField, personIn } from './pick.js'

/** @import { PageContext } from './pages.d.ts' */

/**
 * One-time codes for phones, and what the switchboard enters itself.
 * @param {PageContext} page
 */
export function enrolPanel(page) {
  const { state, draw, acts } = page
  /** @param {import('../shared/types.d.ts').CodeView | undefined} code */
  const show = (code) => {
    state.code = code
    draw()
  }
  /** @param {SubmitEvent} event */
  const forPerson = (event) => {
    event.preventDefault()
    const found = personIn(event, state.directory)
    return found === undefined ? undefined : once(event, () => acts.enrol('person', found.person, show))
  }
  /** @param {SubmitEvent} event */
  const forRole = (event) => {
    event.preventDefault()
    const role = field(event, 'role')
    return once(event, () => acts.enrol('role', role, show))
  }
  /** @param {SubmitEvent} event */
  const forWard = (event) => {
    event.preventDefault()
    const ward = field(event, 'ward')
    return once(event, () => acts.enrol('ward', ward, show))
  }
  const { code, directory } = state
  return html`<section class="panel" aria-labelledby="enrol-h">
    <h2 id="enrol-h">${say('devices.enrolADevice')}</h2>
    ${
      code === undefined
        ? html`<form class="form" @submit=${forPerson}>
            <label for="enrol-person">${say('devices.aPersonsOwnPhone')}</label>
            ${personField(say('devices.aPersonsOwnPhone'), 'enrol-person')}
            <button class="main">${say('devices.makeAOneTimeCode')}</button>
          </form>
          <form class="form" @submit=${forRole}>
            <label for="enrol-role">${say('devices.aSharedOneForWhoever')}</label>
            <select id="enrol-role" name="role" required>
              <option value="">${say('devices.whichRole')}</option>
              ${directory?.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
            </select>
            <button>${say('devices.makeACodeForThe')}</button>
          </form>
          <form class="form" @submit=${forWard}>
            <label for="enrol-ward">${say('devices.aWardsScreen')}</label>
            <select id="enrol-ward" name="ward" required>
              <option value="">${say('devices.whichWard')}</option>
              ${directory?.wards.map((ward) => html`<option value=${ward}>${ward}</option>`)}
            </select>
            <button>${say('devices.makeACodeForTheWard')}</button>
          </form>
          ${openCodes(page)} ${enterWay(page)}`
        : html`<p>${say('devices.for')} <strong>${code.owner.name}</strong>${put('devices.worksOnceUntil', { expires: clock(code.expires) })}</p>
          <p class="code figure">${code.code}</p>
          <img class="qr" src=${code.qr} alt="${say('devices.qrCodeThatOpensThe')}" />
          <p class="quiet">${say('devices.scanItWithThePhones')} <strong>${code.link.split('#')[0]}</strong> ${say('devices.andTypeTheCode')}</p>
          <button @click=${() => show(undefined)}>${say('devices.done')}</button>`
    }
  </section>`
}

/** Codes that nobody has used yet, each of which can be taken back. @param {PageContext} page */
function openCodes({ state, api, attempt }) {
  if (state.codes.length === 0) return nothing
  /** @param {PageContext['state']['codes'][number]} code */
  const withdraw = ({ id, owner }) =>
    attempt(async () => {
      await api.send('DELETE', `/enrolments/${id}`)
      return say('devices.withdrawn', { owner: owner.name })
    })
  return html`<h3>${say('devices.openCodes')}</h3>
    <ul class="plain">
      ${state.codes.map(
        (code) => html`<li>
          <strong>${code.owner.name}</strong>
          <span class="quiet">${say('devices.openCode', { by: code.by, until: clock(code.expires) })}</span>
          <button class="small" @click=${(/** @type {Event} */ event) => once(event, () => withdraw(code))}>${say('devices.withdraw')}</button>
        </li>`,
      )}
    </ul>`
}
