import { badge, html, nothing } from '../shared/dom.js'
import { clock, now, span, spanSpoken } from '../shared/time.js'
import { STATE } from '../shared/words.js'

/** @import { Held } from './store.js' */

/**
 * Open bleeps first, the most urgent on top; what is over stays readable below.
 * @param {readonly Held[]} held
 */
export function inboxPage(held) {
  const open = held.filter((h) => h.card.phase !== 'closed' && h.card.you?.state !== 'stood-down')
  const over = held.filter((h) => !open.includes(h)).slice(0, 20)
  const ranked = open.toSorted((a, b) => weight(a) - weight(b) || b.at.localeCompare(a.at))
  return html`<h1 class="away">Bleeps</h1>
    ${
      open.length === 0
        ? html`<div class="calm">
          <p class="calm-figure" aria-hidden="true">✓</p>
          <p><strong>No open bleeps</strong></p>
          <p class="quiet">This phone rings when there is one.</p>
        </div>`
        : html`<ul class="cards">
          ${ranked.map(card)}
        </ul>`
    }
    ${
      over.length === 0
        ? nothing
        : html`<h2>Earlier</h2>
          <ul class="cards over">
            ${over.map(card)}
          </ul>`
    }`
}

const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }

/** @param {Held} h */
function weight(h) {
  const waits = ['asked', 'on-device', 'presented', 'opened'].includes(h.card.you?.state ?? '')
  return RANK[h.card.class] * 2 + (waits ? 0 : 1)
}

/** @param {Held} held */
function card({ card }) {
  const age = now() - Date.parse(card.raised)
  const you = card.you?.state
  const waits = you !== undefined && ['asked', 'on-device', 'presented', 'opened'].includes(you)
  return html`<li>
    <a class="card ${card.class} ${card.phase === 'closed' ? 'closed' : ''}" href="#/alert/${card.id}">
      <span class="card-top"
        >${badge(card.class)}<span class="figure age" role="img" aria-label=${`${spanSpoken(age)} ago`}
          >${card.phase === 'closed' ? clock(card.raised) : span(age)}</span
        ></span
      >
      <span class="place">${card.place ?? card.to}</span>
      <span class="card-title">${card.title}</span>
      <span class="quiet"
        >${
          card.phase === 'closed'
            ? 'Closed'
            : waits
              ? html`<strong>Answer now</strong>`
              : you === undefined
                ? ''
                : html`You: ${STATE[you]}`
        }</span
      >
    </a>
  </li>`
}
