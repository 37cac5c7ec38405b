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

  readonly #people = { calls: 0, asked: 0, notMe: 0, callsWithNotMe: 0 }

  constructor(zone: ZoneTable) {
    this.#zone = zone
  }

  add(reader: Reader, row: number): void {
    const { at, times, numbers } = reader.facts
    const name = CLASSES[reader.class(row)]!
    const toPhone = times.handed[row] !== ABSENT
    this.#all.bleeps += 1
    this.#byClass[name] += 1
    const hour = Math.floor((this.#zone.civil(at[row]!) % DAY) / HOUR)
    this.#hours[hour]![name] += 1
    if (toPhone) this.#all.toPhones += 1
    const [asked, notMe] = [numbers.asked[row]!, numbers.notMe[row]!]
    if (asked !== ABSENT) {
      this.#people.calls += 1
      this.#people.asked += asked
      this.#people.notMe += notMe
      this.#people.callsWithNotMe += notMe > 0 ? 1 : 0
    }
    if (reader.byExchange(row)) this.#all.acknowledgedByCallBack += 1
    else if (times.accepted[row] !== ABSENT) this.#all.acknowledged += 1
    else if (toPhone) this.#all.unanswered += 1
  }

  get emergencies(): number {
    return this.#byClass.emergency
  }

  get recipients(): Report['recipients'] {
    return this.#people
  }

  counts(callRecords: number): Report['counts'] {
    return { ...this.#all, byClass: this.#byClass, callRecords }
  }

  hours(): Report['hours'] {
    return this.#hours.map((byClass, hour) => ({ hour, byClass }))
  }
}
