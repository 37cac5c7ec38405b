import type { PersonId } from '../ids.ts'
import type { Millis } from '../instant.ts'
import { type Due, dueOf, isDue } from '../vocabulary.ts'
import type { AlertEvent } from './alert.ts'
import { close } from './answers.ts'
import { chaseAlso, chaseReceipts, exhaust, fireStep, ringPending } from './asking.ts'
import { callAttention, change, type Draft, forget, setDue, setResponder, tell } from './draft.ts'
import { insist } from './insist.ts'
import { isComing } from './responder.ts'

/**
 * A due time has come. A row that the alert no longer knows, or knows for later (claimed twice, moved since), is
 * ignored: leases deliver every row at least once, and this check makes it exactly once.
 */
export function due(d: Draft, e: Extract<AlertEvent, { kind: 'due' }>) {
  const at = d.alert.due[e.name]
  if (at === undefined || e.at < at) {
    d.ignored = true
    return
  }
  const sort = dueOf(e.name)
  forget(d, (other) => other === sort)
  if (sort !== undefined) COMES[sort](d, e.name, e.engaged ?? [])
}

/** What each sort of due time leads to. */
const COMES: Readonly<Record<Due, (d: Draft, name: string, engaged: readonly PersonId[]) => void>> = {
  step,
  repeat,
  receipt: chaseReceipts,
  insist: (d, _, engaged) => insist(d, engaged),
  also: chaseAlso,
  hold: takeOverEnds,
  lapse,
  close: closeByItself,
}

/** A step's name has its index in the plan. */
function step(d: Draft, name: string): void {
  const index = Number(name.slice('step-'.length))
  fireStep(d, index, d.alert.plan.steps[index]!.reason)
}

/** The plan has run out and nobody has acted: the last step again, and the alarm stands. */
function repeat(d: Draft): void {
  exhaust(d, 'plan-repeats')
  fireStep(d, d.alert.plan.steps.length - 1, 'plan-repeats')
}

function takeOverEnds(d: Draft): void {
  const { takenOver: _, ...alert } = d.alert
  d.alert = alert
  exhaust(d, 'hold-ended')
  setDue(d, 'repeat', d.at + d.alert.plan.repeatLast)
  ringPending(d, 'hold-ended')
}

/** Whoever accepted and has not arrived in time counts as not coming; the lifecycle then sees what is missing. */
function lapse(d: Draft): void {
  const bound = d.alert.plan.lapse!
  for (const r of Object.values(d.alert.responders)) {
    if (!isComing(r, d.alert.plan.class) || r.state === 'arrived' || r.confirmed) continue
    if (d.at < r.since + bound) continue
    setResponder(d, { ...r, state: 'asked', since: d.at, rung: d.at })
    callAttention(d, 'prompt', 'acceptance-lapsed', r.roles)
  }
}

function closeByItself(d: Draft): void {
  const test = !d.alert.plan.escalates
  close(d, 'system', test ? 'test-over' : 'covered-and-quiet', 'update')
  tell(d, 'switchboard', 'info', test ? 'test-over' : 'covered-and-quiet')
}

/** What is due moves with the clock, and so does every time that something is counted from. */
export function clockSetBack(d: Draft, by: Millis): void {
  for (const [name, at] of Object.entries(d.alert.due)) if (isDue(name)) setDue(d, name, at - by)
  for (const r of Object.values(d.alert.responders))
    setResponder(d, { ...r, rung: r.rung - by, since: r.since - by })
  if (d.alert.covered !== undefined) change(d, { covered: d.alert.covered - by })
}
