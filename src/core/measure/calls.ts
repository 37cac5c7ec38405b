import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from '../instant.ts'
import type { CallRecord } from '../line/call-record.ts'
import { BLOCK, type BlockOffset, judgeBlocks, MOVED, OffsetBlock } from './clock-offset.ts'
import { Column, groupSorted, type Names } from './columns.ts'
import type { Footnotes } from './footnotes.ts'
import { type Civil, readCivil, type ZoneTable } from './zone.ts'

/** What a call record says, with where and when it reached us. */
export interface CallFact {
  readonly feed: string
  readonly arrived: Instant
  readonly record: CallRecord
}

/** A record that reached us later than this after its call is noted as late, and used all the same. */
const LATE: Millis = 5 * MINUTE
/** Buffers of exchanges hold a long week-end; a stamp further off than this has a wrong date. */
const OLDEST: Millis = 8 * DAY
const FUTURE: Millis = 26 * HOUR
/** Stamps this coarse, or coarser, are worse than the time the record arrived. */
const COARSE: Millis = 6 * SECOND
/** The same call heard by two listeners, where time is taken from arrival. */
const DOUBLED: Millis = 2 * SECOND

/** Internal calls to the extensions asked about, by extension and in order of time. */
export interface Calls {
  /** Rows of one extension: first, and one past the last. */
  range(extension: number): readonly [from: number, to: number]
  began(row: number): Instant
  /** When a person picked up; for a call nobody took, when it ended. */
  picked(row: number): Instant
  answered(row: number): boolean
  /** The second print of a call already listed, or one that was left out: counts as nothing. */
  none(row: number): boolean
  /** True where call records were left out between two instants: no wait can be told there. */
  unsure(from: Instant, to: Instant): boolean
  /** Offset of each feed's clock in its last block, milliseconds to add to its stamps. */
  readonly offsets: ReadonlyMap<string, Millis | undefined>
}

const UNANSWERED = 0
const ANSWERED = 1
const COPY = 2
const LEFT_OUT = 3

interface FeedState {
  /** Positions in the list of all blocks. */
  readonly blocks: number[]
  lastEnd: Instant
}

/**
 * Takes call records in order of arrival, millions of them, and keeps those that may be a call-back in some twenty
 * bytes each. Everything that cannot be used is counted in the footnotes.
 */
export class CallIntake {
  count = 0
  readonly #zone: ZoneTable
  readonly #wanted: Names
  readonly #notes: Footnotes
  readonly #feeds = new Map<string, FeedState>()
  readonly #blocks: OffsetBlock[] = []
  /** End of the call as stamped, then, once settled, the moment somebody picked up. */
  readonly #time = new Column(Float64Array)
  readonly #lag = new Column(Int32Array)
  readonly #extension = new Column(Int32Array)
  readonly #block = new Column(Int32Array)
  readonly #talk = new Column(Uint16Array)
  readonly #ring = new Column(Uint8Array)
  readonly #caller = new Column(Uint16Array)
  readonly #answered = new Column(Uint8Array)

  /** @param wanted the extensions that bleeps asked to be called on */
  constructor(zone: ZoneTable, wanted: Names, notes: Footnotes) {
    this.#zone = zone
    this.#wanted = wanted
    this.#notes = notes
  }

  add(call: CallFact): void {
    this.take(readCall(call, this.#zone))
  }

  take(call: ReadCall): void {
    this.count += 1
    const { feed, arrived, talk, ring, precision } = call
    const end = instantOf(call.end, arrived, this.#zone)
    const lag = arrived - end
    const wrong = Number.isNaN(end)
      ? 'call-unstamped'
      : lag > OLDEST || lag < -FUTURE
        ? 'call-date-wrong'
        : undefined
    if (wrong !== undefined) {
      this.#notes.add(wrong)
      return
    }
    const block = this.#blockOf(feed, arrived, end, precision * SECOND)
    if (!call.internal) return
    const extension =
      this.#wanted.find(call.called) ??
      (call.dialled === undefined ? undefined : this.#wanted.find(call.dialled))
    if (extension === undefined) return
    this.#time.push(end)
    this.#lag.push(Math.round(lag))
    this.#extension.push(extension)
    this.#block.push(block)
    this.#talk.push(Math.min(65_535, talk))
    this.#ring.push(Math.min(255, ring))
    this.#caller.push(call.caller)
    this.#answered.push(call.answered ? ANSWERED : UNANSWERED)
  }

  /** Settles the clocks, then the order. Nothing can be added afterwards. */
  finish(): Calls {
    const { verdicts, offsets } = this.#judge()
    for (let row = 0; row < this.#time.length; row++)
      if (!this.#settle(row, verdicts[this.#block.at(row)]!)) this.#answered.set(row, LEFT_OUT)
    this.#lag.clear()
    this.#block.clear()
    const { start, rows } = groupSorted(
      this.#time.length,
      this.#wanted.size,
      (row) => this.#extension.at(row),
      (row) => this.#time.at(row),
    )
    this.#markDoubles(start, rows)
    return {
      range: (extension) => [start[extension]!, start[extension + 1]!],
      began: (i) => this.#time.at(rows[i]!) - this.#ring.at(rows[i]!) * SECOND,
      picked: (i) => this.#time.at(rows[i]!),
      answered: (i) => this.#answered.at(rows[i]!) === ANSWERED,
      none: (i) => this.#answered.at(rows[i]!) >= COPY,
      unsure: this.#unsureSpans(verdicts),
      offsets,
    }
  }

  /**
   * Leaving out records without leaving out the requests they may have answered would make waits look longer than they
   * were.
   */
  #unsureSpans(verdicts: readonly BlockOffset[]): Calls['unsure'] {
    const spans = this.#blocks
      .filter((_, i) => verdicts[i]!.verdict === 'moved')
      .map(({ from, to, low }) => ({ from: Math.min(from, from + low), to: Math.max(to, to + low) }))
    return (from, to) => spans.some((span) => span.from < to && span.to > from)
  }

  #blockOf(feed: string, arrived: Instant, end: Instant, precision: Millis): number {
    let state = this.#feeds.get(feed)
    if (state === undefined) {
      state = { blocks: [], lastEnd: Number.NEGATIVE_INFINITY }
      this.#feeds.set(feed, state)
    }
    if (end < state.lastEnd - MOVED - precision) this.#notes.add('call-out-of-order')
    state.lastEnd = end
    let position = state.blocks[state.blocks.length - 1] ?? -1
    if (position < 0 || this.#blocks[position]!.size === BLOCK) {
      position = this.#blocks.push(new OffsetBlock()) - 1
      state.blocks.push(position)
    }
    this.#blocks[position]!.add(arrived, end, precision)
    return position
  }

  #judge(): { verdicts: BlockOffset[]; offsets: Map<string, Millis | undefined> } {
    const verdicts = new Array<BlockOffset>(this.#blocks.length)
    const offsets = new Map<string, Millis | undefined>()
    for (const [feed, { blocks }] of this.#feeds) {
      const judged = judgeBlocks(blocks.map((position) => this.#blocks[position]!))
      for (const [i, position] of blocks.entries()) verdicts[position] = judged[i]!
      const last = judged[judged.length - 1]?.offset
      offsets.set(feed, last)
      if (last !== undefined && Math.abs(last) > HOUR / 2) this.#notes.add('call-clock-hours')
    }
    return { verdicts, offsets }
  }

  /** Turns a stamp into our time; false when the record cannot be used. */
  #settle(row: number, { verdict, offset }: BlockOffset): boolean {
    if (verdict === 'moved') return this.#leaveOut('call-clock-moved')
    const lag = this.#lag.at(row)
    const precision = this.#blocks[this.#block.at(row)]!.precision
    if (offset === undefined) this.#notes.add('call-clock-unknown')
    const late = lag - (offset ?? 0)
    if (late < -MOVED - precision) return this.#leaveOut('call-future')
    if (late > LATE) this.#notes.add('call-late')
    const stamped = this.#time.at(row)
    const prompt = verdict === 'live' && precision >= COARSE && late <= precision + MOVED
    const end = prompt ? stamped + lag : stamped + (offset ?? 0)
    this.#time.set(row, end - this.#talk.at(row) * SECOND)
    return true
  }

  #leaveOut(note: 'call-clock-moved' | 'call-future'): false {
    this.#notes.add(note)
    return false
  }

  /** A copy keeps its place in the list and counts as nothing. */
  #markDoubles(start: Uint32Array, rows: Uint32Array): void {
    for (let k = 0; k + 1 < start.length; k++)
      for (let i = start[k]! + 1; i < start[k + 1]!; i++) {
        const [a, b] = [rows[i - 1]!, rows[i]!]
        const same =
          this.#answered.at(a) !== LEFT_OUT &&
          this.#answered.at(b) !== LEFT_OUT &&
          this.#time.at(b) - this.#time.at(a) <= DOUBLED &&
          this.#caller.at(a) === this.#caller.at(b) &&
          this.#talk.at(a) === this.#talk.at(b)
        if (!same) continue
        this.#notes.add('call-doubled')
        this.#answered.set(b, COPY)
      }
  }
}

function instantOf(civil: Civil, arrived: Instant, zone: ZoneTable): Instant {
  if (Number.isNaN(civil)) return Number.NaN
  let best = Number.NaN
  for (const at of zone.instants(civil))
    if (Number.isNaN(best) || Math.abs(arrived - at) < Math.abs(arrived - best)) best = at
  // In the hour that spring skips, an exchange that was not put forward still shows it.
  return Number.isNaN(best) ? (zone.instants(civil + HOUR)[0] ?? Number.NaN) - HOUR : best
}

/**
 * When somebody picked up, in our time, for one record on its own; `undefined` where its stamp or the exchange's clock
 * does not tell.
 * @param offset of the exchange's clock, milliseconds to add to its stamps
 */
export function pickedUp(call: ReadCall, zone: ZoneTable, offset: Millis | undefined): Instant | undefined {
  const end = instantOf(call.end, call.arrived, zone)
  if (offset === undefined || Number.isNaN(end)) return undefined
  const late = call.arrived - end - offset
  const precision = call.precision * SECOND
  if (late < -MOVED - precision || late > OLDEST) return undefined
  const prompt = precision >= COARSE && late <= precision + MOVED
  return (prompt ? call.arrived : end + offset) - call.talk * SECOND
}

/** A call record as far as figures need it, its stamp read as a civil time. */
export interface ReadCall {
  readonly feed: string
  readonly arrived: Instant
  /** When the call ended, by the exchange's own clock face; NaN when the record does not tell. */
  readonly end: Civil
  /** Seconds. */
  readonly talk: number
  readonly ring: number
  /** Enough of the caller to know a copy by; nothing to find anybody by. */
  readonly caller: number
  readonly called: string
  readonly dialled: string | undefined
  /** Between two telephones of the house, and not from a telephone to itself. */
  readonly internal: boolean
  /** By a person, not by voicemail. */
  readonly answered: boolean
  /** Resolution of the stamp, seconds. */
  readonly precision: number
}

export function readCall({ feed, arrived, record }: CallFact, zone: ZoneTable): ReadCall {
  const talk = Math.round(record.talkSeconds ?? 0)
  const ring = Math.round(record.ringSeconds ?? 0)
  const stamp = record.end ?? record.start
  const civil = stamp === undefined ? Number.NaN : readCivil(stamp, zone.civil(arrived))
  return {
    feed,
    arrived,
    end: civil + (record.end === undefined ? (talk + ring) * SECOND : 0),
    talk,
    ring,
    caller: hash16(record.from),
    called: record.to,
    dialled: record.dialled,
    internal: record.internal && record.from !== record.to,
    answered: record.answered && !record.mailbox,
    precision: record.precisionSeconds,
  }
}

/** Enough of a caller to tell a copy of a record from another call; never printed (FNV-1a, folded to 16 bits). */
function hash16(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return ((hash >>> 16) ^ hash) & 0xffff
}
