import type { PersonId } from '../ids.ts'
import { type Instant, type Millis, SECOND } from '../instant.ts'
import type { Alert, Responder } from './alert.ts'
import { type Draft, deliver, setDue, setResponder } from './draft.ts'
import { isComing, isOut, isPending } from './responder.ts'

/** Each ring comes after this part of the pause before it, down to a third of the first: closer and closer. */
const CLOSER = 0.8
const CLOSEST = 1 / 3
/** A phone that rings for a few seconds has no use for the next ring before. */
const LEAST: Millis = 3 * SECOND

/**
 * When somebody is rung again who has not opened it, counted from when their phone last rang. Whoever gave no sign at all is chased by
 * their other ways instead, so that no device is rung by both in one moment.
 */
function againAt(every: Millis, r: Responder): Instant {
  const pause = Math.max(LEAST, Math.round(every * Math.max(CLOSEST, CLOSER ** (r.insisted ?? 0))))
  // A phone back from a dead spot has only now rung for what went out long before.
  return (r.since - r.rung > LEAST ? r.since : r.rung) + pause
}

/** It reached a device, and nobody has looked: the ring may have gone unheard. */
function isUnheard(r: Responder): boolean {
  return isPending(r) && (r.state === 'on-device' || r.state === 'presented')
}

/** Sets when to ring again, where the class asks for it: the earliest of all who have not looked. */
export function setInsist(d: Draft): void {
  const { insist, escalates } = d.alert.plan
  if (insist === undefined || !escalates || d.alert.takenOver !== undefined) return
  const due = nextOf(Object.values(d.alert.responders), insist)
  if (due !== undefined && due !== d.alert.due.insist) setDue(d, 'insist', Math.max(due, d.at))
}

function nextOf(all: readonly Responder[], every: Millis): Instant | undefined {
  const times = all.filter(isUnheard).map((r) => againAt(every, r))
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Who is coming to one of these emergencies: the others may leave them in peace. */
export function engagedIn(open: readonly Alert[]): readonly PersonId[] {
  return open
    .filter(({ plan }) => plan.class === 'emergency')
    .flatMap(({ responders, plan }) =>
      Object.values(responders).filter((r) => isComing(r, plan.class) && !isOut(r)),
    )
    .map(({ person }) => person)
}

/**
 * Rings those again whose pause is over; an answer, cover or a stand-down has taken the others off the list.
 * @param engaged who is on an emergency: left in peace until the next pause, or the next step
 */
export function insist(d: Draft, engaged: readonly PersonId[]): void {
  const every = d.alert.plan.insist
  if (every === undefined || d.alert.takenOver !== undefined) return
  for (const r of Object.values(d.alert.responders)) {
    if (!isUnheard(r) || d.at < againAt(every, r)) continue
    const quiet = engaged.includes(r.person)
    setResponder(d, { ...r, rung: d.at, ...(quiet ? {} : { insisted: (r.insisted ?? 0) + 1 }) })
    if (!quiet) deliver(d, r.person, 'again', r.path, 'insists')
  }
}
