import type { Glyphs } from './charset.ts'
import { type ContentType, character, characterCount, digit, LOST, type MessageData } from './content.ts'
import { CHARACTER_BITS, DATA_BITS, DIGITS_PER_WORD, UNKNOWN_CHARACTER } from './tables.ts'

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

/** What texts of senders do not hold, or so rarely that one wrongly corrected codeword is likelier. */
const ODD: readonly RegExp[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls other than tab, line ends and fill are the point
  /[\x01\x02\x05-\x08\x0b\x0c\x0e-\x16\x18\x1a-\x1f\x7f]/g,
  /[[\\\]^_`{|}~<>$]/g,
  /[a-z][A-Z]/g,
  /[A-Za-z]{2}\d[A-Za-z]{2}/g,
  // A bracket without its fellow.
  /\((?!.*\))|(?<!\(.*)\)/gs,
]

function alpha(words: readonly MessageData[], weak: readonly boolean[], glyphs: Glyphs): MessageData[] {
  const codes = Array.from({ length: characterCount(words) }, (_, i) => character(words, i))
  const text = codes.map((code) => (code === LOST ? UNKNOWN_CHARACTER : glyphs[code]!)).join('')
  const out = [...words]
  for (const kind of ODD) {
    const found = [...text.matchAll(kind)].map((match) => weakWordsOf(match, weak))
    // What a surer codeword holds too is this sender's way of writing.
    if (found.some((touched) => touched.length === 0)) continue
    for (const touched of found) for (const w of touched) out[w] = LOST
  }
  return out
}

/** The weak codewords that carry the characters of a match. */
function weakWordsOf(match: RegExpExecArray, weak: readonly boolean[]): number[] {
  const first = Math.floor((match.index * CHARACTER_BITS) / DATA_BITS)
  const last = Math.floor(((match.index + match[0].length) * CHARACTER_BITS - 1) / DATA_BITS)
  return Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((w) => weak[w])
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
