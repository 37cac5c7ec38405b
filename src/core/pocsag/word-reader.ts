import type { BitWindow } from './bit-window.ts'
import { chase, type SoftReading } from './chase.ts'
import { CORRECTIONS, ERROR_MASKS, syndrome, UNCORRECTABLE } from './code/bch.ts'
import { distance, isMessage, isStuck, reversalErrors } from './code/codeword.ts'
import { IDLE } from './code/tables.ts'
import type { RicDirectory } from './directory.ts'

/** A word this near to idle is idle for certain. */
export const IDLE_CERTAIN = 3

/**
 * One this near is idle most likely, unless a single correction makes it a codeword: of all addresses only 1 in 2000 is
 * near enough to idle to be mistaken for it.
 */
const IDLE_LIKELY = 5

/** Margins of Chase decoding, in amplitudes: an address must be surer than a piece of text. */
const ADDRESS_MARGIN = 1.2
const MESSAGE_MARGIN = 0.3

/** An address told by the directory may change bits of this reliability in all: four, of less than half each. */
const TOLD_COST = 1.6

/** Reliability of an undisturbed bit, as `BitWindow` holds them. */
const AMPLITUDE = 128

/**
 * Decides which codeword was sent. The reading is kept in fields and not in a new object, because this is the inner
 * loop of the decoder.
 */
export class WordReader {
  readonly #window: BitWindow
  readonly #directory: RicDirectory | undefined
  readonly #soft: SoftReading = { word: 0, margin: 0 }
  /** As received, polarity put right. */
  raw = 0
  /** As decided; equals `raw` when it could not be. */
  word = 0
  /** Bits corrected, or `UNCORRECTABLE`. */
  corrected = 0
  /** The directory told it, where the code could not. */
  told = false

  constructor(window: BitWindow, directory: RicDirectory | undefined) {
    this.#window = window
    this.#directory = directory
  }

  /**
   * Reads the 32 bits from `at` on.
   * @param flip all ones on an inverted line
   */
  read(at: number, flip: number): void {
    const raw = (this.#window.word(at) ^ flip) >>> 0
    const s = syndrome(raw)
    this.raw = raw
    this.word = raw
    this.told = false
    this.corrected = CORRECTIONS[s]!
    if (s !== 0) this.#repair(raw, s, at)
  }

  #repair(raw: number, s: number, at: number): void {
    const fromIdle = distance(raw, IDLE)
    if (fromIdle <= IDLE_CERTAIN || (this.corrected >= 2 && fromIdle <= IDLE_LIKELY)) {
      this.word = IDLE
      this.corrected = fromIdle
      return
    }
    if (this.#window.weighted) {
      chase(raw, this.#window, at, this.#soft)
      const sure = this.#soft.margin >= (isMessage(this.#soft.word) ? MESSAGE_MARGIN : ADDRESS_MARGIN)
      this.corrected = sure ? Math.min(2, distance(raw, this.#soft.word)) : UNCORRECTABLE
      if (sure) this.word = this.#soft.word
    } else if (this.corrected !== UNCORRECTABLE) {
      this.word = (raw ^ ERROR_MASKS[s]!) >>> 0
    }
    // Idle stands in most slots: one with five wrong bits is an address with one, and no surer than one with two.
    if (this.corrected === 1 && fromIdle <= IDLE_LIKELY && !isMessage(this.word)) this.corrected = 2
  }

  /**
   * Takes the word at `at`, which could not be repaired, for the address the directory knows in this frame, if one is
   * near. Where bits have reliabilities, those that would be wrong must be weak ones.
   */
  readKnown(at: number, frame: number): void {
    if (isMessage(this.raw)) return
    const known = this.#directory?.nearest(this.raw, frame)
    if (known === undefined) return
    if (this.#window.weighted && this.#cost(known, at) > TOLD_COST) return
    this.word = known
    this.corrected = 2
    this.told = true
  }

  /** How much evidence there is against a word, in amplitudes of an undisturbed bit. */
  #cost(word: number, at: number): number {
    let sum = 0
    for (let rest = this.raw ^ word; rest !== 0; ) {
      const place = Math.clz32(rest)
      sum += this.#window.weight(at + place)
      rest &= ~(0x80000000 >>> place)
    }
    return sum / AMPLITUDE
  }
}

/** True for a word that is a codeword but for one bit at most, and not what an idle or dead line gives. */
export function isSound(raw: number): boolean {
  const s = syndrome(raw)
  if (CORRECTIONS[s]! > 1) return false
  return !isStuck((raw ^ ERROR_MASKS[s]!) >>> 0) && reversalErrors(raw) > IDLE_CERTAIN
}
