import { asId, type PersonId, type RoleId, type TeamId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { Class } from '../vocabulary.ts'
import type { HospitalNumbers } from './hospital-numbers.ts'
import type { Trust } from './trust.ts'

export interface Person {
  readonly id: PersonId
  readonly name: string
  /** `doctor`, `nurse`, `porter`, … : reports group by it, never by person. */
  readonly staffGroup: string
  /** False for leavers: never asked, tokens revoked. */
  readonly active: boolean
  /** How switchboard rings this person; shown to switchboard alone. */
  readonly phone?: string
  /** Has no phone of ours and is not to be rung by one: the pager alone reaches them. */
  readonly pagerOnly?: true
}

export interface Role {
  readonly id: RoleId
  readonly name: string
  readonly site: string
  readonly staffGroup: string
  /** Nobody holding a crash role is an alarm of its own. */
  readonly crash: boolean
  /** Who is asked when nobody holds this role or its holder does not answer, in order. */
  readonly substitutes: readonly RoleId[]
  /** The baton bleep (bleep number) that goes with the role, where one is passed on at hand-over. */
  readonly baton?: string
  /** How many people are meant to hold it at once; absent: one. More is double cover, fewer a gap. */
  readonly holders?: number
  /** Civil hours and ISO weekdays (1 Monday … 7 Sunday) in which somebody must hold it; absent: always. */
  readonly hours?: Hours
  readonly days?: readonly number[]
  /** The rota is not enough: whoever comes on must take the baton, or the role counts as unclaimed. */
  readonly mustClaim?: boolean
  /** Not live yet: its bleeps are heard and measured, nobody is rung for it and nobody told of its gaps. */
  readonly listens?: true
}

/** Civil clock times `HH:MM` in the site's zone, half-open; `to` at or before `from` means the next day. */
export interface Hours {
  readonly from: string
  readonly to: string
}

/** Who responds together. A mandatory member must be covered; an optional one may come. */
export interface Team {
  readonly id: TeamId
  readonly name: string
  readonly members: readonly TeamMember[]
}

export interface TeamMember {
  readonly role: RoleId
  readonly need: 'mandatory' | 'optional'
  readonly count: number
  /** Civil hours of membership; absent: always. */
  readonly hours?: Hours
}

/** One row of the number plan: what a bleep number (and its radio address) stands for. */
export interface PlanNumber {
  /** Bleep number as printed on the device; text, leading zeros matter. */
  readonly number: string
  readonly ric?: number
  /** Absent: any function of that RIC. */
  readonly fn?: 0 | 1 | 2 | 3
  readonly to: Target
  readonly site: string
  /** What a page to this number means without any text (speech pagers): kind id and class. */
  readonly kind?: string
  readonly class?: Class
  readonly description: string
}

/** Whom to ask. Resolved into people when a step fires, never before. */
export type Target =
  | { readonly kind: 'role'; readonly role: RoleId }
  | { readonly kind: 'team'; readonly team: TeamId }
  | { readonly kind: 'person'; readonly person: PersonId }

/** A target in one word, as site files write it: `role:med-reg`. Equal targets have equal words. */
export function targetKey(target: Target): string {
  if (target.kind === 'role') return `role:${target.role}`
  return target.kind === 'team' ? `team:${target.team}` : `person:${target.person}`
}

/** The role of someone who was named, not found by a role. */
export const NAMED = asId<RoleId>('named')

/** One span of duty, half-open `[from, to)`. */
export interface Duty {
  readonly role: RoleId
  readonly person: PersonId
  readonly from: Instant
  readonly to: Instant
  /** Which pattern, override, swap or hand-over put this person here. */
  readonly source: string
}

/** Who has a role at an instant, and by which duty. */
export interface Holder {
  readonly person: PersonId
  readonly role: RoleId
  readonly source: string
}

/** A frozen snapshot of who is who. Look-ups cost the same for a thousand and for a hundred thousand people. */
export interface Directory {
  readonly zone: string
  readonly people: ReadonlyMap<PersonId, Person>
  readonly roles: ReadonlyMap<RoleId, Role>
  readonly teams: ReadonlyMap<TeamId, Team>
  readonly numbers: ReadonlyMap<string, PlanNumber>
  /** By `ric/fn` and by `ric` alone. */
  readonly rics: ReadonlyMap<string, PlanNumber>
  /** Telephone extension → where it stands. */
  readonly extensions?: ReadonlyMap<string, string>
  /** Telephone extension → its ward, where that has another name than the place. */
  readonly wards?: ReadonlyMap<string, string>
  /** The hospital's own patient numbers in a text; absent: the site has not told us their shape. */
  readonly hospitalNumbers?: HospitalNumbers
  /** The trust's own policy on paging, where it has one. */
  readonly trust?: Trust
  /** Who holds a role at an instant: shifts, then overrides, swaps, leave and hand-overs on top. */
  holders(role: RoleId, at: Instant): readonly Holder[]
}
