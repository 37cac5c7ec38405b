import type { Instant } from '../../instant.ts'
import { CLASSES } from '../../vocabulary.ts'
import { Names } from '../facts/columns.ts'
import type { Footnotes } from '../facts/footnotes.ts'
import { type Group, NO_GROUP, NO_ROLE, newGroup } from './groups.ts'
import { type ReportAsk, SMALLEST_GROUP } from './report.ts'
import type { Reader, ReportNames } from './report-names.ts'
import { type ShiftPlan, shiftPlan } from './shifts.ts'

/** Staff group whose hours the shifts of a ward are told by. */
export const NURSES = 'nurse'
/** More shifts than any site has: two numbers make one key. */
const MOST_SHIFTS = 1024

/** Which shift a bleep came in, and to which group, a role on a shift, its wait belongs. */
export class Places {
  readonly groups: Group[] = []
  /** By ward and shift of its nurses; the ward stands where a role's id does. */
  readonly wards: Group[] = []
  readonly #ask: ReportAsk
  readonly #names: ReportNames
  readonly #notes: Footnotes
  readonly #plans: ShiftPlan[] = []
  readonly #groupOf = new Map<number, number>()
  readonly #wardOf = new Map<number, number>()
  readonly #shifts = new Names()
  readonly #nurses: ShiftPlan

  constructor(ask: ReportAsk, names: ReportNames, notes: Footnotes) {
    this.#ask = ask
    this.#names = names
    this.#notes = notes
    this.#nurses = this.#planOf(NURSES)
  }

  /** Name of the shift; `undefined` in a gap of the pattern. */
  shift(reader: Reader, row: number): string | undefined {
    return this.#plan(reader.staffGroup(row)).at(reader.facts.at[row]!)?.name
  }

  /** The group a fact's wait belongs to; `undefined` when it has no place in time saved. */
  group(reader: Reader, row: number, shift: string | undefined): number | undefined {
    const name = CLASSES[reader.class(row)]
    if (name === 'emergency' || name === 'test') return undefined
    if (this.#ask.shift !== undefined && shift !== this.#ask.shift) return undefined
    if (shift === undefined) {
      this.#notes.add('outside-shifts')
      return undefined
    }
    const role = reader.role(row)
    if (role < 0) this.#notes.add('no-role')
    const key = (role + 1) * MOST_SHIFTS + this.#shifts.id(shift)
    let index = this.#groupOf.get(key)
    if (index === undefined) {
      const staffGroup = this.#names.staffGroups.all[reader.staffGroup(row)] ?? NO_GROUP
      index = this.groups.push(newGroup(staffGroup, this.#names.roles.all[role] ?? NO_ROLE, shift)) - 1
      this.#groupOf.set(key, index)
    }
    this.#met(this.groups[index]!, reader, row)
    return index
  }

  #met({ people }: Group, { facts }: Reader, row: number): void {
    if (people.size >= SMALLEST_GROUP) return
    const person = facts.names[facts.texts.person[row]!]
    if (person !== undefined) people.add(person)
  }

  /** The ward that asked, on the shift of its nurses; `undefined` where that is not known or not asked for. */
  ward(reader: Reader, row: number): number | undefined {
    const ward = reader.ward(row)
    if (ward < 0) return undefined
    const shift = this.#nurses.at(reader.facts.at[row]!)?.name
    if (shift === undefined || (this.#ask.shift !== undefined && shift !== this.#ask.shift)) return undefined
    const key = ward * MOST_SHIFTS + this.#shifts.id(shift)
    let index = this.#wardOf.get(key)
    if (index === undefined) {
      index = this.wards.push(newGroup(NURSES, this.#names.wards.all[ward] ?? NO_ROLE, shift)) - 1
      this.#wardOf.set(key, index)
    }
    this.#met(this.wards[index]!, reader, row)
    return index
  }

  /** How many shifts of that name the nurses of one ward work in a span. */
  nursesHeld(shift: string, from: Instant, to: Instant): number {
    return this.#nurses.held(shift, from, to)
  }

  /** How many shifts of that name a staff group works in a span. */
  held(staffGroup: string, shift: string, from: Instant, to: Instant): number {
    return this.#plan(this.#names.staffGroups.find(staffGroup) ?? -1).held(shift, from, to)
  }

  /** By number of the staff group; negative for roles without one. */
  #plan(staffGroup: number): ShiftPlan {
    const known = this.#plans[staffGroup + 1]
    if (known !== undefined) return known
    const plan = this.#planOf(this.#names.staffGroups.all[staffGroup])
    this.#plans[staffGroup + 1] = plan
    return plan
  }

  #planOf(staffGroup: string | undefined): ShiftPlan {
    const { shifts, zone, from, to, baseline } = this.#ask
    const first = Math.min(from, baseline?.from ?? from)
    return shiftPlan(shifts, staffGroup, zone, first, Math.max(to, baseline?.to ?? to))
  }
}
