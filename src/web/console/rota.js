import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, now } from '../shared/time.js'
import { tick } from './marks.js'
import { field, personField, personIn, pickPerson } from './pick.js'
import { ringsMark } from './rings.js'
import { rotaChanges } from './rota-change.js'
import { strip } from './strip.js'

/** @import { RotaView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

/** @typedef {RotaView['roles'][number]} Role */

/** Hours that the page may look ahead. */
const SPANS = /** @type {const} */ ([
  ['24', say('rota.oneDay')],
  ['72', say('rota.threeDays')],
  ['168', say('rota.sevenDays')],
])

/** Who is on now, and what somebody must mend before it matters. @param {PageContext} page */
export function rotaPage(page) {
  const { state, draw, load } = page
  const { rota } = state
  if (rota === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  const wanted = (state.filter.rota ?? '').toLowerCase()
  const shown = rota.roles.filter((r) =>
    [r.name, r.bleep ?? '', ...r.holders.map((h) => h.name ?? '')].join(' ').toLowerCase().includes(wanted),
  )
  /** @param {Event} event */
  const narrow = (event) => {
    state.filter.rota = /** @type {HTMLInputElement} */ (event.target).value
    draw()
  }
  /** @param {Event} event */
  const look = (event) => {
    state.filter.ahead = /** @type {HTMLSelectElement} */ (event.target).value
    void load()
  }
  return html`<h1>${say('rota.rota')}</h1>
    <p><a href="#/who">${say('ready.whoTitle')}</a> · <a href="#/ready">${say('ready.title')}</a></p>
    ${unclaimed(page, rota)}
    <div class="split wide">
      <section class="panel" aria-labelledby="now-h">
        <h2 id="now-h">${say('rota.whoIsOnNow')}</h2>
        <div class="tools">
          <input type="search" aria-label="${say('rota.roleBleepOrName')}" placeholder="${say('rota.roleBleepOrName')}" .value=${state.filter.rota ?? ''} @input=${narrow} />
          <select aria-label="${say('rota.howFarAhead')}" @change=${look}>
            ${SPANS.map(([hours, label]) => html`<option value=${hours} ?selected=${(state.filter.ahead ?? '24') === hours}>${put('rota.next', { label })}</option>`)}
          </select>
        </div>
        <div class="scroll" tabindex="0" role="group" aria-label="${say('rota.whoIsOnNow')}">
          <table class="rota">
            <caption>${put('rota.to', { from: day(rota.from), from2: clock(rota.from), to: day(rota.to), to2: clock(rota.to) })}</caption>
            <thead>
              <tr>
                <th scope="col">${say('rota.role')}</th><th scope="col">${say('rota.bleepHeading')}</th><th scope="col">${say('rota.now')}</th>
                <th scope="col">${say('rota.nextHeading')}</th><th scope="col">${say('rota.ahead')}</th>
              </tr>
            </thead>
            ${group(
              rota,
              say('rota.crashRoles'),
              shown.filter((r) => r.crash),
            )}
            ${group(
              rota,
              say('rota.otherRoles'),
              shown.filter((r) => !r.crash),
            )}
          </table>
        </div>
        ${shown.length === 0 ? html`<p>${say('rota.noRoleBleepOrName')}</p>` : nothing}
      </section>
      <div>
        ${mend(rota)} ${handovers(page)} ${rotaChanges(page)}
      </div>
    </div>`
}

/**
 * @param {RotaView} rota
 * @param {string} heading
 * @param {readonly Role[]} roles
 */
function group(rota, heading, roles) {
  if (roles.length === 0) return nothing
  return html`<tbody>
    <tr><th scope="rowgroup" colspan="5">${heading}</th></tr>
    ${roles.map((r) => roleRow(rota, r))}
  </tbody>`
}

/**
 * @param {RotaView} rota
 * @param {Role} r
 */
function roleRow(rota, r) {
  const at = now()
  const current = r.duties.find((d) => Date.parse(d.from) <= at && Date.parse(d.to) > at)
  const next = r.duties.find((d) => Date.parse(d.from) > at)
  // Where the next begins as this one ends, one time says both.
  const ends = current !== undefined && current.to !== next?.from ? current.to : undefined
  return html`<tr class=${r.crash && r.holders.length === 0 ? 'empty-role' : ''}>
    <th scope="row">${r.name}</th>
    <td class="figure">${r.bleep ?? ''}</td>
    <td>
      ${r.holders.length === 0 ? html`<span class=${r.crash ? 'gap' : 'quiet'}>${r.crash ? say('rota.nobodyMarked') : say('rota.nobody')}</span>` : nothing}
      ${r.holders.map(
        (h) =>
          html`<span class="holder">
            <span>${h.name ?? h.person}</span>
            ${h.phone === undefined ? nothing : html`<a class="figure nowrap" href="tel:${h.phone.replaceAll(' ', '')}">${h.phone}</a>`}
            ${ringsMark(h.rings, r.crash)}
          </span>`,
      )}
    </td>
    <td>
      ${ends === undefined ? nothing : html`<span class="quiet figure">${put('rota.untilWith', { ends: when(ends), what: next === undefined ? '' : ', ' })}</span>`}
      ${next === undefined ? (ends === undefined ? html`<span class="quiet">${say('rota.noChange')}</span>` : nothing) : html`<span class="figure">${when(next.from)}</span> ${next.name}`}
    </td>
    <td>${strip(rota, r, at)}</td>
  </tr>`
}

/** The day only where it is not today's. @param {string} at */
const when = (at) => (day(at) === day(now()) ? clock(at) : `${day(at)} ${clock(at)}`)

/** @param {RotaView} rota */
function mend(rota) {
  const flaws = rota.flaws.toSorted(
    (a, b) =>
      Number(b.crash && b.reason === 'rota-gap') - Number(a.crash && a.reason === 'rota-gap') ||
      a.from.localeCompare(b.from),
  )
  return html`<section class="panel" aria-labelledby="gaps-h">
    <h2 id="gaps-h">${say('rota.toMendBeforeTheShift')}</h2>
    ${
      flaws.length === 0
        ? html`<p><span class="good">${tick()}</span> ${say('rota.noGapAndNoDouble')}</p>`
        : html`<ul class="plain">
          ${flaws.map((f) => {
            const gap = f.reason === 'rota-gap'
            return html`<li>
              <strong class=${gap ? (f.crash ? 'gap' : '') : 'double'}>${gap && f.crash ? '! ' : ''}${f.name}: ${gap ? say('rota.nobody') : say('rota.doubleCover')}</strong>
              <span class="figure">${put('rota.span', { from: when(f.from), to: when(f.to) })}</span>
              <span class="quiet">${f.sentence}</span>
            </li>`
          })}
        </ul>`
    }
  </section>`
}

/** A crash role that nobody carries is an alarm whether or not anybody calls. @param {PageContext} page @param {RotaView} rota */
function unclaimed({ acts, may, state }, rota) {
  return rota.unclaimed.map(
    (u) => html`<div class="notice bad alarm">
      <p>
        <strong>${put('rota.nobodyCarries', { u: u.name, what: u.since === undefined ? '' : say('rota.since', { since: when(u.since) }) })}</strong> ${put('rota.aCrashCallWouldGo', { sentence: u.sentence })}
      </p>
      ${may('handover.force') ? pickPerson(say('board.putOnNow'), state.directory, (person) => acts.force(u.role, person)) : nothing}
    </div>`,
  )
}

/** @param {PageContext} page */
function handovers(page) {
  const offers = page.state.site?.offers ?? []
  return html`<section class="panel" aria-labelledby="offers-h">
    <h2 id="offers-h">${say('rota.handOversThatWait')}</h2>
    ${
      offers.length === 0
        ? html`<p>${say('rota.none')}</p>`
        : html`<ul class="plain">
          ${offers.map(
            (o) =>
              html`<li>
                <strong>${o.name}</strong>: ${o.fromName ?? say('rota.byTheRota')} → ${o.toName}
                <span class="quiet">${put('rota.offeredNotTakenYet', { at: when(o.at) })}</span>
                ${
                  page.may('handover.force')
                    ? html`<button class="small" @click=${(/** @type {Event} */ e) => once(e, () => page.acts.force(o.role, o.to))}
                      >${say('rota.handOverForThem')}<span class="away">${put('rota.handedTo', { o: o.name, toName: o.toName })}</span></button
                    >`
                    : nothing
                }
              </li>`,
          )}
        </ul>`
    }
    ${page.may('handover.force') ? force(page) : nothing}
  </section>`
}

/** The switchboard puts somebody on a role: for a bleep that nobody took. @param {PageContext} page */
function force({ state, acts }) {
  /** @param {SubmitEvent} event */
  const put = (event) => {
    event.preventDefault()
    const found = personIn(event, state.directory)
    const role = field(event, 'role')
    const now = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value === 'now'
    const act = now ? acts.force : acts.offer
    return found === undefined ? undefined : once(event, () => act(role, found.person))
  }
  return html`<h3>${say('rota.putSomebodyOnARole')}</h3>
    <p class="quiet">${say('rota.theyHaveItUntilThe')}</p>
    <form class="form" @submit=${put}>
      <label for="force-role">${say('rota.role')}</label>
      <select id="force-role" name="role" required>
        <option value="">${say('rota.whichRole')}</option>
        ${state.directory?.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
      </select>
      <label for="force-to">${say('rota.person')}</label>
      ${personField(say('rota.person'), 'force-to')}
      <div class="acts">
        <button value="offer">${say('rota.offer')}</button>
        <button value="now">${say('rota.putThemOnNow')}</button>
      </div>
    </form>`
}
