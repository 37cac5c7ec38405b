import type { PersonId, RoleId } from '../ids.ts'
import type { CivilDay } from './civil.ts'
import type { Duty, Person, PlanNumber, Role, Team } from './directory.ts'
import type { Edit } from './edits.ts'
import type { ShiftPattern } from './shift.ts'
import type { Trust } from './trust.ts'

/** What the files of a site folder say, checked: the ground that edits are folded over. */
export interface Site {
  readonly id: string
  readonly name: string
  /** IANA zone of every civil time in the files. */
  readonly zone: string
  /** Shape (RE2) of the patient numbers of the site's own; absent: none is known. */
  readonly hospitalNumber?: string
  /** The hospitals of the trust that share the switchboard: id → name. */
  readonly hospitals: ReadonlyMap<string, string>
  /** A Monday: week 1 of every rolling rota. */
  readonly rotaStart: CivilDay
  readonly people: readonly Person[]
  readonly roles: readonly Role[]
  readonly teams: readonly Team[]
  readonly numbers: readonly PlanNumber[]
  readonly shifts: readonly ShiftPattern[]
  readonly rota: readonly RotaLine[]
  /** Duties with fixed instants, from calendars. */
  readonly duties: readonly Duty[]
  /** Overrides, swaps and leave known when the files were written. */
  readonly changes: readonly Edit[]
  /** Telephone extension → where it stands: says who rang when only digits were sent. */
  readonly extensions: ReadonlyMap<string, string>
  /** Telephone extension → the ward that it belongs to, where the place has a name of its own. */
  readonly wards?: ReadonlyMap<string, string>
  /** The trust's own policy on paging, where it has laid one down here. */
  readonly trust?: Trust
}

/** One line of a rolling rota: this person does this shift in this role on these weekdays of these weeks. */
export interface RotaLine {
  readonly role: RoleId
  readonly person: PersonId
  /** Shift id. */
  readonly shift: string
  /** ISO weekdays on which the shift begins. */
  readonly days: readonly number[]
  /** Week `week` of every `every` weeks, counted from the site's `rotaStart`; absent: every week. */
  readonly cycle?: { readonly week: number; readonly every: number }
  /** First and last day on which the shift may begin, both included. */
  readonly first?: CivilDay
  readonly last?: CivilDay
  readonly source: string
}
