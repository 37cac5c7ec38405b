import { type Instant, type Millis, SECOND } from '../instant.ts'

/**
 * The clock of an exchange against ours, from its own records. A record is printed when its call ends and arrives a
 * moment later, so arrival less stamped end is (our clock less theirs) plus a delay that is never negative: the lowest
 * such difference of a block is the offset. The third lowest is taken, because one record with a wrong date would
 * otherwise set the clock.
 */
export const BLOCK = 100
const RANK = 3
/** Fewer records than this show little by themselves. */
const FEW = 10
/** Blocks whose offsets differ by more than this, beyond the resolution of the stamps, show a clock that was set. */
export const MOVED: Millis = 5 * SECOND
/**
 * Two records follow each other out of a buffer or a file where they arrive in less than a tenth of the time between
 * their calls. A block in which most do was not printed live.
 */
const RUSHED = 0.1

type Verdict =
  /** Offset measured at this block. */
  | 'live'
  /** From a buffer: the nearest live block of the same feed lends its offset. */
  | 'batched'
  /** The clock moved here: its stamps are not used. */
  | 'moved'

export interface BlockOffset {
  readonly verdict: Verdict
  /** Add to a stamp to get our time; negative when the exchange is ahead. `undefined`: nothing to measure it by. */
  readonly offset: Millis | undefined
}

/** The lowest differences of one block. Call `add` for each record in order of arrival. */
export class OffsetBlock {
  size = 0
  #lowest: Millis[] = []
  #precision = 0
  #rushed = 0
  #arrived = 0
  #end = 0
  /** Ends of its calls, first and last, as stamped. */
  from = Number.POSITIVE_INFINITY
  to = Number.NEGATIVE_INFINITY

  add(arrived: Instant, end: Instant, precision: Millis): void {
    const apart = Math.abs(end - this.#end)
    if (this.size > 0 && apart > MOVED && arrived - this.#arrived < apart * RUSHED) this.#rushed += 1
    this.size += 1
    this.#arrived = arrived
    this.#end = end
    this.from = Math.min(this.from, end)
    this.to = Math.max(this.to, end)
    if (precision > this.#precision) this.#precision = precision
    const difference = arrived - end
    const lowest = this.#lowest
    if (lowest.length < RANK || difference < lowest[lowest.length - 1]!) {
      lowest.push(difference)
      lowest.sort((a, b) => a - b)
      if (lowest.length > RANK) lowest.pop()
    }
  }

  /** The third lowest difference, or the lowest of a block too small to afford losing two. */
  get low(): Millis {
    return this.size >= FEW ? this.#lowest[this.#lowest.length - 1]! : this.#lowest[0]!
  }

  get precision(): Millis {
    return this.#precision
  }

  get batched(): boolean {
    return this.#rushed * 2 > this.size
  }
}

/**
 * Verdicts for the blocks of one feed, in order. A last block with few records goes by the one before it: one record
 * follows no other, and would pass for live at the end of a buffer that is hours late.
 */
export function judgeBlocks(blocks: readonly OffsetBlock[]): BlockOffset[] {
  const batched = blocks.map((b, i) => b.batched || (b.size < FEW && blocks[i - 1]?.batched === true))
  const live = blocks.map((b, i) => (batched[i] || b.size === 0 ? -1 : i)).filter((i) => i >= 0)
  const moved = new Set<number>()
  for (let i = 1; i < live.length; i++) {
    const [a, b] = [blocks[live[i - 1]!]!, blocks[live[i]!]!]
    if (Math.abs(a.low - b.low) > MOVED + Math.max(a.precision, b.precision)) {
      moved.add(live[i - 1]!)
      moved.add(live[i]!)
    }
  }
  return blocks.map((block, i) => {
    if (moved.has(i)) return { verdict: 'moved', offset: block.low }
    if (!batched[i]) return { verdict: 'live', offset: steady(blocks, live, i) }
    const near = nearest(live, i)
    return { verdict: 'batched', offset: near === undefined ? undefined : blocks[near]!.low }
  })
}

/** A block with few records may have met none that came promptly: the fuller one before it knows better. */
function steady(blocks: readonly OffsetBlock[], live: readonly number[], i: number): Millis {
  const own = blocks[i]!
  const before = live[sortedIndex(live, i) - 1]
  if (own.size >= BLOCK / 2 || before === undefined) return own.low
  return Math.min(own.low, blocks[before]!.low)
}

function nearest(sorted: readonly number[], i: number): number | undefined {
  const at = sortedIndex(sorted, i)
  const [before, after] = [sorted[at - 1], sorted[at]]
  if (before === undefined || after === undefined) return before ?? after
  return i - before <= after - i ? before : after
}

/** Where `value` stands, or would stand, in an ascending list. */
function sortedIndex(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
