import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, now } from '../shared/time.js'
import { answersTo } from './asked.js'
import { ringsMark } from './rings.js'

/** @import { RotaView } from '../shared/types.d.ts' */
/** @import { Context } from './context.js' */

/** As many as are read at a glance. */
const SHOWN = 8

/**
 * Who is on as …? Asked of every switchboard all night long: a field on every page that answers while it is
 * typed into, over what is there, so that nothing moves.
 * @param {Pick<Context, 'state' | 'draw'>} context
 */
export function onNow({ state, draw }) {
  const { rota } = state
  if (rota === undefined) return nothing
  const wanted = (state.filter.onNow ?? '').trim().toLowerCase()
  const found = wanted === '' ? [] : rota.roles.filter((r) => answersTo(sayings(r), wanted))
  /** @param {Event} event */
  const narrow = (event) => {
    state.filter.onNow = /** @type {HTMLInputElement} */ (event.target).value
    draw()
  }
  return html`<div class="on-now" role="search">
    <input
      type="search"
      aria-label="${say('rota.whoIsOnRoleBleep')}"
      placeholder="${say('rota.whoIsOn')}"
      autocomplete="off"
      .value=${state.filter.onNow ?? ''}
      @input=${narrow}
    />
    <div class="found" aria-live="polite">
      ${
        wanted === ''
          ? nothing
          : html`<ul>
            ${found.slice(0, SHOWN).map(role)}
            ${found.length > SHOWN ? html`<li class="quiet">${put('rota.andMore', { count: found.length - SHOWN })}</li>` : nothing}
            ${found.length === 0 ? html`<li class="quiet">${say('rota.noRoleBleepOrName')}</li>` : nothing}
          </ul>`
      }
    </div>
  </div>`
}

/** @param {RotaView['roles'][number]} r */
const sayings = (r) => [r.name, r.role, r.bleep ?? '', ...r.calledBy, ...r.holders.map((h) => h.name ?? '')]

/** @param {RotaView['roles'][number]} r */
function role(r) {
  const ends = r.duties.find((d) => Date.parse(d.from) <= now() && Date.parse(d.to) > now())
  return html`<li>
    <span><strong>${r.name}</strong> ${r.bleep === undefined ? nothing : html`<span class="quiet figure">${put('rota.bleep', { bleep: r.bleep })}</span>`}</span>
    <span>
      ${r.holders.length === 0 ? html`<span class=${r.crash ? 'gap' : 'quiet'}>${say('rota.nobody')}</span>` : nothing}
      ${r.holders.map(
        (h) =>
          html`<span class="nowrap">${h.name ?? h.person} ${h.phone === undefined ? nothing : html`<a class="tel figure" href="tel:${h.phone.replaceAll(' ', '')}">${h.phone}</a>`} ${ringsMark(h.rings)}</span> `,
      )}
      ${ends === undefined ? nothing : html`<span class="quiet figure">${put('rota.until', { to: clock(ends.to) })}</span>`}
    </span>
  </li>`
}
