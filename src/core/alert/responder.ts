import type { PersonId } from '../ids.ts'
import {
  type Answer,
  type Class,
  isAwaited,
  isNo,
  partOf,
  RECEIPT_STAGES,
  type ReceiptStage,
  type ResponderState,
} from '../vocabulary.ts'
import type { Alert, Need, Responder } from './alert.ts'

/** Of this person on an alert. What every object has by itself is nobody: an id may be any word. */
export function responderOf(
  alert: Pick<Alert, 'responders'> | undefined,
  person: PersonId,
): Responder | undefined {
  return alert !== undefined && Object.hasOwn(alert.responders, person) ? alert.responders[person] : undefined
}

/** How far a ring has got. A responder who has answered is no longer on this scale. */
const LADDER: readonly ResponderState[] = ['asked', ...RECEIPT_STAGES]

/** How firmly someone is coming. Only declining moves a responder down this ladder. */
const COMING_RANK: Readonly<Partial<Record<ResponderState, number>>> = {
  'call-back': 1,
  accepted: 1,
  attending: 2,
  arrived: 3,
}

/** Asked, can be reached as far as we know, and has not answered. */
export function isPending(r: Responder): boolean {
  return isAwaited(r.state) && r.unreachable !== true
}

/** Counts for cover. */
export function isComing(r: Responder, c: Class): boolean {
  return partOf(r.state, c) === 'coming'
}

/** Has said no, or was released: not asked again for this alert. */
export function isOut(r: Responder): boolean {
  return isNo(r.state) || r.released === true
}

/** Receipts may come twice and out of order; only a later stage moves a responder who has not answered. */
export function receiptMoves(state: ResponderState, stage: ReceiptStage): boolean {
  return isAwaited(state) && LADDER.indexOf(state) < LADDER.indexOf(stage)
}

/** Whether the answer says anything new. A second tap on "accept" does not undo an arrival. */
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
