/**
 * How likely a piece of text is: the prior of `likely.ts`. All chances, so that they multiply. Codes are those sent, with
 * `LOST` for one that is not known and `START` in front of the first.
 */
export interface Writing {
  /** Bits of a symbol. */
  readonly width: number
  /**
   * Chance of a symbol behind the two before it.
   * @param last it ends in the page's last codeword
   */
  chance(before: number, previous: number, code: number, last: boolean): number
  /** Chance that a symbol's first `count` bits, lowest first, are these. */
  begins(count: number, bits: number): number
  /** Chance that a symbol's last `count` bits are these. */
  ends(count: number, bits: number): number
  /** Chance of the bits behind the last whole symbol. */
  leftover(count: number, bits: number): number
}

/** Stands before the first symbol of a page. */
export const START = -2
