import type { BitWindow } from './bit-window.ts'
import { ones, reversalErrors } from './code/codeword.ts'
import { SYNC } from './code/tables.ts'
import { afterLoneSync, afterPreamble } from './evidence.ts'

/** A sync codeword found in a stream of bits. */
export interface Found {
  /** Position of its first bit. */
  readonly at: number
  readonly wrong: number
  readonly inverted: boolean
  readonly evidence: number
}

/** Windows that overlap preamble and sync differ from both senses of sync in nine bits at least. */
const LONE_WRONG = 2
const SHORT_PREAMBLE_WRONG = 4
const LONG_PREAMBLE_WRONG = 6

/** A doubtful find waits this many bits for a better one; the first address codeword takes longer still. */
const SECOND_THOUGHTS_BITS = 31

/**
 * Looks for sync at every bit, in both polarities: two wrong bits anywhere, four behind 32 bits of preamble, six behind
 * 64. Keeps its place between calls, so that bits may come in any portions.
 */
export class Hunt {
  #next = 0
  #earliest = 0
  #best: Found | undefined

  /** Starts afresh with the sync codeword beginning at `at` or later. */
  restart(at: number): void {
    this.#next = at
    this.#earliest = at
    this.#best = undefined
  }

  /** Searches all bits there are; `undefined` when it needs more. */
  search(window: BitWindow): Found | undefined {
    const end = window.end
    if (end < this.#earliest + 32) return undefined
    // `next` is the first bit not yet in the register, which holds the 31 before it.
    let next = Math.max(this.#next, this.#earliest + 31)
    let register = window.word(next - 31) >>> 1
    for (; next < end; next++) {
      register = ((register << 1) | window.bit(next)) >>> 0
      const wrong = ones(register ^ SYNC)
      if (wrong <= LONG_PREAMBLE_WRONG || wrong >= 32 - LONG_PREAMBLE_WRONG) {
        const found = judge(window, next - 31, wrong)
        if (found && found.wrong < (this.#best?.wrong ?? 32)) this.#best = found
      }
      const best = this.#best
      if (best && (best.wrong <= LONE_WRONG || next - 31 - best.at >= SECOND_THOUGHTS_BITS)) {
        this.#best = undefined
        this.#next = next + 1
        return best
      }
    }
    this.#next = next
    return undefined
  }
}

function judge(window: BitWindow, at: number, distanceToSync: number): Found | undefined {
  const inverted = distanceToSync > 16
  const wrong = inverted ? 32 - distanceToSync : distanceToSync
  const near = at - 32 >= window.first ? reversalErrors(window.word(at - 32)) : 32
  const far = at - 64 >= window.first ? reversalErrors(window.word(at - 64)) : 32
  if (near + far <= 8) {
    return wrong <= LONG_PREAMBLE_WRONG
      ? { at, wrong, inverted, evidence: afterPreamble(wrong, 64) }
      : undefined
  }
  if (near <= 6 && wrong <= SHORT_PREAMBLE_WRONG) {
    return { at, wrong, inverted, evidence: afterPreamble(wrong, 32) }
  }
  if (wrong > LONE_WRONG) return undefined
  return { at, wrong, inverted, evidence: afterLoneSync(wrong) }
}
