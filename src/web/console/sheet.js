import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clockSeconds, day, now } from '../shared/time.js'
import { STATE, stands, who } from '../shared/words.js'

/** @import { AlertView, MeView } from '../shared/types.d.ts' */

/** Prints the call on one sheet; the whole record behind it where it is wanted. @param {boolean} annex */
export function printCall(annex) {
  document.body.classList.toggle('with-annex', annex)
  window.print()
}

/** A browser that knows no margins of a page (Firefox) does not number them either: the sheet does, where it is the only one. */
const numbersPages = 'CSSMarginRule' in globalThis

/**
 * One call on one sheet of paper: what, when, who answered what, how it ended, where, under which reference.
 * @param {AlertView} view
 * @param {MeView | undefined} me
 */
export function sheet(view, me) {
  return html`<section class="sheet" aria-hidden="true">
    <p class="sheet-head"><strong>${me?.site}</strong> <span>${put('find.record', { id: view.id })}</span></p>
    <h1>${view.title}, ${view.place ?? view.to}</h1>
    ${view.words === undefined ? nothing : html`<p class="said">“${view.words}”</p>`}
    <dl class="facts">
      <div><dt>${say('call.raised')}</dt><dd>${day(view.raised)} ${clockSeconds(view.raised)}</dd></div>
      <div><dt>${say('call.bleep')}</dt><dd>${view.number} ${view.to}</dd></div>
      <div>
        <dt>${say('find.outcome')}</dt>
        <dd>
          ${view.closed === undefined ? stands(view) : `${view.closed.sentence} (${view.closed.by}, ${day(view.closed.at)} ${clockSeconds(view.closed.at)})`}
        </dd>
      </div>
    </dl>
    <table>
      <thead>
        <tr><th scope="col">${say('find.who')}</th><th scope="col">${say('find.role')}</th><th scope="col">${say('find.answer')}</th><th scope="col">${say('find.when')}</th></tr>
      </thead>
      <tbody>
        ${view.responders.map(
          (r) =>
            html`<tr><td>${who(r)}</td><td>${r.roles.join(', ')}</td><td>${STATE[r.state]}</td><td>${clockSeconds(r.since)}</td></tr>`,
        )}
        ${view.missing.map((m) => html`<tr><td>${say('find.nobody')}</td><td>${m.name}</td><td></td><td></td></tr>`)}
      </tbody>
    </table>
    ${
      view.thread.length === 0
        ? nothing
        : html`<h2>${say('call.whatWasSaid')}</h2>
          <ul>${view.thread.slice(-12).map((s) => html`<li>${clockSeconds(s.at)} ${s.name ?? s.by}: ${s.text}</li>`)}</ul>`
    }
    ${
      view.sheet.some((s) => s.done !== undefined)
        ? html`<h2>${say('start.sheet')}</h2>
          <ul>${view.sheet.map((s) => html`<li>${s.done === undefined ? '☐' : '☑'} ${s.step}${s.done === undefined ? '' : ` (${clockSeconds(s.done.at)}, ${s.done.by})`}</li>`)}</ul>`
        : nothing
    }
    ${numbersPages ? nothing : html`<p class="page-no">${say('find.onePage')}</p>`}
    <p class="quiet">${put('find.printed', { at: `${day(now())} ${clockSeconds(now())}`, by: me?.name ?? '' })}</p>
  </section>`
}
