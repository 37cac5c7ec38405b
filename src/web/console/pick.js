import { html, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'

/** @import { DirectoryView } from '../shared/types.d.ts' */

/**
 * A choice and the press that means it: two acts, so that neither happens by a slip of the wheel.
 * @param {string} label what the press does
 * @param {string} what what is chosen
 * @param {readonly (readonly [value: string, label: string])[]} options
 * @param {(value: string, label: string) => Promise<void>} act
 */
export function pick(label, what, options, act) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault()
    const chosen = options.find(([value]) => value === field(event, 'pick'))
    return chosen === undefined ? undefined : once(event, () => act(chosen[0], chosen[1]))
  }
  return html`<form class="pick" @submit=${submit}>
    <select name="pick" aria-label=${say('common.which', { label, what })} required>
      <option value="">${put('common.whichOf', { what })}</option>
      ${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}
    </select>
    <button>${label}</button>
  </form>`
}

/** @param {DirectoryView | undefined} directory */
export const rolesToPick = (directory) =>
  directory?.roles.map((r) => /** @type {const} */ ([r.role, r.name])) ?? []

/** One list of everybody for every field that asks for a person: there may be thousands. */
const PEOPLE = 'people'

/** @param {DirectoryView | undefined} directory */
export function peopleList(directory) {
  return html`<datalist id=${PEOPLE}>
    ${directory?.people.map((p) => html`<option value=${said(p)}></option>`)}
  </datalist>`
}

/**
 * A field for a person, to be narrowed by typing.
 * @param {string} label of the field
 * @param {string} [id]
 * @param {string} [name]
 */
export function personField(label, id, name = 'person') {
  return html`<input
    name=${name}
    id=${id ?? ''}
    list=${PEOPLE}
    aria-label=${label}
    placeholder="${say('common.name')}"
    autocomplete="off"
    required
  />`
}

/**
 * The same as `pick` for a person.
 * @param {string} label
 * @param {DirectoryView | undefined} directory
 * @param {(person: string, name: string) => Promise<void>} act
 */
export function pickPerson(label, directory, act) {
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault()
    const found = personIn(event, directory)
    return found === undefined ? undefined : once(event, () => act(found.person, found.name))
  }
  return html`<form class="pick" @submit=${submit}>
    ${personField(say('common.who', { label }))} <button>${label}</button>
  </form>`
}

/**
 * Who was named in a form; where nobody by that name is known, the field says so.
 * @param {SubmitEvent} event
 * @param {DirectoryView | undefined} directory
 * @param {string} [name] of the field
 */
export function personIn(event, directory, name = 'person') {
  const form = /** @type {HTMLFormElement} */ (event.currentTarget)
  const input = form.elements.namedItem(name)
  if (!(input instanceof HTMLInputElement)) return undefined
  const text = input.value.trim().toLowerCase()
  const like =
    directory?.people.filter((p) => said(p).toLowerCase() === text || p.name.toLowerCase() === text) ?? []
  const [found] = like
  if (found !== undefined && like.length === 1) return found
  input.setCustomValidity(say('common.chooseANameFromThe'))
  input.reportValidity()
  input.addEventListener('input', () => input.setCustomValidity(''), { once: true })
  return undefined
}

/** The id tells namesakes apart. @param {DirectoryView['people'][number]} p */
const said = (p) => `${p.name}, ${p.staffGroup} ${p.person}`

/**
 * @param {SubmitEvent} event
 * @param {string} name
 */
export function field(event, name) {
  return String(new FormData(/** @type {HTMLFormElement} */ (event.currentTarget)).get(name) ?? '')
}
