import type { Glyphs } from './charset.ts'
import {
  type ContentType,
  character,
  characterCount,
  digit,
  LOST,
  type MessageData,
  PRINTED_CONTROLS,
} from './content.ts'
import { CHARACTER_BITS, DATA_BITS, DIGITS_PER_WORD, FILL } from './tables.ts'

/**
 * Takes back codewords that were corrected wrongly, as far as their text shows it. With two bits corrected, one word in
 * 75 is another than was sent at 2 % of bits wrong, and one in 10 at 5 %; such a word mostly holds characters no sender
 * uses. It is taken for lost when it brings in a control character, or something of the rare kinds below that no surer
 * codeword of the same page holds.
 * @param corrections by codeword, the address first
 */
export function withoutImplausible(
  type: ContentType,
  words: readonly MessageData[],
  corrections: readonly number[],
  glyphs: Glyphs,
): MessageData[] {
  const weak = words.map((word, i) => word !== LOST && corrections[i + 1]! >= 2)
  if (!weak.includes(true)) return [...words]
  return type === 'alpha' ? alpha(words, weak, glyphs) : numeric(words, weak)
}

function alpha(words: readonly MessageData[], weak: readonly boolean[], glyphs: Glyphs): MessageData[] {
  const codes = Array.from({ length: characterCount(words) }, (_, i) => character(words, i))
  const isWeak = (i: number) => weak[firstWord(i)] === true || weak[lastWord(i)] === true
  const usual = new Set(codes.filter((_, i) => !isWeak(i)))
  const camel = codes.some((_, i) => !isWeak(i) && !isWeak(i + 1) && smallThenCapital(codes, i))
  const out = [...words]
  for (const [i, code] of codes.entries()) {
    if (code === LOST) continue
    const odd =
      isControl(code) || (isRare(glyphs[code]!) && !usual.has(code)) || (!camel && smallThenCapital(codes, i))
    if (!odd) continue
    for (const w of [firstWord(i), lastWord(i)]) if (weak[w]) out[w] = LOST
  }
  return out
}

/** Digits that pagers can show and senders hardly ever use: spare, U and the brackets. */
const RARE_DIGITS: ReadonlySet<number> = new Set([10, 11, 14, 15])

function numeric(words: readonly MessageData[], weak: readonly boolean[]): MessageData[] {
  const digits = (word: MessageData) => Array.from({ length: DIGITS_PER_WORD }, (_, i) => digit(word, i))
  const usual = new Set(words.flatMap((word, i) => (word === LOST || weak[i] ? [] : digits(word))))
  return words.map((word, i) =>
    weak[i] && digits(word).some((d) => RARE_DIGITS.has(d) && !usual.has(d)) ? LOST : word,
  )
}

const isControl = (code: number) =>
  (code < 0x20 && !PRINTED_CONTROLS.has(code) && !FILL.has(code)) || code === 0x7f

const isRare = (glyph: string) => '[\\]^_`{|}~<>$'.includes(glyph)

const firstWord = (i: number) => Math.floor((i * CHARACTER_BITS) / DATA_BITS)
const lastWord = (i: number) => Math.floor((i * CHARACTER_BITS + CHARACTER_BITS - 1) / DATA_BITS)

/** A capital directly behind a small letter, as no word has it but a few names. */
function smallThenCapital(codes: readonly number[], i: number): boolean {
  const a = codes[i]!
  const b = codes[i + 1] ?? LOST
  return a >= 0x61 && a <= 0x7a && b >= 0x41 && b <= 0x5a
}
