import { DAY, HOUR } from '../../instant.ts'
import { CLASSES, type Class } from '../../vocabulary.ts'
import { ABSENT } from '../facts/fact-columns.ts'
import type { ZoneTable } from '../zone.ts'
import type { Report } from './report.ts'
import type { Reader } from './report-names.ts'

/** How many bleeps there were, of what class, at what hour of the day, and what became of them. */
export class Counts {
  readonly #zone: ZoneTable
  readonly #byClass: Record<Class, number> = { emergency: 0, urgent: 0, routine: 0, test: 0 }
  readonly #hours = Array.from({ length: 24 }, () => ({ emergency: 0, urgent: 0, routine: 0, test: 0 }))
  readonly #all = { bleeps: 0, toPhones: 0, acknowledged: 0, unanswered: 0, acknowledgedByCallBack: 0 }

  constructor(zone: ZoneTable) {
    this.#zone = zone
  }

  add(reader: Reader, row: number): void {
    const { at, times } = reader.facts
    const name = CLASSES[reader.class(row)]!
    const toPhone = times.handed[row] !== ABSENT
    this.#all.bleeps += 1
    this.#byClass[name] += 1
    const hour = Math.floor((this.#zone.civil(at[row]!) % DAY) / HOUR)
    this.#hours[hour]![name] += 1
    if (toPhone) this.#all.toPhones += 1
    if (reader.byExchange(row)) this.#all.acknowledgedByCallBack += 1
    else if (times.accepted[row] !== ABSENT) this.#all.acknowledged += 1
    else if (toPhone) this.#all.unanswered += 1
  }

  get emergencies(): number {
    return this.#byClass.emergency
  }

  counts(callRecords: number): Report['counts'] {
    return { ...this.#all, byClass: this.#byClass, callRecords }
  }

  hours(): Report['hours'] {
    return this.#hours.map((byClass, hour) => ({ hour, byClass }))
  }
}
