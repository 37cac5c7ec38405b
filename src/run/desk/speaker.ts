import type { Actor, Alert } from '../../core/alert/alert.ts'
import { responderOf } from '../../core/alert/responder.ts'
import { say } from '../../core/catalogue/say.ts'
import type { PersonId } from '../../core/ids.ts'
import type { Caller, Outcome } from '../../ports/desk.ts'
import type { Tx } from '../../ports/store.ts'
import { type DeskParts, deviceOf, done, peopleOf, refuse, speakersOf } from './desk-parts.ts'

/** Who does something on a call. `asked`: they are on it, or are the switchboard. */
export interface Speaker {
  readonly by: Actor
  readonly person: PersonId | undefined
  readonly asked: boolean
}

/**
 * Who speaks: a device for whoever was asked on it, or for the one of its holders who says so; the switchboard for
 * itself or for somebody on the telephone. `asked`: who speaks is on the alert, or is the switchboard.
 */
export async function speakerOf(
  parts: DeskParts,
  tx: Tx,
  caller: Caller,
  alert: Alert,
  named: PersonId | undefined,
): Promise<Outcome<Speaker>> {
  if (caller.kind === 'operator') {
    if (named !== undefined && !parts.roster.current().people.has(named)) return refuse('person-unknown')
    return done({ by: { kind: 'switchboard', operator: caller.operator }, person: named, asked: true })
  }
  const device = await deviceOf(tx, caller)
  if (device === undefined) return refuse('not-signed-in')
  const people = named === undefined ? peopleOf(parts, device) : await speakersOf(parts, tx, device, alert)
  if (named !== undefined) {
    if (!people.includes(named)) return refuse('not-permitted', say('refusals.bodyPersonHolderDevice'))
    const asked = responderOf(alert, named) !== undefined
    return done({ by: { kind: 'person', person: named, device: caller.device }, person: named, asked })
  }
  const asked = people.filter((p) => responderOf(alert, p) !== undefined)
  const [person, ...others] = asked.length > 0 ? asked : people
  if (person === undefined || others.length > 0) return refuse('answerer-unclear')
  return done({ by: { kind: 'person', person, device: caller.device }, person, asked: asked.length > 0 })
}
