import { LOST } from '../code/content.ts'
import { DIGIT_BITS, DIGIT_SPACE } from '../code/tables.ts'
import type { Writing } from './writing.ts'

const HYPHEN = 13

/** Share of the sixteen digits on numeric pages before anything is known of one: all but figures, space and hyphen are rare. */
const SHARES = Array.from({ length: 16 }, (_, d) =>
  d < 10 ? 0.093 : d === DIGIT_SPACE ? 0.05 : d === HYPHEN ? 0.01 : 0.0025,
)

/** How much those weigh against what the page shows: as so many digits of it. */
const OF_SHARES = 8

/** Behind a space more spaces follow mostly, up to the end. */
const SPACE_AGAIN = 0.8

/** How a numeric page is written: only the rare digits are learned. */
export function digitWriting(sure: readonly number[]): Writing {
  const known = sure.filter((d) => d !== LOST)
  const usual = SHARES.map((share, d) => {
    const seen = share < 0.05 ? known.filter((k) => k === d).length : known.length * share
    return (seen + OF_SHARES * share) / (known.length + OF_SHARES)
  })
  return {
    width: DIGIT_BITS,
    chance: (_, previous, d) => {
      if (previous !== DIGIT_SPACE) return usual[d]!
      return d === DIGIT_SPACE ? SPACE_AGAIN : (1 - SPACE_AGAIN) * usual[d]!
    },
    // Five digits fill a codeword: none straddles two, and nothing is left over.
    begins: () => 1,
    ends: () => 1,
    leftover: () => 1,
  }
}
