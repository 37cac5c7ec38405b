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
