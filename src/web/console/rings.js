import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day, now } from '../shared/time.js'
import { WAY } from './way-names.js'

/** @import { RotaView } from '../shared/types.d.ts' */

const APP = { closed: () => say('rota.appClosed'), open: () => say('rota.appOpen') }

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
  const warn = crash ? 'gap' : 'quiet'
  if (rings.state !== 'proved')
    return html`<span class="figure ${warn}">${crash ? '! ' : ''}${put('rota.phoneNotSince', { at })}</span>${each(rings)}`
  // A phone in a pocket has its app closed: what is shown of the open app says nothing of that.
  const open = rings.closed !== undefined && rings.closed !== 'proved'
  return html`<span class="quiet figure">${put('rota.phoneRangAt', { at })}${crash && !open ? html`, ${heard(rings.ways)}` : nothing}</span>${
    open ? html` <span class=${warn}>${crash ? '! ' : ''}${say('rota.onlyAppOpen')}</span>` : nothing
  }${each(rings)}`
}

/**
 * Only a person can say that it makes a sound: the last word of all ways.
 * @param {NonNullable<RotaView['roles'][number]['holders'][number]['rings']>['ways']} ways
 */
function heard(ways) {
  const last = ways.flatMap(({ sound }) => sound ?? []).toSorted((a, b) => (a.at < b.at ? 1 : -1))[0]
  return last === undefined ? say('rota.soundNotTried') : spoken(last)
}

/** @param {{ at: string, heard: boolean }} sound */
const spoken = ({ at, heard }) =>
  heard ? say('rota.soundHeard', { at: when(at) }) : say('rota.soundNotHeard', { at: when(at) })

/**
 * Every way in the order in which it is tried, with the app closed or open: when it was last shown to ring, and was heard.
 * @param {NonNullable<RotaView['roles'][number]['holders'][number]['rings']>} rings
 */
function each({ ways }) {
  if (ways.length === 0) return nothing
  return html`<details class="ways-of">
    <summary>${say('ways.count', { n: ways.length })}</summary>
    <ol>
      ${ways.map(
        ({ channel, app, at, sound }) =>
          html`<li>${WAY[channel] ?? channel}${app === undefined ? nothing : html`, ${APP[app]()}`}: ${at === undefined ? html`<span class="gap">${say('ways.never')}</span>` : html`<span class="figure">${when(at)}</span>`}${sound === undefined ? nothing : html`, <span class=${sound.heard ? 'figure' : 'gap'}>${spoken(sound)}</span>`}</li>`,
      )}
    </ol>
  </details>`
}
