import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'

/** @import { Card } from '../shared/types.d.ts' */
/** @import { Stand } from './stand.js' */

/** A second tap sooner than this belongs to the first: gloves tap twice, and the buttons change under the thumb. */
const AFTER_TAP = 800
/** A tap sooner than this after the alert came up was meant for what stood there before. */
const AFTER_SHOWN = 400

/** @typedef {readonly [answer: string, label: string]} Choice */

/** @type {readonly Choice[]} */
const EMERGENCY = [
  ['accepted', say('phone.imComing')],
  ['declined', say('phone.iCant')],
  ['not-me', say('phone.notMe')],
]
/** @type {readonly Choice[]} */
const CALL_BACK = [
  ['call-back', say('phone.illCallBack')],
  ['accepted', say('phone.imComing')],
  ['declined', say('phone.iCant')],
  ['not-me', say('phone.notMe')],
]
/** @type {readonly Choice[]} */
const BLEEP = [
  ['accepted', say('phone.imComing')],
  ['call-back', say('phone.illCallBack')],
  ['declined', say('phone.iCant')],
  ['not-me', say('phone.notMe')],
]
/** A test asks one thing. */
/** @type {readonly Choice[]} */
const TEST = [['accepted', say('phone.gotIt')]]
/** @type {Readonly<Record<string, readonly Choice[]>>} */
const LATER = {
  accepted: [
    ['attending', say('phone.onMyWay')],
    ['arrived', say('phone.imThere')],
    ['declined', say('phone.iCantAfterAll')],
  ],
  'call-back': [
    ['arrived', say('phone.spokeToThem')],
    ['accepted', say('phone.imComing')],
    ['declined', say('phone.passedOn')],
  ],
  attending: [
    ['arrived', say('phone.imThere')],
    ['declined', say('phone.iCantAfterAll')],
  ],
  declined: [['accepted', say('phone.imComingAfterAll')]],
  'not-me': [['accepted', say('phone.itIsMeImComing')]],
}

/**
 * Which answers make sense now; the first is the one most people want.
 * @param {Card} card
 * @param {Stand} stand
 * @returns {readonly Choice[]}
 */
function choicesOf(card, stand) {
  if (card.class === 'test') return stand.waits ? TEST : []
  if (!stand.waits) return LATER[stand.state ?? ''] ?? []
  if (card.class === 'emergency') return EMERGENCY
  return card.callBack === undefined ? BLEEP : CALL_BACK
}

/** For which alert, and from when on, taps count. */
let armed = { alert: '', from: 0 }

/**
 * @param {string} alert
 * @param {number} after
 * @param {() => void} redraw
 */
function armLater(alert, after, redraw) {
  armed = { alert, from: performance.now() + after }
  setTimeout(redraw, after + 10)
}

/**
 * The answers, under the thumb. A call-back is one tap: it dials, and says that it does.
 * @param {Card} card
 * @param {Stand} stand
 * @param {(answer: string) => void} tell
 * @param {string | undefined} inName of whom, on a shared handset
 * @param {() => void} redraw
 */
export function answerBar(card, stand, tell, inName, redraw) {
  if (armed.alert !== card.id) armLater(card.id, AFTER_SHOWN, redraw)
  const early = performance.now() < armed.from
  const choices = choicesOf(card, stand)
  if (card.phase === 'closed' || stand.state === undefined) return nothing
  /**
   * @param {Event} event
   * @param {string} answer
   */
  const tap = (event, answer) => {
    if (performance.now() < armed.from) return event.preventDefault()
    armLater(card.id, AFTER_TAP, redraw)
    tell(answer)
  }
  const dials =
    card.callBack !== undefined && card.class !== 'emergency' && card.class !== 'test' && stand.waits
  const [first, ...others] = dials ? [undefined, ...choices] : choices
  return html`<section class="answers" aria-label="${say('phone.yourAnswer')}">
    <div class="lead">
      ${inName === undefined ? nothing : html`<p class="quiet">${say('phone.youAnswerAs')} <strong>${inName}</strong></p>`}
      ${stand.waits ? nothing : html`<p class="stand ${look(stand)}"><span aria-hidden="true">${MARK[look(stand)]}</span> ${stand.says}</p>`}
      ${stand.unsent === undefined ? nothing : html`<p>${put('phone.itGoesByItself', { unsent: stand.unsent })}</p>`}
      ${
        dials
          ? html`<a
              class="button yes"
              href="tel:${card.callBack}"
              data-answer="call-back"
              aria-disabled=${early}
              @click=${(/** @type {Event} */ event) => tap(event, 'call-back')}
              >${put('phone.call', { callBack: card.callBack })}</a
            >`
          : nothing
      }
      ${
        card.callBack !== undefined && stand.state === 'call-back'
          ? html`<a class="button" href="tel:${card.callBack}">${put('phone.noAnswerTryAgain', { callBack: card.callBack })}</a>`
          : nothing
      }
      ${first === undefined ? nothing : button(first, stand.waits ? 'yes' : 'main', early, tap)}
    </div>
    ${others.length === 0 ? nothing : html`<div class="rest">${others.map((choice) => choice && button(choice, '', early, tap))}</div>`}
  </section>`
}

const MARK = { unsent: '◌', comes: '✓', out: '–' }

/**
 * @param {Stand} stand
 * @returns {keyof typeof MARK}
 */
function look(stand) {
  if (stand.unsent !== undefined) return 'unsent'
  return stand.comes ? 'comes' : 'out'
}

/**
 * @param {Choice} choice
 * @param {string} kind
 * @param {boolean} early
 * @param {(event: Event, answer: string) => void} tap
 */
function button([answer, label], kind, early, tap) {
  return html`<button class=${kind} aria-disabled=${early} data-answer=${answer} @click=${(/** @type {Event} */ event) => tap(event, answer)}>
    ${label}
  </button>`
}
