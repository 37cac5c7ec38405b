import { html, nothing, once } from '../shared/dom.js'
import { clock } from '../shared/time.js'
import { field, personField, personIn } from './pick.js'

/** @import { DevicesPage } from './devices.js' */

/**
 * One-time codes for phones, and numbers that are texted.
 * @param {DevicesPage} page
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
  const number = (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const found = personIn(event, state.directory)
    return found === undefined
      ? undefined
      : once(event, () =>
          acts.nudge(found.person, found.name, field(event, 'number')).then((done) => {
            if (done) form.reset()
          }),
        )
  }
  const { code, directory } = state
  return html`<section class="panel" aria-labelledby="enrol-h">
    <h2 id="enrol-h">Enrol a device</h2>
    ${
      code === undefined
        ? html`<form class="form" @submit=${forPerson}>
            <label for="enrol-person">A person’s own phone</label>
            ${personField('A person’s own phone', 'enrol-person')}
            <button class="main">Make a one-time code</button>
          </form>
          <form class="form" @submit=${forRole}>
            <label for="enrol-role">A shared one, for whoever holds the role</label>
            <select id="enrol-role" name="role" required>
              <option value="">Which role…</option>
              ${directory?.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
            </select>
            <button>Make a code for the role</button>
          </form>
          ${state.nudges ? numberForm(number) : nothing}`
        : html`<p>For <strong>${code.owner.name}</strong>. Works once, until ${clock(code.expires)}.</p>
          <p class="code figure">${code.code}</p>
          <img class="qr" src=${code.qr} alt="QR code that opens the app with this code" />
          <p class="quiet">Scan it with the phone’s camera, or open <strong>${code.link.split('#')[0]}</strong> and type the code.</p>
          <button @click=${() => show(undefined)}>Done</button>`
    }
  </section>`
}

/** @param {(event: SubmitEvent) => unknown} submit */
const numberForm = (submit) => html`<form class="form" @submit=${submit}>
  <label for="nudge-person">A number to text when none of a person’s phones gives a sign</label>
  ${personField('A number to text: whose', 'nudge-person')}
  <input
    name="number"
    type="text"
    inputmode="tel"
    aria-label="Telephone number or gateway reference"
    placeholder="07700 900123"
    autocomplete="off"
    minlength="3"
    maxlength="64"
    required
  />
  <p class="quiet">It is told to look, never why. From then on only its last three digits are shown.</p>
  <button>Enrol the number and text it</button>
</form>`
