import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../instant.ts'
import { BLOCK, type BlockOffset, judgeBlocks, MOVED, OffsetBlock } from '../clock-offset.ts'
import type { ZoneTable } from '../zone.ts'
import { type CallColumns, ENGAGED_LINE, INTERNAL, TAKEN } from './call-columns.ts'
import { Column, free, grouped, type Names, renumbered, STRIDE } from './columns.ts'
import type { Footnotes } from './footnotes.ts'
import { COARSE, FUTURE, instantOf, OLDEST } from './read-call.ts'

/** A record that reached us later than this after its call is noted as late, and used all the same. */
const LATE: Millis = 5 * MINUTE
/** The same call heard by two listeners, where time is taken from arrival. */
const DOUBLED: Millis = 2 * SECOND

/** Internal calls to the extensions asked about, by extension and in order of time: one place a call in each column. */
export interface Calls {
  /** First place of each extension, and one past the last. */
  readonly start: Uint32Array
  /** When a person picked up; for a call nobody took, when it ended. */
  readonly picked: Float64Array
  /** How long it rang before, seconds. */
  readonly rang: Uint8Array
  /** `ANSWERED`, `ENGAGED`, `UNANSWERED`, or above `ANSWERED` for one that counts as nothing. */
  readonly answer: Uint8Array
  /** True where call records were left out between two instants: no wait can be told there. */
  unsure(from: Instant, to: Instant): boolean
  /** Whether this exchange says that a line was engaged: one that never does tells nothing by its silence. */
  readonly tellsEngaged: boolean
  /** Offset of each feed's clock in its last block, milliseconds to add to its stamps. */
  readonly offsets: ReadonlyMap<string, Millis | undefined>
}

export const UNANSWERED = 0
export const ENGAGED = 1
export const ANSWERED = 2
/** The second print of a call already listed. */
const COPY = 3
const LEFT_OUT = 4
const NOT_WANTED = -1

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
  #tellsEngaged = false
  readonly #zone: ZoneTable
  readonly #wanted: Names
  readonly #notes: Footnotes
  readonly #feeds = new Map<string, FeedState>()
  readonly #blocks: OffsetBlock[] = []
  /** End of the call as stamped: seconds, because no stamp tells more. */
  readonly #stamp = new Column(Uint32Array)
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

  /** @param calls those that arrived in `[from, to)` count */
  add(calls: CallColumns, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY): void {
    const { names, feed, arrived, end, talk, ring, caller, called, dialled, flags, precision } = calls
    const extensionOf = renumbered(names, (text) => this.#wanted.find(text) ?? NOT_WANTED)
    const feeds = names.map((): FeedState | undefined => undefined)
    for (let i = 0; i < calls.length; i++) {
      const at = arrived[i]!
      if (at < from || at >= to) continue
      this.count += 1
      const ended = instantOf(end[i]!, at, this.#zone)
      const lag = at - ended
      if (Number.isNaN(ended)) {
        this.#notes.add('call-unstamped')
        continue
      }
      if (lag > OLDEST || lag < -FUTURE) {
        this.#notes.add('call-date-wrong')
        continue
      }
      feeds[feed[i]!] ??= this.#feed(names[feed[i]!] ?? '')
      if ((flags[i]! & ENGAGED_LINE) !== 0) this.#tellsEngaged = true
      const block = this.#blockOf(feeds[feed[i]!]!, at, ended, precision[i]! * SECOND)
      if ((flags[i]! & INTERNAL) === 0) continue
      let extension = extensionOf(called[i]!)
      if (extension < 0) extension = extensionOf(dialled[i]!)
      if (extension < 0) continue
      const stamp = Math.round(ended / SECOND)
      this.#stamp.push(stamp)
      this.#lag.push(Math.round(at - stamp * SECOND))
      this.#extension.push(extension)
      this.#block.push(block)
      this.#talk.push(Math.min(65_535, talk[i]!))
      this.#ring.push(Math.min(255, ring[i]!))
      this.#caller.push(caller[i]!)
      this.#answered.push(answerOf(flags[i]!))
    }
  }

  /** Puts the clocks right, then the order, with pauses for everybody else. Nothing can be added afterwards. */
  *finish(): Generator<void, Calls> {
    const { verdicts, offsets } = this.#judge()
    const answeredAt = (row: number): Instant => this.#answeredAt(row, verdicts[this.#block.at(row)]!)
    const { start, rows, values } = yield* grouped(this.#extension, this.#wanted.size, answeredAt)
    for (const column of [this.#extension, this.#stamp, this.#lag, this.#block]) column.clear()
    const rang = yield* inOrder(this.#ring, rows)
    const answer = yield* inOrder(this.#answered, rows)
    for (let k = 0; k + 1 < start.length; k++) {
      this.#markDoubles(rows, values, answer, start[k]!, start[k + 1]!)
      yield
    }
    for (const column of [this.#ring, this.#answered, this.#talk, this.#caller]) column.clear()
    free(rows)
    const unsure = this.#unsureSpans(verdicts)
    return { start, picked: values, rang, answer, unsure, tellsEngaged: this.#tellsEngaged, offsets }
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

  #feed(name: string): FeedState {
    const known = this.#feeds.get(name)
    if (known !== undefined) return known
    const state = { blocks: [], lastEnd: Number.NEGATIVE_INFINITY }
    this.#feeds.set(name, state)
    return state
  }

  #blockOf(state: FeedState, arrived: Instant, end: Instant, precision: Millis): number {
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

  /** When somebody picked up, in our time; a record that cannot be used is marked so. */
  #answeredAt(row: number, { verdict, offset }: BlockOffset): Instant {
    const stamped = this.#stamp.at(row) * SECOND
    if (verdict === 'moved') return this.#leaveOut(row, 'call-clock-moved', stamped)
    const lag = this.#lag.at(row)
    const precision = this.#blocks[this.#block.at(row)]!.precision
    if (offset === undefined) this.#notes.add('call-clock-unknown')
    const late = lag - (offset ?? 0)
    if (late < -MOVED - precision) return this.#leaveOut(row, 'call-future', stamped)
    if (late > LATE) this.#notes.add('call-late')
    const prompt = verdict === 'live' && precision >= COARSE && late <= precision + MOVED
    return (prompt ? stamped + lag : stamped + (offset ?? 0)) - this.#talk.at(row) * SECOND
  }

  #leaveOut(row: number, note: 'call-clock-moved' | 'call-future', stamped: Instant): Instant {
    this.#notes.add(note)
    this.#answered.set(row, LEFT_OUT)
    return stamped
  }

  /** A copy keeps its place in the list and counts as nothing. */
  #markDoubles(rows: Uint32Array, time: Float64Array, answer: Uint8Array, from: number, to: number): void {
    for (let i = from + 1; i < to; i++) {
      if (time[i]! - time[i - 1]! > DOUBLED || answer[i] === LEFT_OUT || answer[i - 1] === LEFT_OUT) continue
      const [a, b] = [rows[i - 1]!, rows[i]!]
      if (this.#caller.at(a) !== this.#caller.at(b) || this.#talk.at(a) !== this.#talk.at(b)) continue
      this.#notes.add('call-doubled')
      answer[i] = COPY
    }
  }
}

function answerOf(flags: number): number {
  if ((flags & TAKEN) !== 0) return ANSWERED
  return (flags & ENGAGED_LINE) !== 0 ? ENGAGED : UNANSWERED
}

function* inOrder(column: Column, rows: Uint32Array): Generator<void, Uint8Array> {
  const out = new Uint8Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    out[i] = column.at(rows[i]!)
    if (i % STRIDE === 0) yield
  }
  return out
}
