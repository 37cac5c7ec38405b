import type { PackedBits } from '../../src/core/pocsag/encode.ts'

/** Bits as a row of 0 and 1, easy to cut and join in tests. */
export const unpack = ({ bits, bitCount }: PackedBits): number[] =>
  Array.from({ length: bitCount }, (_, i) => (bits[i >>> 3]! >>> (7 - (i & 7))) & 1)

export function pack(row: readonly number[]): PackedBits {
  const bits = new Uint8Array(Math.ceil(row.length / 8))
  for (const [i, bit] of row.entries()) if (bit) bits[i >>> 3]! |= 0x80 >>> (i & 7)
  return { bits, bitCount: row.length }
}

export const repeat = (bit: number, count: number): number[] => new Array<number>(count).fill(bit)
