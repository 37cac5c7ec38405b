import type { Who } from '../alert/draft.ts'
import { type Directory, type Holder, NAMED } from '../directory/directory.ts'
import { rungHolders } from '../directory/live.ts'
import { membersAt } from '../directory/team.ts'
import type { Instant } from '../instant.ts'

/** Resolves targets into people we may ring at an instant: a team by its members' hours, a role by whoever has it now. */
export function whoAt(directory: Directory, at: Instant): Who {
  const rung = (h: Holder) => {
    const known = directory.people.get(h.person)
    return known?.active === true && known.pagerOnly !== true
  }
  return (target) => {
    switch (target.kind) {
      case 'role':
        return rungHolders(directory, target.role, at)
      case 'team':
        return membersAt(directory, target.team, at).flatMap((m) => rungHolders(directory, m.role, at))
      case 'person':
        return [{ person: target.person, role: NAMED, source: 'named' }].filter(rung)
    }
  }
}
