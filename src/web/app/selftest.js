import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { canSound, ring, unlockSound } from '../shared/ring.js'
import { allowPush } from './enrol.js'
import { api, measureClock, report } from './line.js'
import { keep } from './store.js'

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
const UNCHECKED = {
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
function selfTestPage(checked, on) {
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

/** @returns {Checked['permission']} */
function allowedNow() {
  if (!('Notification' in window)) return 'unknown'
  return Notification.permission === 'granted'
    ? 'yes'
    : Notification.permission === 'denied'
      ? 'no'
      : 'unknown'
}

/**
 * Runs the self-test and keeps what it found.
 * @param {() => void} draw
 */
export function createSelfTest(draw) {
  let checked = UNCHECKED
  let test = ''
  /** @type {readonly string[]} */
  let early = []

  /** @param {Partial<Checked>} found */
  const note = (found) => {
    checked = { ...checked, ...found }
    draw()
  }

  const allow = async () => {
    await allowPush().catch(() => undefined)
    note({ permission: allowedNow() })
  }

  /**
   * A ring arrived, by push or over the network. It may be quicker than the answer that says which ring it is.
   * @param {string} id
   */
  const rung = async (id) => {
    if (id !== test) {
      early = [...early, id].slice(-5)
      return
    }
    for (const stage of /** @type {const} */ (['on-device', 'presented'])) await report(id, stage)
    note({ push: 'yes' })
  }

  const run = async () => {
    unlockSound()
    checked = UNCHECKED
    note({ sound: 'running', push: 'running', permission: allowedNow() })
    ring('test')
    // A person may take their time over the browser's question; the ring does not wait for it.
    void allow()
    try {
      const clock = await measureClock()
      note({ network: 'yes', clock })
      /** @type {{ test: string }} */
      const made = await api.send('POST', '/devices/me/self-test')
      test = made.test
      if (early.includes(test)) await rung(test)
    } catch (error) {
      note({ network: checked.network === 'yes' ? 'yes' : 'no', push: 'no', says: explain(error) })
    }
    if (!canSound()) note({ says: 'This browser keeps sound off. Raise the volume and try again.' })
  }

  /** @param {boolean} yes */
  const heard = (yes) => {
    note({
      sound: yes ? 'yes' : 'no',
      says: yes
        ? ''
        : 'Turn the volume up, silence off, and ring again. Carry the radio bleep until it works.',
    })
    void keep('sound', yes)
  }

  return { rung, page: () => selfTestPage(checked, { run, heard, allow }) }
}
