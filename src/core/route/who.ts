import type { Who } from '../alert/draft.ts'
import { type Directory, type Holder, NAMED } from '../directory/directory.ts'
import { membersAt } from '../directory/team.ts'
import type { Instant } from '../instant.ts'

/** Resolves targets into active people at an instant: a team by its members' hours, a role by whoever has it now. */
export function whoAt(directory: Directory, at: Instant): Who {
  const active = (h: Holder) => directory.people.get(h.person)?.active === true
  return (target) => {
    switch (target.kind) {
      case 'role':
        return directory.holders(target.role, at).filter(active)
      case 'team':
        return membersAt(directory, target.team, at).flatMap((m) =>
          directory.holders(m.role, at).filter(active),
        )
      case 'person':
        return [{ person: target.person, role: NAMED, source: 'named' }].filter(active)
    }
  }
}
