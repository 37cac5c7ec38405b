import type { Alert, Need } from '../alert/alert.ts'
import { coverOf } from '../alert/cover.ts'
import { isComing, responderOf } from '../alert/responder.ts'
import type { Directory } from '../directory/directory.ts'
import type { Reader } from '../govern/reader.ts'
import type { PersonId } from '../ids.ts'
import { type Instant, printInstant } from '../instant.ts'
import { nameOfRole, reachOf } from './names.ts'
import type { Card } from './views.ts'

type Missing = Card['missing'][number]

/** Needed roles with an empty place. The switchboard is told with each whom to ring and who else could come. */
export function missingOf(alert: Alert, reader: Reader, directory: Directory, now: Instant): Missing[] {
  if (alert.phase === 'closed') return []
  return coverOf(alert)
    .needs.filter((n) => n.missing > 0)
    .map(({ need, missing }) => ({
      role: need.role,
      name: nameOfRole(need.role, directory),
      count: missing,
      mandatory: need.mandatory,
      ...(reader.access === 'switchboard' ? help(alert, need, reader, directory, now) : {}),
    }))
}

function help(
  alert: Alert,
  need: Need,
  reader: Reader,
  directory: Directory,
  now: Instant,
): Pick<Missing, 'bleep' | 'people' | 'substitutes'> {
  const bleep = directory.roles.get(need.role)?.baton
  return {
    ...(bleep === undefined ? {} : { bleep }),
    people: askedFor(alert, need, directory, now).map((person) => {
      const r = responderOf(alert, person)
      return {
        ...reachOf(person, reader, directory),
        ...(r === undefined ? {} : { state: r.state, since: printInstant(r.since) }),
        ...(r?.unreachable === true ? { unreachable: true } : {}),
      }
    }),
    substitutes: need.substitutes.map((role) => ({ role, name: nameOfRole(role, directory) })),
  }
}

/** Whoever was asked for the role or holds it now, and is not coming already. */
function askedFor(alert: Alert, { role }: Need, directory: Directory, now: Instant): readonly PersonId[] {
  const asked = Object.values(alert.responders).filter((r) => r.roles.includes(role))
  const holders = directory.holders(role, now).map((h) => h.person)
  const people = new Set([...asked.map((r) => r.person), ...holders])
  return [...people].filter((person) => {
    const r = responderOf(alert, person)
    return r === undefined || !isComing(r, alert.plan.class)
  })
}
