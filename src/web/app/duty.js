import { explain } from '../shared/api.js'
import { html, nothing, once } from '../shared/dom.js'
import { clock } from '../shared/time.js'
import { api } from './line.js'

/** @import { DirectoryView, MeView, OfferView } from '../shared/types.d.ts' */

/**
 * @typedef {object} DutyPage
 * @property {MeView} me
 * @property {DirectoryView | undefined} directory
 * @property {string} handing role being handed over
 * @property {string} fault
 * @property {(role: string) => void} hand
 * @property {(fault: string) => Promise<void>} done
 * @property {() => Promise<void>} signOut
 */

/** @param {DutyPage} page */
export function dutyPage(page) {
  const { me } = page
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
  const incoming = me.offers.filter((o) => o.to === me.person)
  const outgoing = me.offers.filter((o) => o.from === me.person)
  return html`<h1>${me.name}</h1>
    ${page.fault === '' ? nothing : html`<p class="notice bad" role="alert">${page.fault}</p>`}
    ${incoming.map((o) => offered(o, send))}
    <section aria-labelledby="roles-h">
      <h2 id="roles-h">You carry</h2>
      ${me.roles.length === 0 ? html`<p>No role now. You are not asked.</p>` : nothing}
      <ul class="roles">
        ${me.roles.map((r) => {
          const out = outgoing.find((o) => o.role === r.role)
          return html`<li>
            <p>
              <strong>${r.name}</strong>
              ${r.until === undefined ? nothing : html`<span class="quiet">until ${clock(r.until)}</span>`}
            </p>
            ${
              out === undefined
                ? html`<button @click=${() => page.hand(page.handing === r.role ? '' : r.role)} aria-expanded=${page.handing === r.role}>
                  Hand over<span class="away"> ${r.name}</span>
                </button>`
                : html`<p class="quiet">Offered to ${out.toName}, not taken yet. It is yours until then.</p>`
            }
            ${page.handing === r.role ? handOver(page, r.role, send) : nothing}
          </li>`
        })}
      </ul>
    </section>
    ${
      me.duty === undefined
        ? nothing
        : html`<section aria-labelledby="duty-h">
          <h2 id="duty-h">Duty</h2>
          <p>${me.duty ? 'You are on duty: bleeps for your roles ring here.' : 'You are off duty: you are not asked.'}</p>
          <button
            class="big ${me.duty ? '' : 'main'}"
            @click=${(/** @type {Event} */ e) => once(e, () => send('PUT', '/duty', { on: !me.duty }))}
          >
            ${me.duty ? 'Go off duty' : 'Go on duty'}
          </button>
        </section>`
    }
    <section aria-labelledby="end-h">
      <h2 id="end-h">End of shift</h2>
      <p class="quiet">Signing out wipes every bleep from this phone. It rings again only after a new code.</p>
      <button class="big" @click=${(/** @type {Event} */ e) => once(e, page.signOut)}>Sign out and wipe</button>
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
 * @param {DutyPage} page
 * @param {string} role
 * @param {(method: 'POST', path: string, body: object) => Promise<void>} send
 */
function handOver(page, role, send) {
  /** @param {SubmitEvent} event */
  const give = async (event) => {
    event.preventDefault()
    const name = String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get('to') ?? '')
    const to = page.directory?.people.find((p) => p.name === name)?.person
    if (to === undefined) return page.done('Pick a name from the list.')
    page.hand('')
    await send('POST', `/handovers/${role}`, { to })
  }
  return html`<form class="line" @submit=${give}>
    <label class="away" for="to">Who takes over</label>
    <input id="to" name="to" list="people" autocomplete="off" placeholder="Who takes over?" required />
    <datalist id="people">
      ${page.directory?.people.map((p) => html`<option value=${p.name}>${p.staffGroup}</option>`)}
    </datalist>
    <button class="main">Offer</button>
  </form>`
}
