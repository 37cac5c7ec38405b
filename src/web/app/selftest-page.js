import { html, nothing, once } from '../shared/dom.js'
import { clock, day } from '../shared/time.js'
import { advice } from './advice.js'

/** @import { Checked, Result } from './selftest.js' */

/** @type {Readonly<Record<Result, string>>} */
const MARK = { unknown: '–', running: '…', yes: '✓', no: '!', off: '–' }
/** @type {Readonly<Record<Result, string>>} */
const SAID = {
  unknown: 'not tested',
  running: 'testing…',
  yes: 'works',
  no: 'does not work',
  off: 'not on this phone',
}

const VERDICT = {
  rings: 'This phone rings, open or closed.',
  'open-only': 'This phone rings only while the app is open. Carry the radio bleep.',
  fails: 'Do not rely on this phone. Carry the radio bleep.',
}

/**
 * Does this phone ring, and does its receipt come back: the two things a bleep depends on.
 * @param {Checked} checked
 * @param {{ run: () => Promise<void>, heard: (yes: boolean) => void, allow: () => Promise<void>, again: () => void, quiet: () => boolean }} on
 */
export function selfTestPage(checked, on) {
  const { last } = checked
  const drift =
    checked.clock === undefined
      ? ''
      : ` (${Math.abs(Math.round(checked.clock.offset))} ms ${checked.clock.offset < 0 ? 'slow' : 'fast'}, ± ${Math.ceil(checked.clock.uncertainty)} ms)`
  const todo = advice(checked, on.quiet())
  return html`<main>
    <h1 id="title" tabindex="-1">Does this phone ring?</h1>
    ${
      last === undefined
        ? html`<p>Do this when you come on. It takes ten seconds.</p>`
        : html`<p class="notice ${last.verdict === 'rings' ? 'good' : 'bad'}">
            <strong>${VERDICT[last.verdict]}</strong><br />Tested ${day(last.at)}, ${clock(last.at)}.
          </p>`
    }
    <button class="main big" @click=${(/** @type {Event} */ e) => once(e, on.run)}>Ring this phone</button>
    ${
      checked.sound === 'running'
        ? html`<section class="offer" aria-label="Sound">
          <p><strong>Did you hear it?</strong></p>
          <div class="two">
            <button class="yes" @click=${() => on.heard(true)}>Yes</button>
            <button @click=${() => on.heard(false)}>No</button>
          </div>
          <button class="big" @click=${on.again}>Sound again</button>
        </section>`
        : nothing
    }
    <ul class="checks" aria-label="What was tested">
      ${row('Hospital server', checked.network)} ${row('Clock', checked.clock === undefined ? 'unknown' : 'yes', drift)}
      ${row('Notifications allowed', checked.permission)} ${row('Ring with the app open, and receipt', checked.lan)}
      ${row('Ring with the app closed, and receipt', checked.push)} ${row('Sound', checked.sound)}
    </ul>
    ${
      todo.length === 0 && checked.fault === ''
        ? nothing
        : html`<section class="notice bad" aria-labelledby="todo-h">
            <h2 id="todo-h">What to do</h2>
            ${checked.fault === '' ? nothing : html`<p>${checked.fault}</p>`}
            <ul class="todo">
              ${todo.map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>`
    }
    ${
      checked.permission === 'no' || (checked.permission === 'unknown' && checked.network === 'yes')
        ? html`<button class="big" @click=${(/** @type {Event} */ e) => once(e, on.allow)}>Allow notifications</button>`
        : nothing
    }
  </main>`
}

/**
 * @param {string} label
 * @param {Result} state
 * @param {string} [more]
 */
function row(label, state, more = '') {
  return html`<li class="check ${state}">
    <span class="mark" aria-hidden="true">${MARK[state]}</span>
    <span>${label}: <strong>${SAID[state]}</strong><span class="quiet">${more}</span></span>
  </li>`
}
