import { html, nothing, svg } from '../shared/dom.js'
import { canSound } from '../shared/ring.js'
import { put, say } from '../shared/say.js'
import { clock } from '../shared/time.js'

/** @import { state } from './state.js' */

const opened = Date.now()
/** A connection that has not come up by then is told of, milliseconds. */
const PATIENCE = 3000

/** Who has this phone, and as what. @param {typeof state} s */
export function topBar({ me }) {
  const shared = me?.device?.owner.kind === 'role'
  const name = shared ? me?.device?.owner.name : me?.name
  const roles = me?.roles.map((r) => r.name).join(', ')
  return html`<header class="top">
    <strong>${name ?? ''}</strong>
    <span class="quiet">${me === undefined ? '' : shared ? me.people.map((p) => p.name).join(', ') : roles === '' ? say('phone.offDuty') : roles}</span>
  </header>`
}

/** What keeps this phone from ringing, for as long as it does. @param {typeof state} s */
export function banners(s) {
  const waiting = s.unsaid.some((u) => u.alert !== undefined)
  return html`<div role="status">
    ${
      s.live || Date.now() - opened < PATIENCE
        ? nothing
        : html`<p class="offline">
            <strong>${put('phone.notConnected', { what: s.contact === 0 ? '' : say('phone.since', { contact: clock(s.contact) }) })}</strong>
            ${say('phone.youSeeWhatThisPhone')}
            ${waiting ? say('phone.anAnswerWaitsToBe') : nothing}
          </p>`
    }
    ${s.pushed ? nothing : html`<p class="offline">${say('phone.notWhileClosed')} <a class="button" href="#/test">${say('phone.testItNow')}</a></p>`}
    ${s.live && !canSound() ? html`<p class="offline">${say('phone.noSoundYetTouchThe')}</p>` : nothing}
  </div>`
}

const ICON = {
  bleeps: svg`<path d="M12 3a6 6 0 0 0-6 6v4l-2 4h16l-2-4V9a6 6 0 0 0-6-6zm-2.5 16a2.5 2.5 0 0 0 5 0z"/>`,
  ask: svg`<path d="M6.6 10.8a15 15 0 0 0 6.6 6.6l2.2-2.2c.3-.3.7-.4 1-.2 1.1.4 2.3.6 3.6.6.6 0 1 .4 1 1V20c0 .6-.4 1-1 1A17 17 0 0 1 3 4c0-.6.4-1 1-1h3.5c.6 0 1 .4 1 1 0 1.2.2 2.4.6 3.6.1.3 0 .7-.3 1z"/>`,
  duty: svg`<path d="M7 4 2 9l5 5v-3h7V7H7zm10 6v3h-7v4h7v3l5-5z"/>`,
  test: svg`<path d="m9.5 16.6-4.6-4.6L3 13.9l6.5 6.5L21.5 8.4l-1.9-1.9z"/>`,
}

/**
 * @param {string} here
 * @param {number} offers
 */
export function tabs(here, offers) {
  const all = /** @type {const} */ ([
    ['#/', ICON.bleeps, say('phone.bleeps')],
    ['#/ask', ICON.ask, say('phone.callTab')],
    ['#/duty', ICON.duty, offers > 0 ? say('phone.dutyOffers', { offers }) : say('phone.duty')],
    ['#/test', ICON.test, say('phone.test')],
  ])
  return html`<nav class="tabs" aria-label="${say('phone.pages')}">
    ${all.map(
      ([hash, icon, label]) =>
        html`<a href=${hash} aria-current=${here === hash ? 'page' : nothing}
          ><svg viewBox="0 0 24 24" aria-hidden="true">${icon}</svg>${label}</a
        >`,
    )}
  </nav>`
}
