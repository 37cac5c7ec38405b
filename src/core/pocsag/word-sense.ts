import type { Assembly } from './assembly.ts'
import type { BitWindow } from './bit-window.ts'
import { UNCORRECTABLE } from './code/bch.ts'
import { dataOf, functionOf, isMessage, isStuck, reversalErrors, ricOf } from './code/codeword.ts'
import { IDLE, SYNC } from './code/tables.ts'
import type { DecoderEvent } from './events.ts'
import { addWord, afterKnownWord, OF_NO_SIGNAL, WRONG_IN_LOST } from './evidence.ts'
import type { Reception } from './reception.ts'
import { IDLE_CERTAIN, type WordReader } from './word-reader.ts'

/** Words in a row without any signal after which a transmission is over. */
const NO_SIGNAL_WORDS = 2

/** Codewords over which the share of wrong bits is averaged. */
const SHARE_WORDS = 16
/** After a slip nothing is proved, because words that are one bit off can be read too. */
const SHARE_SLIPPED = 0.1

/** What a codeword says of where we are: in the batch; a sync inside it; nothing, as it cannot be read; all is over. */
export type Sense = 'batch' | 'sync' | 'unreadable' | 'no-signal'

/** What each codeword of a batch means: to the pages, and to whether there is a transmission at all. */
export class WordSense {
  readonly #window: BitWindow
  readonly #reader: WordReader
  readonly #pages: Assembly
  readonly #now: Reception
  readonly #emit: (event: DecoderEvent) => void
  /** End of the last codeword that was surely part of a transmission. */
  lastGood = 0
  #noSignal = 0
  /** The line was upside down when idle last showed it. */
  #inverted = false
  /** Codewords read that were not told yet, bits corrected in them, and those that could not be repaired. */
  #words = 0
  #corrected = 0
  #unreadable = 0

  constructor(
    window: BitWindow,
    reader: WordReader,
    pages: Assembly,
    now: Reception,
    emit: (event: DecoderEvent) => void,
  ) {
    this.#window = window
    this.#reader = reader
    this.#pages = pages
    this.#now = now
    this.#emit = emit
  }

  /**
   * A transmission begins. Behind a lead a bit may have turned over by its end: then all of it reads upside down, idle as
   * text and text as one address behind the other, without a single wrong bit.
   * @param auto its polarity was told by its sync alone
   */
  begin(auto: boolean): void {
    this.#noSignal = 0
    this.#now.unproved = auto && this.#window.weighted && this.#now.inverted !== this.#inverted
  }

  /**
   * Takes the codeword that the reader has read at `at`.
   * @param frame which of the eight it stands in
   * @param doubt it may have been read off its place
   */
  take(at: number, frame: number, doubt: boolean): Sense {
    const { word, raw, corrected, told } = this.#reader
    const now = this.#now
    const endBit = at + 32
    this.#words += 1
    const unread = corrected === UNCORRECTABLE
    now.corrected = unread ? 0 : corrected
    now.wrongShare += ((unread ? WRONG_IN_LOST : corrected) / 32 - now.wrongShare) / SHARE_WORDS
    if (word === IDLE) {
      now.unproved = false
      this.#inverted = now.inverted
      this.#corrected += corrected
      now.evidence = Math.max(now.evidence, afterKnownWord(corrected))
      this.lastGood = endBit
      this.#noSignal = 0
      this.#pages.close('followed')
      return 'batch'
    }
    // Two corrections make an address of a lost message codeword more often than a page breaks off inside a character.
    const implausible = corrected === 2 && !isMessage(word) && !this.#pages.mayAddress
    if (corrected === UNCORRECTABLE || implausible || isStuck(word)) return this.#lost(at)
    this.#corrected += corrected
    const evidence = now.evidence
    now.evidence = addWord(evidence, corrected)
    this.#noSignal = 0
    if (corrected < 2) this.lastGood = endBit
    if (isMessage(word)) {
      const weights = corrected === 0 ? undefined : this.#window.weightsOf(at)
      this.#pages.message({ data: dataOf(word), received: raw, weights, corrected, endBit, doubt })
    } else if (word === SYNC) {
      this.#pages.hole()
      return 'sync'
    } else {
      const [ric, fn] = [ricOf(word, frame), functionOf(word)]
      this.#pages.address({ ric, fn, at, received: raw, corrected, evidence, doubt, told })
    }
    return 'batch'
  }

  #lost(at: number): Sense {
    const { raw, word, corrected } = this.#reader
    const nothing = isStuck(word) || reversalErrors(raw) <= IDLE_CERTAIN
    this.#noSignal = nothing ? this.#noSignal + 1 : 0
    if (!nothing) this.#unreadable += 1
    this.#now.evidence = nothing
      ? this.#now.evidence + OF_NO_SIGNAL
      : addWord(this.#now.evidence, UNCORRECTABLE)
    this.#emit({ kind: 'bad-word', at, word: raw })
    this.#pages.lost({ received: raw, weights: this.#window.weightsOf(at), nothing, endBit: at + 32 })
    if (this.#noSignal >= NO_SIGNAL_WORDS) return 'no-signal'
    return corrected === UNCORRECTABLE ? 'unreadable' : 'batch'
  }

  /** The place of the words was found anew, by less than a sync. */
  slipped(): void {
    this.#now.wrongShare = Math.max(this.#now.wrongShare, SHARE_SLIPPED)
  }

  /** Tells how many codewords were read since it last did. */
  tell(): void {
    if (this.#words === 0) return
    this.#emit({
      kind: 'checked',
      words: this.#words,
      corrected: this.#corrected,
      unreadable: this.#unreadable,
    })
    this.#words = 0
    this.#corrected = 0
    this.#unreadable = 0
  }
}
