import { UNCORRECTABLE } from './code/bch.ts'

/**
 * Whether what is being decoded is a transmission or noise, as a running sum of log likelihood ratios (natural
 * units): a sequential probability ratio test. A random word decodes without correction in 1 of 2048 cases, with one
 * corrected bit in 1 of 64, with two in 1 of 4; on a channel with 2 % of bits wrong the shares are 52, 34 and 11 %.
 * Two corrected bits count for nothing either way: with 2 % of bits wrong noise gives them more often than a page
 * does, with 5 % it does not. A page is believed when the sum makes it e^8 times likelier to be sent than noise,
 * which on an open squelch at 1200 bit/s is about one false page in 400 days without any directory of addresses.
 */
const CERTAIN = 20

/** By corrected bits (0, 1, 2) and uncorrectable. */
const OF_WORD = [7, 3, 0, -3.4] as const

/** For so many wrong bits a codeword counts that could not be repaired: it has three at least. */
export const WRONG_IN_LOST = 4

/** All bits alike, or the reversals of a preamble: no codeword of a page. */
export const OF_NO_SIGNAL = -7

/** Below this the transmission is taken to be over. */
export const OVER = -4

/** At and above this a page is given out; between `OVER` and this it is held back. */
export const BELIEVED = 8

/** An address that took two corrections is weak itself: random words pass as one in 1 of 8 cases. */
export const BELIEVED_WEAK = 10

/** A RIC no directory holds needs a clean neighbourhood. */
export const BELIEVED_UNKNOWN = 14

/**
 * Where a sync codeword should have stood and two good words follow: noise gives such two behind 1 transmission of 4000,
 * so only what comes of them makes a page believed.
 */
export const UNSYNCED = 0

export function addWord(evidence: number, corrected: number): number {
  return Math.min(CERTAIN, evidence + OF_WORD[Math.min(corrected, UNCORRECTABLE)]!)
}

/** Evidence after an idle or sync codeword in its place with `wrong` bits: a given pattern, so nearly proof. */
export function afterKnownWord(wrong: number): number {
  return CERTAIN - 2.5 * wrong
}

/** Evidence after a sync codeword found by hunting with no preamble before it, for 0, 1 and 2 wrong bits. */
export function afterLoneSync(wrong: number): number {
  return wrong === 0 ? 6 : wrong === 1 ? 2 : -2
}

/** Evidence after a sync codeword behind a preamble of which `seen` bits were looked at. */
export function afterPreamble(wrong: number, seen: 32 | 64): number {
  return seen === 64 ? CERTAIN - wrong : 12 - wrong
}
