import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, now, span } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { doing, STATE, who } from '../shared/words.js'
import { tick } from './marks.js'

/** @import { Card, ResponderView } from '../shared/types.d.ts' */

/** More of these than anybody reads at a glance are counted. */
const COMING_SHOWN = 8
const WAITING_SHOWN = 4

/**
 * Who got it and who is coming, by role: first the roles that nobody has taken, then who comes, then who is still rung.
 * @param {Card} card
 * @param {boolean} [whole] leave nobody out
 */
export function people(card, whole = false) {
  const missing = card.missing.filter((m) => m.mandatory)
  const named = new Set(missing.flatMap((m) => m.people?.map((p) => p.person) ?? []))
  const coming = comingTo(card)
  const others = card.responders.filter((r) => !card.coming.includes(r.person) && !named.has(r.person))
  const waiting = others.filter((r) => card.awaited.includes(r.person))
  // Said no, or something that brings nobody, like ringing back in an emergency.
  const out = others.filter((r) => !card.awaited.includes(r.person) && r.state !== 'stood-down')
  const most = whole ? Number.POSITIVE_INFINITY : 1
  return html`<ul class="people">
    ${missing.map((m) => missingRow(card, m))}
    ${coming.slice(0, COMING_SHOWN * most).map((r) => row(card, r, 'coming', tick()))}
    ${rest(coming.length - COMING_SHOWN * most, say('call.moreComing'))}
    ${waiting.slice(0, WAITING_SHOWN * most).map((r) => row(card, r, 'waiting', '…'))}
    ${rest(waiting.length - WAITING_SHOWN * most, say('call.moreBeingAsked'))}
    ${card.pagers?.map((one) => html`<li class="out"><span class="mark" aria-hidden="true">–</span><span><strong>${one.name}</strong> <span class="doing">${translate(one.sentence)}</span></span></li>`)}
    ${out.map((r) => row(card, r, 'out', r.state === 'call-back' ? '☎' : '×'))}
  </ul>`
}

/** Who counts as coming, as the core judged it. @param {Card} card */
const comingTo = (card) => card.responders.filter((r) => card.coming.includes(r.person))

/**
 * @param {Card} card
 * @param {Card['missing'][number]} m
 */
function missingRow(card, m) {
  const asked = (m.people ?? []).map(
    (p) =>
      `${p.name ?? p.person} ${p.state === undefined ? say('board.notAsked') : doing(card, { ...p, state: p.state })}`,
  )
  return html`<li class="missing">
    <span class="mark" aria-hidden="true">!</span>
    <span>
      <strong>${put('call.nobodyYet', { m: m.name, what: m.count > 1 ? ` ×${m.count}` : '' })}</strong>
      ${asked.length === 0 ? nothing : html`<span class="quiet">${asked.join(', ')}</span>`}
    </span>
  </li>`
}

/**
 * @param {Card} card
 * @param {ResponderView} r
 * @param {'coming' | 'waiting' | 'out'} sort
 * @param {string} mark
 */
function row(card, r, sort, mark) {
  const roles = r.name === undefined ? '' : r.roles.join(', ')
  return html`<li class=${sort}>
    <span class="mark" aria-hidden="true">${mark}</span>
    <span
      ><strong>${who(r)}</strong> ${roles === '' ? nothing : html`<span class="quiet">${roles}</span>`}
      <span class="doing">${doing(card, r)}${r.eta === undefined ? '' : `, ${r.eta}`}</span></span
    >
  </li>`
}

/**
 * @param {number} count
 * @param {string} what
 */
function rest(count, what) {
  return count > 0
    ? html`<li><span class="mark"></span><span class="quiet">${put('call.and', { count, what })}</span></li>`
    : nothing
}

/** One line for a call that fits on one line. @param {Card} card */
export function inShort(card) {
  const coming = comingTo(card)
  const waiting = card.responders.filter((r) => card.awaited.includes(r.person))
  const [first] = coming
  if (first !== undefined) {
    const more = coming.length > 1 ? say('call.andMore', { count: coming.length - 1 }) : ''
    return html`<span class="coming"><span aria-hidden="true">${tick()} </span>${who(first)}${more} ${STATE[first.state]}</span>`
  }
  const [asked] = waiting
  if (asked === undefined) return html`<span class="quiet">${say('call.nobodyIsBeingRung')}</span>`
  const more = waiting.length > 1 ? say('call.andMore', { count: waiting.length - 1 }) : ''
  return html`<span><span aria-hidden="true">… </span>${who(asked)}${more} ${doing(card, asked)}</span>`
}

/**
 * What happens by itself next, and when.
 * @param {Card} card
 * @param {boolean} [briefly] only while there is time to tell
 */
export function next(card, briefly = false) {
  if (card.next === undefined) return nothing
  const left = Date.parse(card.next.at) - now()
  if (briefly)
    return left <= 0
      ? nothing
      : html`<span class="quiet" title=${translate(card.next.what)}><span class="away">${put('call.in', { what: translate(card.next.what) })} </span>${say('call.next')} <span class="figure">${span(left)}</span></span>`
  if (left <= 0)
    return html`<span class="next quiet">${put('call.now', { what: translate(card.next.what) })}</span>`
  return html`<span class="next quiet">${put('call.in', { what: translate(card.next.what) })} <span class="figure">${span(left)}</span></span>`
}

/** @param {Card} card */
export const since = (card) => say('call.since', { raised: clock(card.raised) })
