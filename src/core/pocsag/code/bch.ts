import { GENERATOR } from './tables.ts'

/**
 * BCH(31,21) with overall even parity, distance 6: one table answers for every received word.
 *
 * The 11-bit syndrome is the remainder of the 31 code bits by the generator (10 bits) above the parity of all 32.
 * All 529 patterns of at most two wrong bits have different syndromes, so parity takes part in the decision by itself:
 * three wrong bits always have odd parity and are never taken for two.
 */
const SYNDROMES = 1 << 11

/** What `CORRECTIONS` holds for a syndrome that no one or two wrong bits can cause. */
export const UNCORRECTABLE = 3

/** Remainder of `data` · x^10 by the generator: the check bits of 21 data bits. */
function remainder(data: number): number {
  let rest = data << 10
  for (let bit = 30; bit >= 10; bit--) if ((rest >>> bit) & 1) rest ^= GENERATOR << (bit - 10)
  return rest
}

function parityOf(word: number): number {
  let p = word ^ (word >>> 16)
  p ^= p >>> 8
  p ^= p >>> 4
  return (0x6996 >>> (p & 15)) & 1
}

/** Codeword of 21 data bits (flag bit and 20 data bits): check bits and even parity added. */
export function encodeWord(data: number): number {
  const code = ((data << 11) | (remainder(data) << 1)) >>> 0
  return (code | parityOf(code)) >>> 0
}

/** The syndrome is linear, so that of a word is the exclusive or of those of its four bytes: four look-ups a word. */
const BYTE_SYNDROMES = byteSyndromes()

function byteSyndromes(): readonly [Uint16Array, Uint16Array, Uint16Array, Uint16Array] {
  const tables = [
    new Uint16Array(256),
    new Uint16Array(256),
    new Uint16Array(256),
    new Uint16Array(256),
  ] as const
  for (const [place, table] of tables.entries()) {
    for (let byte = 0; byte < 256; byte++) table[byte] = slowSyndrome((byte << (24 - 8 * place)) >>> 0)
  }
  return tables
}

function slowSyndrome(word: number): number {
  const check = remainder(word >>> 11) ^ ((word >>> 1) & 0x3ff)
  return (check << 1) | parityOf(word)
}

export function syndrome(word: number): number {
  return (
    BYTE_SYNDROMES[0][word >>> 24]! ^
    BYTE_SYNDROMES[1][(word >>> 16) & 255]! ^
    BYTE_SYNDROMES[2][(word >>> 8) & 255]! ^
    BYTE_SYNDROMES[3][word & 255]!
  )
}

/** By syndrome: the bits to flip, and how many those are (`UNCORRECTABLE` when none of at most two would do). */
export const ERROR_MASKS = new Uint32Array(SYNDROMES)
export const CORRECTIONS = new Uint8Array(SYNDROMES).fill(UNCORRECTABLE)

for (let first = 0; first < 32; first++) {
  const one = (1 << first) >>> 0
  learn(one, 1)
  for (let second = 0; second < first; second++) learn((one | (1 << second)) >>> 0, 2)
}
learn(0, 0)

function learn(mask: number, bits: number): void {
  const s = syndrome(mask)
  ERROR_MASKS[s] = mask
  CORRECTIONS[s] = bits
}
