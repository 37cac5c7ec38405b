import { badge, html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, now, span, spanSpoken } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { CLASS, stands } from '../shared/words.js'
import { joinedHere } from './apart.js'
import { endCall } from './end-call.js'
import { keyed } from './keyed.js'
import { inShort, next, people, since } from './people.js'

/** @import { Card } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { Context } from './context.js' */

/**
 * @typedef {Pick<Context, 'state' | 'draw'> & { acts: Acts | undefined, opens: boolean }} CallTools
 */

/**
 * Every emergency that is open, with who got it, who is coming and what happens next.
 * @param {readonly Card[]} cards
 * @param {CallTools} tools
 */
export function emergencies(cards, tools) {
  return html`<section aria-labelledby="emergencies">
    <h2 id="emergencies">${say('board.emergencies')} <span class="count">${cards.length}</span></h2>
    ${
      cards.length === 0
        ? html`<p class="quiet">${say('board.noneIsOpen')}</p>`
        : html`<ul class="calls">${keyed(
            cards,
            (c) => c.id,
            (c) => emergency(c, tools),
          )}</ul>`
    }
  </section>`
}

/**
 * @param {Card} card
 * @param {CallTools} tools
 */
function emergency(card, tools) {
  const age = now() - Date.parse(card.raised)
  return html`<li class="call ${card.class} ${card.must.level === 'act' ? 'must-act' : ''} ${card.phase}" data-key=${card.id} tabindex="-1">
    <div class="call-head">
      ${badge(card.class)}
      <h3>${title(card, tools)} <span class="place">${card.place ?? card.to}</span></h3>
      <span class="age figure" role="img" aria-label=${say('board.openFor', { age: spanSpoken(age) })}>${span(age)}</span>
    </div>
    ${card.words === undefined ? nothing : html`<p class="said">“${card.words}”</p>`}
    ${card.unclear === undefined ? nothing : html`<p class="gap">${translate(card.unclear)}</p>`}
    ${card.again === undefined ? nothing : html`<p class="gap">${translate(card.again)}</p>`}
    ${joinedHere(card, tools.acts)}
    ${people(card)}
    <div class="foot">
      <p class="quiet">
        <strong class="phase">${stands(card)}</strong>${card.acting === undefined ? nothing : html`: <strong class="phase">${put('board.isActingOnIt', { by: card.acting.by })}</strong> ${put('board.since', { since: clock(card.acting.since) })}`}
        ${put('board.bleep', { number: card.number, card: since(card), card2: again(card), card3: next(card) })}
      </p>
      ${closer(card, tools)}
    </div>
  </li>`
}

/** @param {Card} card */
function again(card) {
  const times = card.repeats > 0 ? say('board.calledTimes', { repeats: card.repeats + 1 }) : ''
  return card.related === undefined
    ? times
    : html`${times} · <a href="#/alert/${card.related}">${say('board.calledBefore')}</a>`
}

/**
 * @param {Card} card
 * @param {CallTools} tools
 */
function title(card, { opens }) {
  return opens ? html`<a href="#/alert/${card.id}">${card.title}</a>` : card.title
}

/**
 * How a call is taken in hand and how it ends.
 * @param {Card} card
 * @param {CallTools} tools
 */
function closer(card, tools) {
  const { acts } = tools
  if (acts === undefined) return nothing
  const short = card.class === 'emergency' && card.phase !== 'covered'
  return html`<span class="acts">
    ${
      short && card.must.level === 'none'
        ? html`<button class="small" @click=${(/** @type {Event} */ e) => once(e, () => acts.takeOver(card))}
            >${say('board.iAmActingOnIt')}<span class="away">: ${card.title}, ${card.place ?? card.to}</span></button
          >`
        : nothing
    }
    ${endCall(tools, card, acts)}
  </span>`
}

/**
 * Calls of one line each.
 * @param {string} heading
 * @param {readonly Card[]} cards
 * @param {CallTools} tools
 */
export function shortCalls(heading, cards, tools) {
  if (cards.length === 0) return nothing
  return html`<section aria-label=${heading}>
    <h2>${heading} <span class="count">${cards.length}</span></h2>
    ${rows(cards, tools)}
  </section>`
}

/**
 * The same, folded until somebody wants it.
 * @param {string} heading
 * @param {readonly Card[]} cards
 * @param {CallTools} tools
 */
export function foldedCalls(heading, cards, tools) {
  if (cards.length === 0) return nothing
  return html`<details class="fold">
    <summary><h2>${heading} <span class="count">${cards.length}</span></h2></summary>
    ${rows(cards, tools)}
  </details>`
}

/**
 * @param {readonly Card[]} cards
 * @param {CallTools} tools
 */
function rows(cards, tools) {
  return html`<ul class="shorts">${keyed(
    cards,
    (c) => c.id,
    (c) => short(c, tools),
  )}</ul>`
}

/**
 * @param {Card} card
 * @param {CallTools} tools
 */
function short(card, tools) {
  const ended = card.closed === undefined ? now() : Date.parse(card.closed.at)
  const age = ended - Date.parse(card.raised)
  return html`<li class="short ${card.class} ${card.phase}" data-key=${card.id} tabindex="-1">
    <span class="mini ${card.class}" title=${CLASS[card.class].label}>${badge(card.class)}</span>
    <span class="age figure" role="img" aria-label=${`${card.closed === undefined ? say('board.openForLabel') : 'took'} ${spanSpoken(age)}`}>${span(age)}</span>
    <span class="what">
      ${title(card, tools)} <strong>${card.place ?? card.to}</strong>
      ${card.callBack === undefined ? nothing : html`<span class="figure">${put('board.call', { callBack: card.callBack })}</span>`}
      ${card.words === undefined || card.words === card.callBack ? nothing : html`<span class="quiet">“${card.words}”</span>`}
      ${card.unclear === undefined ? nothing : html`<strong class="gap">${translate(card.unclear)}</strong>`}
      ${joinedHere(card, tools.acts)}
    </span>
    <span class="who">${card.closed === undefined ? (card.must.level === 'none' ? inShort(card) : wanting(card)) : html`<span class="quiet">${translate(card.closed.sentence)}</span>`}</span>
    <span class="then">${card.closed === undefined ? next(card, true) : html`<span class="quiet">${since(card)}</span>`}</span>
  </li>`
}

/** What it wants of the switchboard is spelt out under what to do now; here only that it does. @param {Card} card */
function wanting(card) {
  const roles = card.missing.filter((m) => m.mandatory).map((m) => m.name)
  return html`<strong class="gap">! ${roles.length === 0 ? say('board.nobodyYet') : say('board.nobodyYetOf', { roles: roles.join(', ') })}</strong>`
}
