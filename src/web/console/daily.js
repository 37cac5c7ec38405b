import { html, nothing, once } from '../shared/dom.js'
import { clock, clockSeconds, day, now, span } from '../shared/time.js'
import { STATE } from '../shared/words.js'
import { silentRoles } from './todo-tests.js'

/** @import { DailyTestView, RollView } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { Context } from './context.js' */

/** @typedef {Context & { acts: Acts | undefined }} DailyPage */

const OUTCOME = { complete: 'Complete', incomplete: 'Not all answered', missed: 'No call heard' }
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
/** Rolls shown in full; older ones are a line each. */
const RECENT = 14

/** The morning tests: does a call to the crash bleeps reach every hand that it must reach? @param {DailyPage} page */
export function dailyPage(page) {
  const { tests } = page.state
  if (tests === undefined) return html`<p class="wait">Loading…</p>`
  return html`<h1>Daily tests</h1>
    ${
      tests.tests.length === 0
        ? html`<section class="panel"><p>This site has no daily test. One is set up under <code>dailyTests</code> in <code>policies.yaml</code>.</p></section>`
        : tests.tests.map((test) => oneTest(page, test))
    }`
}

/**
 * @param {DailyPage} page
 * @param {DailyTestView} test
 */
function oneTest({ acts }, test) {
  const roll = test.running?.roll ?? test.rolls[0]
  const past = test.running === undefined ? test.rolls.slice(1) : test.rolls
  return html`<section class="panel" aria-labelledby="test-${test.id}">
    <h2 id="test-${test.id}">${test.name} <span class="quiet">bleep ${test.number}</span></h2>
    <p>
      ${days(test.days)} between ${test.from} and ${test.to};
      ${test.call === 'own' ? 'the bridge makes the call' : 'the switchboard makes the call'}.
      ${test.lastComplete === undefined ? html`<span class="gap">Never complete yet.</span>` : `Last complete ${day(test.lastComplete)} ${clock(test.lastComplete)}.`}
      ${test.next === undefined ? nothing : `Next ${day(test.next.from)} ${clock(test.next.from)}.`}
    </p>
    ${test.running === undefined ? nothing : running(test.running)}
    ${
      acts === undefined
        ? nothing
        : html`<div class="acts">
          <button @click=${(/** @type {Event} */ e) => once(e, () => acts.callTest(test))}>Make the test call now</button>
        </div>`
    }
    ${roll === undefined ? html`<p>No test has been due yet.</p>` : rollTable(roll)}
    ${past.length === 0 ? nothing : history(past)}
  </section>`
}

/** @param {NonNullable<DailyTestView['running']>} running */
function running({ window, roll }) {
  const left = Date.parse(window.to) - now()
  const answer = Date.parse(window.due) - now()
  return html`<p class="notice ${roll.call === undefined ? 'bad' : ''}">
    ${
      roll.call === undefined
        ? left > 0
          ? html`<strong>Due now.</strong> No test call heard yet; the window closes in <span class="figure">${span(left)}</span>.`
          : html`<strong>No test call was heard</strong> before ${clock(window.to)}.`
        : html`Called at ${clockSeconds(roll.call.at)}. The roll is taken in <span class="figure">${span(answer)}</span>.`
    }
  </p>`
}

/** @param {RollView} roll */
function rollTable(roll) {
  return html`<h3>
      ${day(roll.from)}: <span class=${roll.outcome === 'complete' ? 'good' : 'gap'}>${OUTCOME[roll.outcome]}</span>
      ${
        roll.call === undefined
          ? nothing
          : html`<span class="quiet">
            called ${clock(roll.call.at)}${roll.call.calls > 1 ? `, ${roll.call.calls} calls` : ''},
            <a href="#/alert/${roll.call.alert}">the call</a></span
          >`
      }
    </h3>
    <div class="scroll" tabindex="0" role="group" aria-label="Roll of ${day(roll.from)}">
      <table class="snug">
        <caption class="away">Each role that was expected to answer, and who did</caption>
        <thead>
          <tr><th scope="col">Role</th><th scope="col">Answered</th><th scope="col">Who</th></tr>
        </thead>
        <tbody>
          ${roll.roles
            .toSorted(
              (a, b) => Number(a.answered) - Number(b.answered) || Number(b.mandatory) - Number(a.mandatory),
            )
            .map(
              (r) =>
                html`<tr>
                <th scope="row">${r.name}${r.mandatory ? nothing : html` <span class="quiet">optional</span>`}</th>
                <td class=${r.answered ? 'good' : r.mandatory ? 'gap' : 'quiet'}>${r.answered ? '✓ yes' : r.mandatory ? '! no' : 'no'}</td>
                <td>
                  ${r.people.length === 0 ? html`<span class="gap">nobody held it</span>` : nothing}
                  ${r.people.map((p, i) => html`${i === 0 ? '' : ', '}${p.name ?? p.person} <span class="quiet">${answerOf(p)}</span>`)}
                </td>
              </tr>`,
            )}
        </tbody>
      </table>
    </div>`
}

/** @param {RollView['roles'][number]['people'][number]} p */
function answerOf(p) {
  if (p.state === undefined) return 'not asked'
  return p.answered && p.since !== undefined ? `answered ${clockSeconds(p.since)}` : STATE[p.state]
}

/** @param {readonly RollView[]} past */
function history(past) {
  return html`<h3>Before</h3>
    <ul class="plain">
      ${past.slice(0, RECENT).map(
        (roll) =>
          html`<li>
            <details>
              <summary>
                ${day(roll.from)}
                <span class=${roll.outcome === 'complete' ? 'good' : 'gap'}>${OUTCOME[roll.outcome]}</span>
                ${roll.outcome === 'incomplete' ? html`<span class="quiet">${silentRoles(roll).join(', ')}</span>` : nothing}
              </summary>
              ${rollTable(roll)}
            </details>
          </li>`,
      )}
    </ul>
    ${past.length > RECENT ? html`<p class="quiet">and ${past.length - RECENT} older, ${past.filter((r) => r.outcome === 'complete').length} of ${past.length} complete</p>` : nothing}`
}

/** @param {readonly number[]} chosen ISO weekdays */
function days(chosen) {
  if (chosen.length === 7) return 'Every day'
  return chosen.map((d) => WEEKDAYS[d - 1]).join(', ')
}
