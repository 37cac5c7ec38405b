import type { Glyphs } from './charset.ts'
import {
  CHARACTER_BITS,
  DATA_BITS,
  DIGIT_BITS,
  DIGIT_SPACE,
  DIGITS,
  DIGITS_PER_WORD,
  FILL,
  type FunctionBits,
  UNKNOWN_CHARACTER,
} from './tables.ts'

/** The 20 data bits of a message codeword, or `LOST` where it could not be repaired. */
export type MessageData = number
export const LOST: MessageData = -1

export type ContentType = 'tone' | 'numeric' | 'alpha'

/** How a RIC's content is to be read; `auto` decides by what the bits can be, see `readAuto`. */
export type ContentRule = ContentType | 'auto'

/** Without configuration: function 0 carries digits as the standard says; the others text, unless it can only be digits. */
export const DEFAULT_RULES: readonly [ContentRule, ContentRule, ContentRule, ContentRule] = [
  'numeric',
  'auto',
  'auto',
  'auto',
]

/** What the content of a page is under a rule. An address without a message is a tone whatever the rule. */
export function contentType(rule: ContentRule, fn: FunctionBits, words: readonly MessageData[]): ContentType {
  if (words.length === 0) return 'tone'
  return rule === 'auto' ? readAuto(fn, words) : rule
}

/** The page's text: digits or characters with fill trimmed, `U+FFFD` for each that touches a lost codeword. */
export function contentText(type: ContentType, words: readonly MessageData[], glyphs: Glyphs): string {
  if (type === 'tone') return ''
  return type === 'numeric' ? numericText(words) : alphaText(words, glyphs)
}

function numericText(words: readonly MessageData[]): string {
  let text = ''
  for (const word of words) {
    if (word === LOST) text += UNKNOWN_CHARACTER.repeat(DIGITS_PER_WORD)
    else for (let i = 0; i < DIGITS_PER_WORD; i++) text += DIGITS[digit(word, i)]!
  }
  return text.trimEnd()
}

function alphaText(words: readonly MessageData[], glyphs: Glyphs): string {
  let end = characterCount(words)
  while (end > 0 && FILL.has(character(words, end - 1))) end--
  let text = ''
  for (let i = 0; i < end; i++) {
    const code = character(words, i)
    text += code === LOST ? UNKNOWN_CHARACTER : glyphs[code]!
  }
  return text
}

/**
 * Text where it can be text, else digits where it can be digits. Senders in the field put digits on every function
 * (beep levels A to D) and the bits often prove it: the codeword left over behind whole characters holds no known
 * fill, or the characters are controls. No guess by likelihood: where both are possible, text.
 */
function readAuto(fn: FunctionBits, words: readonly MessageData[]): ContentType {
  const usual = fn === 0 ? 'numeric' : 'alpha'
  if (words.includes(LOST)) return usual
  if (canBeAlpha(words)) return 'alpha'
  return canBeDigits(words) ? 'numeric' : usual
}

/** Controls that belong to a text: tab and line ends. */
const PRINTED_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d])

/** What the bits behind the last whole character may begin: fill, space, line end. */
const TAILS = [...FILL, 0x20, 0x0a, 0x0d]

function canBeAlpha(words: readonly MessageData[]): boolean {
  let end = characterCount(words)
  while (end > 0 && FILL.has(character(words, end - 1))) end--
  for (let i = 0; i < end; i++) {
    const code = character(words, i)
    if (code < 0x20 && !PRINTED_CONTROLS.has(code)) return false
  }
  return endsInFill(words)
}

function endsInFill(words: readonly MessageData[]): boolean {
  const left = leftover(words)
  const mask = (1 << leftoverBits(words)) - 1
  return TAILS.some((code) => (code & mask) === left)
}

function canBeDigits(words: readonly MessageData[]): boolean {
  const text = numericText(words)
  // One encoder in the field adds a codeword of spaces behind text that fits exactly.
  return /^[0-9][0-9 -]*$/.test(text) && words.length <= Math.ceil(text.length / DIGITS_PER_WORD) + 1
}

/**
 * True when the text itself shows that it is over: its last whole character is fill, and so are the bits behind it.
 * Then a page can be given out before the next codeword is seen.
 */
export function showsEnd(words: readonly MessageData[]): boolean {
  const last = character(words, characterCount(words) - 1)
  if (!FILL.has(last)) return false
  const left = leftover(words)
  return left === 0 || left === (last & ((1 << leftoverBits(words)) - 1))
}

/** True when a text may end here: the bits behind the last whole character begin some fill, or there are none. */
export function mayEnd(type: ContentType, words: readonly MessageData[]): boolean {
  if (words.at(-1) === LOST) return false
  if (type === 'alpha') return endsInFill(words)
  return words.length > 0
}

/** True when a numeric page's last two digits at least are fill. */
export function showsDigitFill(words: readonly MessageData[]): boolean {
  const last = words.at(-1)
  if (last === undefined || last === LOST) return false
  return digit(last, DIGITS_PER_WORD - 1) === DIGIT_SPACE && digit(last, DIGITS_PER_WORD - 2) === DIGIT_SPACE
}

function digit(word: MessageData, place: number): number {
  return symbolAt(LOST, word, DIGIT_BITS * place, DIGIT_BITS)
}

export function characterCount(words: readonly MessageData[]): number {
  return Math.floor((words.length * DATA_BITS) / CHARACTER_BITS)
}

/** 7-bit code of a character, which may straddle two codewords; `LOST` when either is. */
export function character(words: readonly MessageData[], index: number): number {
  const w = Math.floor((index * CHARACTER_BITS + CHARACTER_BITS - 1) / DATA_BITS)
  return symbolAt(
    words[w - 1] ?? LOST,
    words[w] ?? LOST,
    index * CHARACTER_BITS - w * DATA_BITS,
    CHARACTER_BITS,
  )
}

/**
 * The symbol whose last bit lies in `word`.
 * @param offset of its first bit in `word`; below 0 it begins in the codeword before
 * @param width at most 7 bits
 */
export function symbolAt(before: MessageData, word: MessageData, offset: number, width: number): number {
  if (word === LOST || (offset < 0 && before === LOST)) return LOST
  const behind = DATA_BITS - offset - width
  const bits = offset < 0 ? (before << (width + offset)) | (word >>> behind) : word >>> behind
  return lowestFirst(bits, width)
}

/** The last `count` bits given (at most 7), turned round: characters and digits are sent lowest bit first. */
export function lowestFirst(bits: number, count: number): number {
  return REVERSED[(bits << (CHARACTER_BITS - count)) & 0x7f]!
}

function leftoverBits(words: readonly MessageData[]): number {
  return (words.length * DATA_BITS) % CHARACTER_BITS
}

/** The bits behind the last whole character, first sent lowest. */
function leftover(words: readonly MessageData[]): number {
  const n = leftoverBits(words)
  const last = words.at(-1)
  if (n === 0 || last === undefined || last === LOST) return 0
  return lowestFirst(last, n)
}

const REVERSED = Uint8Array.from({ length: 128 }, (_, value) => {
  let turned = 0
  for (let i = 0; i < CHARACTER_BITS; i++) turned |= ((value >>> i) & 1) << (CHARACTER_BITS - 1 - i)
  return turned
})

/** The characters that touch some codewords of a page, as spans from the first to before the last, in order. */
export function charactersIn(
  type: ContentType,
  codewords: readonly number[],
): readonly (readonly [number, number])[] {
  const width = type === 'numeric' ? DIGIT_BITS : CHARACTER_BITS
  const spans: [number, number][] = []
  for (const w of codewords) {
    const from = Math.floor((w * DATA_BITS) / width)
    const to = Math.ceil(((w + 1) * DATA_BITS) / width)
    const last = spans.at(-1)
    if (last && from <= last[1]) last[1] = to
    else spans.push([from, to])
  }
  return spans
}
