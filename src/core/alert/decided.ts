import type { Alert, Responder, ResponderState } from './alert.ts'

/** Where a ring has got to: the way to an answer, and none of it is one. */
const RINGING: ReadonlySet<ResponderState> = new Set(['asked', 'on-device', 'presented', 'opened'])

/**
 * Whether anything was decided between two states of an alert: a phase, a plan, an answer, a release, that switchboard
 * took over, that somebody bleeped again or asked for another role. Whoever acts must have seen it.
 */
export function isDecided(before: Alert, after: Alert): boolean {
  return (
    before.phase !== after.phase ||
    before.plan !== after.plan ||
    before.takenOver !== after.takenOver ||
    before.repeats !== after.repeats ||
    before.also !== after.also ||
    Object.values(after.responders).some((r) => {
      const was = before.responders[r.person]
      return answerOf(r) !== answerOf(was) || r.released !== was?.released
    })
  )
}

/** What stands between this person and the call; a ring that is not answered is nothing yet. */
function answerOf(r: Responder | undefined): ResponderState | undefined {
  return r === undefined || RINGING.has(r.state) ? undefined : r.state
}
