import { badge, html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock, clockSeconds, day, now, span } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { radioSays, STATE, stands, who } from '../shared/words.js'
import { record } from './alert-record.js'
import { joinedHere } from './apart.js'
import { endCall, radioAgain } from './end-call.js'
import { keyed } from './keyed.js'
import { next, people } from './people.js'
import { pick, pickPerson, rolesToPick } from './pick.js'
import { runSheet } from './run-sheet.js'
import { printCall, sheet } from './sheet.js'
import { needed } from './todo.js'
import { waterfall } from './waterfall.js'

/** @import { AlertView, ResponderView } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */

/** @import { AlertPage } from './pages.d.ts' */

/** One call: what it is, who comes, what can be done, what was said, and then the whole record of it. @param {AlertPage} page */
export function alertPage(page) {
  const { view, acting: acts } = page
  const open = view.phase !== 'closed'
  return html`<p class="back"><a href="#/">${say('call.board')}</a> <span class="no-print">
        <button class="small" @click=${() => printCall(false)}>${say('find.print')}</button>
        <button class="small" @click=${() => printCall(true)}>${say('find.printAll')}</button>
      </span></p>
    ${sheet(view, page.state.me)}
    <div class="split annex">
      <div>
        ${head(page)} ${runSheet(page)}
        <section class="panel" aria-labelledby="who-h">
          <h2 id="who-h">${say('call.whoIsComing')}</h2>
          ${people(view, true)} ${acts !== undefined && open ? responders(page, acts) : nothing}
        </section>
        ${thread(page)}
      </div>
      <div>
        <section class="panel" aria-labelledby="hops-h">
          <h2 id="hops-h">${say('call.whereTheTimeWent')}</h2>
          ${view.waterfall === undefined ? html`<p class="quiet">${say('call.noLegOfTheWay')}</p>` : waterfall(view.waterfall)}
        </section>
        ${record(page)}
      </div>
    </div>`
}

/** @param {AlertPage} page */
function head(page) {
  const { view, acting: acts } = page
  const ended = view.closed === undefined ? now() : Date.parse(view.closed.at)
  return html`<section class="panel head ${view.class}" aria-labelledby="alert-h">
    <h1 id="alert-h">${badge(view.class)} ${view.title} <span class="place">${view.place ?? view.to}</span></h1>
    ${view.words === undefined ? nothing : html`<p class="said">“${view.words}”</p>`}
    ${
      view.unclear === undefined
        ? nothing
        : html`<p class="notice bad"><strong>${translate(view.unclear)}</strong>${say('call.byTelephone')}</p>`
    }
    ${view.again === undefined ? nothing : html`<p class="notice">${translate(view.again)}.</p>`}
    ${joinedHere(view, acts)}
    <dl class="facts">
      ${fact(view.closed === undefined ? say('call.openFor') : say('call.took'), span(ended - Date.parse(view.raised)))}
      ${fact(say('call.raised'), `${clockSeconds(view.raised)}, ${day(view.raised)}`)} ${fact(say('call.bleep'), `${view.number} ${view.to}`)}
      ${view.callBack === undefined ? nothing : fact(say('board.callBack'), view.callBack)}
      ${view.eta === undefined ? nothing : fact('ETA', view.eta)} ${fact(say('call.state'), stands(view))}
      ${view.repeats === 0 ? nothing : fact(say('call.called'), say('call.times', { repeats: view.repeats + 1 }))}
    </dl>
    ${
      view.closed === undefined
        ? html`<div class="must ${view.must.level}">
            ${view.must.level === 'none' ? html`<p>${translate(view.must.sentence)}.</p>` : needed(view).map((line) => html`<p>${line}</p>`)}
          </div>
          <p>${next(view)}</p>`
        : html`<p class="must none">${translate(view.closed.sentence)} (${view.closed.by}, ${clock(view.closed.at)})</p>`
    }
    ${acts !== undefined && view.closed === undefined ? doings(page, acts) : nothing}
  </section>`
}

/**
 * @param {string} label
 * @param {string} value
 */
function fact(label, value) {
  return html`<div><dt>${label}</dt><dd class="figure">${value}</dd></div>`
}

/**
 * @param {AlertPage} page
 * @param {Acts} acts
 */
function doings(page, acts) {
  const { view, state } = page
  /** @param {() => Promise<void>} act */
  const press = (act) => (/** @type {Event} */ e) => once(e, act)
  return html`<div class="acts no-print">
      ${
        view.phase === 'covered'
          ? nothing
          : html`<button class="main" @click=${press(() => acts.takeOver(view))}>${say('board.iAmActingOnIt')}</button>
            <button @click=${press(() => acts.askAgain(view))} title="${say('board.phonesOnceMoreAndBy')}">${say('board.ringAgain')}</button>`
      }
      ${radioAgain(view, acts, radioSays(view), state.site)}
    </div>
    <div class="acts no-print">${endCall(page, view, acts)}
    </div>
    <div class="acts no-print">
      ${pick(say('call.askThisRoleToo'), 'role', rolesToPick(state.directory), (role) => acts.alsoAsk(view, role))}
    </div>`
}

/** Presses for what people say on the telephone; later states first, because that is what they ring about. */
const SAID = /** @type {const} */ (['accepted', 'attending', 'arrived', 'declined'])

/**
 * Everybody on the call with the number to ring, and a press for what they said.
 * @param {AlertPage} page
 * @param {Acts} acts
 */
function responders(page, acts) {
  const { view, state } = page
  return html`<details class="fold no-print" ?open=${view.must.level !== 'none'}>
    <summary><h3>${say('call.putOnRecordWhatSomebody')}</h3></summary>
    <ul class="said-by">
      ${keyed(
        view.responders,
        (r) => r.person,
        (r) => responder(view, r, acts),
      )}
    </ul>
    ${pickPerson(say('call.somebodyElseIsComing'), state.directory, (person, name) => acts.answerFor(view, person, 'accepted', name))}
  </details>`
}

/**
 * @param {AlertView} view
 * @param {ResponderView} r
 * @param {Acts} acts
 */
function responder(view, r, acts) {
  const name = who(r)
  return html`<li>
    <span class="name"><strong>${name}</strong> <span class="quiet">${r.roles.join(', ')}</span></span>
    ${r.phone === undefined ? html`<span class="tel quiet">${say('board.noNumber')}</span>` : html`<a class="tel figure" href="tel:${r.phone.replaceAll(' ', '')}">${r.phone}</a>`}
    <span class="answers">
      ${SAID.map(
        (answer) =>
          html`<button
            class="small"
            aria-pressed=${r.state === answer}
            @click=${(/** @type {Event} */ e) => once(e, () => acts.answerFor(view, r.person, answer, name))}
            >${STATE[answer]}<span class="away">: ${name}</span></button
          >`,
      )}
      ${
        view.awaited.includes(r.person)
          ? nothing
          : html`<button class="small" @click=${(/** @type {Event} */ e) => once(e, () => acts.undo(view, r.person))}>${say('frame.undo')}<span class="away">: ${name}</span></button>`
      }
      <button class="small" @click=${(/** @type {Event} */ e) => once(e, () => acts.release(view, r.person))}
        >${say('call.release')}<span class="away"> ${name}</span></button
      >
    </span>
  </li>`
}

const KIND = { eta: 'ETA', 'need-role': say('call.needs'), note: '' }

/** @param {AlertPage} page */
function thread(page) {
  const { view, acting: acts } = page
  /** @param {SubmitEvent} event */
  const send = (event) => {
    event.preventDefault()
    const form = /** @type {HTMLFormElement} */ (event.currentTarget)
    const data = new FormData(form)
    const text = String(data.get('text') ?? '').trim()
    if (text === '' || acts === undefined) return
    return once(event, async () => {
      await acts.write(view, data.get('kind') === 'need-role' ? 'need-role' : 'note', text)
      form.reset()
    })
  }
  return html`<section class="panel" aria-labelledby="thread-h">
    <h2 id="thread-h">${say('call.whatWasSaid')}</h2>
    <ul class="thread">
      ${view.thread.length === 0 ? html`<li class="quiet">${say('call.nobodyHasWrittenYet')}</li>` : nothing}
      ${view.thread.map(
        (s) =>
          html`<li>
            <span class="quiet figure">${clock(s.at)}</span> <strong>${s.name ?? s.by}</strong>
            ${KIND[s.kind] === '' ? nothing : html`<span class="kind">${KIND[s.kind]}</span>`} ${s.text}
          </li>`,
      )}
    </ul>
    ${
      acts === undefined
        ? nothing
        : html`<form class="line no-print" @submit=${send}>
          <select name="kind" aria-label="${say('call.whatSortOfWords')}">
            <option value="note">${say('call.say')}</option>
            <option value="need-role">${say('call.weNeed')}</option>
          </select>
          <input name="text" aria-label="${say('call.writeToEverybodyOnThis')}" maxlength="240" autocomplete="off" placeholder="${say('call.writeToEverybodyOnIt')}" />
          <button>${say('call.send')}</button>
        </form>`
    }
  </section>`
}
