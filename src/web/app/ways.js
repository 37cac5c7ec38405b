import { html, nothing, once } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'

/** @import { WaysView } from '../shared/types.d.ts' */

/** @type {Readonly<Record<string, string>>} */
const WAY = {
  webpush: say('ways.pushHere'),
  apn: say('ways.pushHere'),
  fcm: say('ways.pushHere'),
  socket: say('ways.whileOpen'),
  mqtt: say('ways.display'),
  ntfy: say('ways.ntfy'),
  voice: say('ways.voice'),
  notify: say('ways.text'),
  modem: say('ways.text'),
  nudge: say('ways.text'),
}

/**
 * How its holder is rung, in which order, and what of it was last shown to work.
 * @param {WaysView | undefined} view
 * @param {(order: readonly string[]) => Promise<void>} order
 */
export function ways(view, order) {
  if (view === undefined || view.ways.length === 0) return nothing
  const ids = view.ways.map((w) => w.device)
  /** @param {number} i */
  const up = (i) => order([...ids.slice(0, i - 1), ids[i] ?? '', ids[i - 1] ?? '', ...ids.slice(i + 1)])
  return html`<section aria-labelledby="ways-h">
    <h2 id="ways-h">${say('ways.howRung')}</h2>
    <p class="quiet">${say('ways.howRungSays')}</p>
    <ol class="roles">
      ${view.ways.map(
        (w, i) =>
          html`<li>
            <p>
              <strong>${w.here ? say('ways.thisPhone') : w.label}</strong>
              <span class="quiet">${WAY[w.channel] ?? w.channel} ${w.number ?? nothing}</span>
            </p>
            <p class="quiet">${w.shown.map((s) => html`${shown(s)} `)}</p>
            ${
              i === 0
                ? nothing
                : html`<button @click=${(/** @type {Event} */ e) => once(e, () => up(i))}>
                    ${say('ways.earlier')}<span class="away"> ${w.label}</span>
                  </button>`
            }
          </li>`,
      )}
    </ol>
    ${
      view.chosen
        ? html`<button class="big" @click=${(/** @type {Event} */ e) => once(e, () => order([]))}>${say('ways.siteOrder')}</button>`
        : nothing
    }
  </section>`
}

/** @param {WaysView['ways'][number]['shown'][number]} shown */
function shown({ channel, at }) {
  const way = WAY[channel] ?? channel
  return at === undefined
    ? put('ways.neverShown', { way })
    : put('ways.shownAt', { way, at: day(at), at2: clock(at) })
}
