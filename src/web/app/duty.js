import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { clock } from '../shared/time.js'
import { handOver } from './handover.js'
import { api } from './line.js'

/** @import { DirectoryView, MeView, OfferView } from '../shared/types.d.ts' */

/**
 * @typedef {object} DutyPage
 * @property {MeView} me
 * @property {DirectoryView | undefined} directory
 * @property {string} handing role being handed over
 * @property {string} looking what was typed to find whom to hand over to
 * @property {boolean} leaving the question whether to sign out is open
 * @property {string} fault
 * @property {boolean} live
 * @property {(change: Partial<Pick<DutyPage, 'handing' | 'looking' | 'leaving'>>) => void} change
 * @property {(fault: string) => Promise<void>} done
 * @property {() => Promise<void>} signOut
 */

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
    ${shared ? html`<p class="quiet">Shared handset. It rings for ${me.people.map((p) => p.name).join(' and ') || 'nobody now'}.</p>` : nothing}
    ${page.fault === '' ? nothing : html`<p class="notice bad">${page.fault}</p>`}
    ${incoming.map((o) => offered(o, send))}
    ${
      shared && !alone
        ? html`<p class="notice">${me.people.length === 0 ? 'Nobody holds this role now. Tell the switchboard.' : 'Several people have this handset: hand over from your own phone, or by the switchboard.'}</p>`
        : html`${roles(page, send)} ${me.duty === undefined || (me.duty && me.roles.length === 0) ? nothing : duty(me.duty, send)}`
    }
    ${leave(page, shared)}
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
    <h2 id="roles-h">You carry</h2>
    ${me.roles.length === 0 ? html`<p>No role now. You are not asked.</p>` : nothing}
    <ul class="roles">
      ${me.roles.map((r) => {
        const out = outgoing.find((o) => o.role === r.role)
        const open = page.handing === r.role
        return html`<li>
          <p>
            <strong>${r.name}</strong>
            ${r.until === undefined ? nothing : html`<span class="quiet">until ${clock(r.until)}</span>`}
          </p>
          ${
            out === undefined
              ? html`<button
                  aria-expanded=${open}
                  @click=${() => page.change({ handing: open ? '' : r.role, looking: '' })}
                >
                  ${open ? 'Keep it' : 'Hand over'}<span class="away"> ${r.name}</span>
                </button>`
              : html`<p class="offered">
                  <span>Offered to <strong>${out.toName}</strong>, not taken yet. It is yours until then.</span>
                  <button @click=${(/** @type {Event} */ e) => once(e, () => send('POST', `/handovers/${r.role}/refuse`))}>
                    Take back<span class="away"> ${r.name}</span>
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
    <h2 id="duty-h">Duty</h2>
    <p>${on ? 'You are on duty: bleeps for your roles ring here.' : 'You are off duty: you are not asked.'}</p>
    <button
      class="big ${on ? '' : 'main'}"
      @click=${(/** @type {Event} */ e) => once(e, () => send('PUT', '/duty', { on: !on }))}
    >
      ${on ? 'Go off duty' : 'Go on duty'}
    </button>
  </section>`
}

/**
 * @param {OfferView} o
 * @param {(method: 'POST', path: string) => Promise<void>} send
 */
function offered(o, send) {
  return html`<section class="offer" aria-label="Offered to you">
    <p><strong>${o.fromName ?? 'The rota'}</strong> offers you <strong>${o.name}</strong></p>
    <div class="two">
      <button class="yes" @click=${(/** @type {Event} */ e) => once(e, () => send('POST', `/handovers/${o.role}/take`))}>
        Take it
      </button>
      <button @click=${(/** @type {Event} */ e) => once(e, () => send('POST', `/handovers/${o.role}/refuse`))}>
        Refuse
      </button>
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
    <h2 id="end-h">${shared ? 'This handset' : 'This phone'}</h2>
    ${
      until === undefined || page.me.roles.length === 0
        ? nothing
        : html`<p class="quiet">
            At the end of the shift ${shared ? 'the handset' : 'the phone'} wipes its bleeps by itself, at
            ${clock(until)} at the latest, and stays enrolled.
          </p>`
    }
    ${
      page.leaving
        ? html`<div class="offer" role="group" aria-label="Sign out">
            <p id="ask" tabindex="-1"><strong>Sign out for good?</strong> Every bleep is wiped. It rings again only after a new code.</p>
            <div class="two">
              <button class="danger" @click=${(/** @type {Event} */ e) => once(e, page.signOut)}>Sign out and wipe</button>
              <button @click=${() => page.change({ leaving: false })}>Stay signed in</button>
            </div>
          </div>`
        : html`<button class="big" @click=${() => page.change({ leaving: true })}>Sign out…</button>`
    }
  </section>`
}
