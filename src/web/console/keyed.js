import { repeat } from '/vendor/directives/repeat.js'
import { render } from '../shared/dom.js'

/**
 * A list whose rows keep their own elements when others come, go or change places: what has the keyboard keeps it, and
 * a press never lands on the row that has taken another's place.
 * @template T
 * @param {Iterable<T>} items
 * @param {(item: T) => string} key
 * @param {(item: T, index: number) => import('/vendor/lit-html.js').TemplateResult} row
 */
export const keyed = (items, key, row) => repeat(items, key, row)

/**
 * Draws, and leaves the keyboard where it was: on the same element where that still stands, else on what is named.
 * @param {import('/vendor/lit-html.js').TemplateResult} what
 * @param {HTMLElement} where
 * @param {string} otherwise id of what takes the keyboard when its element has gone
 */
export function drawSteadily(what, where, otherwise) {
  const had = document.activeElement
  render(what, where)
  if (!(had instanceof HTMLElement) || had === document.body || had === document.activeElement) return
  if (had.isConnected) had.focus({ preventScroll: true })
  else document.getElementById(otherwise)?.focus({ preventScroll: true })
}
