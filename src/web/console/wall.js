import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, clockSeconds, day, now, span, spanSpoken } from '../shared/time.js'
import { stands } from '../shared/words.js'
import { staleBanner } from './banner.js'
import { waitsForLine } from './first-line.js'
import { keyed } from './keyed.js'
import { people } from './people.js'
import { first } from './place.js'

/** @import { Card, MeView } from '../shared/types.d.ts' */
/** @import { State } from './context.js' */
/** @import { PageContext } from './pages.d.ts' */

/** As many columns as can be read from across a room; the places of the rest stand below them. */
const COLUMNS = 4
/** More people than this on one call are written smaller; so is a place of more letters than this. */
const PEOPLE = 9
const PLACE = 30
/** A covered emergency stays this long: people in the room ask who went. */
const STAYS = 10 * 60_000
/** Time enough to sign the screen in again. */
const SOON = 14 * 24 * 3_600_000

/** Whether this sign-in is a screen's own, which only shows. @param {MeView} me */
export const isWall = (me) => me.access === 'wall' || me.access === 'wall-names'

/** Open emergencies, those that still want people first. @param {Pick<State, 'cards'>} state */
function shownOn({ cards }) {
  return [...cards.values()]
    .filter(
      (c) =>
        c.class === 'emergency' &&
        c.phase !== 'closed' &&
        (c.phase !== 'covered' || now() - Date.parse(c.raised) < STAYS),
    )
    .toSorted(first)
}

/** The screen turns as a whole, so that it is seen by whoever does not look. @param {State | undefined} state absent: another page */
export function turnWall(state) {
  const alarm = state !== undefined && shownOn(state).some((c) => c.phase !== 'covered')
  if (state === undefined) delete document.body.dataset.wall
  else document.body.dataset.wall = alarm ? 'alarm' : 'calm'
}

/**
 * One emergency a column, its place to be read from across the room; in between the time and that nothing is open.
 * @param {PageContext} context
 */
export function wallPage({ state }) {
  const { me } = state
  if (me === undefined) return html``
  const calls = shownOn(state)
  const alarms = calls.filter((c) => c.phase !== 'covered').length
  return html`${state.stale ? staleBanner(state.lastHeard) : unfit(state)}
    <main class="wall" id="content" tabindex="-1">
      <header>
        <h1>${alarms > 0 ? say('wall.alarm', { n: alarms }) : me.site}</h1>
        ${calls.length > 0 ? html`<span class="clock figure">${clockSeconds(now())}</span>` : nothing}
        ${isWall(me) ? nothing : html`<a href="#/">${say('frame.board')}</a>`}
      </header>
      ${calls.length === 0 ? calm(state) : columns(calls, me.access === 'wall-names')}
      ${ends(me)}
    </main>`
}

/** @param {State} state */
function calm({ stale, cards }) {
  const others = [...cards.values()].filter((c) => c.phase !== 'closed').length
  return html`<section class="wall-calm">
    <p class="clock figure">${clock(now())}</p>
    <p>${day(now())}</p>
    ${stale ? nothing : html`<p class="wall-none">${say('wall.calm')}</p>`}
    ${stale || others === 0 ? nothing : html`<p class="wall-others">${say('wall.calmOthers', { n: others })}</p>`}
  </section>`
}

/**
 * @param {readonly Card[]} calls
 * @param {boolean} names
 */
function columns(calls, names) {
  const more = calls.slice(COLUMNS)
  return html`${more.length === 0 ? nothing : html`<p class="wall-more">${say('wall.more', { n: more.length, places: more.map((c) => c.place ?? c.to).join(' · ') })}</p>`}
    <ul class="wall-calls" data-columns=${Math.min(calls.length, COLUMNS)}>
      ${keyed(
        calls.slice(0, COLUMNS),
        (c) => c.id,
        (c) => column(names ? c : nameless(c)),
      )}
    </ul>`
}

/** @param {Card} card */
function column(card) {
  const age = now() - Date.parse(card.raised)
  const full = card.missing.length + card.responders.length > PEOPLE ? 'full' : ''
  const long = (card.place ?? card.to).length > PLACE ? 'long' : ''
  return html`<li class="wall-call ${card.phase} ${full} ${long}">
    <h2>
      <span class="wall-kind">${card.title}</span>
      <span class="place">${card.place ?? card.to}</span>
    </h2>
    <p class="wall-stands">
      <span class="age figure" role="img" aria-label=${spanSpoken(age)}>${span(age)}</span>
      <strong>${card.phase === 'covered' ? say('wall.covered') : stands(card)}</strong>
      ${card.acting === undefined ? nothing : html`<span>${say('wall.acting')}</span>`}
    </p>
    ${people(card)}
  </li>`
}

/** Roles alone, for whoever walks past. @param {Card} card @returns {Card} */
function nameless(card) {
  return {
    ...card,
    responders: card.responders.map(({ name: _, ...r }) => r),
    missing: card.missing.map((m) => ({ ...m, people: [] })),
  }
}

/** @param {State} state */
function unfit({ site }) {
  if (site === undefined || site.ready || waitsForLine(site)) return nothing
  return html`<div class="stale-banner" role="alert"><strong>${say('wall.notFit')}</strong></div>`
}

/** @param {MeView} me */
function ends(me) {
  if (!isWall(me) || me.until === undefined || Date.parse(me.until) - now() > SOON) return nothing
  return html`<p class="wall-ends">${put('wall.ends', { day: day(me.until) })}</p>`
}
