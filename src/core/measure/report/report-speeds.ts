import { type Instant, type Millis, SECOND } from '../../instant.ts'
import { CLASSES } from '../../vocabulary.ts'
import { Column } from '../facts/columns.ts'
import { ABSENT } from '../facts/fact-columns.ts'
import type { Footnotes } from '../facts/footnotes.ts'
import { round } from './groups.ts'
import {
  type LatencyRow,
  type LegName,
  MISSES_LISTED,
  type MissReason,
  REPORT_LEGS,
  type Report,
  SLOWEST,
  type Spread,
} from './report.ts'
import type { Reader } from './report-names.ts'

const LEG_NAMES = Object.keys(REPORT_LEGS) as LegName[]
/** Where each leg stands in them. */
const LEG = { ours: 0, network: 1, person: 2, machines: 3, all: 4 }
/** First byte to a device, emergencies. */
const EMERGENCY_TARGET = 5 * SECOND

/** How long each leg took, by class; emergencies by their own clock, and which of them were slowest. */
export class Speeds {
  readonly #notes: Footnotes
  readonly #latency = CLASSES.flatMap(() => LEG_NAMES.map(() => new Column(Int32Array)))
  readonly #emergency = {
    toDevice: new Column(Int32Array),
    toAccepted: new Column(Int32Array),
    toCovered: new Column(Int32Array),
  }
  readonly #slowest: { readonly bleep: string; readonly at: Instant; readonly took: Millis }[] = []

  readonly #misses: Missed[] = []
  #missed = 0
  #within = 0

  constructor(notes: Footnotes) {
    this.#notes = notes
  }

  add(reader: Reader, row: number): void {
    const { handed, onDevice, accepted, covered } = reader.facts.times
    const c = reader.class(row)
    if (CLASSES[c] === 'emergency') {
      push(this.#emergency.toDevice, onDevice[row]!)
      push(this.#emergency.toAccepted, accepted[row]!)
      push(this.#emergency.toCovered, covered[row]!)
      this.#remember(reader, row)
      this.#judge(reader, row)
    }
    this.#leg(c, LEG.ours, 0, handed[row]!)
    this.#leg(c, LEG.network, handed[row]!, onDevice[row]!)
    this.#leg(c, LEG.person, onDevice[row]!, accepted[row]!)
    this.#leg(c, LEG.machines, 0, onDevice[row]!)
    this.#leg(c, LEG.all, 0, accepted[row]!)
  }

  /** @param from and `to`: milliseconds after the first byte */
  #leg(c: number, leg: number, from: Millis, to: Millis): void {
    if (from === ABSENT || to === ABSENT) return
    if (to < from) this.#notes.add('fact-unordered')
    else push(this.#latency[c * LEG_NAMES.length + leg]!, to - from)
  }

  /** In time, or missed for a reason; of those only the worst are kept. */
  #judge({ facts: { at, times, bleeps } }: Reader, row: number): void {
    const [handed, onDevice] = [times.handed[row]!, times.onDevice[row]!]
    if (onDevice !== ABSENT && onDevice <= EMERGENCY_TARGET) {
      this.#within += 1
      return
    }
    this.#missed += 1
    const why = onDevice !== ABSENT ? 'late' : handed === ABSENT ? 'no-phone-rung' : 'no-phone-confirmed'
    const bleep = bleeps.get(row)
    const took = why === 'late' ? { took: onDevice } : {}
    this.#misses.push({ at: at[row]!, why, ...took, ...(bleep === undefined ? {} : { bleep }) })
    if (this.#misses.length < 2 * MISSES_LISTED) return
    this.#misses.sort(byWorst)
    this.#misses.length = MISSES_LISTED
  }

  #remember({ facts: { at, times, bleeps } }: Reader, row: number): void {
    const took = times.covered[row] === ABSENT ? times.accepted[row]! : times.covered[row]!
    const bleep = bleeps.get(row)
    if (took < 0 || bleep === undefined) return
    this.#slowest.push({ bleep, at: at[row]!, took })
    this.#slowest.sort((a, b) => b.took - a.took)
    this.#slowest.length = Math.min(this.#slowest.length, SLOWEST)
  }

  /** The emergencies worth drawing, slowest first: only their hops are read again. */
  get slowest(): readonly { readonly bleep: string; readonly at: Instant }[] {
    return this.#slowest
  }

  /** Those that were not on a phone in time, worst first: their places are read again. */
  get misses(): readonly Missed[] {
    return this.#misses.toSorted(byWorst).slice(0, MISSES_LISTED)
  }

  /** @param n emergencies, whether or not they went to a phone */
  emergencyClock(n: number): Report['emergency'] {
    const { toDevice, toAccepted, toCovered } = this.#emergency
    return {
      n,
      toDevice: spreadOf(toDevice),
      toAccepted: spreadOf(toAccepted),
      toCovered: spreadOf(toCovered),
      withinTarget: n === 0 ? null : round(this.#within / n, 4),
      targetSeconds: EMERGENCY_TARGET / SECOND,
      missed: this.#missed,
      misses: [],
      slowest: [],
    }
  }

  /** Each column is let go once it is told. */
  latencyRows(): LatencyRow[] {
    return CLASSES.flatMap((name, c) =>
      LEG_NAMES.flatMap((leg, i) => {
        const column = this.#latency[c * LEG_NAMES.length + i]!
        const row = { class: name, leg, ...spreadOf(column) }
        column.clear()
        return row.n === 0 ? [] : [row]
      }),
    )
  }
}

/** One emergency that was not on a phone in time. */
export interface Missed {
  /** Absent where an older pack did not keep it. */
  readonly bleep?: string
  readonly at: Instant
  readonly why: MissReason
  readonly took?: Millis
}

const WORST: Readonly<Record<MissReason, number>> = { 'no-phone-rung': 0, 'no-phone-confirmed': 1, late: 2 }

function byWorst(a: Missed, b: Missed): number {
  return WORST[a.why] - WORST[b.why] || (b.took ?? 0) - (a.took ?? 0) || a.at - b.at
}

function push(column: Column, after: Millis): void {
  if (after !== ABSENT) column.push(Math.max(0, after))
}

function spreadOf(column: Column): Spread {
  const n = column.length
  if (n === 0) return { n, p50: null, p95: null, max: null }
  const all = new Int32Array(n)
  for (let i = 0; i < n; i++) all[i] = column.at(i)
  all.sort()
  const rank = (share: number): number => all[Math.min(n - 1, Math.ceil(share * n) - 1)]!
  return { n, p50: rank(0.5), p95: rank(0.95), max: all[n - 1]! }
}
