import { html, nothing, render as place, svg } from '/vendor/lit-html.js'
import { CLASS } from './words.js'

/** @import { Card } from './types.d.ts' */

export { html, nothing, svg }

/** @type {WeakSet<HTMLElement>} */
const rendered = new WeakSet()

/**
 * Shows a template in an element; what stood there before the first time was only for waiting.
 * @param {import('/vendor/lit-html.js').TemplateResult} what
 * @param {HTMLElement} where
 */
export function render(what, where) {
  if (!rendered.has(where)) where.replaceChildren()
  rendered.add(where)
  place(what, where)
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`no element ${id}`)
  return found
}

/** Where letters go. @param {EventTarget | null} target */
export const isField = (target) =>
  target instanceof HTMLElement && target.matches('input:not([type="checkbox"]),select,textarea')

/**
 * Gives the keyboard to what has come onto the page behind an answer of the server: unless somebody is typing by then,
 * whose further letters would go nowhere.
 * @param {Element | null} element
 */
export function leadTo(element) {
  if (element instanceof HTMLElement && !isField(document.activeElement))
    element.focus({ preventScroll: true })
}

/** Shapes tell the class without colour; the word beside them tells it without sight. */
const SHAPES = {
  octagon: svg`<path d="M7 1h10l6 6v10l-6 6H7l-6-6V7z"/><path class="ink" d="M11 5h2v9h-2zM11 16h2v3h-2z"/>`,
  triangle: svg`<path d="M12 1l11.5 21H.5z"/><path class="ink" d="M11 8h2v7h-2zM11 17h2v2h-2z"/>`,
  circle: svg`<circle cx="12" cy="12" r="10"/>`,
  square: svg`<path class="line" d="M3 3h18v18H3z"/>`,
}

/** @param {Card['class']} c */
export function badge(c) {
  const { label, shape } = CLASS[c]
  return html`<span class="badge ${c}"
    ><svg viewBox="0 0 24 24" aria-hidden="true">${SHAPES[/** @type {keyof typeof SHAPES} */ (shape)]}</svg
    >${label}</span
  >`
}

/** What each button said that is still busy: the page may draw it anew with another name and another task. */
const BUSY = new WeakMap()

/**
 * Runs `task` once at a time from a button, or from the button that sent a form, which shows it while it runs. Under another
 * name it is another button: a tap on that counts.
 * @param {Event} event
 * @param {() => Promise<void>} task
 */
export async function once(event, task) {
  const button = event instanceof SubmitEvent ? event.submitter : event.currentTarget
  if (!(button instanceof HTMLButtonElement)) return task()
  const name = button.textContent
  if (BUSY.get(button) === name) return
  BUSY.set(button, name)
  button.setAttribute('aria-busy', 'true')
  try {
    await task()
  } finally {
    if (BUSY.get(button) === name) {
      BUSY.delete(button)
      button.removeAttribute('aria-busy')
    }
  }
}
