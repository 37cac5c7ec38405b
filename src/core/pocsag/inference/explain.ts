import { CORRECTIONS, ERROR_MASKS, syndrome } from '../code/bch.ts'

/** A codeword that may have been sent, and in how many bits it differs from what was received. */
export interface Explanation {
  readonly word: number
  readonly wrong: number
}

const OF_BIT = Uint16Array.from({ length: 32 }, (_, bit) => syndrome((1 << bit) >>> 0))

/**
 * Every codeword within `most` bits of a received word. All are an even number of bits away, or all an odd one. By the
 * code's distance of six, one within two bits has no other within three, and 30 at four; without one there are five at
 * three bits and 200 at five, or 40 at four, on average.
 */
export function explanations(raw: number, most: number): readonly Explanation[] {
  const found: Explanation[] = []
  const s = syndrome(raw)
  const near = CORRECTIONS[s]!
  if (near <= 2) found.push({ word: (raw ^ ERROR_MASKS[s]!) >>> 0, wrong: near })
  for (let wrong = (s & 1) === 1 ? 3 : 4; wrong <= most; wrong += 2) search(found, raw, s, 32, wrong, wrong)
  return found
}

/** Bits are taken from the top down, each below the last, so that every pattern comes once; a table knows the last two. */
function search(
  found: Explanation[],
  raw: number,
  s: number,
  limit: number,
  left: number,
  wrong: number,
): void {
  if (left === 2) {
    const mask = ERROR_MASKS[s]!
    const below = limit === 32 || mask >>> limit === 0
    if (CORRECTIONS[s] === 2 && below) found.push({ word: (raw ^ mask) >>> 0, wrong })
    return
  }
  for (let bit = 0; bit < limit; bit++) {
    search(found, (raw ^ (1 << bit)) >>> 0, s ^ OF_BIT[bit]!, bit, left - 1, wrong)
  }
}
