import { html, nothing, once } from './dom.js'
import { say } from './say.js'

/** @import { AskChoices } from './types.d.ts' */
/** @typedef {AskChoices['roles'][number]} Role */

/** Roles that are shown before anything is typed. */
const SHOWN = 12
const LABEL = /** @type {const} */ ({
  emergency: say('common.emergency'),
  urgent: say('common.urgent'),
  routine: say('common.routine'),
  test: say('common.routine'),
})

/**
 * What has been chosen and typed so far; it is given to whoever keeps it at each letter.
 * @typedef {{ find: string, role: string, urgency: string, typed: Readonly<Record<string, string>> }} Draft
 */

/** @returns {Draft} */
const nothingYet = () => ({ find: '', role: '', urgency: '', typed: {} })
const chosen = nothingYet()

/** Goes on with what was being written when the page was left. @param {unknown} kept */
export function takeDraft(kept) {
  Object.assign(chosen, nothingYet())
  if (typeof kept !== 'object' || kept === null || !('role' in kept)) return false
  Object.assign(chosen, kept)
  return chosen.role !== ''
}

/**
 * Whom, how urgent, and a few short fields. A routine call-back costs three taps and its words.
 * @param {AskChoices} choices
 * @param {{ send: (ask: object) => Promise<void>, close: () => void, redraw: () => void, keep: (draft: Draft | undefined) => void }} on
 * `keep` what is being written, so that a reload or a lost network loses none of it; nothing once it is sent or given up
 */
export function askForm(choices, on) {
  const role = choices.roles.find((r) => r.role === chosen.role)
  const urgency =
    choices.urgencies.find((u) => u === chosen.urgency) ??
    choices.urgencies.find((u) => u === 'routine') ??
    choices.urgencies[0]
  const over = () => {
    Object.assign(chosen, nothingYet())
    on.keep(undefined)
  }
  const leave = () => {
    over()
    on.close()
  }
  /** @param {Event} event */
  const typing = ({ currentTarget }) => {
    const form = new FormData(/** @type {HTMLFormElement} */ (currentTarget))
    const typed = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    // While another role is looked for the fields are not there; what stood in them is.
    if ('what' in typed) chosen.typed = typed
    on.keep({ ...chosen })
  }
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault()
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))
    /** @param {string} name */
    const text = (name) => String(form.get(name) ?? '').trim() || undefined
    return once(event, async () => {
      await on
        .send({
          ...{
            role: chosen.role,
            urgency,
            what: text('what'),
            want: text('want'),
            callBack: text('callBack'),
          },
          about: { place: text('place'), identifier: text('identifier') },
        })
        .then(over, () => undefined)
    })
  }
  /** @param {Partial<typeof chosen>} change */
  const choose = (change) => {
    Object.assign(chosen, change)
    on.redraw()
    if (change.role) document.getElementById('what')?.focus()
  }
  return html`<form class="ask" @submit=${send} @input=${typing} aria-label=${say('ward.ask')}>
    ${choices.dial === undefined ? nothing : html`<a class="button big" href="tel:${choices.dial}">${say('ward.dial', { dial: choices.dial })}</a>`}
    ${role === undefined ? rolePick(choices, choose) : picked(role, () => choose({ role: '' }))}
    ${role === undefined ? nothing : fields(choices, role, urgency, choose)}
    <div class="picks">
      ${role === undefined ? nothing : html`<button class="main big">${say('ward.sendAs', { urgency: urgency === undefined ? '' : LABEL[urgency].toLowerCase() })}</button>`}
      <button type="button" class="big" @click=${leave}>${say('ward.back')}</button>
    </div>
  </form>`
}

/**
 * @param {AskChoices} choices
 * @param {(change: { find?: string, role?: string }) => void} choose
 */
function rolePick({ roles }, choose) {
  const word = chosen.find.trim().toLowerCase()
  const fits = roles.filter((r) => `${r.name} ${r.holders.join(' ')}`.toLowerCase().includes(word))
  return html`<label for="find">${say('ward.whom')}</label>
    <input id="find" type="search" .value=${chosen.find} placeholder=${say('ward.find')} autocomplete="off"
      @input=${(/** @type {Event} */ e) => choose({ find: /** @type {HTMLInputElement} */ (e.currentTarget).value })} />
    <div class="picks">
      ${fits.slice(0, SHOWN).map(
        (
          r,
        ) => html`<button type="button" class="role" data-role=${r.role} @click=${() => choose({ role: r.role })}>
          ${r.name}${standing(r)}
        </button>`,
      )}
    </div>`
}

/** Who has it, whether they can be reached, how busy they are. @param {Role} role */
function standing(role) {
  const who = role.holders.length === 0 ? say('ward.nobody') : role.holders.join(', ')
  return html`<small>${who}</small>
    ${role.holders.length > 0 && !role.reachable ? html`<small>${say('ward.noPhone')}</small>` : nothing}
    ${role.open === 0 ? nothing : html`<small>${say('ward.busy', { open: role.open })}</small>`}`
}

/**
 * @param {Role} role
 * @param {() => void} change
 */
function picked(role, change) {
  return html`<p>${say('ward.whom')}</p>
    <div class="picks"><button type="button" class="role" aria-pressed="true" @click=${change}>${role.name}${standing(role)}</button></div>`
}

/**
 * @param {AskChoices} choices
 * @param {Role} role
 * @param {AskChoices['urgencies'][number] | undefined} urgency
 * @param {(change: { urgency: string }) => void} choose
 */
function fields(choices, role, urgency, choose) {
  const { typed } = chosen
  const templates = choices.templates.filter((t) => t.roles === undefined || t.roles.includes(role.role))
  /** @param {{ what: string, want: string }} template */
  const take = ({ what, want }) => {
    for (const [id, text] of [
      ['what', what],
      ['want', want],
    ]) {
      const input = document.getElementById(id ?? '')
      // What somebody has typed is never written over.
      if (input instanceof HTMLInputElement && input.value === '') input.value = text ?? ''
    }
    document.getElementById('what')?.dispatchEvent(new Event('input', { bubbles: true }))
    document.getElementById('what')?.focus()
  }
  return html`<div class="picks" role="group">
      ${choices.urgencies.map(
        (u) =>
          html`<button type="button" aria-pressed=${u === urgency} @click=${() => choose({ urgency: u })}>${LABEL[u]}</button>`,
      )}
      ${templates.map((t) => html`<button type="button" @click=${() => take(t)}>${t.name}</button>`)}
    </div>
    <label for="what">${say('ward.what')}</label>
    <input id="what" name="what" required maxlength="240" autocomplete="off" value=${typed.what ?? ''} />
    <div class="pair">
      <div><label for="want">${say('ward.want')}</label><input id="want" name="want" maxlength="120" autocomplete="off" value=${typed.want ?? ''} /></div>
      <div><label for="place">${say('ward.place')}</label><input id="place" name="place" maxlength="80" autocomplete="off" value=${typed.place ?? choices.ward ?? ''} /></div>
      <div><label for="identifier">${say('ward.identifier')}</label><input id="identifier" name="identifier" maxlength="80" autocomplete="off" value=${typed.identifier ?? ''} /></div>
      <div><label for="callBack">${say('ward.callBack')}</label><input id="callBack" name="callBack" inputmode="tel" maxlength="20" autocomplete="off" list="own" value=${typed.callBack ?? choices.callBacks[0] ?? ''} />
      <datalist id="own">${choices.callBacks.map((c) => html`<option value=${c}></option>`)}</datalist></div>
    </div>`
}
