import { messageWord } from '../code/codeword.ts'
import type { MessageData } from '../code/content.ts'

/**
 * How many codewords lie at a number of bits from a received word, on average: C(32,n) patterns over 2048 syndromes of
 * which half have the parity. Beside one at two bits stand 30 at four.
 */
export const AT = { four: 30, five: 197, six: 885, seven: 3287 } as const

/**
 * A page is called corrected when the chance that any of its corrections is wrong is below this, and doubtful above it,
 * so that of all pages called corrected less than 1 in 1000 is wrong.
 */
export const SURE = 5e-4

/** Of the addresses that a wrong correction may give, hardly any is on a list of those that are in use. */
const LISTED = 0.02

/**
 * Odds that a bit is wrong, by the bits corrected in some codewords. One more in 64 bits: a short page is no perfect
 * channel.
 */
export function oddsOf(corrected: number, codewords: number): number {
  const share = Math.min(0.3, (corrected + 1) / (32 * codewords + 64))
  return share / (1 - share)
}

/** Chance that a codeword which the code alone corrected in so many bits is another than was sent. */
export function correctionDoubt(corrected: number, odds: number): number {
  if (corrected === 0) return AT.six * odds ** 6
  return corrected === 1 ? AT.five * odds ** 4 : AT.four * odds ** 2
}

/** Likewise of an address; `known`: it is on the list of addresses, undefined where there is none. */
export function addressDoubt(corrected: number, odds: number, known: boolean | undefined): number {
  return correctionDoubt(corrected, odds) * (known === true ? LISTED : 1)
}

/**
 * Of pages in which nothing was corrected less than 1 in 100 000 may be wrong, and of those without words, which nothing
 * bears out. In noise a codeword of a message may be read as the address of one, or as what follows one.
 */
export const SURE_CLEAN = 1e-5

/**
 * Chance that a tone is none, or had words.
 * @param share of wrong bits around it
 * @param behind bits corrected in the codeword that showed its end
 */
export function toneDoubt(
  corrected: number,
  behind: number,
  share: number,
  known: boolean | undefined,
): number {
  const odds = share / (1 - share)
  return addressDoubt(corrected, odds, known) + correctionDoubt(Math.min(behind, 2), odds)
}

/** A bit of half the reliability of an undisturbed one counts as a bit does where none has any. */
const USUAL_WEIGHT = 64

/**
 * An impulse may turn the surest bit: as natural logarithm, no more than this speaks against any that is wrong, which
 * is one bit of 500 on a channel that has impulses, and one of 160 000 where none was seen.
 */
const MOST_EVIDENCE = { impulses: 6.2, unknown: 6.2, calm: 12 } as const

/** What turns bits on a channel: noise the unsure ones (calm), impulses any; unknown where too few were turned to tell. */
export type Turned = keyof typeof MOST_EVIDENCE

/** So many corrected bits show what wrong bits are like, and none of them was as sure as this. */
const ENOUGH_WRONG = 4
const SURE_BIT = 96

/** On a quiet line at least this share of all bits is about as sure as an undisturbed one; in noise it is half of them. */
const QUIET = 0.7
const LOUD_BIT = 160

/** What turned the bits that the code corrected in a page. */
export function turnedBy(
  page: {
    readonly words: readonly MessageData[]
    readonly received: readonly number[]
    readonly weights: readonly (Uint8Array | undefined)[]
  },
  near: readonly number[],
): Turned {
  const { words, received, weights } = page
  let seen = 0
  let sure = 0
  let bits = 0
  let usual = 0
  for (const [i, of] of weights.entries()) {
    if (of === undefined || near[i]! > 2) continue
    const changed = messageWord(words[i]!) ^ received[i]!
    for (let place = 0; place < 32; place++) {
      const weight = of[place]!
      bits += 1
      if (weight >= SURE_BIT && weight <= LOUD_BIT) usual += 1
      if ((changed & (0x80000000 >>> place)) === 0) continue
      seen += 1
      if (weight >= SURE_BIT) sure += 1
    }
  }
  if (sure > 0) return usual >= QUIET * bits ? 'impulses' : 'unknown'
  return seen >= ENOUGH_WRONG ? 'calm' : 'unknown'
}

/** Where an impulse turned a bit, it turns the next as well in one of five cases: as natural logarithm. */
const NEIGHBOUR = 1.6

/** So many wrong bits the code repairs by itself, and in no other way. */
const REPAIRED = 2

/**
 * What speaks against bits being wrong, as a number of bits without a reliability of their own. Where there may be
 * impulses it is no more against what the code alone repairs than without reliabilities, or these would make it worse;
 * where they were seen, little against a bit right behind another that is wrong, as one may have turned both.
 */
export function costOf(changed: number, weights: Uint8Array, odds: number, turned: Turned): number {
  const most = MOST_EVIDENCE[turned] / -Math.log(odds)
  const behind = turned === 'impulses' ? NEIGHBOUR / -Math.log(odds) : most
  let all = 0
  let wrong = 0
  let before = false
  for (let place = 0; place < 32; place++) {
    const here = (changed & (0x80000000 >>> place)) !== 0
    if (here) {
      all += Math.min(weights[place]! / USUAL_WEIGHT, before ? behind : most)
      wrong += 1
    }
    before = here
  }
  return turned === 'calm' || wrong > REPAIRED ? all : Math.min(all, wrong)
}
