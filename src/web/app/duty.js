import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { languages } from '../shared/language.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'
import { handOver } from './handover.js'
import { api } from './line.js'
import { keep } from './store.js'
import { ways } from './ways.js'

/** @import { MeView, OfferView } from '../shared/types.d.ts' */
/** @import { DutyPage } from './pages.d.ts' */

/** @param {DutyPage} page */
export function dutyPage(page) {
  const { me } = page
  const shared = me.device?.owner.kind === 'role'
  const alone = me.people.length === 1
  /**
   * @param {'POST' | 'PUT'} method
   * @param {string} path
   * @param {object} [body]
   */
  const send = async (method, path, body) => {
    try {
      await api.send(method, path, body)
      await page.done('')
    } catch (error) {
      await page.done(explain(error))
    }
  }
  const incoming = me.offers.filter((o) => me.people.some((p) => p.person === o.to))
  return html`<main>
    <h1 id="title" tabindex="-1">${shared ? me.device?.owner.name : me.name}</h1>
    ${shared ? html`<p class="quiet">${put('phone.sharedHandsetItRingsFor', { people: me.people.map((p) => p.name).join(say('phone.and')) || say('phone.nobodyNow') })}</p>` : nothing}
    ${page.fault === '' ? nothing : html`<p class="notice bad">${page.fault}</p>`}
    ${(me.newcomers ?? []).map((one) => newcomer(one, send))}
    ${incoming.map((o) => offered(o, send))}
    ${
      shared && !alone
        ? html`<p class="notice">${me.people.length === 0 ? say('phone.nobodyHoldsThisRoleNow') : say('phone.severalPeopleHaveThisHandset')}</p>`
        : html`${roles(page, send)} ${me.duty === undefined || (me.duty && me.roles.length === 0) ? nothing : duty(me.duty, send)}`
    }
    ${ways(page.ways, (order) => send('PUT', '/ways', { order }))} ${leave(page, shared)}
  </main>`
}

/**
 * @param {DutyPage} page
 * @param {(method: 'POST' | 'PUT', path: string, body?: object) => Promise<void>} send
 */
function roles(page, send) {
  const { me } = page
  const outgoing = me.offers.filter((o) => o.from === me.person)
  return html`<section aria-labelledby="roles-h">
    <h2 id="roles-h">${say('phone.youCarry')}</h2>
    ${me.roles.length === 0 ? html`<p>${say('phone.youAreNotAskedWhile')}</p>` : nothing}
    <ul class="roles">
      ${me.roles.map((r) => {
        const out = outgoing.find((o) => o.role === r.role)
        const open = page.handing === r.role
        return html`<li>
          <p>
            <strong>${r.name}</strong>
            ${r.until === undefined ? nothing : html`<span class="quiet">${put('phone.until', { until: clock(r.until) })}</span>`}
          </p>
          ${
            out === undefined
              ? html`<button
                  aria-expanded=${open}
                  @click=${() => page.change({ handing: open ? '' : r.role, looking: '' })}
                >
                  ${open ? say('phone.keepIt') : say('phone.handOver')}<span class="away"> ${r.name}</span>
                </button>`
              : html`<p class="offered">
                  <span>${say('phone.offeredTo')} <strong>${out.toName}</strong>${say('phone.notTakenYetItIs')}</span>
                  <button @click=${(/** @type {Event} */ e) => once(e, () => send('POST', `/handovers/${r.role}/refuse`))}>
                    ${say('phone.takeBack')}<span class="away"> ${r.name}</span>
                  </button>
                </p>`
          }
          ${open ? handOver(page, (to) => send('POST', `/handovers/${r.role}`, { to })) : nothing}
        </li>`
      })}
    </ul>
  </section>`
}

/**
 * @param {boolean} on
 * @param {(method: 'PUT', path: string, body: object) => Promise<void>} send
 */
function duty(on, send) {
  return html`<section aria-labelledby="duty-h">
    <h2 id="duty-h">${say('phone.duty')}</h2>
    <p>${on ? say('phone.youAreOnDutyBleeps') : say('phone.youAreOffDutyYou')}</p>
    <button
      class="big ${on ? '' : 'main'}"
      @click=${(/** @type {Event} */ e) => once(e, () => send('PUT', '/duty', { on: !on }))}
    >
      ${on ? say('phone.goOffDuty') : say('phone.goOnDuty')}
    </button>
  </section>`
}

/**
 * @param {OfferView} o
 * @param {(method: 'POST', path: string) => Promise<void>} send
 */
function offered(o, send) {
  return html`<section class="offer" aria-label="${say('phone.offeredToYou')}">
    <p><strong>${o.fromName ?? say('phone.theRota')}</strong> ${say('phone.offersYou')} <strong>${o.name}</strong></p>
    <div class="two">
      <button class="yes" @click=${(/** @type {Event} */ e) => once(e, () => send('POST', `/handovers/${o.role}/take`))}>
        ${say('phone.takeIt')}
      </button>
      <button @click=${(/** @type {Event} */ e) => once(e, () => send('POST', `/handovers/${o.role}/refuse`))}>
        ${say('phone.refuse')}
      </button>
    </div>
  </section>`
}

/**
 * Taken up in this person's name: only they know whether it was they.
 * @param {NonNullable<MeView['newcomers']>[number]} one
 * @param {(method: 'POST', path: string, body: object) => Promise<void>} send
 */
function newcomer({ id, label, at }, send) {
  const said = (/** @type {boolean} */ mine) => (/** @type {Event} */ e) =>
    once(e, () => send('POST', `/devices/${id}/confirm`, { mine }))
  return html`<section class="offer" aria-label="${say('phone.newPhone')}">
    <p><strong>${say('phone.newPhone')}</strong> ${say('phone.newPhoneIs', { label, at: `${day(at)} ${clock(at)}` })}</p>
    <div class="two">
      <button class="yes" @click=${said(true)}>${say('phone.newPhoneMine')}</button>
      <button @click=${said(false)}>${say('phone.newPhoneNotMine')}</button>
    </div>
  </section>`
}

/**
 * Ending a shift needs nothing here: the phone wipes itself. Giving the phone away does, and is asked twice.
 * @param {DutyPage} page
 * @param {boolean} shared
 */
function leave(page, shared) {
  const until = page.me.kept?.people.flatMap((p) => p.until ?? [])[0]
  return html`<section aria-labelledby="end-h">
    <h2 id="end-h">${shared ? say('phone.thisHandset') : say('phone.thisPhone')}</h2>
    ${
      until === undefined || page.me.roles.length === 0
        ? nothing
        : html`<p class="quiet">
            ${put('phone.atTheEndOfThe', { what: shared ? say('phone.theHandset') : say('phone.thePhone'), until: clock(until) })}
          </p>`
    }
    ${
      page.leaving
        ? html`<div class="offer" role="group" aria-label="${say('phone.signOut')}">
            <p id="ask" tabindex="-1"><strong>${say('phone.signOutForGood')}</strong> ${say('phone.everyBleepIsWipedIt')}</p>
            <div class="two">
              <button class="danger" @click=${(/** @type {Event} */ e) => once(e, page.signOut)}>${say('phone.signOutAndWipe')}</button>
              <button @click=${() => page.change({ leaving: false })}>${say('phone.staySignedIn')}</button>
            </div>
          </div>`
        : html`<button class="big" @click=${() => page.change({ leaving: true })}>${say('phone.signOutAsk')}</button>`
    }
    ${languages((tag) => keep('language', tag))}
  </section>`
}
