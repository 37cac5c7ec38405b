import type { Who } from '../alert/draft.ts'
import { clockAt, withinHours } from '../directory/civil.ts'
import type { Directory, Holder } from '../directory/directory.ts'
import { asId, type RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'

/** The role of someone who was named, not found by a role. */
const NAMED = asId<RoleId>('named')

/** Resolves targets into active people at an instant: a team by its members' hours, a role by whoever has it now. */
export function whoAt(directory: Directory, at: Instant): Who {
  const active = (h: Holder) => directory.people.get(h.person)?.active === true
  return (target) => {
    switch (target.kind) {
      case 'role':
        return directory.holders(target.role, at).filter(active)
      case 'team': {
        const clock = clockAt(at, directory.zone)
        return (directory.teams.get(target.team)?.members ?? [])
          .filter((m) => m.hours === undefined || withinHours(m.hours, clock))
          .flatMap((m) => directory.holders(m.role, at).filter(active))
      }
      case 'person':
        return [{ person: target.person, role: NAMED, source: 'named' }].filter(active)
    }
  }
}
