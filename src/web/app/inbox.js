import { badge, html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, now, span, spanSpoken } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { headline, isOpen } from './stand.js'

/** @import { Held } from './store.js' */
/** @import { Stand } from './stand.js' */

/** Closed bleeps listed for reading again. */
const EARLIER = 20

/**
 * @typedef {object} InboxPage
 * @property {readonly Held[]} held
 * @property {(held: Held) => Stand} standOf
 * @property {unknown} above what stands above the list: off duty, self-test due
 * @property {boolean} duty
 */

/**
 * Open bleeps at the bottom, where the thumb is, the most urgent first; what is over can be opened above them.
 * @param {InboxPage} page
 */
export function inboxPage({ held, standOf, above, duty }) {
  const open = held.filter((h) => isOpen(h.card))
  const over = held.filter((h) => !isOpen(h.card)).slice(0, EARLIER)
  /** @param {Held} h */
  const weight = (h) =>
    standOf(h).state === 'declined' ? 10 : RANK[h.card.class] * 2 + (standOf(h).waits ? 0 : 1)
  const ranked = open.toSorted((a, b) => weight(a) - weight(b) || b.at.localeCompare(a.at))
  return html`<main class="inbox">
    <h1 id="title" class="away" tabindex="-1">${say('phone.bleeps')}</h1>
    ${above}
    ${
      over.length === 0
        ? nothing
        : html`<details class="earlier">
          <summary>${put('phone.earlier', { count: over.length })}</summary>
          <ul class="cards over">
            ${over.map((h) => card(h, standOf(h)))}
          </ul>
        </details>`
    }
    ${
      open.length === 0
        ? html`<div class="calm">
          <p class="calm-figure" aria-hidden="true">✓</p>
          <p><strong>${say('phone.noOpenBleeps')}</strong></p>
          <p class="quiet">${duty ? say('phone.thisPhoneRingsWhenThere') : say('phone.youAreNotAskedWhile')}</p>
        </div>`
        : html`<ul class="cards open">
          ${ranked.map((h) => card(h, standOf(h)))}
        </ul>`
    }
  </main>`
}

const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }

/**
 * @param {Held} held
 * @param {Stand} stand
 */
function card({ card, note }, stand) {
  const age = now() - Date.parse(card.raised)
  const closed = card.phase === 'closed'
  return html`<li>
    <a class="card ${card.class} ${closed ? 'closed' : ''} ${stand.waits ? 'waits' : ''}" href="#/alert/${card.id}">
      <span class="card-top"
        >${badge(card.class)}<span class="figure age" role="img" aria-label=${closed ? say('phone.at', { raised: clock(card.raised) }) : say('phone.ago', { age: spanSpoken(age) })}
          >${closed ? `${day(card.raised)} ${clock(card.raised)}` : span(age)}</span
        ></span
      >
      <span class="place">${headline(card)}</span>
      <span class="card-title">${card.title}${card.callBack === undefined || card.place === undefined ? '' : ` – ${card.callBack}`}</span>
      ${card.unclear === undefined || closed ? nothing : html`<span class="card-note">! ${translate(card.unclear)}</span>`}
      <span class="card-stand">${closed ? say('phone.closedHeading') : standing(stand)}</span>
      ${closed ? nothing : html`<span class="card-cover">${cover(card)}</span>`}
      ${note === undefined ? nothing : html`<span class="card-note">! ${note.text}</span>`}
    </a>
  </li>`
}

/** @param {Stand} stand */
function standing(stand) {
  if (stand.waits) return html`<strong class="now">${say('phone.answerNow')}</strong>`
  return stand.unsent === undefined
    ? stand.says
    : html`${stand.says} <strong>${say('phone.notSentYet')}</strong>`
}

/** @param {Held['card']} card */
function cover(card) {
  const coming = card.coming.filter((person) => person !== card.you?.person).length
  const missing = card.missing.filter((m) => m.mandatory).map((m) => m.name)
  return `${coming === 0 ? '' : say('phone.coming', { coming })}${coming > 0 && missing.length > 0 ? ' · ' : ''}${missing.length === 0 ? '' : say('phone.missing', { missing: missing.join(', ') })}`
}
