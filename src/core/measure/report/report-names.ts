import { CLASSES } from '../../vocabulary.ts'
import { Names, renumbered } from '../facts/columns.ts'
import type { FactColumns } from '../facts/fact-columns.ts'

/** One document of facts, its texts replaced by the report's own numbers for them. A negative number: absent. */
export interface Reader {
  readonly facts: FactColumns
  /** A place in `CLASSES`. */
  class(row: number): number
  role(row: number): number
  staffGroup(row: number): number
  number(row: number): number
  extension(row: number): number
  /** The ward that asked. */
  ward(row: number): number
  /** Acknowledged by an answered call-back, for somebody with a pager only. */
  byExchange(row: number): boolean
}

/** The numbers by which one report knows texts; every document of facts has its own. */
export class ReportNames {
  readonly roles = new Names()
  readonly staffGroups = new Names()
  readonly extensions = new Names()
  readonly wards = new Names()
  readonly #classes = new Names(CLASSES)
  readonly #numbers = new Names()

  reader(facts: FactColumns): Reader {
    const { names, texts } = facts
    const by = (registry: Names, column: Int32Array) => {
      const number = renumbered(names, (text) => registry.id(text))
      return (row: number): number => number(column[row]!)
    }
    const pbx = names.indexOf('pbx')
    return {
      facts,
      class: by(this.#classes, texts.class),
      role: by(this.roles, texts.role),
      staffGroup: by(this.staffGroups, texts.staffGroup),
      number: by(this.#numbers, texts.number),
      extension: by(this.extensions, texts.callBack),
      ward: by(this.wards, texts.ward),
      byExchange: (row) => pbx >= 0 && texts.by[row] === pbx,
    }
  }
}
