import { svg } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { clock } from '../shared/time.js'

/** @import { RotaView } from '../shared/types.d.ts' */

const WIDTH = 240
const HEIGHT = 16

/**
 * A role over the span of the rota page: who has it when, where nobody has, where too many.
 * @param {RotaView} rota
 * @param {RotaView['roles'][number]} role
 * @param {number} now
 */
export function strip(rota, role, now) {
  const from = Date.parse(rota.from)
  const to = Date.parse(rota.to)
  /** @param {string} at */
  const x = (at) => ((Math.min(Math.max(Date.parse(at), from), to) - from) / (to - from)) * WIDTH
  const flaws = rota.flaws.filter((f) => f.role === role.role)
  const says = [
    ...role.duties.map((d) => say('rota.untilTime', { d: d.name, to: clock(d.to) })),
    ...flaws.map((f) =>
      say('rota.spanOf', {
        what: f.reason === 'rota-gap' ? say('rota.nobody') : say('rota.doubleCover'),
        from: clock(f.from),
        to: clock(f.to),
      }),
    ),
  ].join('; ')
  const mark = ((now - from) / (to - from)) * WIDTH
  return svg`<svg class="strip" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${says === '' ? say('rota.nobodyIsDownForIt') : says}>
    <rect class="ground" x="0" y="3" width=${WIDTH} height="10"/>
    ${role.duties.map(
      (d, i) =>
        svg`<rect class=${i % 2 === 0 ? 'duty' : 'duty other'} x=${x(d.from)} y="3" width=${Math.max(1, x(d.to) - x(d.from))} height="10"><title>${say('rota.spanOnDay', { d: d.name, from: clock(d.from), to: clock(d.to) })}</title></rect>`,
    )}
    ${flaws.map(
      (f) =>
        svg`<rect class=${f.reason === 'rota-gap' ? 'hole' : 'twice'} x=${x(f.from)} y=${f.reason === 'rota-gap' ? 1 : 0} width=${Math.max(2, x(f.to) - x(f.from))} height=${f.reason === 'rota-gap' ? 14 : 3}><title>${say('rota.spanSaid', { sentence: f.sentence, from: clock(f.from), to: clock(f.to) })}</title></rect>`,
    )}
    <rect class="now" x=${Math.min(WIDTH - 1, Math.max(0, mark))} y="0" width="1.5" height=${HEIGHT}/>
  </svg>`
}
