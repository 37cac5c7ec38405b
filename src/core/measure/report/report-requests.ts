import { Column } from '../facts/columns.ts'
import type { Footnotes } from '../facts/footnotes.ts'
import { type Requests, WINDOW } from './match.ts'
import type { Reader } from './report-names.ts'

/** Bleeps that asked to be called back: what is held against the exchange's records. */
export class CallBackRequests implements Requests {
  readonly at = new Column(Float64Array)
  readonly extension = new Column(Int32Array)
  readonly group = new Column(Int32Array)
  /** How long until whoever asked had been told, by their own receipt; infinite where they never were. */
  readonly told = new Column(Float64Array)
  /** The ward that asked, on its shift; -1: not known. */
  readonly ward = new Column(Int32Array)
  /** 1: somebody answered it on a phone. */
  readonly acknowledged = new Column(Uint8Array)
  readonly #notes: Footnotes
  /** By number bleeped: extension → the latest request to ring it. */
  readonly #latest: Map<number, number>[] = []

  constructor(notes: Footnotes) {
    this.#notes = notes
  }

  /** One that repeats an open request is timed from the first. True where it is a request of its own. */
  add(
    reader: Reader,
    row: number,
    group: number,
    ward = -1,
    { told = Number.POSITIVE_INFINITY, acknowledged = false } = {},
  ): boolean {
    const extension = reader.extension(row)
    if (extension < 0) {
      this.#notes.add('no-call-back-number')
      return false
    }
    const began = reader.facts.at[row]!
    const number = reader.number(row)
    this.#latest[number] ??= new Map()
    const latest = this.#latest[number]
    const last = latest.get(extension)
    if (last !== undefined && began - this.at.at(last) < WINDOW) {
      this.#notes.add('request-repeated')
      return false
    }
    latest.set(extension, this.at.length)
    this.at.push(began)
    this.extension.push(extension)
    this.group.push(group)
    this.told.push(told)
    this.ward.push(ward)
    this.acknowledged.push(acknowledged ? 1 : 0)
    return true
  }

  clear(): void {
    const { at, extension, group, told, ward, acknowledged } = this
    for (const column of [at, extension, group, told, ward, acknowledged]) column.clear()
  }
}
