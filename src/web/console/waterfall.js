import { nothing, svg } from '../shared/dom.js'
import { put } from '../shared/say.js'

/** @import { AlertView } from '../shared/types.d.ts' */

const LINE = 40
const LEFT = 230
const WIDTH = 640
const RIGHT = 90

/**
 * Draws where the time went, as the server worked it out: a bar for each leg, by whose seconds they were, outlined and
 * marked where it ran over its budget. Every bar carries its figure.
 * @param {AlertView['waterfall']} drawn
 */
export function waterfall(drawn) {
  if (drawn === undefined) return nothing
  const height = (drawn.bars.length + (drawn.more > 0 ? 1 : 0)) * LINE + 6
  const span = WIDTH - LEFT - RIGHT
  return svg`<svg class="waterfall" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label=${[
    drawn.says,
    ...drawn.bars.map((bar) => (bar.who === undefined ? bar.says : `${bar.who}, ${bar.says}`)),
  ].join('; ')}>
    ${drawn.bars.map((bar, i) => {
      const y = i * LINE + 3
      return svg`<rect class="track" x=${LEFT} y=${y} width=${span} height=${LINE - 8} rx="4"/>
        <text x="0" y=${y + (bar.who === undefined ? 21 : 14)}>${bar.hop}</text>
        ${bar.who === undefined ? nothing : svg`<text class="whose" x="0" y=${y + 30}>${bar.who}</text>`}
        <rect class=${`${bar.owner}${bar.over ? ' over' : ''}`} x=${LEFT + bar.from * span} y=${y}
          width=${Math.max(2, (bar.to - bar.from) * span)} height=${LINE - 8} rx="4"><title>${bar.says}</title></rect>
        <text x=${WIDTH} y=${y + 21} text-anchor="end">${bar.took}${bar.over ? ' !' : ''}</text>`
    })}
    ${drawn.more > 0 ? svg`<text x=${LEFT} y=${height - 12}>${put('call.andMoreOf', { more: drawn.more })}</text>` : nothing}
  </svg>`
}
