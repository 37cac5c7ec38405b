import { html, nothing } from '../shared/dom.js'
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
    const who = me?.people.map((p) => p.name).join(' and ') ?? ''
    return html`<section class="offer" aria-label="End of shift">
      <p><strong>Signed out; content wiped</strong> (${at})</p>
      <p>
        This handset stays with ${off.handset}.
        ${who === '' ? 'It rings for whoever holds the role next.' : `It rings for ${who} now.`}
      </p>
      <button @click=${read}>OK</button>
    </section>`
  }
  if (me !== undefined && me.roles.length > 0) return nothing
  return html`<section class="offer" aria-label="End of shift">
    <p><strong>Off duty: signed out; content wiped</strong> (${at})</p>
    <p>The phone stays enrolled: it rings again when you are next on duty.</p>
    <button @click=${read}>OK</button>
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
  return html`<section class="offer" aria-label="Who are you?">
    <p><strong>Who has this handset now?</strong> Your answers are given in this name.</p>
    <ul class="names">
      ${me.people.map((p) => html`<li><button class="big" @click=${() => choose(p.person)}>${p.name}</button></li>`)}
    </ul>
  </section>`
}
