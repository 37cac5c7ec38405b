/**
 * Characters on a line, between the byte and the text. A byte first sheds its parity (`undress`); the characters then
 * become text in the alphabet of the line (`toText`). What we send goes the same way back.
 */

/**
 * How to treat bit 7 when a 7-bit line is read as 8N1, so that one port setting serves every sender.
 * `none`: the line is 8-bit clean (or the port checks parity itself). `strip`: bit 7 is dropped unchecked.
 * `even`, `odd`: checked, counted, then dropped; what we send carries the same parity.
 */
export const PARITIES = ['none', 'strip', 'even', 'odd'] as const
export type Parity = (typeof PARITIES)[number]

/** Set on a character whose parity was wrong; its lower seven bits are kept. */
export const PARITY_BAD = 0x100

/** The character in a received byte, with `PARITY_BAD` added when its parity is wrong. */
export function undress(byte: number, parity: Parity): number {
  if (parity === 'none') return byte
  const character = byte & 0x7f
  if (parity === 'strip') return character
  return ones(byte) === (parity === 'odd' ? 1 : 0) ? character : character | PARITY_BAD
}

/** The bytes to send for these characters. */
export function dress(characters: Uint8Array, parity: Parity): Uint8Array {
  if (parity === 'none' || parity === 'strip') return characters
  const wanted = parity === 'odd' ? 1 : 0
  return characters.map((c) => (ones(c & 0x7f) === wanted ? c & 0x7f : c | 0x80))
}

/** Count of one bits, modulo 2. */
function ones(byte: number): number {
  let folded = byte ^ (byte >> 4)
  folded ^= folded >> 2
  return (folded ^ (folded >> 1)) & 1
}

/**
 * How a line's bytes become text. `latin1` shows every byte as its Latin-1 character, so nothing is lost;
 * the national variants of ISO 646 replace a few positions (ESPA 4.4.4 allows any of them, and bytes 80h–FFh occur).
 */
export const LINE_CHARSETS = ['latin1', 'uk', 'de'] as const
export type LineCharset = (typeof LINE_CHARSETS)[number]

const VARIANTS: Readonly<Record<LineCharset, Readonly<Record<string, string>>>> = {
  latin1: {},
  uk: { '#': '£' },
  de: { '@': '§', '[': 'Ä', '\\': 'Ö', ']': 'Ü', '{': 'ä', '|': 'ö', '}': 'ü', '~': 'ß' },
}

/** One character for each byte. */
export function toText(bytes: Iterable<number>, charset: LineCharset): string {
  const variant = VARIANTS[charset]
  let text = ''
  for (const byte of bytes) {
    const plain = String.fromCharCode(byte)
    text += variant[plain] ?? plain
  }
  return text
}

/** Text to bytes. Characters the line cannot carry become `?`; control characters, which would break a frame, spaces. */
export function toBytes(text: string, charset: LineCharset): number[] {
  const back = new Map(Object.entries(VARIANTS[charset]).map(([plain, shown]) => [shown, plain]))
  const bytes: number[] = []
  for (const character of text) {
    const code = (back.get(character) ?? character).codePointAt(0)!
    bytes.push(code < 0x20 ? 0x20 : code > 0xff ? 0x3f : code)
  }
  return bytes
}
