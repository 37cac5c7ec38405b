/** Constants of Recommendation ITU-R M.584-2 (Radiopaging Code No. 1). Codewords are unsigned 32-bit, bit 1 on top. */

/** Opens every batch; bit-inverted on a line whose polarity is swapped. */
export const SYNC = 0x7cd215d8

/** Fills every slot that carries nothing; reads as an address nobody may hold. */
export const IDLE = 0x7a89c197

/** Generator of the BCH(31,21) code: x^10 + x^9 + x^8 + x^6 + x^5 + x^3 + 1. */
export const GENERATOR = 0x769

export const WORDS_PER_BATCH = 16

/** Reversals before the first batch, at least. */
export const PREAMBLE_BITS = 576

/** Data bits of a message codeword, bits of a character, bits of a digit. */
export const DATA_BITS = 20
export const CHARACTER_BITS = 7
export const DIGIT_BITS = 4
export const DIGITS_PER_WORD = 5

/** Highest 21-bit radio identity code. */
export const RIC_MAX = 0x1fffff

/** Bit rates of the recommendation and of the field. */
export const BAUDS = [512, 1200, 2400] as const
export type Baud = (typeof BAUDS)[number]

/** Sub-address of a receiver; shown as A to D or 1 to 4 elsewhere. */
export type FunctionBits = 0 | 1 | 2 | 3

/** The longest page kept, in message codewords: 1142 characters. The standard sets no limit, the fields' terminals 512. */
export const MAX_PAGE_WORDS = 400

/** What the sixteen values of a digit print as; value 10 is spare. */
export const DIGITS = '0123456789*U -]['

/** The digit that fills a numeric page's last codeword. */
export const DIGIT_SPACE = 12

/** Control characters senders put behind the text: NUL, ETX, EOT, ETB, EM. */
export const FILL: ReadonlySet<number> = new Set([0x00, 0x03, 0x04, 0x17, 0x19])

/** Stands for a character or digit whose bits could not be repaired. */
export const UNKNOWN_CHARACTER = '\ufffd'
