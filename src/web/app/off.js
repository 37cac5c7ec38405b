import { html, nothing } from '../shared/dom.js'
import { put, say } from '../shared/say.js'
import { clock, day } from '../shared/time.js'

/** @import { MeView } from '../shared/types.d.ts' */
/** @import { Off } from './store.js' */

/**
 * What the end of a shift has done to this device, for as long as somebody has to know.
 * @param {Off | undefined} off
 * @param {MeView | undefined} me
 * @param {() => void} read
 */
export function offNotice(off, me, read) {
  if (off === undefined || off.read) return nothing
  const at = `${day(off.at)}, ${clock(off.at)}`
  if (off.handset !== undefined) {
    const who = me?.people.map((p) => p.name).join(say('phone.and')) ?? ''
    return html`<section class="offer" aria-label="${say('phone.endOfShift')}">
      <p><strong>${say('device.signedOutContentWiped')}</strong> (${at})</p>
      <p>
        ${put('device.thisHandsetStaysWith', { handset: off.handset, what: who === '' ? say('device.itRingsForWhoeverHolds') : say('device.itRingsForNow', { who }) })}
      </p>
      <button @click=${read}>${say('device.ok')}</button>
    </section>`
  }
  if (me !== undefined && me.roles.length > 0) return nothing
  return html`<section class="offer" aria-label="${say('phone.endOfShift')}">
    <p><strong>${say('device.offDutySignedOutContent')}</strong> (${at})</p>
    <p>${say('device.thePhoneStaysEnrolledIt')}</p>
    <button @click=${read}>${say('device.ok')}</button>
  </section>`
}

/**
 * A handset that several people share: who has it in the hand now. Answers are given in that name.
 * @param {MeView | undefined} me
 * @param {string | undefined} speaker
 * @param {(person: string) => void} choose
 */
export function speakerQuestion(me, speaker, choose) {
  if (me === undefined || me.people.length < 2 || me.people.some((p) => p.person === speaker)) return nothing
  return html`<section class="offer" aria-label="${say('device.whoAreYou')}">
    <p><strong>${say('device.whoHasThisHandsetNow')}</strong> ${say('device.yourAnswersAreGivenIn')}</p>
    <ul class="names">
      ${me.people.map((p) => html`<li><button class="big" @click=${() => choose(p.person)}>${p.name}</button></li>`)}
    </ul>
  </section>`
}
