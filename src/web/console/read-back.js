import { html, nothing } from '../shared/dom.js'
import { say } from '../shared/say.js'

/** @import { CallsView, PreviewView } from '../shared/types.d.ts' */
/** @import { State } from './context.js' */

/** Said back before anything is sent: how many, who, by which ways, and what pagers will show. @param {State['start']} start @param {CallsView} calls */
export function readBack({ preview, failed }, calls) {
  if (preview === undefined)
    return html`<p class="read-back quiet" role="status">${say(failed ? 'start.unchecked' : 'start.checking')}</p>`
  const bad = preview.people === preview.withoutPhone
  return html`<div class="read-back ${bad ? 'bad' : ''}">
    <p role="status"><strong>${preview.readBack}</strong>${bad ? html` <span class="gap">${say('start.nobody')}</span>` : nothing}</p>
    <p>${preview.radio ? say('start.byPagerToo') : html`<span class="gap">${calls.radio ? say('start.noPager') : say('start.phonesOnly')}</span>`}
      ${preview.radio ? html`<span class="quiet">${say('start.pagerShows')}</span> <span class="figure">${preview.words}</span>` : nothing}</p>
    <details class="fold">
      <summary>${say('start.who')}</summary>
      <ul class="plain">${first(preview).map(person)}</ul>
    </details>
  </div>`
}

/** @typedef {PreviewView['steps'][number]['ask'][number]} Asked */

/** Whoever is rung in the first moment, each once. @param {PreviewView} preview */
const first = ({ steps }) => [
  ...new Map(
    steps
      .filter((s) => s.afterSeconds === 0)
      .flatMap((s) => s.ask)
      .map((a) => [a.person, a]),
  ).values(),
]

/** @param {Asked} a */
function person(a) {
  const proved = a.ways.some((w) => w.proved)
  return html`<li>
    ${a.name}${a.roleName === undefined ? nothing : html` <span class="quiet">${a.roleName}</span>`}
    ${a.ways.length === 0 ? html`<span class="gap">${say('start.noPhone')}</span>` : proved ? nothing : html`<span class="quiet">${say('start.unproved')}</span>`}
  </li>`
}
