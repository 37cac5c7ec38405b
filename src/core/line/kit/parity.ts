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
