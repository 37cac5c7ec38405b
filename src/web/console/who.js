import { badge, html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock, day, instantOf } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { field } from './pick.js'
import { WAY } from './way-names.js'
import { gapsOf } from './week.js'

/** @import { ForeseenView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

/** A dry run of one page: what it means, who is rung, on which ways, and when. @param {PageContext} page */
export function whoPage(page) {
  const { api, attempt, state, draw } = page
  /** @param {SubmitEvent} event */
  const show = (event) => {
    event.preventDefault()
    const [text, when] = [field(event, 'text'), field(event, 'at')]
    const body = {
      number: field(event, 'number'),
      ...(text === '' ? {} : { text }),
      ...(when === '' ? {} : { at: instantOf(when) }),
    }
    return once(event, () =>
      attempt(async () => {
        // What stands there from before is no answer to this.
        state.foreseen = undefined
        state.foreseen = await api.send('POST', '/who', body)
        draw()
        return ''
      }),
    )
  }
  return html`<h1>${say('ready.whoTitle')}</h1>
    <p class="quiet">${say('ready.whoSays')}</p>
    <section class="panel" aria-label=${say('ready.whoTitle')}>
      <form class="form" @submit=${show}>
        <label for="who-number">${say('ready.number')}</label>
        <input id="who-number" name="number" required maxlength="40" autocomplete="off" />
        <label for="who-text">${say('ready.words')}</label>
        <input id="who-text" name="text" maxlength="240" autocomplete="off" />
        <label for="who-at">${say('ready.when')}</label>
        <input id="who-at" name="at" type="datetime-local" />
        <button class="main">${say('ready.ask')}</button>
      </form>
    </section>
    ${state.foreseen === undefined ? nothing : foreseen(state.foreseen)} ${gapsOf(page)}`
}

/** @param {ForeseenView} view */
function foreseen(view) {
  const { steps, warnings } = view
  return html`<section class="panel" aria-live="polite" aria-labelledby="who-h">
    <h2 id="who-h">${badge(view.class)} ${view.number}: ${view.to === undefined ? say('ready.ringsNobody') : say('ready.goesTo', { to: view.toName ?? view.to })}</h2>
    <p>${day(view.at)}, ${clock(view.at)}</p>
    <p>${say('ready.means', { kind: view.kindName, class: view.class })}. <span class="quiet">${translate(view.why)}</span></p>
    ${
      warnings.length === 0
        ? nothing
        : html`<h3>${say('ready.lookAt')}</h3>
            <ul class="plain">${warnings.map((one) => html`<li class="gap">${translate(one.sentence)}</li>`)}</ul>`
    }
    <ol class="plain dry-run">${steps.map(step)}</ol>
    ${view.repeatsEverySeconds === undefined ? nothing : html`<p>${say('ready.repeats', { s: view.repeatsEverySeconds })}</p>`}
  </section>`
}

/** @param {ForeseenView['steps'][number]} one */
function step({ afterSeconds, sentence, ask, radio, switchboard }) {
  return html`<li>
    <strong class="figure">${afterSeconds === 0 ? say('ready.atOnce') : say('ready.after', { s: afterSeconds })}</strong>
    ${translate(sentence)}
    <ul>
      ${ask.map(
        ({ name, roleName, ways }) =>
          html`<li>
            <strong>${name}</strong> <span class="quiet">${roleName ?? nothing}</span>
            ${
              ways.length === 0
                ? html`<span class="gap">${say('ready.noPhone')}</span>`
                : ways.map(
                    ({ channel, proved }, i) =>
                      `${i === 0 ? '' : ', '}${say('ready.way', { channel: WAY[channel] ?? channel, state: proved ? say('ready.proved') : say('ready.notSince') })}`,
                  )
            }
          </li>`,
      )}
      ${radio ? html`<li>${say('ready.onRadio')}</li>` : nothing}
      ${switchboard === 'none' ? nothing : html`<li>${switchboard === 'act' ? say('ready.switchboardActs') : say('ready.switchboardTold')}</li>`}
    </ul>
  </li>`
}
