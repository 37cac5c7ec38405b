import type { Device } from '../../core/deliver/device.ts'
import { type Asker, organisationsOf, outsideRoles } from '../../core/directory/trust.ts'
import { given } from '../../core/given.ts'
import type { PersonId, RoleId } from '../../core/ids.ts'
import type { Caller } from '../../ports/desk.ts'
import { actorOf, type DeskParts, peopleOf } from './desk-parts.ts'

/** Who asks from a device, as the trust's policy tells people apart. */
export function askerFor(parts: DeskParts, device: Device): Asker {
  const { clock, roster } = parts
  const directory = roster.current()
  if (device.owner.kind === 'ward') return { from: 'ward', roles: [] }
  const [person] = peopleOf(parts, device)
  const roles =
    device.owner.kind === 'role'
      ? [device.owner.role]
      : person
        ? outsideRoles(directory, person, clock.now())
        : []
  const staffGroup = person === undefined ? undefined : directory.people.get(person)?.staffGroup
  return { from: 'phone', roles, ...given({ staffGroup }) }
}

/** What people of an outside organisation see and do here stands on a record of that organisation's own as well. */
export function outside(
  { trail, roster }: DeskParts,
  caller: Caller,
  roles: readonly RoleId[],
  act: 'ask' | 'ask-refused' | 'answer' | 'read',
  subject: string,
): void {
  for (const { id } of organisationsOf(roster.current().trust, roles)) {
    if (act === 'read') trail.looked(actorOf(caller), outsideAction(id, act), subject)
    else trail.did({ actor: actorOf(caller), action: outsideAction(id, act), subject })
  }
}

export function outsideBy(
  parts: DeskParts,
  caller: Caller,
  person: PersonId,
  act: 'answer',
  subject: string,
): void {
  outside(parts, caller, outsideRoles(parts.roster.current(), person, parts.clock.now()), act, subject)
}

/** Every action of an organisation's own record begins with this. */
const outsideAction = (organisation: string, act = ''): string => `outside.${organisation}.${act}`
