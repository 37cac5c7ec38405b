import { nothing, svg } from '../shared/dom.js'
import { fine } from '../shared/time.js'

/** @import { AlertView } from '../shared/types.d.ts' */

const OURS = new Set(['decoded', 'stored', 'routed', 'handed'])
const PEOPLE = new Set(['opened', 'accepted', 'covered', 'attending', 'arrived'])
const LINE = 28
const LEFT = 130
const WIDTH = 640
const RIGHT = 70

/**
 * The first time each hop was reached, as bars from the hop before: whose seconds went where. Lengths are square
 * roots, so that milliseconds of ours stay visible beside minutes of people; every bar carries its figure.
 * @param {AlertView['hops']} hops
 */
export function waterfall(hops) {
  /** @type {Map<string, number>} */
  const first = new Map()
  for (const h of hops) if (h.clock === 'ours' && !first.has(h.hop)) first.set(h.hop, h.after)
  const points = [...first].sort((a, b) => a[1] - b[1])
  const last = points.at(-1)?.[1] ?? 0
  if (points.length < 2 || last <= 0) return nothing
  /** @param {number} ms */
  const x = (ms) => LEFT + Math.sqrt(Math.max(0, ms) / last) * (WIDTH - LEFT - RIGHT)
  const height = points.length * LINE + 6
  return svg`<svg class="waterfall" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label=${points
    .map(([hop, after]) => `${hop} after ${fine(after)}`)
    .join(', ')}>
    ${points.map(([hop, after], i) => {
      const before = i === 0 ? 0 : (points[i - 1]?.[1] ?? 0)
      const y = i * LINE + 3
      return svg`<rect class="track" x=${LEFT} y=${y} width=${WIDTH - LEFT - RIGHT} height=${LINE - 6} rx="4"/>
        <text x="0" y=${y + 17}>${hop}</text>
        <rect class=${OURS.has(hop) ? 'ours' : PEOPLE.has(hop) ? 'person' : 'other'} x=${x(before)} y=${y}
          width=${Math.max(2, x(after) - x(before))} height=${LINE - 6} rx="4"/>
        <text x=${WIDTH} y=${y + 17} text-anchor="end">${fine(after)}</text>`
    })}
  </svg>`
}
