import { CHARSETS, type Glyphs, glyphsOf } from './charset.ts'
import { letterOf } from './letter-pairs.ts'
import { FILL } from './tables.ts'

/** What a character is. Opening marks stand before a word, others behind it; fill stands behind the text. */
export const KIND = {
  ...{ upper: 0, lower: 1, digit: 2, space: 3, mark: 4, opening: 5, rare: 6, line: 7, control: 8 },
  fill: 9,
} as const

/** Kinds that are part of a text: all but fill. */
export const TEXT_KINDS = 9

/** Marks in use on pages, with their weights among themselves; characters of any other kind weigh alike. */
const MARKS: Readonly<Record<string, number>> = {
  ...{
    '.': 6,
    ',': 3,
    ':': 3,
    '/': 3,
    '-': 4,
    ')': 1.5,
    "'": 1,
    '?': 1,
    '!': 0.5,
    ';': 0.5,
    '+': 0.5,
    '%': 0.3,
  },
}
const OPENINGS: Readonly<Record<string, number>> = {
  ...{ '(': 3, '&': 1, '#': 1, '£': 1, '@': 1, '"': 1, '*': 1, $: 0.3, '=': 0.3, '<': 0.3 },
}

/** The characters of a national variant, by code. */
export interface Characters {
  readonly kinds: readonly number[]
  /** Place in the alphabet, see `letterOf`. */
  readonly letters: readonly number[]
  readonly weights: readonly number[]
  /** By kind: the weights of its characters together. */
  readonly weightOfKind: readonly number[]
}

const TABLES = new Map<Glyphs, Characters>(
  CHARSETS.map((charset) => [glyphsOf(charset), describe(glyphsOf(charset))]),
)

export function charactersOf(glyphs: Glyphs): Characters {
  return TABLES.get(glyphs) ?? describe(glyphs)
}

function describe(glyphs: Glyphs): Characters {
  const kinds = glyphs.map(kindOf)
  const weights = glyphs.map((glyph) => MARKS[glyph] ?? OPENINGS[glyph] ?? 1)
  const weightOfKind = Object.values(KIND).map((kind) =>
    weights.reduce((all, weight, code) => (kinds[code] === kind ? all + weight : all), 0),
  )
  return { kinds, letters: glyphs.map(letterOf), weights, weightOfKind }
}

function kindOf(glyph: string, code: number): number {
  if (FILL.has(code)) return KIND.fill
  if (code === 0x09 || code === 0x0a || code === 0x0d) return KIND.line
  if (isControl(code)) return KIND.control
  if (glyph === ' ') return KIND.space
  if (/\p{Lu}/u.test(glyph)) return KIND.upper
  if (/\p{Ll}/u.test(glyph)) return KIND.lower
  if (/[0-9]/.test(glyph)) return KIND.digit
  return glyph in MARKS ? KIND.mark : glyph in OPENINGS ? KIND.opening : KIND.rare
}

/** Neither printed nor a line end, a tab or fill: nothing a sender writes. */
export function isControl(code: number): boolean {
  if (code === 0x09 || code === 0x0a || code === 0x0d || FILL.has(code)) return false
  return (code >= 0 && code < 0x20) || code === 0x7f
}
