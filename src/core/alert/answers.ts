import { type Target, targetKey } from '../directory/directory.ts'
import type { PersonId } from '../ids.ts'
import type { ReasonCode } from '../reasons.ts'
import { type AnswerOutcome, isAwaited } from '../vocabulary.ts'
import type { Actor, AlertEvent, Responder } from './alert.ts'
import { askBesides, holdersOf, newResponder, ringPending } from './asking.ts'
import { coverOf } from './cover.ts'
import {
  change,
  type Draft,
  deliver,
  endAttention,
  forget,
  pageByRadio,
  setDue,
  setResponder,
  stampHop,
} from './draft.ts'
import { answerMoves, isComing, isOut, responderOf } from './responder.ts'
import { say, speaker } from './thread.ts'

type Of<Kind extends AlertEvent['kind']> = Extract<AlertEvent, { kind: Kind }>

/** How long the switchboard may work on an alert before it alarms again. */
const ACTING_MS = 5 * 60_000

/** Tells the human what became of their action. Anything but `applied` and `late` leaves the alert as it was. */
function reply(
  d: Draft,
  outcome: AnswerOutcome,
  reason: ReasonCode,
  more: { readonly by?: PersonId | 'switchboard' | 'system' | undefined; readonly again?: boolean } = {},
) {
  const { by, again } = more
  d.effects.push({
    kind: 'answered',
    outcome,
    reason,
    ...(by ? { by } : {}),
    ...(again ? { again } : {}),
  })
  if (outcome !== 'applied' && outcome !== 'late') d.ignored = true
}

/**
 * Refuses an action that did not see what stands.
 * @param fits nothing that concerns this action has changed: it may be sent again as it is, and screens do so themselves
 */
function isStale(d: Draft, version: number, fits: boolean, reason: ReasonCode = 'look-again'): boolean {
  if (version === d.before.version) return false
  reply(d, 'stale', reason, { again: fits })
  return true
}

/** After the end a human action changes nothing; it is kept on the record and answered with what stands. */
export function answerLate(d: Draft): void {
  reply(d, 'late', 'already-closed', { by: d.alert.closed!.by })
}

/** Nobody writes on the record of a call that they have no part in. */
export function answeredLate(d: Draft, e: Of<'answered'>) {
  if (!responderOf(d.alert, e.person) && !enlist(d, e)) return reply(d, 'not-asked', 'not-asked')
  answerLate(d)
}

/**
 * The same answer again is the same answer, whatever it saw: a phone repeats what it has no reply to. Any other must
 * have seen what stands. Somebody else's answer in between is no reason to make a doctor tap twice: the refusal says
 * that theirs still fits. An exchange has no screen; what it heard is true of what stands now.
 */
export function answered(d: Draft, e: Of<'answered'>) {
  const r = responderOf(d.alert, e.person) ?? enlist(d, e)
  if (!r) return reply(d, 'not-asked', 'not-asked')
  // The exchange saw the call that was promised: the same answer, but now certain.
  const confirms = e.by.kind === 'pbx' && r.state === e.answer && r.confirmed !== true
  if (r.state === e.answer && !confirms) return reply(d, 'already', 'already-answered', { by: r.person })
  const c = d.alert.plan.class
  const comes = !isOut({ ...r, state: e.answer })
  if (d.alert.phase === 'covered' && c !== 'emergency' && comes && !isComing(r, c)) {
    const [by] = coverOf(d.alert).coming
    return reply(d, 'already', 'already-covered', { by })
  }
  const why = r.released ? 'already-released' : 'look-again'
  if (e.by.kind !== 'pbx' && isStale(d, e.version, r.changed <= e.version, why)) return
  if (!confirms && !answerMoves(r.state, e.answer))
    return reply(d, 'already', 'already-answered', { by: r.person })
  const was = isComing(r, c)
  const { unreachable: _, released: __, ...kept } = r
  const next: Responder = { ...kept, state: e.answer, since: d.at, changed: d.alert.revision }
  setResponder(d, e.by.kind === 'pbx' ? { ...next, confirmed: true } : next)
  if (isComing(next, c) && !was) stampHop(d, 'accepted', r.person)
  if (e.answer === 'attending' || e.answer === 'arrived') stampHop(d, e.answer, r.person)
  if (e.note)
    say(d, e.by.kind === 'switchboard' ? e.by : { kind: 'person', person: e.person }, {
      kind: 'note',
      text: e.note,
    })
  reply(d, 'applied', e.by.kind === 'pbx' ? 'call-back-answered' : 'answer-recorded', { by: e.person })
}

/** Someone who was not rung may answer if they hold a role of this call by now, or if switchboard speaks for them. */
function enlist(d: Draft, e: Of<'answered'>): Responder | undefined {
  const { steps, need } = d.alert.plan
  const targets: readonly Target[] = [
    ...steps.flatMap((s) => s.ask),
    ...need.flatMap((n) => [n.role, ...n.substitutes]).map((role) => ({ kind: 'role' as const, role })),
  ]
  const held = targets.flatMap((t) => holdersOf(d, t)).filter((c) => c.person === e.person)
  if (held.length === 0 && e.by.kind !== 'switchboard') return undefined
  return newResponder(d, { person: e.person, roles: [...new Set(held.flatMap((c) => c.roles))] })
}

/** A responder cannot come after all. Their place is empty again, and they are not rung again for this alert. */
export function released(d: Draft, e: Of<'released'>) {
  const r = responderOf(d.alert, e.person)
  if (!r) return reply(d, 'not-asked', 'not-asked')
  if (isOut(r)) return reply(d, 'already', 'already-released', { by: r.person })
  if (isStale(d, e.version, r.changed <= e.version)) return
  const bySelf = speaker(e.by) === e.person
  setResponder(d, {
    ...r,
    state: bySelf ? 'declined' : 'stood-down',
    released: true,
    since: d.at,
    changed: d.alert.revision,
  })
  if (!bySelf) deliver(d, e.person, 'stand-down', 0, 'released')
  reply(d, 'applied', 'released', { by: e.person })
}

/**
 * What was put on record for somebody was a slip of the hand. They are asked as before, and their place is empty again
 * where they had filled one; whoever was on the call by that slip alone is on it no more.
 */
export function answerUndone(d: Draft, e: Of<'answer-undone'>) {
  const r = responderOf(d.alert, e.person)
  if (!r) return reply(d, 'not-asked', 'not-asked')
  if (isAwaited(r.state) || (r.state === 'stood-down' && !r.released))
    return reply(d, 'already', 'already-undone', { by: r.person })
  if (isStale(d, e.version, r.changed <= e.version)) return
  const { released: _, confirmed: __, ...kept } = r
  // Nobody rang them before: the answer itself put them on the call.
  const state = r.asked === r.rung && r.asked === r.since ? 'stood-down' : 'asked'
  setResponder(d, { ...kept, state, since: d.at, changed: d.alert.version })
  reply(d, 'applied', 'answer-undone', { by: e.person })
}

/** The page goes out by radio once more. Nothing is decided: phones, steps and alarm go on as they were. */
export function pagedAgain(d: Draft, e: Of<'paged-again'>) {
  if (isStale(d, e.version, true)) return
  pageByRadio(d, 'paged-again')
  reply(d, 'applied', 'paged-again', { by: 'switchboard' })
}

/** Switchboard acts by telephone: steps stop, and the alarm comes back if nothing has changed when their time ends. */
export function takenOver(d: Draft, e: Of<'taken-over'>) {
  const standing = d.alert.takenOver
  if (standing && standing.version > e.version)
    return reply(d, 'already', 'already-taken-over', { by: 'switchboard' })
  if (d.alert.phase === 'covered')
    return reply(d, 'already', 'already-covered', { by: coverOf(d.alert).coming[0] })
  if (isStale(d, e.version, true)) return
  forget(d, (sort) => sort === 'step' || sort === 'repeat')
  endAttention(d)
  setDue(d, 'hold', d.at + ACTING_MS)
  change(d, { takenOver: { at: d.at, by: nameOf(e.by), version: d.alert.revision } })
  reply(d, 'applied', 'taken-over', { by: 'switchboard' })
}

/** Everybody still awaited is rung again and the page goes out by radio: nothing is decided, so the alarm stands. */
export function askedAgain(d: Draft, e: Of<'asked-again'>) {
  if (d.alert.phase === 'covered')
    return reply(d, 'already', 'already-covered', { by: coverOf(d.alert).coming[0] })
  if (isStale(d, e.version, true)) return
  ringPending(d, 'asked-again')
  pageByRadio(d, 'asked-again')
  reply(d, 'applied', 'asked-again', { by: 'switchboard' })
}

/** Another role is wanted too: a second opinion, another pair of hands. */
export function alsoAsked(d: Draft, e: Of<'also-ask'>) {
  const asked = d.alert.also.some((target) => targetKey(target) === targetKey(e.target))
  if (asked && e.version !== d.before.version) return reply(d, 'already', 'also-asked')
  if (isStale(d, e.version, true)) return
  askBesides(d, e.target)
  reply(d, 'applied', 'also-asked')
}

/** Closing must have seen what it ends; a page that cancels has seen nothing and needs no leave. */
export function closedByPerson(d: Draft, e: Of<'closed'>) {
  if (isStale(d, e.version, false)) return
  if (e.note) say(d, e.by, { kind: 'note', text: e.note })
  close(d, e.by, 'closed-by-person', 'stand-down')
  reply(d, 'applied', 'closed-by-person')
}

/** The call is over and those who went stay where they are: only who was still being rung is told to stop. */
export function finished(d: Draft, e: Of<'finished'>) {
  if (isStale(d, e.version, false)) return
  if (e.note) say(d, e.by, { kind: 'note', text: e.note })
  close(d, e.by, 'finished', 'update')
  for (const r of Object.values(d.alert.responders))
    if (isAwaited(r.state)) deliver(d, r.person, 'stand-down', 0, 'finished')
  reply(d, 'applied', 'finished')
}

export function cancelled(d: Draft, e: Of<'cancelled'>) {
  if (e.version !== undefined && isStale(d, e.version, false)) return
  if (e.note && e.by !== 'page') say(d, e.by, { kind: 'note', text: e.note })
  close(d, e.by === 'page' ? 'system' : e.by, e.reason, 'cancel')
  if (e.by !== 'page') reply(d, 'applied', e.reason)
}

/** The end: nothing stays due, and everyone who was rung and is not there yet is told to stop. */
export function close(
  d: Draft,
  by: Actor | 'system',
  reason: ReasonCode,
  purpose: 'stand-down' | 'cancel' | 'update',
): void {
  forget(d, () => true)
  endAttention(d)
  const who = by === 'system' ? by : speaker(by)
  const operator = by !== 'system' && by.kind === 'switchboard' ? { operator: by.operator } : {}
  change(d, { phase: 'closed', closed: { at: d.at, by: who, reason, ...operator } })
  if (purpose === 'update') return
  for (const r of Object.values(d.alert.responders))
    if (!isOut(r) && r.state !== 'stood-down') deliver(d, r.person, purpose, 0, reason)
}

function nameOf(by: Actor): string {
  if (by.kind === 'person') return by.person
  return by.kind === 'switchboard' ? by.operator : 'pbx'
}
