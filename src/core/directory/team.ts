import type { TeamId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { clockAt, withinHours } from './civil.ts'
import type { Directory, TeamMember } from './directory.ts'

/** Who belongs to a team at an instant: some roles only by day. */
export function membersAt(directory: Directory, team: TeamId, at: Instant): readonly TeamMember[] {
  const members = directory.teams.get(team)?.members ?? []
  if (members.every((m) => m.hours === undefined)) return members
  const clock = clockAt(at, directory.zone)
  return members.filter((m) => m.hours === undefined || withinHours(m.hours, clock))
}
