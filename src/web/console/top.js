import { html, nothing } from '../shared/dom.js'
import { canSound, unlockSound } from '../shared/ring.js'
import { put, say } from '../shared/say.js'
import { clock, clockSeconds, now } from '../shared/time.js'
import { newCalls, staleBanner } from './banner.js'
import { alarms } from './first-line.js'
import { isLive } from './marks.js'
import { onNow } from './on-now.js'
import { pagesFor } from './page-table.js'
import { waitingCalls } from './second.js'
import { signedInAs } from './session.js'
import { standsBeside } from './standing.js'

/** @import { Card, SiteView } from '../shared/types.d.ts' */
/** @import { Context, State } from './context.js' */
/** @import { Task } from './pages.d.ts' */

/**
 * @typedef {object} Top
 * @property {State} state
 * @property {Context['api']} api
 * @property {Context['attempt']} attempt
 * @property {() => void} draw
 * @property {NonNullable<State['me']>} me
 * @property {string} here the page in view
 * @property {readonly Card[]} fresh emergencies that nobody has touched yet
 * @property {(card: Card) => void} seen
 * @property {readonly Task[]} tasks
 * @property {readonly Task[]} sounding
 * @property {() => void} silence
 * @property {() => void} signOut
 * @property {() => void} help
 * @property {() => void} dismiss
 */

/** The heading of every page: time, whether this is live, what waits, what came of the last press. @param {Top} top */
export function heading(top) {
  const { state, me, here } = top
  const waiting = top.tasks.filter((t) => t.level !== 'soon').length
  return html`<a class="skip" href="#content" @click=${skip}>${say('frame.skipToContent')}</a>
    <header class="top">
      <div class="first">
        <span class="site">${me.site}</span>
        <span class="clock figure">${clockSeconds(now())}</span>
        <nav class="pages" aria-label="${say('frame.pages')}">
          ${pagesFor(state).map(
            ({ hash, label }) =>
              html`<a href=${hash} aria-current=${here === hash ? 'page' : nothing}
                >${label}${hash === '#/' && waiting > 0 ? html`<span class="count">${waiting}<span class="away"> ${say('frame.toDo')}</span></span>` : nothing}</a
              >`,
          )}
          <button @click=${top.help} aria-expanded=${state.help} title="${say('frame.keyboardShortcuts')}">${say('frame.help')}</button>
          <button @click=${top.signOut}>${say('frame.signOut')}</button>
        </nav>
      </div>
      <div class="second">
        ${live()} ${isLive() ? links(state) : nothing} ${sound(top)} ${said(top)}
        ${onNow({ state, draw: top.draw })}
        <span class="me">${signedInAs(me)}</span>
      </div>
      ${waitingCalls(top, state.site?.calls ?? [])}
      ${me.shut ? hiddenWords() : nothing}
      ${state.stale ? staleBanner(state.lastHeard) : newCalls(top.fresh, top.seen)}
    </header>`
}

/** Somebody else may be reading by now. */
const hiddenWords = () => html`<p class="notice" role="status">
  ${say('entry.wordsHidden')} <a href="#/sign-in">${say('entry.showAgain')}</a>
</p>`

/** @param {Event} event */
function skip(event) {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

/** While it is not live the banner says so, across every page. */
function live() {
  return isLive()
    ? html`<span class="live"><svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" /></svg> <span role="status">${say('frame.live')}</span></span>`
    : nothing
}

/** What is ill or stands, quietly: it is estates' to mend, and nobody's to press now. @param {State} state */
function links({ site }) {
  if (site === undefined) return nothing
  const { ill } = site
  const more = standsBeside(site.reasons, ill)
  if (more.length > 0) return beside(more, ill)
  if (ill.length === 0) return html`<a class="links quiet" href="#/lines">${say('frame.allLinksWell')}</a>`
  const [first] = ill
  const failed = ill.some((t) => t.state === 'failed')
  return html`<a class="links ${failed ? 'bad' : ''}" href="#/lines"
    ><span aria-hidden="true">▲ </span>${ill.length === 1 ? html`${put('frame.since', { label: first?.label, what: first?.state === 'failed' ? say('frame.down') : say('frame.degraded'), clock: clock(first?.since ?? '') })}` : say('frame.linksIll', { count: ill.length })}</a
  >`
}

/**
 * Never "all well" while a reason stands, though each line by itself is.
 * @param {SiteView['reasons']} reasons
 * @param {SiteView['ill']} ill
 */
function beside(reasons, ill) {
  const [first] = reasons
  const bad = reasons.some(alarms) || ill.some((t) => t.state === 'failed')
  const n = reasons.length + ill.length
  return html`<a class="links ${bad ? 'bad' : ''}" href="#/lines"
    ><span aria-hidden="true">▲ </span>${n === 1 ? say('frame.standsSince', { what: first?.sentence ?? '', at: clock(first?.since ?? '') }) : say('frame.thingsIll', { n })}</a
  >`
}

/** @param {Top} top */
function sound({ sounding, silence }) {
  if (!canSound())
    return html`<button class="sound ${sounding.length > 0 ? 'loud' : ''}" @click=${unlockSound}>
      ${sounding.length > 0 ? say('frame.alarmSoundIsOffTurn') : say('frame.soundIsOffTurnIt')}
    </button>`
  if (sounding.length === 0) return html`<span class="sound quiet">${say('frame.soundOn')}</span>`
  return html`<button class="sound loud" @click=${silence}>
    ${put('frame.silence', { what: sounding.length === 1 ? say('frame.theAlarm') : say('frame.alarms', { count: sounding.length }) })}
  </button>`
}

/** @param {Top} top */
function said({ state: { said: what }, dismiss }) {
  return html`<span class="result ${what.bad ? 'bad' : ''}" role=${what.bad ? 'alert' : 'status'}>
    ${what.text === '' ? nothing : html`${what.text} ${what.press === undefined ? nothing : html`<button class="small" @click=${what.press.act}>${what.press.label}</button>`} <button class="small" @click=${dismiss}>${say('frame.dismiss')}</button>`}
  </span>`
}
