import type { Doubt, Quality } from '../vocabulary.ts'
import type { ContentType, MessageData } from './code/content.ts'
import type { FunctionBits } from './code/tables.ts'

/** A page as decoded; positions count from the first bit of input. */
export interface DecodedPage {
  /** Number of the page within its decoder, counted from 0. */
  readonly id: number
  readonly ric: number
  readonly function: FunctionBits
  readonly type: ContentType
  readonly text: string
  readonly quality: Quality
  /** Bits corrected in all its codewords. */
  readonly corrected: number
  /** Message codewords, counted from 0, that only their text told: three wrong bits each, see `judge.ts`. */
  readonly inferred: readonly number[]
  /** Message codewords that rest on inference: these, those borrowed from a copy, and corrections that may be wrong. */
  readonly doubted: readonly number[]
  /** Which part of it rests on inference, whatever else its quality says; absent: none. */
  readonly doubt?: Doubt
  readonly baud: number
  readonly addressBit: number
  /** The bit behind the page's last codeword. */
  readonly endBit: number
  /** How many bits had been looked at when the page was given out. */
  readonly emittedBit: number
  /** 20 data bits of each message codeword, -1 where lost: the page can be shown again under another setting. */
  readonly words: readonly MessageData[]
  /** By codeword, the address first: as received, before any correction. Copies of a page are decoded jointly by these. */
  readonly received: readonly number[]
  /** A directory is in use and does not hold this address. */
  readonly unknownRic: boolean
  /** Its address is doubtful, or the bit clock slipped while it was received. */
  readonly suspect: boolean
  readonly inverted: boolean
}

/** Whether a reader would see no difference: how surely the same words are known is one. */
export function looksSame(a: DecodedPage, b: DecodedPage): boolean {
  return a.text === b.text && a.type === b.type && a.quality === b.quality
}

/** A codeword as it came. */
export interface ReceivedWord {
  readonly received: number
  /** Reliabilities of its bits (128 for an undisturbed one) where it needed correction and they have any. */
  readonly weights: Uint8Array | undefined
  readonly endBit: number
}

/** A page being received. Mutable: codewords are added as they come. */
export interface OpenPage {
  readonly id: number
  readonly ric: number
  readonly fn: FunctionBits
  readonly addressBit: number
  readonly addressCorrected: number
  /** The list of addresses told it, where the code could not. */
  readonly addressTold: boolean
  /** Weight of evidence that a transmission was being received when the address came. */
  readonly evidence: number
  /** The most evidence there was while it was received. */
  peak: number
  readonly words: MessageData[]
  readonly received: number[]
  /** Likewise the reliabilities of their bits, of those that were corrected or lost. */
  readonly weights: (Uint8Array | undefined)[]
  /** Corrected bits by codeword, the address first; 0 for lost ones. */
  readonly corrections: number[]
  endBit: number
  /** Codewords lost at its end, so far. */
  trailingLost: number
  /** The lost codeword behind which it went on although its text might have ended there. */
  seam: number | undefined
  /** Its address may have been read off its place, and nothing since has shown otherwise. */
  doubtful: boolean
  /** Codewords are missing from it, nobody knows where. */
  holed: boolean
  /** Its address is the first codeword behind a slip of the bit clock. */
  readonly behindSlip: boolean
  /** The bit clock slipped there, in it, or right behind it. */
  suspect: boolean
  /** One of a row of the same codeword, as idle ones are that a bad lead turns alike. */
  echo: boolean
  /** It was given out because no more bits came, and they may. */
  paused: boolean
  /** What was given out of it last. */
  given: DecodedPage | undefined
}

export function addWord(
  page: OpenPage,
  data: MessageData,
  { received, weights, endBit }: ReceivedWord,
  corrected: number,
): void {
  page.words.push(data)
  page.received.push(received)
  page.weights.push(weights)
  page.corrections.push(corrected)
  page.endBit = endBit
}

/** Takes back all message codewords but the first `count`, if it has so many: some may have been taken away before. */
export function cutWords(page: OpenPage, count: number, endBit: number): void {
  if (count > page.words.length) return
  page.words.length = count
  page.received.length = count + 1
  page.weights.length = count + 1
  page.corrections.length = count + 1
  page.endBit = endBit
  if (page.seam !== undefined && page.seam >= count) page.seam = undefined
}
