import { badge, html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, now, span, spanSpoken } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { doing, STATE, who } from '../shared/words.js'
import { answerBar } from './answers.js'
import { patient } from './patient.js'
import { hasPart, headline } from './stand.js'
import { thread } from './thread.js'

/** @import { Card } from '../shared/types.d.ts' */
/** @import { AlertPage } from './pages.d.ts' */

/** Who, where, why, how urgent; then who is coming; the answers stay under the thumb. @param {AlertPage} page */
export function alertPage(page) {
  const { card, stand } = page
  const age = (card.closed ? Date.parse(card.closed.at) : now()) - Date.parse(card.raised)
  return html`<main class="on-alert">
      ${queue(page.others)}
      <article class="alert ${card.class} ${page.ringing ? 'ringing' : ''}" aria-labelledby="title">
        <header class="band">
          <a class="back" href="#/" aria-label="${say('phone.backToAllBleeps')}">←</a>
          ${badge(card.class)}
          <span class="figure age" role="img" aria-label=${say('phone.ago', { age: spanSpoken(age) })}>${span(age)}</span>
          ${page.ringing ? html`<button class="silence" @click=${page.silence}>${say('phone.silence')}</button>` : nothing}
        </header>
        <h1 id="title" class="place" tabindex="-1">${headline(card)}</h1>
        <p class="kind">${card.title}</p>
        ${card.words === undefined ? nothing : html`<p class="said">“${card.words}”</p>`}
        ${page.unsigned ? html`<p class="notice">${say('phone.wordsOnceSigned')} <a class="button" href="#/">${say('phone.termsOfUse')}</a></p>` : nothing}
        ${
          card.unclear === undefined
            ? nothing
            : html`<p class="notice bad"><strong>${translate(card.unclear)}</strong>${say('phone.withTheSwitchboard')}</p>`
        }
        ${card.again === undefined ? nothing : html`<p class="notice">${translate(card.again)}.</p>`}
        <dl class="facts">
          <div><dt>${say('phone.to')}</dt><dd>${put('phone.bleep', { to: card.to, number: card.number })}</dd></div>
          ${card.ward === undefined ? nothing : html`<div><dt>${say('phone.whoAsked')}</dt><dd>${card.ward}</dd></div>`}
          <div><dt>${say('phone.bleeped')}</dt><dd>${clock(card.raised)}${card.repeats > 0 ? html`, <strong>${put('phone.times', { repeats: card.repeats + 1 })}</strong>` : nothing}</dd></div>
          ${card.eta === undefined ? nothing : html`<div><dt>${say('phone.arrives')}</dt><dd><strong>${put('phone.eta', { eta: card.eta })}</strong></dd></div>`}
        </dl>
        ${
          card.callBack === undefined || (stand.waits && card.class !== 'emergency')
            ? nothing
            : html`<a class="button big" href="tel:${card.callBack}">${put('phone.call', { callBack: card.callBack })}</a>`
        }
        ${card.closed === undefined ? nothing : html`<p class="notice good"><strong>${say('phone.closed')}</strong> ${translate(card.closed.sentence)} (${card.closed.by}, ${clock(card.closed.at)}).</p>`}
        ${page.said === '' ? nothing : html`<p class="notice bad">${page.said}</p>`}
        ${page.asOf === undefined ? nothing : html`<p class="notice">${put('phone.asLastHeardAtThis', { asOf: page.asOf })}</p>`}
        ${coming(card)} ${thread(page)} ${patient(page)}
      </article>
    </main>
    ${answerBar(card, stand, page.answer, page.inName, page.redraw)}`
}

const RANK = { emergency: 0, urgent: 1, routine: 2, test: 3 }

/** What waits as well, the most urgent first: one call never hides another. @param {readonly Card[]} others */
export function queue(others) {
  if (others.length === 0) return nothing
  const ranked = others.toSorted((a, b) => RANK[a.class] - RANK[b.class] || a.raised.localeCompare(b.raised))
  return html`<nav class="queue" aria-label=${say('phone.waitsAsWell')}>
    ${ranked.map((card) => html`<a class="button ${card.class}" href="#/alert/${card.id}">${badge(card.class)} <span>${headline(card)}, ${card.title}</span></a>`)}
  </nav>`
}

/** Who comes, what is missing, and how long until more people are asked. @param {Card} card */
function coming(card) {
  const there = card.responders.filter((r) => card.coming.includes(r.person) && r.person !== card.you?.person)
  const others = card.responders.filter(
    (r) => !card.coming.includes(r.person) && r.person !== card.you?.person && hasPart(r.state),
  )
  const yours = card.responders.find((r) => r.person === card.you?.person)?.roles ?? []
  const needed = card.missing.filter((m) => m.mandatory)
  const open = card.phase !== 'closed'
  return html`<section aria-labelledby="coming-h">
    <h2 id="coming-h">${say('phone.whoIsComing')}</h2>
    ${
      open && needed.length === 0 && card.phase === 'covered'
        ? html`<p class="covered"><span aria-hidden="true">✓</span> ${say('phone.everyRoleThatIsNeeded')}</p>`
        : nothing
    }
    <ul class="people">
      ${needed.map(
        (m) =>
          html`<li class="missing"><span class="tick" aria-hidden="true">!</span><span>${put('phone.stillMissing', { m: m.name, what: m.count > 1 ? ` (${m.count})` : '', what2: yours.includes(m.name) ? say('phone.thatIsYou') : '' })}</span></li>`,
      )}
      ${there.map(
        (r) =>
          html`<li class="comes"><span class="tick" aria-hidden="true">✓</span
            ><span><strong>${who(r)}</strong> – ${STATE[r.state]}${r.eta === undefined ? '' : say('phone.etaBehind', { eta: r.eta })}
            <span class="quiet">${r.roles.join(', ')}</span></span></li>`,
      )}
      ${others.map(
        (r) =>
          html`<li class="asked"><span class="tick" aria-hidden="true">${r.state === 'declined' ? '✕' : '…'}</span
            ><span>${who(r)} – ${doing(card, r)}
            <span class="quiet">${r.roles.join(', ')}</span></span></li>`,
      )}
      ${there.length + others.length + needed.length === 0 && open ? html`<li class="quiet">${say('phone.nobodyElseWasAsked')}</li>` : nothing}
    </ul>
    ${open && card.phase !== 'covered' ? countdown(card) : nothing}
  </section>`
}

/** @param {Card} card */
function countdown({ next }) {
  if (next === undefined) return nothing
  const left = Date.parse(next.at) - now()
  return html`<p class="next">
    ${translate(next.what)} ${left <= 0 ? say('phone.now') : html`${say('phone.in')} <strong class="figure">${span(left)}</strong>`}
  </p>`
}
