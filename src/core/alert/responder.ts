import type { Class } from '../bleep/bleep.ts'
import type { Answer, Need, ReceiptStage, Responder, ResponderState } from './alert.ts'

/** How far a ring has got; a responder who has answered is on no rung of this ladder. */
const RECEIPT_RANK: Readonly<Partial<Record<ResponderState, number>>> = {
  asked: 0,
  'on-device': 1,
  presented: 2,
  opened: 3,
}

/** How firmly someone is coming; answers never move down this ladder except by declining. */
const COMING_RANK: Readonly<Partial<Record<ResponderState, number>>> = {
  'call-back': 1,
  accepted: 1,
  attending: 2,
  arrived: 3,
}

/** Asked, can be reached as far as we know, and has not answered. */
export function isPending(r: Responder): boolean {
  return r.state in RECEIPT_RANK && r.unreachable !== true
}

/** Counts for cover. Nobody attends an emergency by telephone: there a promise to call back is only noted. */
export function isComing(r: Responder, c: Class): boolean {
  return r.state in COMING_RANK && !(r.state === 'call-back' && c === 'emergency')
}

/** Has said no, or was released: not asked again for this alert. */
export function isOut(r: Responder): boolean {
  return r.state === 'declined' || r.state === 'not-me' || r.released === true
}

/** Receipts may come twice and out of order; only a later stage moves a responder who has not answered. */
export function receiptMoves(state: ResponderState, stage: ReceiptStage): boolean {
  return (RECEIPT_RANK[state] ?? Number.POSITIVE_INFINITY) < RECEIPT_RANK[stage]!
}

/** Whether the answer says anything new: nobody un-arrives by a second tap on "accept". */
export function answerMoves(state: ResponderState, answer: Answer): boolean {
  if (state === answer) return false
  const from = COMING_RANK[state]
  const to = COMING_RANK[answer]
  return from === undefined || to === undefined || to >= from
}

export type Fit = 'own' | 'substitute' | 'none'

/** Whether this person, by the roles they were asked for, can fill the need. */
export function fit(r: Responder, need: Need): Fit {
  if (r.roles.includes(need.role)) return 'own'
  return need.substitutes.some((role) => r.roles.includes(role)) ? 'substitute' : 'none'
}
