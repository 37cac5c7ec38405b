import type { RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { Directory, Holder, PlanNumber, Role } from './directory.ts'
import { membersAt } from './team.ts'

/** Why we leave somebody to the pager network alone. */
export type Unrung = Extract<ReasonCode, 'listening-only' | 'pager-only'>

/** Watched as a crash role: one that only listens is the pager network's, and nobody is told of its gaps. */
export const isCrash = ({ crash, listens }: Role): boolean => crash && listens !== true

/** Whoever holds a role and can be rung by us: active, and with more than a pager. None while the role only listens. */
export function rungHolders(directory: Directory, role: RoleId, at: Instant): readonly Holder[] {
  if (directory.roles.get(role)?.listens) return []
  return directory.holders(role, at).filter(({ person }) => {
    const known = directory.people.get(person)
    return known?.active === true && known.pagerOnly !== true
  })
}

/**
 * Why nobody who holds a role is rung by us: it has not gone live, or everybody who holds it has a pager only. A role
 * that nobody holds is another matter: that is told and escalated.
 */
export function whyUnrung(directory: Directory, role: RoleId, at: Instant): Unrung | undefined {
  if (directory.roles.get(role)?.listens) return 'listening-only'
  const held = directory.holders(role, at).filter((h) => directory.people.get(h.person)?.active === true)
  return held.length > 0 && held.every((h) => directory.people.get(h.person)?.pagerOnly)
    ? 'pager-only'
    : undefined
}

/** The same of a number's target: a team of whom one is rung is rung. */
export function whyTargetUnrung(directory: Directory, to: PlanNumber['to'], at: Instant): Unrung | undefined {
  switch (to.kind) {
    case 'person':
      return directory.people.get(to.person)?.pagerOnly ? 'pager-only' : undefined
    case 'role':
      return whyUnrung(directory, to.role, at)
    case 'team': {
      const why = membersAt(directory, to.team, at).map(({ role }) => whyUnrung(directory, role, at))
      if (why.length === 0 || why.includes(undefined)) return undefined
      return why.includes('pager-only') ? 'pager-only' : 'listening-only'
    }
  }
}
