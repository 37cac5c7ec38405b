import { isAwaited, type ResponderState } from '../vocabulary.ts'
import type { Alert, Responder } from './alert.ts'
import { responderOf } from './responder.ts'

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
      const was = responderOf(before, r.person)
      return answerOf(r) !== answerOf(was) || r.released !== was?.released
    })
  )
}

/** What stands between this person and the call; a ring that is not answered is nothing yet. */
function answerOf(r: Responder | undefined): ResponderState | undefined {
  return r === undefined || isAwaited(r.state) ? undefined : r.state
}
