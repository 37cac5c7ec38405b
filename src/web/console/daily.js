import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, clockSeconds, day, now, span } from '../shared/time.js'
import { STATE } from '../shared/words.js'
import { tick } from './marks.js'
import { silentRoles } from './todo-tests.js'

/** @import { DailyTestView, RollView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

const OUTCOME = {
  complete: say('tests.complete'),
  incomplete: say('tests.notAllAnswered'),
  missed: say('tests.noCallHeard'),
}
const WEEKDAYS = [
  say('tests.mon'),
  say('tests.tue'),
  say('tests.wed'),
  say('tests.thu'),
  say('tests.fri'),
  say('tests.sat'),
  say('tests.sun'),
]
/** Rolls shown in full; older ones are a line each. */
const RECENT = 14

/** The morning tests: does a call to the crash bleeps reach every hand that it must reach? @param {PageContext} page */
export function dailyPage(page) {
  const { tests } = page.state
  if (tests === undefined) return html`<p class="wait">${say('frame.loading')}</p>`
  return html`<h1>${say('tests.dailyTests')}</h1>
    ${
      tests.tests.length === 0
        ? html`<section class="panel"><p>${say('tests.thisSiteHasNoDaily')} <code>dailyTests</code> ${say('tests.in')} <code>policies.yaml</code>.</p></section>`
        : tests.tests.map((test) => oneTest(page, test))
    }`
}

/**
 * @param {PageContext} page
 * @param {DailyTestView} test
 */
function oneTest({ may, acts }, test) {
  const roll = test.running?.roll ?? test.rolls[0]
  const past = test.running === undefined ? test.rolls.slice(1) : test.rolls
  return html`<section class="panel" aria-labelledby="test-${test.id}">
    <h2 id="test-${test.id}">${test.name} <span class="quiet">${put('tests.bleep', { number: test.number })}</span></h2>
    <p>
      ${put('tests.betweenAnd', { days: days(test.days), from: test.from, to: test.to, what: test.call === 'own' ? say('tests.theBridgeMakesTheCall') : say('tests.theSwitchboardMakesTheCall') })}
      ${test.lastComplete === undefined ? html`<span class="gap">${say('tests.neverCompleteYet')}</span>` : say('tests.lastComplete', { lastComplete: day(test.lastComplete), lastComplete2: clock(test.lastComplete) })}
      ${test.next === undefined ? nothing : say('tests.next', { from: day(test.next.from), from2: clock(test.next.from) })}
    </p>
    ${test.running === undefined ? nothing : running(test.running)}
    ${
      !may('tests.call')
        ? nothing
        : html`<div class="acts">
          <button @click=${(/** @type {Event} */ e) => once(e, () => acts.callTest(test))}>${say('board.makeTheTestCallNow')}</button>
        </div>`
    }
    ${test.hand === undefined ? nothing : html`<p class="hand"><strong>${put('tests.byHand', { at: clock(test.hand.from), day: day(test.hand.from) })}</strong></p> ${rollTable(test.hand)}`}
    ${roll === undefined ? html`<p>${say('tests.noTestHasBeenDue')}</p>` : rollTable(roll)}
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
          ? html`<strong>${say('tests.dueNow')}</strong> ${say('tests.noTestCallHeardYet')} <span class="figure">${span(left)}</span>.`
          : html`<strong>${say('tests.noTestCallWasHeard')}</strong> ${put('tests.before', { to: clock(window.to) })}`
        : html`${put('tests.calledAtTheRollIs', { at: clockSeconds(roll.call.at) })} <span class="figure">${span(answer)}</span>.`
    }
  </p>`
}

/** @param {RollView} roll */
function rollTable(roll) {
  return html`<h3>
      ${day(roll.from)}: <span class="figure">${put('tests.answeredOf', { n: roll.roles.filter((r) => r.answered).length, all: roll.roles.length })}</span> · <span class=${roll.outcome === 'complete' ? 'good' : 'gap'}>${OUTCOME[roll.outcome]}</span>
      ${
        roll.call === undefined
          ? nothing
          : html`<span class="quiet">
            ${put('tests.called', { at: clock(roll.call.at), what: roll.call.calls > 1 ? say('tests.calls', { calls: roll.call.calls }) : '' })}
            <a href="#/alert/${roll.call.alert}">${say('tests.theCall')}</a></span
          >`
      }
    </h3>
    <div class="scroll" tabindex="0" role="group" aria-label="${say('tests.rollOf', { from: day(roll.from) })}">
      <table class="snug">
        <caption class="away">${say('tests.eachRoleThatWasExpected')}</caption>
        <thead>
          <tr><th scope="col">${say('tests.role')}</th><th scope="col">${say('tests.answered')}</th><th scope="col">${say('tests.who')}</th></tr>
        </thead>
        <tbody>
          ${roll.roles
            .toSorted(
              (a, b) => Number(a.answered) - Number(b.answered) || Number(b.mandatory) - Number(a.mandatory),
            )
            .map(
              (r) =>
                html`<tr>
                <th scope="row">${r.name}${r.bleep === undefined || r.answered ? nothing : html` <span class="quiet figure">${put('tests.bleep', { number: r.bleep })}</span>`}${r.mandatory ? nothing : html` <span class="quiet">${say('tests.optional')}</span>`}</th>
                <td class=${r.answered ? 'good' : r.mandatory ? 'gap' : 'quiet'}>${r.answered ? `${tick()} ${say('tests.yes')}` : r.mandatory ? say('tests.no') : say('tests.noMatter')}</td>
                <td>
                  ${r.people.length === 0 ? html`<span class="gap">${say('tests.nobodyHeldIt')}</span>` : nothing}
                  ${r.people.map((p, i) => html`${i === 0 ? '' : ', '}${p.name ?? p.person} <span class="quiet">${answerOf(p)}</span>${p.answered || p.phone === undefined ? nothing : html` <a class="figure nowrap" href="tel:${p.phone.replaceAll(' ', '')}">${p.phone}</a>`}`)}
                </td>
              </tr>`,
            )}
        </tbody>
      </table>
    </div>`
}

/** @param {RollView['roles'][number]['people'][number]} p */
function answerOf(p) {
  if (p.state === undefined) return say('board.notAsked')
  return p.answered && p.since !== undefined
    ? say('tests.answeredSince', { since: clockSeconds(p.since) })
    : STATE[p.state]
}

/** @param {readonly RollView[]} past */
function history(past) {
  return html`<h3>${say('tests.beforeHeading')}</h3>
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
    ${past.length > RECENT ? html`<p class="quiet">${put('tests.andOlderOfComplete', { count: past.length - RECENT, count2: past.filter((r) => r.outcome === 'complete').length, count3: past.length })}</p>` : nothing}`
}

/** @param {readonly number[]} chosen ISO weekdays */
function days(chosen) {
  if (chosen.length === 7) return say('tests.everyDay')
  return chosen.map((d) => WEEKDAYS[d - 1]).join(', ')
}
