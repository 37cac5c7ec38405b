import { html, isField, nothing } from '../shared/dom.js'
import { languages } from '../shared/language.js'
import { say } from '../shared/say.js'
import { pagesFor } from './page-table.js'

/** @import { Context } from './context.js' */

const OFF = 'keys-off'

/** What can be walked with the arrow keys. */
const WALK = '.task, .call, .short'

/**
 * Keys for an operator with a headset on and one hand free. Single letters work only outside of fields, and can be
 * turned off (WCAG 2.2, 2.1.4).
 * @param {Pick<Context, 'state' | 'draw'>} context
 * @param {{ silence(): void }} does
 */
export function listenToKeys({ state, draw }, does) {
  state.keys = localStorage.getItem(OFF) === null
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return leave()
    if (!state.keys || event.ctrlKey || event.altKey || event.metaKey || isField(event.target)) return
    if (state.me === undefined || state.signIn !== undefined) return
    if (act(event.key)) event.preventDefault()
  })

  function leave() {
    if (state.help) {
      state.help = false
      return draw()
    }
    const field = document.activeElement
    if (field instanceof HTMLElement && isField(field)) {
      if (field.closest('.on-now') !== null) state.filter.onNow = ''
      field.blur()
      return draw()
    }
    if (location.hash.startsWith('#/alert/')) location.hash = '#/'
  }

  /**
   * @param {string} key
   * @returns {boolean} whether it meant anything
   */
  function act(key) {
    const page = pagesFor(state).find((p) => p.key === key)
    if (page !== undefined) {
      location.hash = page.hash
      return true
    }
    if (key === '?') {
      state.help = !state.help
      draw()
      return true
    }
    if (key === 's') return silence()
    if (key === '/') return focus('.on-now input')
    if (/^\d$/.test(key) && location.hash === '#/call') return pressIn(`[data-kind-key="${key}"]`)
    if (/^[1-9]$/.test(key)) return toTask(Number(key))
    if (key === 'j' || key === 'ArrowDown') return walk(1, key === 'j')
    if (key === 'k' || key === 'ArrowUp') return walk(-1, key === 'k')
    if (key === 'a') return press('[data-does="take-over"]')
    if (key === 'o') return press('h3 a, .what a')
    return false
  }

  /** The one in hand, or else all that sound. */
  function silence() {
    if (!press('[data-does="silence"]')) does.silence()
    return true
  }

  /** @param {number} n */
  function toTask(n) {
    const go = () => focus(`.todo:not(.soon) > li:nth-child(${n})`)
    if (location.hash === '#/' || location.hash === '') go()
    else {
      location.hash = '#/'
      setTimeout(go)
    }
    return true
  }

  return {
    /** @param {boolean} on */
    turn(on) {
      state.keys = on
      if (on) localStorage.removeItem(OFF)
      else localStorage.setItem(OFF, '1')
      draw()
    },
  }
}

/** @param {string} selector */
function focus(selector) {
  const found = document.querySelector(selector)
  if (!(found instanceof HTMLElement)) return false
  found.focus()
  found.scrollIntoView({ block: 'nearest' })
  return true
}

/** @param {string} selector */
function pressIn(selector) {
  const found = document.querySelector(selector)
  if (!(found instanceof HTMLElement)) return false
  found.click()
  return true
}

/**
 * Presses a button of the row that has the keyboard.
 * @param {string} selector
 */
function press(selector) {
  const found = document.activeElement?.closest(WALK)?.querySelector(selector)
  if (!(found instanceof HTMLElement)) return false
  found.click()
  return true
}

/**
 * @param {1 | -1} by
 * @param {boolean} from whether it may begin a walk; an arrow key scrolls where none has begun
 */
function walk(by, from) {
  const rows = [...document.querySelectorAll(WALK)].filter((one) => one.checkVisibility())
  const row = document.activeElement?.closest(WALK)
  const here = row == null ? -1 : rows.indexOf(row)
  if (here < 0 && !from) return false
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by]
  if (!(next instanceof HTMLElement)) return here >= 0
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
  return true
}

/**
 * @param {Pick<Context, 'state' | 'draw'>} context
 * @param {(on: boolean) => void} turn
 */
export function helpPanel({ state, draw }, turn) {
  if (!state.help) return nothing
  /** @type {readonly (readonly [keys: readonly string[], does: string])[]} */
  const rows = [
    [['1', '…', '9'], say('frame.goToThatThingTo')],
    [['j', 'k'], say('frame.nextRow')],
    [['a'], say('frame.iAmActingOnThe')],
    [['o'], say('frame.openTheRowInHand')],
    [['s'], say('frame.silenceTheRowInHand')],
    [['/'], say('frame.whoIsOnEscClears')],
    ...pagesFor(state).map((p) => /** @type {const} */ ([[p.key ?? ''], (p.label ?? '').toLowerCase()])),
    [[say('frame.esc')], say('frame.closeThisLeaveAField')],
    [['?'], say('frame.thisList')],
  ]
  const close = () => {
    state.help = false
    draw()
  }
  return html`<aside class="help panel" aria-labelledby="help-h">
    <h2 id="help-h">${say('frame.keyboard')}</h2>
    <dl>
      ${rows.map(([keys, does]) => html`<div><dt>${keys.map((k) => html`<kbd>${k}</kbd> `)}</dt><dd>${does}</dd></div>`)}
    </dl>
    <label class="check">
      <input type="checkbox" .checked=${state.keys} @change=${(/** @type {Event} */ e) => turn(/** @type {HTMLInputElement} */ (e.target).checked)} />
      ${say('frame.singleKeysWorkOnThis')}
    </label>
    <h2>${say('frame.marks')}</h2>
    <p>
      <span aria-hidden="true">✓</span> ${say('frame.coming')} <span aria-hidden="true">…</span> ${say('frame.rungNoAnswerYet')}
      <strong>!</strong> ${say('frame.nobodyYetCannotComeSilence')}
    </p>
    ${languages()} <button @click=${close}>${say('frame.close')}</button>
  </aside>`
}
