import { html, nothing, once } from '../shared/dom.js'
import { say } from '../shared/say.js'
import { sureButton } from './sure.js'

/** @import { Card } from '../shared/types.d.ts' */
/** @import { Acts } from './acts.js' */
/** @import { State } from './context.js' */

const REASONS = /** @type {const} */ ([
  ['false-alarm', say('board.falseAlarm')],
  ['enough-people', say('board.enoughPeople')],
  ['not-for-resuscitation', say('board.notForResuscitation')],
  ['other', say('board.otherReason')],
])

/**
 * The two ways a call ends: everybody is told to turn round, with the reason, or it is over and nobody is.
 * @param {{ state: State, draw: () => void }} tools
 * @param {Card} card
 * @param {Acts} acts
 */
export function endCall(tools, card, acts) {
  const { state, draw } = tools
  const about = `${card.title}, ${card.place ?? card.to}`
  const short = card.class === 'emergency' && card.phase !== 'covered'
  const asking = state.standingDown === card.id
  const turn = () => {
    state.standingDown = asking ? undefined : card.id
    draw()
  }
  return html`<span class="end-call">
    ${sureButton(tools, {
      key: `finish/${card.id}`,
      label: say('board.finish'),
      asks: short ? say('board.teamIncomplete') : say('board.finishForAll'),
      about,
      act: () => acts.finish(card),
    })}
    <button class="small" aria-expanded=${asking} @click=${turn}>${say('board.standDown')}<span class="away">: ${about}</span></button>
    ${
      asking
        ? html`<span class="reasons" role="group" aria-label=${say('board.standDownWhy')}>
          <span>${say('board.standDownWhy')}</span>
          ${REASONS.map(
            ([reason, label]) =>
              html`<button class="small" @click=${(/** @type {Event} */ e) => once(e, () => acts.standDown(card, reason))}>${label}</button>`,
          )}
        </span>`
        : nothing
    }
  </span>`
}

/**
 * The page once more by radio, and what became of the last time.
 * @param {Card} card
 * @param {Acts} acts
 * @param {string} sent said when it went out
 * @param {{ readonly radio: boolean } | undefined} site where no radio is set up nothing offers it
 */
export function radioAgain(card, acts, sent, site) {
  if (site?.radio === false) return nothing
  return html`<button data-does="radio" @click=${(/** @type {Event} */ e) => once(e, () => acts.pageByRadio(card))}>
    ${say('board.pageByRadio')}</button
  >${card.radio === undefined ? nothing : html` <span class="radio ${card.radio.state}" role="status">${sent}</span>`}`
}
