import { say } from '../shared/say.js'
import { clock } from '../shared/time.js'

/** @import { Card, ResponderView } from '../shared/types.d.ts' */
/** @import { Held, Unsaid } from './store.js' */

/** @typedef {ResponderView['state']} State */

/**
 * Where this person stands on an alert, as the screen shows it: what was answered here counts at once, sent or not.
 * @typedef {object} Stand
 * @property {State | undefined} state undefined: not asked
 * @property {boolean} waits an answer is still wanted
 * @property {boolean} comes counts as coming
 * @property {string} says
 * @property {string | undefined} unsent the answer has not reached the server, and since when
 */

/** @type {Readonly<Record<State, string>>} */
const SAYS = {
  asked: say('phone.answerNow'),
  'on-device': say('phone.answerNow'),
  presented: say('phone.answerNow'),
  opened: say('phone.answerNow'),
  accepted: say('phone.youAreComing'),
  'call-back': say('device.youWillCallBack'),
  attending: say('device.youAreOnTheWay'),
  arrived: say('device.youAreThere'),
  declined: say('phone.youCannotCome'),
  'not-me': say('device.youSaidNotMe'),
  'stood-down': say('device.stoodDownYouAreNot'),
}

/**
 * @param {Held} held
 * @param {readonly Unsaid[]} unsaid
 * @param {string | undefined} speaker who has this shared handset
 * @returns {Stand}
 */
export function standOf({ card }, unsaid, speaker) {
  const last = unsaid.findLast((u) => u.alert === card.id)
  const own = speaker ?? card.you?.person
  const known = card.responders.find((r) => r.person === own)?.state ?? card.you?.state
  const given = last === undefined ? undefined : answered(last.answer)
  const state = given ?? (own === card.you?.person ? (card.you?.state ?? known) : known)
  return {
    state,
    waits: card.phase !== 'closed' && given === undefined && card.awaited.includes(own ?? ''),
    comes: given === undefined && card.coming.includes(own ?? ''),
    says: state === undefined ? '' : saysOf(card, state),
    unsent: last === undefined ? undefined : say('device.notSentYetGivenAt', { since: clock(last.since) }),
  }
}

/** @param {Card} card @param {State} state */
function saysOf(card, state) {
  return card.class === 'test' && state === 'accepted' ? say('phone.testTaken') : SAYS[state]
}

/**
 * @param {string | undefined} answer
 * @returns {State | undefined}
 */
function answered(answer) {
  return answer !== undefined && answer in SAYS ? /** @type {State} */ (answer) : undefined
}

/** Whether somebody has, or could still take, a part in a call. @param {State | undefined} state */
export const hasPart = (state) => state !== 'stood-down' && state !== 'not-me'

/** Whether this person still has a part in it. @param {Card} card */
export const isOpen = (card) => card.phase !== 'closed' && hasPart(card.you?.state)

/** What stands largest: where to go, or else whom to call, or else who was bleeped. @param {Card} card */
export function headline(card) {
  return (
    card.place ?? (card.callBack === undefined ? card.to : say('phone.call', { callBack: card.callBack }))
  )
}
