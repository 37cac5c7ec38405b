import { say } from './say.js'

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
  asked: 'ringing',
  'on-device': say('common.phoneHasIt'),
  presented: say('common.onTheScreen'),
  opened: say('common.readingIt'),
  accepted: 'coming',
  'call-back': say('common.willCallBack'),
  attending: say('common.onTheWay'),
  arrived: 'there',
  declined: say('common.cannotCome'),
  'not-me': say('common.notThem'),
  'stood-down': say('common.stoodDown'),
}

/** @type {Readonly<Record<Card['phase'], string>>} */
export const PHASE = {
  ringing: say('common.ringing'),
  exhausted: say('common.nobodyLeftToAsk'),
  covered: say('common.covered'),
  closed: say('common.closed'),
}

/**
 * @param {Pick<Card, 'awaited'>} card
 * @param {Pick<ResponderView, 'person' | 'state' | 'unreachable'>} r
 */
export const doing = (card, r) =>
  r.unreachable && card.awaited.includes(r.person) ? say('common.cannotBeReached') : STATE[r.state]
/** @param {ResponderView} r */
export const who = (r) => r.name ?? r.roles[0] ?? r.person
