import { encodeWord } from './bch.ts'
import type { FunctionBits } from './tables.ts'

/** Number of bits in which a 32-bit word is one. */
export function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Number of bits in which two words differ. */
export function distance(a: number, b: number): number {
  return ones(a ^ b)
}

/** The address codeword of a receiver; its low three bits go into the choice of frame. */
export function addressWord(ric: number, fn: FunctionBits): number {
  return encodeWord(((ric >>> 3) << 2) | fn)
}

/** The message codeword of 20 data bits. */
export function messageWord(data: number): number {
  return encodeWord(0x100000 | data)
}

/** Bit 1 tells a message codeword from an address, idle or sync codeword. */
export function isMessage(word: number): boolean {
  return word >>> 31 === 1
}

/** The 20 data bits of a message codeword. */
export function dataOf(word: number): number {
  return (word >>> 11) & 0xfffff
}

/** RIC of an address codeword found in the frame (0 to 7) given. */
export function ricOf(word: number, frame: number): number {
  return ((word >>> 13) & 0x3ffff) * 8 + frame
}

export function functionOf(word: number): FunctionBits {
  const fn = (word >>> 11) & 3
  return fn === 0 ? 0 : fn === 1 ? 1 : fn === 2 ? 2 : 3
}

/** A word that carries nothing although it is a codeword: all bits alike, the line stuck or dead. */
export function isStuck(word: number): boolean {
  return word === 0 || word === 0xffffffff
}

/** Bits in which a word differs from the reversals of a preamble, in the better of their two phases. */
export function reversalErrors(word: number): number {
  const d = distance(word, 0xaaaaaaaa)
  return Math.min(d, 32 - d)
}
