import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock, day, now } from '../shared/time.js'
import { translate } from '../shared/translate.js'
import { tick } from './marks.js'

/** @import { WeekView } from '../shared/types.d.ts' */
/** @import { PageContext } from './pages.d.ts' */

const HOURS = 168
/** Numbers that are shown of a gap; a site with many like ones would fill the page. */
const SHOWN = 12

/** Every number at every hour of the coming week, worked out when somebody asks. @param {PageContext} page */
export function gapsOf({ api, attempt, state, draw }) {
  /** @param {Event} event */
  const look = (event) =>
    once(event, () =>
      attempt(async () => {
        state.week = 'looking'
        draw()
        try {
          /** @type {WeekView['gaps'][number][]} */
          const gaps = []
          for (let from = /** @type {number | undefined} */ (0); from !== undefined; ) {
            /** @type {WeekView} */
            const part = await api.get(`/who/week?from=${from}`)
            gaps.push(...part.gaps)
            from = part.next
            if (from === undefined)
              state.week = { ...part, gaps: gaps.toSorted((a, b) => a.from.localeCompare(b.from)) }
          }
        } finally {
          if (state.week === 'looking') state.week = undefined
          draw()
        }
        return ''
      }),
    )
  const { week } = state
  const to = new Date(now() + HOURS * 3_600_000).toISOString()
  return html`<section class="panel" aria-labelledby="week-h" aria-live="polite">
    <h2 id="week-h">${say('ready.weekTitle')}</h2>
    ${
      week === 'looking'
        ? html`<p class="wait">${say('ready.weekLooking', { hours: HOURS })}</p>`
        : html`${week === undefined ? html`<p class="quiet">${say('ready.weekSays', { to: `${day(to)} ${clock(to)}` })}</p>` : found(week)}
            <button @click=${look}>${say('ready.weekAsk')}</button>`
    }
  </section>`
}

/** @param {WeekView} week */
function found({ gaps, numbers }) {
  if (gaps.length === 0)
    return html`<p><span class="good">${tick()}</span> ${say('ready.weekNone', { n: numbers })}</p>`
  const alike = [
    ...Map.groupBy(gaps, (gap) => `${gap.from} ${gap.to} ${gap.code} ${gap.role ?? ''}`).values(),
  ]
  return html`<p>${say('ready.weekGaps', { n: gaps.length, of: numbers })}</p>
    <div class="scroll" tabindex="0" role="group" aria-label=${say('ready.weekTitle')}>
      <table>
        <thead>
          <tr><th scope="col">${say('ready.gapWhen')}</th><th scope="col">${say('ready.gapNumbers')}</th><th scope="col">${say('ready.gapWhy')}</th></tr>
        </thead>
        <tbody>
          ${alike.map((some) => row(some))}
        </tbody>
      </table>
    </div>`
}

/** Gaps of one time and one reason. @param {WeekView['gaps']} some */
function row(some) {
  const [gap] = some
  if (gap === undefined) return nothing
  const numbers = some.flatMap((one) => one.numbers)
  return html`<tr>
                <th scope="row" class="figure">${say('ready.weekOf', { from: at(gap.from), to: at(gap.to) })}</th>
                <td class="figure">${numbers.slice(0, SHOWN).join(', ')} ${numbers.length > SHOWN ? say('ready.andMore', { n: numbers.length - SHOWN }) : nothing}</td>
                <td class="gap">${gap.roleName === undefined ? nothing : `${gap.roleName}: `}${translate(gap.sentence)}</td>
              </tr>`
}

/** @param {string} time */
const at = (time) => `${day(time)} ${clock(time)}`
