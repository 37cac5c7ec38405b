/**
 * National variants of the 7-bit set (ISO 646): the places where each differs from the reference version, in the order
 * 23 24 40 5B 5C 5D 5E 60 7B 7C 7D 7E (hexadecimal).
 */
const PLACES = [0x23, 0x24, 0x40, 0x5b, 0x5c, 0x5d, 0x5e, 0x60, 0x7b, 0x7c, 0x7d, 0x7e] as const

const VARIANTS = {
  us: '#$@[\\]^`{|}~',
  uk: '£$@[\\]^`{|}‾',
  de: '#$§ÄÖÜ^`äöüß',
  dk: '#$@ÆØÅ^`æøå~',
  se: '#¤ÉÄÖÅÜéäöåü',
  fr: '£$à°ç§^µéùè¨',
  it: '£$§°çé^ùàòèì',
  es: '£$§¡Ñ¿^`°ñç~',
} as const satisfies Record<string, string>

export type Charset = keyof typeof VARIANTS

/** Norway shares the Danish table, Finland the Swedish one. */
export const CHARSETS = Object.keys(VARIANTS) as readonly Charset[]

/** Character by 7-bit code, 128 of them. Control characters stand for themselves. */
export type Glyphs = readonly string[]

const TABLES = new Map<Charset, Glyphs>(CHARSETS.map((name) => [name, glyphs(name)]))
const CODES = new Map<Charset, ReadonlyMap<string, number>>(
  CHARSETS.map((name) => [name, new Map(TABLES.get(name)!.map((glyph, code) => [glyph, code]))]),
)

function glyphs(name: Charset): Glyphs {
  const table = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
  for (const [i, place] of PLACES.entries()) table[place] = VARIANTS[name][i]!
  return table
}

export function glyphsOf(charset: Charset): Glyphs {
  return TABLES.get(charset)!
}

/** 7-bit code of a character under a variant; `undefined` when the variant has no such character. */
export function codeOf(character: string, charset: Charset): number | undefined {
  return CODES.get(charset)!.get(character)
}
