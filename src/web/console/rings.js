import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, now } from '../shared/time.js'
import { WAY } from './way-names.js'

/** @import { RotaView } from '../shared/types.d.ts' */

/** @param {string} at */
const when = (at) => (day(at) === day(now()) ? clock(at) : `${day(at)} ${clock(at)}`)

/**
 * Whether somebody who holds a crash role was shown to be reached, in as many words as fit beside a name.
 * @param {RotaView['roles'][number]['holders'][number]['rings']} rings
 * @param {boolean} [crash] a crash call goes to them: what is not shown is to be mended now
 */
export function ringsMark(rings, crash = true) {
  if (rings === undefined) return nothing
  if (rings.at === undefined || rings.state === 'none')
    return html`<span class=${crash ? 'gap' : 'quiet'}>${crash ? '! ' : ''}${say('rota.noPhoneShown')}</span>${each(rings)}`
  const at = when(rings.at)
  return rings.state === 'proved'
    ? html`<span class="quiet figure">${put('rota.phoneRangAt', { at })}</span>${each(rings)}`
    : html`<span class="figure ${crash ? 'gap' : 'quiet'}">${crash ? '! ' : ''}${put('rota.phoneNotSince', { at })}</span>${each(rings)}`
}

/**
 * Every way in the order in which it is tried, each with when it was last shown to ring.
 * @param {NonNullable<RotaView['roles'][number]['holders'][number]['rings']>} rings
 */
function each({ ways }) {
  if (ways.length < 2) return nothing
  return html`<details class="ways-of">
    <summary>${say('ways.count', { n: ways.length })}</summary>
    <ol>
      ${ways.map(
        ({ channel, at }) =>
          html`<li>${WAY[channel] ?? channel}: ${at === undefined ? html`<span class="gap">${say('ways.never')}</span>` : html`<span class="figure">${when(at)}</span>`}</li>`,
      )}
    </ol>
  </details>`
}
