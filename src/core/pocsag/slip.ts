import type { BitWindow } from './bit-window.ts'
import { syndrome } from './code/bch.ts'
import { distance, isStuck, ones } from './code/codeword.ts'
import { IDLE, SYNC } from './code/tables.ts'
import type { Snapshot } from './reception.ts'

/** Slips of the bit clock that are looked for; larger ones look like noise and are found by hunting. */
const SLIPS = [-1, 1, -2, 2] as const

/** Wrong bits allowed to a known codeword off its place, where the slip itself must be believed too. */
export const SYNC_SLIPPED = 2
const IDLE_SLIPPED = 1

/**
 * Words looked back over, and how many of them must have needed correction where they stand. Each such word makes a
 * slip about 150 times likelier; a word that reads clean in both places says nothing.
 */
const MOST_WORDS = 8
const CORRECTED_WORDS = 3

/** The state before a codeword, to go back to when it turns out that a slip began there. */
interface Watched {
  readonly at: number
  readonly slot: number
  readonly raw: number
  readonly corrected: number
  readonly pages: Snapshot
}

/** A slip that was found out. */
export interface Slip {
  /** By how many bits the words stand late. */
  readonly bits: number
  /** Where the first word behind it was looked for, its slot, and how the pages stood then. */
  readonly at: number
  readonly slot: number
  readonly pages: Snapshot
  /** The word the slip went through, which was misread; its bits as received. */
  readonly lost?: number
}

/**
 * Looks out for slips inside a batch. The code is cyclic: one bit off, every word still decodes with a bit or two
 * corrected, or even none, as another word. What gives a slip away is that the same words read without any correction
 * a bit or two off their place, and that idle words stand there.
 */
export class SlipWatch {
  /** The newest words, from the first that needed correction on. */
  #run: Watched[] = []
  /** Words since one that was corrected or lost read clean a bit or two off: the newest may be misread. */
  doubt = false

  /** The place of the words is proved. */
  anchor(): void {
    if (this.#run.length > 0) this.#run = []
    this.doubt = false
  }

  /** Takes the word read at `at` into account, before anything is made of it. */
  watch(
    window: BitWindow,
    flip: number,
    word: Omit<Watched, 'pages'>,
    pages: () => Snapshot,
  ): Slip | undefined {
    this.doubt = false
    const idle = slippedIdle(window, word.at, word.raw, flip)
    if (idle === 0 && word.corrected === 0 && this.#run.length === 0) return undefined
    if (this.#run.length === MOST_WORDS) this.#run.shift()
    this.#run.push({ ...word, pages: pages() })
    if (idle !== 0) return this.#slip(idle, 1)
    return this.#best(window, flip)
  }

  /**
   * At a slip of two bits, half the words also read clean at one bit off. So the slip that explains most words is
   * taken.
   */
  #best(window: BitWindow, flip: number): Slip | undefined {
    let best = 0
    let most = 0
    let second = 0
    let cost = 0
    for (const bits of SLIPS) {
      const { words, corrected } = this.#cleanOff(window, flip, bits)
      if (words > 0 && (corrected > 0 || words < this.#run.length)) this.doubt = true
      if (words > most) {
        second = most
        most = words
        cost = corrected
        best = bits
      } else if (words > second) {
        second = words
      }
    }
    const found = most > second && cost >= CORRECTED_WORDS
    return found ? this.#slip(best, most) : undefined
  }

  /** The words in doubt before a sync codeword that was found off its place: they may have been misread. */
  misread(): Omit<Slip, 'bits'> | undefined {
    const first = this.#run[0]
    return first && { at: first.at, slot: first.slot, pages: first.pages }
  }

  #slip(bits: number, words: number): Slip {
    const first = this.#run.length - words
    const { at, slot, pages } = this.#run[first]!
    const before = this.#run[first - 1]
    if (!before || before.corrected === 0) return { bits, at, slot, pages }
    return { bits, at, slot, pages: before.pages, lost: before.raw }
  }

  /** How many of the newest words read clean so many bits off, and how many of those needed correction in place. */
  #cleanOff(window: BitWindow, flip: number, bits: number): { words: number; corrected: number } {
    let words = 0
    let corrected = 0
    for (let i = this.#run.length - 1; i >= 0; i--) {
      const word = this.#run[i]!
      const newest = i === this.#run.length - 1
      const clean = newest && bits > 0 ? isCleanSoFar(word.raw, bits) : isClean(window, word.at + bits, flip)
      if (!clean) break
      words++
      if (word.corrected > 0) corrected++
    }
    return { words, corrected }
  }
}

/**
 * Bits by which the end of the sync codeword expected at `at` stands off its place, or 0: the slip may have come in the
 * middle of it. The end of a late one is not waited for.
 */
export function slipOfSync(window: BitWindow, at: number, flip: number): number {
  const here = (window.word(at) ^ flip) >>> 0
  for (const slip of SLIPS) {
    const off = slip < 0 ? window.word(at + slip) ^ flip : here << slip
    const unseen = slip < 0 ? 0 : 0xffffffff >>> (32 - slip)
    for (let placed = 0; placed < 32; placed++) {
      const inPlace = ~(0xffffffff >>> placed)
      const wrong = ones((here ^ SYNC) & inPlace) + ones((off ^ SYNC) & ~inPlace & ~unseen)
      if (wrong <= SYNC_SLIPPED) return slip
    }
  }
  return 0
}

function slippedIdle(window: BitWindow, at: number, here: number, flip: number): number {
  for (const slip of SLIPS) {
    const wrong =
      slip < 0
        ? distance(window.word(at + slip) ^ flip, IDLE)
        : distance(here & (0xffffffff >>> slip), IDLE >>> slip)
    if (wrong <= IDLE_SLIPPED) return slip
  }
  return 0
}

function isClean(window: BitWindow, at: number, flip: number): boolean {
  const word = (window.word(at) ^ flip) >>> 0
  return syndrome(word) === 0 && !isStuck(word)
}

/** As far as the bits go that are there: the last one or two of a late word have not come. */
function isCleanSoFar(here: number, late: number): boolean {
  const begun = (here << late) >>> 0
  return syndrome(begun) >>> 1 === 0 || (late === 2 && syndrome((begun | 2) >>> 0) >>> 1 === 0)
}
