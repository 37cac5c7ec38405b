/** @import { Card, ResponderView } from './types.d.ts' */

/** @type {Readonly<Record<Card['class'], { label: string, shape: string }>>} */
export const CLASS = {
  emergency: { label: 'Emergency', shape: 'octagon' },
  urgent: { label: 'Urgent', shape: 'triangle' },
  routine: { label: 'Routine', shape: 'circle' },
  test: { label: 'Test', shape: 'square' },
}

/** @type {Readonly<Record<ResponderView['state'], string>>} */
export const STATE = {
  asked: 'ringing',
  'on-device': 'phone has it',
  presented: 'on the screen',
  opened: 'reading it',
  accepted: 'coming',
  'call-back': 'will call back',
  attending: 'on the way',
  arrived: 'there',
  declined: 'cannot come',
  'not-me': 'not them',
  'stood-down': 'stood down',
}

/** @type {Readonly<Record<Card['phase'], string>>} */
export const PHASE = {
  ringing: 'Ringing',
  exhausted: 'Nobody left to ask',
  covered: 'Covered',
  closed: 'Closed',
}

/**
 * @param {Pick<Card, 'awaited'>} card
 * @param {Pick<ResponderView, 'person' | 'state' | 'unreachable'>} r
 */
export const doing = (card, r) =>
  r.unreachable && card.awaited.includes(r.person) ? 'cannot be reached' : STATE[r.state]
/** @param {ResponderView} r */
export const who = (r) => r.name ?? r.roles[0] ?? r.person
