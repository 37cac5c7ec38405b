import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, instantOf, now } from '../shared/time.js'
import { field, personField, personIn } from './pick.js'

/** @import { RotaChangesView, RotaWarnings } from '../shared/types.d.ts' */
/** @import { Read, PageContext } from './pages.d.ts' */
/** @import { State } from './context.js' */

const KINDS = /** @type {const} */ (['instead', 'also', 'leave', 'swap'])
/** As far as a change of a rota is entered before the site's files have it. @typedef {RotaChangesView['changes'][number]} Entered */

/** @param {Read} read @param {State} state */
export const loadRotaChanges = (read, state) =>
  read('rota-changes', '/rota/changes', (/** @type {RotaChangesView} */ view) => {
    state.rotaChanges = view.changes
  })

/** Leave, swaps and overrides: what is entered, and a form that says what speaks against the next. @param {PageContext} page */
export function rotaChanges(page) {
  const { state, may } = page
  const changes = (state.rotaChanges ?? []).filter((c) => c.leftOut === undefined)
  return html`<section class="panel" aria-labelledby="changes-h">
    <h2 id="changes-h">${say('rota.changes')}</h2>
    ${
      changes.length === 0
        ? html`<p>${say('rota.noChanges')}</p>`
        : html`<ul class="plain">${changes.map((c) => entered(page, c))}</ul>`
    }
    ${may('rota.edit') ? form(page) : nothing}
  </section>`
}

/** @param {string} at */
const when = (at) => (day(at) === day(now()) ? clock(at) : `${day(at)} ${clock(at)}`)

/** @param {PageContext} page @param {Entered} c */
function entered({ may, acts }, c) {
  const [first] = c.parts
  if (first === undefined) return nothing
  return html`<li>
    ${c.parts.map(
      (p) => html`<div>
        <strong>${sentence(c, p)}</strong>
        <span class="figure">${put('rota.span', { from: when(p.from), to: when(p.to) })}</span>
      </div>`,
    )}
    <span class="quiet">${say('rota.enteredBy', { by: c.by })}${c.note === undefined ? '' : `: ${c.note}`}</span>
    ${
      may('rota.edit')
        ? html`<button class="small" @click=${(/** @type {Event} */ e) => once(e, () => acts.takeBackRota(c.id))}
            >${say('rota.takeBack')}<span class="away">: ${sentence(c, first)}</span></button
          >`
        : nothing
    }
  </li>`
}

/** @param {Entered} c @param {Entered['parts'][number]} p */
function sentence(c, p) {
  const name = p.name ?? p.person
  const role = p.roleName ?? ''
  if (c.kind === 'leave') return say('rota.isAway', { name })
  if (c.kind === 'swap') return say('rota.takes', { name, role, instead: p.insteadName ?? p.instead ?? '' })
  return c.mode === 'also' ? say('rota.hasAlso', { name, role }) : say('rota.hasInstead', { name, role })
}

/** @param {PageContext} page */
function form({ state, draw, acts }) {
  const kind = state.filter['rota-change'] ?? 'instead'
  const { warned } = state
  const forget = () => {
    state.warned = undefined
    draw()
  }
  /** @param {SubmitEvent} event */
  const enter = (event) => {
    event.preventDefault()
    const person = personIn(event, state.directory)
    const gives = kind === 'swap' ? personIn(event, state.directory, 'gives') : undefined
    if (person === undefined || (kind === 'swap' && gives === undefined)) return undefined
    const span = { from: instantOf(field(event, 'from')), to: instantOf(field(event, 'to')) }
    const role = field(event, 'role')
    const note = field(event, 'note').trim()
    const more = note === '' ? {} : { note }
    const change =
      kind === 'leave'
        ? { kind, person: person.person, ...span, ...more }
        : kind === 'swap'
          ? { kind, legs: [{ role, ...span, gives: gives?.person, takes: person.person }] }
          : { kind: 'override', mode: kind, role, person: person.person, ...span, ...more }
    const key = JSON.stringify(change)
    const target = event.currentTarget
    return once(event, async () => {
      const done = await acts.changeRota(change, warned?.key === key, (/** @type {RotaWarnings} */ found) => {
        state.warned = { key, sentences: found.warnings.map((w) => w.sentence) }
      })
      if (!done) return
      state.warned = undefined
      if (target instanceof HTMLFormElement) target.reset()
    })
  }
  return html`<h3>${say('rota.enterChange')}</h3>
    <form class="form" @submit=${enter} @input=${warned === undefined ? nothing : forget}>
      <label for="change-kind">${say('rota.what')}</label>
      <select id="change-kind" name="kind" @change=${(/** @type {Event} */ e) => {
        state.filter['rota-change'] = /** @type {HTMLSelectElement} */ (e.target).value
        forget()
      }}>
        ${KINDS.map((k) => html`<option value=${k} ?selected=${k === kind}>${LABEL[k]}</option>`)}
      </select>
      ${
        kind === 'leave'
          ? nothing
          : html`<label for="change-role">${say('rota.role')}</label>
            <select id="change-role" name="role" required>
              <option value="">${say('rota.whichRole')}</option>
              ${state.directory?.roles.map((r) => html`<option value=${r.role}>${r.name}</option>`)}
            </select>`
      }
      ${
        kind === 'swap'
          ? html`<label for="change-gives">${say('rota.dutyOf')}</label>
            ${personField(say('rota.dutyOf'), 'change-gives', 'gives')}`
          : nothing
      }
      <label for="change-person">${kind === 'swap' ? say('rota.takenBy') : say('rota.person')}</label>
      ${personField(kind === 'swap' ? say('rota.takenBy') : say('rota.person'), 'change-person')}
      <label for="change-from">${say('rota.fromTime')}</label>
      <input id="change-from" name="from" type="datetime-local" required />
      <label for="change-to">${say('rota.toTime')}</label>
      <input id="change-to" name="to" type="datetime-local" required />
      ${
        kind === 'swap'
          ? nothing
          : html`<label for="change-note">${say('rota.note')}</label>
            <input id="change-note" name="note" maxlength="240" autocomplete="off" />`
      }
      ${
        warned === undefined
          ? nothing
          : html`<div class="notice bad" role="alert">
            <p><strong>${say('rota.speaksAgainst')}</strong></p>
            <ul>${warned.sentences.map((text) => html`<li>${text}</li>`)}</ul>
          </div>`
      }
      <button>${warned === undefined ? say('rota.enter') : say('rota.enterAnyway')}</button>
    </form>`
}

const LABEL = {
  instead: say('rota.instead'),
  also: say('rota.also'),
  leave: say('rota.leave'),
  swap: say('rota.swap'),
}
