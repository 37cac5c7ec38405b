import type { Instant } from '../../instant.ts'
import { CLASSES } from '../../vocabulary.ts'
import { Names } from '../facts/columns.ts'
import type { Footnotes } from '../facts/footnotes.ts'
import { type Group, NO_GROUP, NO_ROLE, newGroup } from './groups.ts'
import { type ReportAsk, SMALLEST_GROUP } from './report.ts'
import type { Reader, ReportNames } from './report-names.ts'
import { type ShiftPlan, shiftPlan } from './shifts.ts'

/** More shifts than any site has: two numbers make one key. */
const MOST_SHIFTS = 1024

/** Which shift a bleep came in, and to which group, a role on a shift, its wait belongs. */
export class Places {
  readonly groups: Group[] = []
  readonly #ask: ReportAsk
  readonly #names: ReportNames
  readonly #notes: Footnotes
  readonly #plans: ShiftPlan[] = []
  readonly #groupOf = new Map<number, number>()
  readonly #shifts = new Names()

  constructor(ask: ReportAsk, names: ReportNames, notes: Footnotes) {
    this.#ask = ask
    this.#names = names
    this.#notes = notes
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
    const { people } = this.groups[index]!
    if (people.size < SMALLEST_GROUP) {
      const person = reader.facts.names[reader.facts.texts.person[row]!]
      if (person !== undefined) people.add(person)
    }
    return index
  }

  /** How many shifts of that name a staff group works in a span. */
  held(staffGroup: string, shift: string, from: Instant, to: Instant): number {
    return this.#plan(this.#names.staffGroups.find(staffGroup) ?? -1).held(shift, from, to)
  }

  /** By number of the staff group; negative for roles without one. */
  #plan(staffGroup: number): ShiftPlan {
    const known = this.#plans[staffGroup + 1]
    if (known !== undefined) return known
    const { shifts, zone, from, to, baseline } = this.#ask
    const first = Math.min(from, baseline?.from ?? from)
    const name = this.#names.staffGroups.all[staffGroup]
    const plan = shiftPlan(shifts, name, zone, first, Math.max(to, baseline?.to ?? to))
    this.#plans[staffGroup + 1] = plan
    return plan
  }
}
