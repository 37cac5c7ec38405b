import { html, nothing, once } from '../shared/dom.js'

/**
 * @typedef {object} Checked
 * @property {'unknown' | 'running' | 'yes' | 'no'} sound
 * @property {'unknown' | 'running' | 'yes' | 'no'} push
 * @property {'unknown' | 'yes' | 'no'} permission
 * @property {'unknown' | 'yes' | 'no'} network
 * @property {{ offset: number, uncertainty: number } | undefined} clock
 * @property {string} says
 */

/** @type {Checked} */
export const UNCHECKED = {
  sound: 'unknown',
  push: 'unknown',
  permission: 'unknown',
  network: 'unknown',
  clock: undefined,
  says: '',
}

const MARK = { unknown: '–', running: '…', yes: '✓', no: '!' }
const SAID = { unknown: 'not tested', running: 'running', yes: 'works', no: 'does not work' }

/**
 * Proves that this phone rings and that its receipt comes back: the two things a bleep depends on.
 * @param {Checked} checked
 * @param {{ run: () => Promise<void>, heard: (yes: boolean) => void, allow: () => Promise<void> }} on
 */
export function selfTestPage(checked, on) {
  /**
   * @param {string} label
   * @param {'unknown' | 'running' | 'yes' | 'no'} state
   * @param {string} [more]
   */
  const row = (label, state, more = '') =>
    html`<li class="check ${state}">
      <span class="mark" aria-hidden="true">${MARK[state]}</span>
      <span>${label}<span class="quiet"> ${SAID[state]}${more}</span></span>
    </li>`
  const drift =
    checked.clock === undefined
      ? ''
      : `, ${Math.abs(Math.round(checked.clock.offset))} ms ${checked.clock.offset < 0 ? 'slow' : 'fast'}, ± ${Math.ceil(checked.clock.uncertainty)} ms`
  return html`<h1>Does this phone ring?</h1>
    <p>Do this when you come on. It takes five seconds.</p>
    <button class="main big" @click=${(/** @type {Event} */ e) => once(e, on.run)}>Ring this phone</button>
    ${
      checked.sound === 'running'
        ? html`<section class="offer" aria-label="Sound">
          <p><strong>Did you hear it?</strong></p>
          <div class="two">
            <button class="yes" @click=${() => on.heard(true)}>Yes</button>
            <button @click=${() => on.heard(false)}>No</button>
          </div>
        </section>`
        : nothing
    }
    <ul class="checks">
      ${row('Hospital server', checked.network)} ${row('Clock', checked.clock === undefined ? 'unknown' : 'yes', drift)}
      ${row('Notifications allowed', checked.permission)} ${row('Ring and receipt', checked.push)}
      ${row('Sound', checked.sound)}
    </ul>
    ${checked.says === '' ? nothing : html`<p class="notice bad" role="alert">${checked.says}</p>`}
    ${
      checked.permission === 'no'
        ? html`<button class="big" @click=${(/** @type {Event} */ e) => once(e, on.allow)}>Allow notifications</button>`
        : nothing
    }`
}
