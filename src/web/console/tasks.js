import { badge, html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, now, span, spanSpoken } from '../shared/time.js'
import { doing, radioSays } from '../shared/words.js'
import { QUIET } from './alarm.js'
import { radioAgain } from './end-call.js'
import { keyed } from './keyed.js'
import { isLive, tick } from './marks.js'
import { pick, pickPerson, rolesToPick } from './pick.js'

/** @import { Card, DirectoryView } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { Task } from './pages.d.ts' */

/**
 * @typedef {object} TaskTools
 * @property {Acts | undefined} acts absent: this operator only looks
 * @property {DirectoryView | undefined} directory
 * @property {{ readonly radio: boolean } | undefined} site absent: not told yet
 * @property {number} calling open calls for which people are still being called
 * @property {boolean} isMoreToDo something is to be done now that is not shown yet, while a pointer is about to press
 * @property {number} untold wards that are to be rung, because their answer did not reach them
 * @property {(task: Task) => number} quietFor milliseconds that its alarm is still silenced
 * @property {(tasks: readonly Task[]) => void} silence
 */

/** How pressing, by a shape and a word: colour alone tells some of us nothing. */
const LEVELS = {
  act: () => say('board.actNow'),
  prompt: () => say('board.look'),
  soon: () => '',
}

/** People to ring shown with a role; a whole ward of them is on the call's own page. */
const PEOPLE_SHOWN = 4

/**
 * What must I do now: the first thing on the screen.
 * @param {readonly Task[]} tasks
 * @param {TaskTools} tools
 */
export function tasksPanel(tasks, tools) {
  const now_ = tasks.filter((t) => t.level !== 'soon')
  const soon = tasks.filter((t) => t.level === 'soon')
  return html`<section class="tasks" aria-labelledby="do-now">
    <h2 id="do-now" tabindex="-1">${say('board.doNow')}${now_.length === 0 ? nothing : html` <span class="count">${now_.length}</span>`}</h2>
    ${
      now_.length === 0
        ? nothingToDo(tools)
        : html`<ol class="todo">${keyed(
            now_,
            (t) => t.row ?? t.key,
            (t, i) => task(t, i, tools),
          )}</ol>`
    }
    ${
      soon.length === 0
        ? nothing
        : html`<h2>${say('board.beforeLong')}</h2>
          <ul class="todo soon">${keyed(
            soon,
            (t) => t.row ?? t.key,
            (t) => task(t, undefined, tools),
          )}</ul>`
    }
  </section>`
}

/** Settled only when it is known to be: while somebody is being called, or is to be rung, there is no tick. @param {TaskTools} tools */
function nothingToDo({ site, calling, untold, isMoreToDo }) {
  if (!isLive() || site === undefined || isMoreToDo)
    return html`<p class="unknown">${say('board.notKnown')}</p>`
  if (untold > 0) return html`<p class="unknown">${say('board.wardsToRing', { n: untold })}</p>`
  if (calling > 0) return html`<p class="unknown">${say('board.peopleAreBeingCalled', { n: calling })}</p>`
  return html`<p class="nothing"><span aria-hidden="true">${tick()}</span> ${say('board.nothingNeedsYouNow')}</p>`
}

/**
 * @param {Task} t
 * @param {number | undefined} index
 * @param {TaskTools} tools
 */
function task(t, index, tools) {
  const age = t.since === '' ? undefined : now() - Date.parse(t.since)
  return html`<li class="task ${t.level} ${t.class ?? ''} ${t.sounds === 'emergency' ? 'now' : ''}" data-key=${t.row ?? t.key} tabindex="-1">
    <div class="task-head">
      ${index === undefined || index > 8 ? nothing : html`<kbd aria-hidden="true">${index + 1}</kbd>`}
      ${t.class === undefined || t.class === 'test' ? nothing : badge(t.class)}
      <span class="level">${LEVELS[t.level]()}</span>
      <h3>
        ${t.href === undefined || (t.card !== undefined && tools.acts === undefined) ? t.title : html`<a href=${t.href}>${t.title}</a>`}
        <span class="place">${t.where}</span>
      </h3>
      ${
        age === undefined || t.sort === 'gap' || t.sort === 'unfit'
          ? nothing
          : html`<span class="age figure" role="img" aria-label=${say('board.for', { age: spanSpoken(age) })}>${span(age)}</span>`
      }
    </div>
    ${said(t)}
    ${
      t.card?.acting === undefined
        ? nothing
        : html`<p class="acting">${put('board.actingSince', { by: t.card.acting.by, at: clock(t.card.acting.since) })}</p>`
    }
    ${t.lines.map((line) => html`<p class="line-to-do">${line}</p>`)}
    ${t.card === undefined ? nothing : whom(t.card, tools)}
    ${doings(t, tools)}
  </li>`
}

/** The switchboard’s own words; where they are only the number to call, that. @param {Task} t */
function said({ card, bleep }) {
  const words = card?.words ?? bleep?.words
  const callBack =
    card?.callBack === undefined
      ? nothing
      : html`${say('board.callBack')} <strong class="figure">${card.callBack}</strong> `
  if (words === undefined || words === card?.callBack)
    return callBack === nothing ? nothing : html`<p>${callBack}</p>`
  return html`<p>${callBack}<span class="said">“${words}”</span></p>`
}

/**
 * For every missing role: whom to ring, by which number, and what they said.
 * @param {Card} card
 * @param {TaskTools} tools
 */
function whom(card, { acts }) {
  const missing = card.missing.filter((m) => m.mandatory)
  if (acts === undefined || missing.length === 0) return nothing
  return missing.map(
    (m) => html`<div class="whom">
      <ul>
        ${keyed(
          (m.people ?? []).slice(0, PEOPLE_SHOWN),
          (p) => p.person,
          (p) => person(card, p, acts, missing.length > 1 ? m : undefined),
        )}
        ${missing.length > 1 && m.people?.length === 0 ? html`<li><span class="name">${roleOf(m)}: <strong>${say('board.nobodyIsOn')}</strong></span></li>` : nothing}
      </ul>
      ${(m.people ?? []).length > PEOPLE_SHOWN ? html`<p class="quiet">${put('board.andMoreOpenTheCall', { count: (m.people ?? []).length - PEOPLE_SHOWN })}</p>` : nothing}
      ${(m.substitutes ?? []).map(
        (s) =>
          html`<button class="small" @click=${(/** @type {Event} */ e) => once(e, () => acts.alsoAsk(card, s.role))}>
            ${put('board.askInstead', { s: s.name })}
          </button>`,
      )}
    </div>`,
  )
}

/** @param {Card['missing'][number]} m */
function roleOf(m) {
  return html`<span class="quiet">${m.name}${m.bleep === undefined ? '' : say('board.bleepBehind', { bleep: m.bleep })}</span>`
}

/**
 * @param {Card} card
 * @param {NonNullable<Card['missing'][number]['people']>[number]} p
 * @param {Acts} acts
 * @param {Card['missing'][number] | undefined} m named where several roles are missing
 */
function person(card, p, acts, m) {
  const name = p.name ?? p.person
  /** @param {string} answer */
  const said = (answer) => (/** @type {Event} */ e) =>
    once(e, () => acts.answerFor(card, p.person, answer, name))
  return html`<li>
    <span class="name">${m === undefined ? nothing : html`${roleOf(m)}<br />`}<strong>${name}</strong> <span class="quiet">${p.state === undefined ? say('board.notAsked') : doing(card, { ...p, state: p.state })}</span></span>
    ${p.phone === undefined ? html`<span class="tel quiet">${say('board.noNumber')}</span>` : html`<a class="tel figure" href="tel:${p.phone.replaceAll(' ', '')}">${p.phone}</a>`}
    <span class="answers">
      <button class="small" @click=${said('accepted')}>${say('board.coming')}<span class="away">${put('board.saidSoOnTheTelephone', { name })}</span></button>
      ${
        p.state === 'declined'
          ? nothing
          : html`<button class="small" @click=${said('declined')}>${say('board.cant')}<span class="away"> ${put('board.comeSaidSoOnThe', { name })}</span></button>`
      }
    </span>
  </li>`
}

/**
 * The one-press answers to a task.
 * @param {Task} t
 * @param {TaskTools} tools
 */
function doings(t, tools) {
  const { acts } = tools
  return html`<div class="acts">
    ${acts === undefined ? nothing : answersTo(t, acts, tools)} ${quiet(t, tools)}
  </div>`
}

/**
 * @param {Task} t
 * @param {Acts} acts
 * @param {TaskTools} tools
 */
function answersTo(t, acts, { directory, site }) {
  /** @param {() => Promise<void>} act */
  const press = (act) => (/** @type {Event} */ e) => once(e, act)
  const { card, bleep, role, test } = t
  if (card !== undefined)
    return html`${
      card.acting === undefined
        ? html`<button class="main" data-does="take-over" @click=${press(() => acts.takeOver(card))}>
              ${say('board.iAmActingOnIt')}
            </button>`
        : nothing
    }
      ${radioAgain(card, acts, radioSays(card), site)}
      <button data-does="ask-again" @click=${press(() => acts.askAgain(card))} title="${say('board.phonesOnceMoreAndBy')}">${say('board.ringAgain')}</button>`
  if (bleep !== undefined)
    return html`<button class="main" data-does="take-over" @click=${press(() => acts.reviewed(bleep.id))}>
        ${say('board.iHaveActedOnIt')}
      </button>
      ${pick(say('board.askARole'), 'role', rolesToPick(directory), (value, name) => acts.reviewAsk(bleep.id, value, name))}`
  if (role !== undefined)
    return pickPerson(say('board.putOnNow'), directory, (person) => acts.force(role.role, person))
  if (test !== undefined && t.level === 'prompt')
    return html`<button class="main" @click=${press(() => acts.callTest(test))}>${say('board.makeTheTestCallNow')}</button>
      <a class="button" href="#/tests">${say('board.whoAnswered')}</a>`
  return nothing
}

/**
 * @param {Task} t
 * @param {TaskTools} tools
 */
function quiet(t, { quietFor, silence }) {
  if (t.sounds === undefined) return nothing
  const left = quietFor(t)
  return html`<button
    class="quieten"
    data-does="silence"
    aria-pressed=${left > 0}
    @click=${() => silence([t])}
    title=${say('board.theAlarmComesBackAt', { clock: clock(now() + (left > 0 ? left : QUIET[t.level])) })}
  >
    ${left > 0 ? html`${say('board.silent')} <span class="figure">${span(left + 999)}</span>` : say('board.silence')}<span class="away"> ${put('board.theAlarmFor', { where: t.where })}</span>
  </button>`
}
