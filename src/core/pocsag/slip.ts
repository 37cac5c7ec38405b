import { syndrome } from './bch.ts'
import type { BitWindow } from './bit-window.ts'
import { distance, isStuck } from './codeword.ts'
import { SYNC } from './tables.ts'

/** Slips of the bit clock that are looked for; larger ones look like noise and are found by hunting. */
const SLIPS = [-1, 1, -2, 2] as const

/** Wrong bits allowed to a sync codeword off its place, where the slip itself must be believed too. */
export const SYNC_SLIPPED = 2

/** Consecutive corrected codewords after which a slip inside a batch is looked for. */
export const SLIP_SUSPECTED = 3

/** Bits by which the sync codeword expected at `at` stands off its place, or 0; the end of a late one is not waited for. */
export function slipOfSync(window: BitWindow, at: number, flip: number): number {
  const here = (window.word(at) ^ flip) >>> 0
  for (const slip of SLIPS) {
    const wrong =
      slip < 0
        ? distance(window.word(at + slip) ^ flip, SYNC)
        : distance(here & (0xffffffff >>> slip), SYNC >>> slip)
    if (wrong <= SYNC_SLIPPED) return slip
  }
  return 0
}

/**
 * The code is cyclic: one bit off, every word decodes with a bit or two corrected. When the last corrected words before
 * `end`, `run` of them, read without any correction a bit or two off, that is the slip; else 0. The newest word of a
 * late run is not complete yet and not looked at.
 */
export function slipOfWords(window: BitWindow, end: number, flip: number, run: number): number {
  for (const slip of SLIPS) {
    if (run < wordsBack(slip)) continue
    const first = end - 32 * wordsBack(slip) + slip
    let clean = 0
    while (clean < SLIP_SUSPECTED && isClean(window, first + 32 * clean, flip)) clean++
    if (clean === SLIP_SUSPECTED) return slip
  }
  return 0
}

/** How many words before the newest decision a slip of words is known to have begun. */
export function wordsBack(slip: number): number {
  return slip < 0 ? SLIP_SUSPECTED : SLIP_SUSPECTED + 1
}

function isClean(window: BitWindow, at: number, flip: number): boolean {
  if (at < window.first) return false
  const word = (window.word(at) ^ flip) >>> 0
  return syndrome(word) === 0 && !isStuck(word)
}
