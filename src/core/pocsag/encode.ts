import { type Charset, codeOf } from './code/charset.ts'
import { addressWord, messageWord } from './code/codeword.ts'
import {
  CHARACTER_BITS,
  DATA_BITS,
  DIGIT_SPACE,
  DIGITS,
  DIGITS_PER_WORD,
  type FunctionBits,
  IDLE,
  PREAMBLE_BITS,
  SYNC,
  WORDS_PER_BATCH,
} from './code/tables.ts'

/** What one pager is to be told. */
export interface OutgoingPage {
  readonly ric: number
  readonly function: FunctionBits
  readonly type: 'tone' | 'numeric' | 'alpha'
  readonly text: string
}

/** How the last codeword of a text is filled: zeros; EOT and zeros; EOT over and over. Terminals differ. */
export type Padding = 'nul' | 'eot' | 'eot-repeated'

export interface TransmissionOptions {
  /** Bits of reversals in front; the standard asks for 576 at least. */
  readonly preambleBits?: number
  /** Every page this many times, in whole rounds. */
  readonly copies?: number
  readonly padding?: Padding
  readonly charset?: Charset
  /** Sent the wrong way up, as on a line with swapped polarity. */
  readonly inverted?: boolean
  /** No page goes out before one that was given earlier, though more batches may be needed. */
  readonly inOrder?: boolean
}

/** Bits packed most significant first; the last byte is padded with zeros beyond `bitCount`. */
export interface PackedBits {
  readonly bits: Uint8Array
  readonly bitCount: number
}

/** Where one page went: positions as `bleepd decode` counts them, from the first bit of the preamble. */
export interface PlacedPage {
  readonly page: OutgoingPage
  readonly addressBit: number
  readonly endBit: number
}

const EOT = 0x04

/**
 * One transmission: preamble, then as few batches as the frames allow. Each page waits for the first free slot of its
 * frame, and a page that fits an earlier gap takes it, unless the order is to be kept. Pure: the same pages give the same bits. The bits do not depend
 * on the rate. Characters the set lacks are sent as `?`, digits likewise as spaces.
 */
export function encodeTransmission(
  pages: readonly OutgoingPage[],
  options: TransmissionOptions = {},
): PackedBits {
  return placeTransmission(pages, options)
}

/** As `encodeTransmission`, and says where each copy of each page lies. */
export function placeTransmission(
  pages: readonly OutgoingPage[],
  options: TransmissionOptions = {},
): PackedBits & { readonly placed: readonly PlacedPage[] } {
  const preambleBits = options.preambleBits ?? PREAMBLE_BITS
  const slots: number[] = []
  const placed: PlacedPage[] = []
  for (let copy = 0; copy < (options.copies ?? 1); copy++) {
    let from = copy === 0 ? 0 : roundUp(slots.length, WORDS_PER_BATCH)
    for (const page of pages) {
      const words = [addressWord(page.ric, page.function), ...messageWords(page, options)]
      const slot = freeSlot(slots, from, page.ric & 7, words.length)
      for (const [i, word] of words.entries()) slots[slot + i] = word
      if (options.inOrder) from = slot + words.length
      placed.push({
        page,
        addressBit: preambleBits + bitOfSlot(slot),
        endBit: preambleBits + bitOfSlot(slot + words.length - 1) + 32,
      })
    }
  }
  const batches = Math.max(1, Math.ceil(slots.length / WORDS_PER_BATCH))
  const words: number[] = []
  for (let batch = 0; batch < batches; batch++) {
    words.push(SYNC)
    for (let i = 0; i < WORDS_PER_BATCH; i++) words.push(slots[batch * WORDS_PER_BATCH + i] ?? IDLE)
  }
  return { ...packWords(words, preambleBits, options.inverted ?? false), placed }
}

/** The message codewords of a page: none for tone only. */
export function messageWords(
  page: OutgoingPage,
  options: Pick<TransmissionOptions, 'padding' | 'charset'> = {},
): number[] {
  if (page.type === 'tone') return []
  const bits = page.type === 'numeric' ? numericBits(page.text) : alphaBits(page.text, options)
  const words: number[] = []
  for (let at = 0; at < bits.length; at += DATA_BITS) {
    let data = 0
    for (let i = 0; i < DATA_BITS; i++) data = (data << 1) | (bits[at + i] ?? 0)
    words.push(messageWord(data))
  }
  return words
}

function numericBits(text: string): number[] {
  const bits: number[] = []
  for (const character of text) {
    const digit = DIGITS.indexOf(character.toUpperCase())
    pushLowFirst(bits, digit < 0 ? DIGIT_SPACE : digit, 4)
  }
  while (bits.length === 0 || bits.length % (4 * DIGITS_PER_WORD) !== 0) pushLowFirst(bits, DIGIT_SPACE, 4)
  return bits
}

function alphaBits(text: string, options: Pick<TransmissionOptions, 'padding' | 'charset'>): number[] {
  const bits: number[] = []
  const unknown = '?'.charCodeAt(0)
  for (const character of text) {
    pushLowFirst(bits, codeOf(character, options.charset ?? 'us') ?? unknown, CHARACTER_BITS)
  }
  const padding = options.padding ?? 'nul'
  const end = Math.max(DATA_BITS, roundUp(bits.length, DATA_BITS))
  let first = true
  while (bits.length < end && padding !== 'nul' && (first || padding === 'eot-repeated')) {
    pushLowFirst(bits, EOT, CHARACTER_BITS)
    first = false
  }
  bits.length = Math.min(bits.length, end)
  while (bits.length < end) bits.push(0)
  return bits
}

function pushLowFirst(bits: number[], value: number, width: number): void {
  for (let i = 0; i < width; i++) bits.push((value >>> i) & 1)
}

/** First slot of the frame, at or behind `from`, with room; an address may stand in either slot of its frame. */
function freeSlot(slots: readonly number[], from: number, frame: number, length: number): number {
  for (let batch = from - (from % WORDS_PER_BATCH); ; batch += WORDS_PER_BATCH) {
    for (const slot of [batch + 2 * frame, batch + 2 * frame + 1]) {
      if (slot < from) continue
      // What follows must not be taken for a part of this page: message words only ever stand behind their address.
      let free = 0
      while (free < length && slots[slot + free] === undefined) free++
      if (free === length) return slot
    }
  }
}

function bitOfSlot(slot: number): number {
  return 32 * (slot + 1 + Math.floor(slot / WORDS_PER_BATCH))
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit
}

function packWords(words: readonly number[], preambleBits: number, inverted: boolean): PackedBits {
  const bitCount = preambleBits + words.length * 32
  const bits = new Uint8Array(Math.ceil(bitCount / 8))
  const flip = inverted ? 1 : 0
  // Reversals end in 0 whatever their number, as in front of every sync codeword of the standard.
  for (let i = 0; i < preambleBits; i++) setBit(bits, i, ((preambleBits - i + 1) & 1) ^ flip)
  for (const [w, word] of words.entries()) {
    for (let i = 0; i < 32; i++) setBit(bits, preambleBits + 32 * w + i, ((word >>> (31 - i)) & 1) ^ flip)
  }
  return { bits, bitCount }
}

function setBit(bits: Uint8Array, at: number, bit: number): void {
  if (bit) bits[at >>> 3]! |= 0x80 >>> (at & 7)
}
