import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, clockSeconds, fine } from '../shared/time.js'
import { PHASE } from '../shared/words.js'
import { apart } from './apart.js'
import { WAY as INTO } from './filings.js'
import { QUALITY } from './quality.js'
import { WAY } from './way-names.js'

/** @import { AlertView, TimelineEntry } from '../shared/types.d.ts' */
/** @import { AlertPage } from './pages.d.ts' */

/** The whole record of a call: what belongs with it, who heard it, everything that happened, and why. @param {AlertPage} page */
export function record(page) {
  const { view } = page
  return html`${joined(page)} ${timeline(page)} ${deliveries(view)} ${filing(view)} ${heard(page)} ${plan(view)}
    <section class="panel" aria-labelledby="why-h">
      <h2 id="why-h">${say('call.why')}</h2>
      <ul class="plain">
        ${view.reasons.map((r) => html`<li>${r.sentence}</li>`)}
      </ul>
    </section>`
}

const HOW = {
  earlier: say('call.beforeThis'),
  repeat: say('call.againJoinedToThis'),
  later: say('call.afterThis'),
}

/** @param {AlertPage} page */
function joined({ view, acting }) {
  if (view.joined.length === 0) return nothing
  return html`<section class="panel" aria-labelledby="join-h">
    <h2 id="join-h">${say('call.belongsWith')}</h2>
    <ul class="plain">
      ${view.joined.map(
        (j) =>
          html`<li>
            <strong>${HOW[j.how]}</strong>, <span class="figure">${clockSeconds(j.at)}</span>
            ${j.words === undefined ? nothing : html`“${j.words}”`}
            ${j.alert === undefined ? nothing : html`<a href="#/alert/${j.alert}">${PHASE[j.phase ?? 'closed']}</a>`}
            <span class="quiet">${j.sentence}</span>
            ${j.how === 'repeat' ? apart(acting, view.id, j.bleep) : nothing}
          </li>`,
      )}
    </ul>
  </section>`
}

/**
 * Lines of one sort that came close together, as one: nine phones that rang in one second are one thing to a reader.
 * @param {readonly TimelineEntry[]} lines
 */
function gathered(lines) {
  /** @type {{ first: TimelineEntry, last: TimelineEntry, names: string[] }[]} */
  const out = []
  for (const line of lines) {
    const known = out.findLast((g) => g.first.sentence === line.sentence && g.first.what === line.what)
    const name = line.name ?? line.person
    if (known !== undefined && name !== undefined && line.after - known.last.after < 2000) {
      known.last = line
      if (!known.names.includes(name)) known.names.push(name)
    } else out.push({ first: line, last: line, names: name === undefined ? [] : [name] })
  }
  return out
}

/** @param {AlertPage} page */
function timeline({ view, state, draw }) {
  const every = state.filter.timeline === 'every'
  const lines = every
    ? view.timeline.map((line) => ({
        first: line,
        last: line,
        names: line.name === undefined ? [] : [line.name],
      }))
    : gathered(view.timeline.filter((l) => l.clock !== 'device'))
  const turn = () => {
    state.filter.timeline = every ? '' : 'every'
    draw()
  }
  return html`<section class="panel" aria-labelledby="line-h">
    <h2 id="line-h">${say('call.timeLine')}</h2>
    <label class="check no-print"><input type="checkbox" .checked=${every} @change=${turn} /> ${say('call.everyLineAlsoByThe')}</label>
    <div class="scroll" tabindex="0" role="group" aria-label="${say('call.timeLine')}">
      <table>
        <caption class="away">${say('call.everythingThatHappenedInOrder')}</caption>
        <thead>
          <tr><th scope="col">${say('call.time')}</th><th scope="col" class="num">${say('call.after')}</th><th scope="col">${say('call.what')}</th></tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ first, last, names }) =>
              html`<tr>
                <td class="figure">${clockSeconds(first.at)}</td>
                <td class="num figure">${fine(first.after)}${fine(last.after) === fine(first.after) ? '' : `–${fine(last.after)}`}</td>
                <td>
                  ${first.sentence}${names.length === 0 ? '' : html` – <strong>${names.join(', ')}</strong>`}
                  ${first.clock === 'device' ? html`<span class="quiet">${put('call.byThePhonesClock', { what: first.uncertainty === undefined ? '' : ` ± ${fine(first.uncertainty)}` })}</span>` : nothing}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** @type {Readonly<Record<string, string>>} */
const ATTEMPT = {
  queued: say('call.waitsToGo'),
  leased: say('call.goingOut'),
  handed: say('call.handedOver'),
  taken: say('call.takenNotYetSeen'),
  'on-device': say('call.onThePhone'),
  presented: say('call.shown'),
  opened: say('call.read'),
  refused: say('call.refused'),
  dead: say('call.deadAddress'),
  expired: say('call.tooLate'),
}

/** What became of it in the patient's record. @param {AlertView} view */
function filing({ filing: filed }) {
  if (filed === undefined) return nothing
  return html`<section class="panel" aria-labelledby="filing-h">
    <h2 id="filing-h">${say('patient.record')}</h2>
    <p><strong>${filed.sentence}.</strong> ${filed.patient === undefined ? nothing : html`<span class="quiet">${say('filing.patient')} ${filed.patient}</span>`}</p>
    <ul class="plain">
      ${filed.sent.map(
        (s) =>
          html`<li><span class="figure">${clock(s.settled ?? s.at)}</span> ${INTO[s.way]}: ${SENT[s.state]} ${s.reference === undefined ? nothing : html`<code>${s.reference}</code>`} ${s.sentence === undefined ? nothing : html`${s.sentence}.`} ${s.why === undefined || s.why.length === 0 ? nothing : html`<code>${s.why.join(' ')}</code>`}</li>`,
      )}
    </ul>
  </section>`
}

const SENT = /** @type {const} */ ({
  waiting: say('filing.underWay'),
  taken: say('filing.taken'),
  refused: say('filing.wasRefused'),
  dropped: say('filing.overtaken'),
})

/** @param {AlertView} view */
function deliveries(view) {
  return html`<section class="panel" aria-labelledby="tries-h">
    <h2 id="tries-h">${say('call.deliveries')}</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="${say('call.deliveries')}">
      <table>
        <caption>${say('call.onlyWhatTheDeviceItself')}</caption>
        <thead>
          <tr><th scope="col">${say('call.time')}</th><th scope="col">${say('call.to')}</th><th scope="col">${say('call.way')}</th><th scope="col">${say('call.state')}</th><th scope="col">${say('call.why')}</th></tr>
        </thead>
        <tbody>
          ${view.attempts.map(
            (a) =>
              html`<tr>
                <td class="figure">${clockSeconds(a.created)}</td>
                <td>${a.name ?? a.person}</td>
                <td>${WAY[a.channel] ?? a.channel}${a.label === undefined ? '' : html` <span class="quiet">${a.label}</span>`}${a.try > 1 ? say('call.try', { try: a.try }) : ''}</td>
                <td>${ATTEMPT[a.state] ?? a.state}${a.fault === undefined ? '' : html` <a class="gap" href="#/fault/${a.fault}">${a.fault}</a>`}</td>
                <td class="quiet">${a.sentence}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** Each tap that heard it, with the switchboard’s own words as they came. @param {AlertPage} page */
function heard({ view, acting }) {
  if (view.heard.length === 0) return nothing
  return html`<section class="panel" aria-labelledby="heard-h">
    <h2 id="heard-h">${say('call.heardBy')}</h2>
    <ul class="plain">
      ${view.heard.map(
        (s) =>
          html`<li>
            <strong>${s.feed}</strong> <span class="figure quiet">${clockSeconds(s.at)}, ${s.node}</span>
            ${s.words === undefined ? nothing : html`<span class="raw">${s.words === '' ? say('call.toneOnly') : s.words}</span>`}
            <span class="quiet"
              >${QUALITY[s.quality]}${s.corrected > 0 ? say('call.bitsCorrected', { corrected: s.corrected }) : ''}${s.inferred === undefined ? '' : say('call.toldByTheSense', { inferred: s.inferred })}${Object.entries(s.fields).map(([k, v]) => ` · ${k} ${v}`)}.
              ${s.sentence}</span
            >
            ${s.joined === undefined ? nothing : apart(acting, view.id, s.joined)}
          </li>`,
      )}
    </ul>
  </section>`
}

/** @param {AlertView} view */
function plan(view) {
  return html`<section class="panel" aria-labelledby="plan-h">
    <h2 id="plan-h">${say('call.plan')}</h2>
    <ol class="plain">
      ${view.steps.map(
        (s) =>
          html`<li class=${s.fired ? '' : 'quiet'}>
            <span class="figure">${s.after === 0 ? say('call.atOnce') : say('call.afterThat', { after: fine(s.after) })}</span>:
            ${s.ask.length === 0 ? say('call.whoeverCouldFillWhatIs') : s.ask.join(', ')}${s.radio ? say('call.andByRadio') : ''}${s.switchboard === 'none' ? '' : s.switchboard === 'act' ? say('call.switchboardMustAct') : say('call.switchboardLooks')}
            ${s.fired ? html`<span class="quiet">${say('call.done')}</span>` : nothing}
          </li>`,
      )}
    </ol>
    <p class="quiet">${put('call.raisedWhoHoldsARole', { raised: clock(view.raised) })}</p>
  </section>`
}
