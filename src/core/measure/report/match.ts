import type { BleepId } from '../../ids.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../instant.ts'
import type { CallRecord } from '../../line/kit/call-record.ts'
import { ANSWERED, type Calls, ENGAGED } from '../facts/calls.ts'
import { type Column, free, grouped } from '../facts/columns.ts'
import type { Footnotes } from '../facts/footnotes.ts'

/** A request unanswered this long counts as this long, and as censored. */
export const WINDOW: Millis = 15 * MINUTE

/**
 * How far from a request the same matcher looks for calls that have nothing to do with it: what it finds there is
 * chance. Far enough away that the request's own call-back cannot be found there.
 */
const SHIFTS: readonly Millis[] = [-30 * MINUTE, -60 * MINUTE, 60 * MINUTE]

/** Call-back requests as columns, in any order. */
export interface Requests {
  readonly at: Column
  readonly extension: Column
  readonly group: Column
  /** How long until whoever asked knew by another way than the telephone; infinite: never. Absent: no other way. */
  readonly told?: Column
}

/** Calls to the extension in the whole window: those somebody took, those nobody did, and which of these were engaged. */
export interface CallsSeen {
  readonly answered: number
  readonly vain: number
  readonly engaged: number
}

export interface MatchSink {
  /**
   * @param wait until whoever asked knew, or `undefined` when they did not within the window
   * @param row of the request
   */
  observed(group: number, wait: Millis | undefined, row: number, calls: CallsSeen): void
  /** The same, where only chance can have answered. */
  chance(group: number, wait: Millis | undefined, row: number, calls: CallsSeen): void
  /** A call to the extension that nobody took while the request was open. */
  failed(group: number): void
  ambiguous(group: number): void
}

/**
 * Matches requests to the first answered internal call at their extension, from anywhere but it. A request that
 * shares its extension with another within the window, before or after, is left out. (Leaving out only those whose
 * open times overlap would leave out the slow ones more often than the quick, and flatter the pager.)
 * @param until requests later than this cannot be followed for the whole window and are left out
 */
export function* matchAll(
  requests: Requests,
  extensions: number,
  calls: Calls,
  until: Instant,
  sink: MatchSink,
  notes: Footnotes,
): Generator<void, void> {
  const {
    start,
    rows,
    values: times,
  } = yield* grouped(requests.extension, extensions, (row) => requests.at.at(row))
  for (let extension = 0; extension < extensions; extension++) {
    const [first, end] = [start[extension]!, start[extension + 1]!]
    const finders = [0, ...SHIFTS].map(() => new Finder(calls, extension))
    for (let i = first; i < end; i++) {
      const at = times[i]!
      const group = requests.group.at(rows[i]!)
      const before = i > first ? at - times[i - 1]! : Number.POSITIVE_INFINITY
      const after = i + 1 < end ? times[i + 1]! - at : Number.POSITIVE_INFINITY
      if (before < WINDOW || after < WINDOW) {
        notes.add('request-ambiguous')
        sink.ambiguous(group)
        continue
      }
      if (at + WINDOW > until) {
        notes.add('request-cut')
        continue
      }
      if (calls.unsure(at, at + WINDOW)) {
        notes.add('request-unsure')
        continue
      }
      const found = finders[0]!
      const called = found.first(at)
      const told = requests.told?.at(rows[i]!) ?? Number.POSITIVE_INFINITY
      const ended = Math.min(called ?? told, told)
      const wait = ended <= WINDOW ? ended : undefined
      for (let f = 0; f < found.failed; f++) sink.failed(group)
      sink.observed(group, wait, rows[i]!, found)
      for (let s = 0; s < SHIFTS.length; s++) {
        const there = at + SHIFTS[s]!
        if (there + WINDOW > until || near(times, first, end, i, there)) continue
        if (calls.unsure(there, there + WINDOW)) continue
        const by = finders[s + 1]!
        sink.chance(group, by.first(there), rows[i]!, by)
      }
    }
    yield
  }
  free(start, rows, times)
}

/** True when another request for the extension lies within a window of `there`. */
function near(times: Float64Array, first: number, end: number, i: number, there: Instant): boolean {
  const step = there < times[i]! ? -1 : 1
  for (let j = i + step; j >= first && j < end; j += step) {
    const distance = times[j]! - there
    if (Math.abs(distance) < WINDOW) return true
    if (distance * step > 0) return false
  }
  return false
}

/** Looks for the first answered call after rising instants; remembers how far it had come. */
class Finder {
  readonly #calls: Calls
  readonly #to: number
  #next: number
  /** Calls nobody took before the one last found. */
  failed = 0
  /** In the whole window, however many were found first. */
  answered = 0
  vain = 0
  engaged = 0

  constructor(calls: Calls, extension: number) {
    this.#calls = calls
    this.#next = calls.start[extension]!
    this.#to = calls.start[extension + 1]!
  }

  /** How long until it was picked up; `undefined` when none was within the window. */
  first(at: Instant): Millis | undefined {
    const { picked, rang, answer } = this.#calls
    const [to, until] = [this.#to, at + WINDOW]
    let next = this.#next
    while (next < to && picked[next]! < at) next += 1
    this.#next = next
    let first: Millis | undefined
    this.failed = this.answered = this.vain = this.engaged = 0
    for (let i = next; i < to && picked[i]! <= until; i++) {
      if (answer[i]! > ANSWERED || picked[i]! - rang[i]! * SECOND < at) continue
      if (answer[i] === ANSWERED) {
        first ??= picked[i]! - at
        this.answered += 1
        continue
      }
      this.vain += 1
      if (answer[i] === ENGAGED) this.engaged += 1
      if (first === undefined) this.failed += 1
    }
    return first
  }
}

/** A bleep that asked to be called on an extension and has no answer yet. */
export interface OpenRequest {
  readonly bleep: BleepId
  readonly at: Instant
  readonly extension: string
}

/**
 * Which open request an answered call closes, as the exchange's own acknowledgement (actor `pbx`) for staff who carry
 * a pager only. First come, first served; with several requests open on the extension the call proves nothing about
 * which of them it answers, so `sure` is false and the alert must not be closed by it.
 * @param picked when a person picked up, in our time
 */
export function implicitAnswer(
  open: readonly OpenRequest[],
  call: CallRecord,
  picked: Instant,
): { readonly bleep: BleepId; readonly wait: Millis; readonly sure: boolean } | undefined {
  if (!call.answered || call.mailbox || !call.internal || call.from === call.to) return undefined
  const fits = open
    .filter((r) => r.extension === call.to && picked >= r.at && picked - r.at <= WINDOW)
    .sort((a, b) => a.at - b.at)
  const first = fits[0]
  return first && { bleep: first.bleep, wait: picked - first.at, sure: fits.length === 1 }
}
