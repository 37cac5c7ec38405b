import { html, nothing } from '../shared/dom.js'
import { clock, clockSeconds, fine } from '../shared/time.js'
import { PHASE } from '../shared/words.js'

/** @import { AlertView, TimelineEntry } from '../shared/types.d.ts' */
/** @import { AlertPage } from './alert.js' */

/** The whole record of a call: what belongs with it, who heard it, everything that happened, and why. @param {AlertPage} page */
export function record(page) {
  const { view } = page
  return html`${joined(view)} ${timeline(page)} ${deliveries(view)} ${heard(view)} ${plan(view)}
    <section class="panel" aria-labelledby="why-h">
      <h2 id="why-h">Why</h2>
      <ul class="plain">
        ${view.reasons.map((r) => html`<li>${r.sentence}</li>`)}
      </ul>
    </section>`
}

const HOW = { earlier: 'Before this', repeat: 'Again, joined to this', later: 'After this' }

/** @param {AlertView} view */
function joined(view) {
  if (view.joined.length === 0) return nothing
  return html`<section class="panel" aria-labelledby="join-h">
    <h2 id="join-h">Belongs with</h2>
    <ul class="plain">
      ${view.joined.map(
        (j) =>
          html`<li>
            <strong>${HOW[j.how]}</strong>, <span class="figure">${clockSeconds(j.at)}</span>
            ${j.words === undefined ? nothing : html`“${j.words}”`}
            ${j.alert === undefined ? nothing : html`<a href="#/alert/${j.alert}">${PHASE[j.phase ?? 'closed']}</a>`}
            <span class="quiet">${j.sentence}</span>
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
    // The radio is its own way and its own recipient: once is enough.
    const name = line.channel === 'radio' ? undefined : (line.name ?? line.person)
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
    <h2 id="line-h">Time line</h2>
    <label class="check no-print"><input type="checkbox" .checked=${every} @change=${turn} /> Every line, also by the phones’ own clocks</label>
    <div class="scroll" tabindex="0" role="group" aria-label="Time line">
      <table>
        <caption class="away">Everything that happened, in order</caption>
        <thead>
          <tr><th scope="col">Time</th><th scope="col" class="num">After</th><th scope="col">What</th></tr>
        </thead>
        <tbody>
          ${lines.map(
            ({ first, last, names }) =>
              html`<tr>
                <td class="figure">${clockSeconds(first.at)}</td>
                <td class="num figure">${fine(first.after)}${fine(last.after) === fine(first.after) ? '' : `–${fine(last.after)}`}</td>
                <td>
                  ${first.sentence}${names.length === 0 ? '' : html` – <strong>${names.join(', ')}</strong>`}
                  ${first.clock === 'device' ? html`<span class="quiet">by the phone’s clock${first.uncertainty === undefined ? '' : ` ± ${fine(first.uncertainty)}`}</span>` : nothing}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** @type {Readonly<Record<string, string>>} */
const WAY = {
  webpush: 'Web Push',
  apn: 'Apple push',
  fcm: 'Android push',
  socket: 'hospital network',
  mqtt: 'MQTT',
  nudge: 'nudge',
  radio: 'radio',
}
/** @type {Readonly<Record<string, string>>} */
const ATTEMPT = {
  queued: 'waits to go',
  leased: 'going out',
  handed: 'handed over',
  taken: 'taken, not yet seen',
  'on-device': 'on the phone',
  presented: 'shown',
  opened: 'read',
  refused: 'refused',
  dead: 'dead address',
  expired: 'too late',
}

/** @param {AlertView} view */
function deliveries(view) {
  return html`<section class="panel" aria-labelledby="tries-h">
    <h2 id="tries-h">Deliveries</h2>
    <div class="scroll" tabindex="0" role="group" aria-label="Deliveries">
      <table>
        <caption>Only what the device itself reports counts as delivered</caption>
        <thead>
          <tr><th scope="col">Time</th><th scope="col">To</th><th scope="col">Way</th><th scope="col">State</th><th scope="col">Why</th></tr>
        </thead>
        <tbody>
          ${view.attempts.map(
            (a) =>
              html`<tr>
                <td class="figure">${clockSeconds(a.created)}</td>
                <td>${a.channel === 'radio' ? 'everybody with this bleep' : (a.name ?? a.person)}</td>
                <td>${WAY[a.channel] ?? a.channel}${a.label === undefined ? '' : html` <span class="quiet">${a.label}</span>`}${a.try > 1 ? ` (try ${a.try})` : ''}</td>
                <td>${ATTEMPT[a.state] ?? a.state}${a.fault === undefined ? '' : html` <a class="gap" href="#/fault/${a.fault}">${a.fault}</a>`}</td>
                <td class="quiet">${a.sentence}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`
}

/** Each tap that heard it, with the switchboard’s own words as they came. @param {AlertView} view */
function heard(view) {
  if (view.heard.length === 0) return nothing
  return html`<section class="panel" aria-labelledby="heard-h">
    <h2 id="heard-h">Heard by</h2>
    <ul class="plain">
      ${view.heard.map(
        (s) =>
          html`<li>
            <strong>${s.feed}</strong> <span class="figure quiet">${clockSeconds(s.at)}, ${s.node}</span>
            ${s.words === undefined ? nothing : html`<span class="raw">${s.words === '' ? '(tone only)' : s.words}</span>`}
            <span class="quiet"
              >${s.quality}${s.corrected > 0 ? `, ${s.corrected} bits corrected` : ''}${s.inferred === undefined ? '' : `, ${s.inferred} ${s.inferred === 1 ? 'place' : 'places'} told by the sense`}${Object.entries(s.fields).map(([k, v]) => ` · ${k} ${v}`)}.
              ${s.sentence}</span
            >
          </li>`,
      )}
    </ul>
  </section>`
}

/** @param {AlertView} view */
function plan(view) {
  return html`<section class="panel" aria-labelledby="plan-h">
    <h2 id="plan-h">Plan</h2>
    <ol class="plain">
      ${view.steps.map(
        (s) =>
          html`<li class=${s.fired ? '' : 'quiet'}>
            <span class="figure">${s.after === 0 ? 'At once' : `After ${fine(s.after)}`}</span>:
            ${s.ask.length === 0 ? 'whoever could fill what is missing' : s.ask.join(', ')}${s.radio ? ', and by radio' : ''}${s.switchboard === 'none' ? '' : s.switchboard === 'act' ? '; switchboard must act' : '; switchboard looks'}
            ${s.fired ? html`<span class="quiet">done</span>` : nothing}
          </li>`,
      )}
    </ol>
    <p class="quiet">Raised ${clock(view.raised)}; who holds a role is looked up when its step comes.</p>
  </section>`
}
