import { badge, html, nothing } from '../shared/dom.js'
import { clock, now, span, spanSpoken } from '../shared/time.js'
import { doing, isComing, isWaiting, PHASE, who } from '../shared/words.js'

/** @import { Card, ResponderView } from '../shared/types.d.ts' */

const ORDER = { act: 0, prompt: 1, none: 2 }
const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }

/**
 * What must I do now, then what is open, then what is covered.
 * @param {readonly Card[]} cards
 * @param {boolean} opens whether this operator may open an alert
 */
export function board(cards, opens) {
  const open = cards.filter((c) => c.phase !== 'closed').toSorted(byNeed)
  const needs = open.filter((c) => c.must.level !== 'none')
  const asking = open.filter((c) => c.must.level === 'none' && c.phase !== 'covered')
  const covered = open.filter((c) => c.must.level === 'none' && c.phase === 'covered')
  return html`<h1>Board</h1>
    <dl class="counts">
      ${count('Needs you now', needs.length, needs.some((c) => c.must.level === 'act') ? 'act' : '')}
      ${count('Emergencies open', open.filter((c) => c.class === 'emergency').length)}
      ${count('Being asked', asking.length)} ${count('Covered', covered.length)}
    </dl>
    ${
      open.length === 0
        ? html`<div class="empty">
          <p><strong>Nothing is open.</strong></p>
          <p class="quiet">New bleeps appear here by themselves.</p>
        </div>`
        : nothing
    }
    ${section('Needs you now', needs, opens)} ${section('Being asked', asking, opens)}
    ${section('Covered', covered, opens)}`
}

/**
 * @param {Card} a
 * @param {Card} b
 */
function byNeed(a, b) {
  return (
    ORDER[a.must.level] - ORDER[b.must.level] ||
    RANK[a.class] - RANK[b.class] ||
    b.raised.localeCompare(a.raised)
  )
}

/**
 * @param {string} label
 * @param {number} figure
 * @param {string} [sort]
 */
function count(label, figure, sort = '') {
  return html`<div class=${sort}><dt>${label}</dt><dd class="figure">${figure}</dd></div>`
}

/**
 * @param {string} title
 * @param {readonly Card[]} cards
 * @param {boolean} opens
 */
function section(title, cards, opens) {
  if (cards.length === 0) return nothing
  return html`<h2>${title}</h2>
    <ul class="rows">
      ${cards.map((card) => row(card, opens))}
    </ul>`
}

/**
 * @param {Card} card
 * @param {boolean} opens
 */
function row(card, opens) {
  const age = now() - Date.parse(card.raised)
  return html`<li class="row ${card.class} ${card.must.level === 'act' ? 'must-act' : ''}">
    <div>
      ${badge(card.class)}
      <p class="age figure" aria-label=${`open for ${spanSpoken(age)}`} role="img">${span(age)}</p>
      <p class="quiet figure">since ${clock(card.raised)}</p>
    </div>
    <div>
      <h3>${opens ? html`<a href="#/alert/${card.id}">${card.title}</a>` : card.title}</h3>
      <p class="place">${card.place ?? card.to}</p>
      ${card.words === undefined ? nothing : html`<p class="said">“${card.words}”</p>`}
      <p class="quiet">
        Bleep ${card.number} · ${PHASE[card.phase]}${card.repeats > 0 ? ` · called ${card.repeats + 1} times` : ''}
      </p>
      ${card.callBack === undefined ? nothing : html`<p>Call back <strong>${card.callBack}</strong></p>`}
    </div>
    ${people(card)}
    <div class="do">${mustNow(card)}</div>
  </li>`
}

/** @param {Card} card */
export function mustNow(card) {
  return html`<p class="must ${card.must.level}">${card.must.sentence}</p>
    ${
      card.next === undefined
        ? nothing
        : html`<p class="next quiet">
          ${card.next.what}
          ${
            Date.parse(card.next.at) > now()
              ? html`in <span class="figure">${span(Date.parse(card.next.at) - now())}</span>`
              : 'now'
          }
        </p>`
    }`
}

/** @param {Card} card */
export function people(card) {
  const coming = card.responders.filter(isComing)
  const waiting = card.responders.filter(isWaiting)
  const out = card.responders.filter((r) => r.state === 'declined' || r.state === 'not-me')
  return html`<ul class="people">
    ${coming.slice(0, 5).map((r) => person(r, '✓', 'coming'))}
    ${
      coming.length > 5
        ? html`<li class="coming"><span class="mark"></span>and ${coming.length - 5} more coming</li>`
        : nothing
    }
    ${card.missing
      .filter((m) => m.mandatory)
      .map(
        (m) =>
          html`<li class="missing">
            <span class="mark" aria-hidden="true">!</span><span>Missing: ${m.name}${m.count > 1 ? ` ×${m.count}` : ''}</span>
          </li>`,
      )}
    ${waiting.slice(0, 6).map((r) => person(r, '…', 'waiting'))}
    ${waiting.length > 6 ? html`<li><span class="mark"></span>and ${waiting.length - 6} more ringing</li>` : nothing}
    ${out.map((r) => person(r, '×', 'quiet'))}
  </ul>`
}

/**
 * @param {ResponderView} r
 * @param {string} mark
 * @param {string} sort
 */
function person(r, mark, sort) {
  return html`<li class=${sort}>
    <span class="mark" aria-hidden="true">${mark}</span
    ><span>${who(r)}${r.name === undefined ? '' : html` <span class="quiet">${r.roles.join(', ')}</span>`} – ${doing(r)}${
      r.eta === undefined ? '' : `, ${r.eta}`
    }</span>
  </li>`
}
