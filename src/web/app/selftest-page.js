import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { advice } from './advice.js'

/** @import { Checked, Result } from './pages.d.ts' */

/** @type {Readonly<Record<Result, string>>} */
const MARK = { unknown: '–', running: '…', yes: '✓', no: '!', off: '–' }
/** @type {Readonly<Record<Result, string>>} */
const SAID = {
  unknown: say('device.notTested'),
  running: say('device.testing'),
  yes: say('device.works'),
  no: say('device.doesNotWork'),
  off: say('device.notOnThisPhone'),
}

const VERDICT = {
  rings: say('device.thisPhoneRingsOpenOr'),
  'open-only': say('device.thisPhoneRingsOnlyWhile'),
  fails: say('device.doNotRelyOnThis'),
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
      : say('device.msMs', {
          offset: Math.abs(Math.round(checked.clock.offset)),
          what: checked.clock.offset < 0 ? say('device.slow') : say('device.fast'),
          uncertainty: Math.ceil(checked.clock.uncertainty),
        })
  const todo = advice(checked, on.quiet())
  return html`<main>
    <h1 id="title" tabindex="-1">${say('device.doesThisPhoneRing')}</h1>
    ${
      last === undefined
        ? html`<p>${say('device.doThisWhenYouCome')}</p>`
        : html`<p class="notice ${last.verdict === 'rings' ? 'good' : 'bad'}">
            <strong>${VERDICT[last.verdict]}</strong><br />${put('device.tested', { at: day(last.at), at2: clock(last.at) })}
          </p>`
    }
    <button class="main big" @click=${(/** @type {Event} */ e) => once(e, on.run)}>${say('device.ringThisPhone')}</button>
    ${
      checked.sound === 'running'
        ? html`<section class="offer" aria-label="${say('device.sound')}">
          <p><strong>${say('device.didYouHearIt')}</strong></p>
          <div class="two">
            <button class="yes" @click=${() => on.heard(true)}>${say('device.yes')}</button>
            <button @click=${() => on.heard(false)}>${say('device.no')}</button>
          </div>
          <button class="big" @click=${on.again}>${say('device.soundAgain')}</button>
        </section>`
        : nothing
    }
    <ul class="checks" aria-label="${say('device.whatWasTested')}">
      ${row(say('device.hospitalServer'), checked.network)} ${row(say('device.clock'), checked.clock === undefined ? 'unknown' : 'yes', drift)}
      ${row(say('device.notificationsAllowed'), checked.permission)} ${row(say('device.ringWithTheAppOpen'), checked.lan)}
      ${row(say('device.ringWithTheAppClosed'), checked.push)} ${row(say('device.sound'), checked.sound)}
    </ul>
    ${
      todo.length === 0 && checked.fault === ''
        ? nothing
        : html`<section class="notice bad" aria-labelledby="todo-h">
            <h2 id="todo-h">${say('device.whatToDo')}</h2>
            ${checked.fault === '' ? nothing : html`<p>${checked.fault}</p>`}
            <ul class="todo">
              ${todo.map((line) => html`<li>${line}</li>`)}
            </ul>
          </section>`
    }
    ${
      checked.permission === 'no' || (checked.permission === 'unknown' && checked.network === 'yes')
        ? html`<button class="big" @click=${(/** @type {Event} */ e) => once(e, on.allow)}>${say('device.allowNotifications')}</button>`
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
