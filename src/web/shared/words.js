import { say } from './say.js'
import { clock } from './time.js'

/** @import { Card, ResponderView } from './types.d.ts' */

/** @type {Readonly<Record<Card['class'], { label: string, shape: string }>>} */
export const CLASS = {
  emergency: { label: say('common.emergency'), shape: 'octagon' },
  urgent: { label: say('common.urgent'), shape: 'triangle' },
  routine: { label: say('common.routine'), shape: 'circle' },
  test: { label: say('common.test'), shape: 'square' },
}

/** @type {Readonly<Record<ResponderView['state'], string>>} */
export const STATE = {
  asked: say('common.isSent'),
  'on-device': say('common.phoneHasIt'),
  presented: say('common.onTheScreen'),
  opened: say('common.readingIt'),
  accepted: say('common.isComing'),
  'call-back': say('common.willCallBack'),
  attending: say('common.onTheWay'),
  arrived: say('common.isThere'),
  declined: say('common.cannotCome'),
  'not-me': say('common.notThem'),
  'stood-down': say('common.stoodDown'),
}

/** @type {Readonly<Record<Card['phase'], string>>} */
export const PHASE = {
  ringing: say('common.calling'),
  exhausted: say('common.nobodyLeftToAsk'),
  covered: say('common.covered'),
  closed: say('common.closed'),
}

/**
 * Where a call stands, in words. That the plan has run out does not mean that nobody is coming.
 * @param {Pick<Card, 'phase' | 'coming'>} card
 */
export const stands = ({ phase, coming }) =>
  phase === 'exhausted' && coming.length > 0 ? say('common.teamIncomplete') : PHASE[phase]

/**
 * @param {Pick<Card, 'awaited'>} card
 * @param {Pick<ResponderView, 'person' | 'state' | 'unreachable'>} r
 */
export const doing = (card, r) =>
  r.unreachable && card.awaited.includes(r.person) ? say('common.cannotBeReached') : STATE[r.state]
/** @param {ResponderView} r */
export const who = (r) => r.name ?? r.roles[0] ?? r.person

/** What became of the last page by radio. @param {Pick<Card, 'radio'>} card */
export function radioSays({ radio }) {
  if (radio === undefined) return ''
  const at = clock(radio.at)
  if (radio.state === 'sent') return say('common.radioSent', { at })
  return radio.state === 'failed' ? say('common.radioFailed', { at }) : say('common.radioAsked', { at })
}
