import type { AlertEvent } from './alert.ts'
import { fireStep, ringAgain, ringEveryone, ringPending } from './asking.ts'
import {
  callAttention,
  change,
  type Draft,
  endAttention,
  forget,
  setDue,
  setResponder,
  tell,
} from './draft.ts'
import { responderOf } from './responder.ts'

/** Somebody bleeped again. An emergency rings everyone, urgent calls whoever has not answered; all are counted. */
export function repeated(d: Draft, e: Extract<AlertEvent, { kind: 'repeated' }>): void {
  change(d, { repeats: [...d.alert.repeats, e.bleep] })
  if (d.alert.plan.class === 'emergency') ringEveryone(d, e.reason)
  else if (d.alert.plan.class === 'urgent') ringPending(d, e.reason)
  tell(d, 'switchboard', 'info', e.reason)
  tell(d, 'team', 'info', e.reason)
}

/** Somebody at the switchboard says that one of them was another call. It has been raised; this one goes on as it is. */
export function separated(d: Draft, e: Extract<AlertEvent, { kind: 'separated' }>): void {
  if (d.alert.repeats.some((id) => id === e.joined))
    change(d, { repeats: d.alert.repeats.filter((id) => id !== e.joined) })
  tell(d, 'switchboard', 'info', 'joined-undone')
}

/** The words have changed. Whoever is on the call is shown the new ones, and the switchboard is told. */
export function reread(d: Draft, e: Extract<AlertEvent, { kind: 'reread' }>): void {
  tell(d, 'switchboard', 'info', e.reason)
  tell(d, 'team', 'info', e.reason)
}

/**
 * The call is another than it was thought to be, mostly a more urgent one. An answer to the first is no answer to
 * this one. Everybody is asked anew, by the plan that the call should have had, and whoever was acting on it is told.
 * Whoever has arrived stays arrived.
 */
export function upgraded(d: Draft, e: Extract<AlertEvent, { kind: 'upgraded' }>): void {
  forget(d, () => true)
  endAttention(d)
  const { takenOver: _, covered: __, ...alert } = d.alert
  d.alert = { ...alert, plan: e.plan, phase: 'ringing', gaps: [] }
  const heard = Object.values(d.alert.responders).filter((r) => r.state !== 'arrived' && r.state !== 'not-me')
  for (const { unreachable: _, released: __, confirmed: ___, eta: ____, ...r } of heard)
    setResponder(d, { ...r, state: 'asked', since: d.at, changed: d.alert.revision })
  callAttention(d, 'prompt', e.reason)
  tell(d, 'team', 'info', e.reason)
  fireStep(d, 0, e.reason)
  if (!e.plan.escalates) setDue(d, 'close', d.at + (e.plan.closeAfter ?? e.plan.repeatLast))
  for (const { person } of heard)
    if (!d.rung.has(person)) ringAgain(d, responderOf(d.alert, person)!, e.reason)
}
