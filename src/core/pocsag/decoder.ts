import { CORRECTIONS, ERROR_MASKS, syndrome, UNCORRECTABLE } from './bch.ts'
import { BitWindow, MAX_APPEND_BITS } from './bit-window.ts'
import { type Charset, type Glyphs, glyphsOf } from './charset.ts'
import { chase, type SoftReading } from './chase.ts'
import { dataOf, distance, functionOf, isMessage, isStuck, ones, ricOf } from './codeword.ts'
import {
  type ContentRule,
  contentText,
  contentType,
  DEFAULT_RULES,
  holdsOddControl,
  LOST,
  mayEnd,
  showsDigitFill,
  showsEnd,
} from './content.ts'
import type { RicDirectory } from './directory.ts'
import {
  afterKnownWord,
  BELIEVED,
  BELIEVED_UNKNOWN,
  BELIEVED_WEAK,
  OF_NO_SIGNAL,
  OVER,
  addWord as weigh,
} from './evidence.ts'
import { Hunt, reversalErrors } from './hunt.ts'
import { addWord, cutWords, type DecodedPage, type OpenPage, openPage, type Quality } from './page.ts'
import { IDLE, MAX_PAGE_WORDS, SYNC, WORDS_PER_BATCH } from './tables.ts'

export interface DecoderOptions {
  /** Rate printed with each page. */
  readonly baud: number
  readonly charset: Charset
  /** By function, for RICs no directory entry gives a type to. */
  readonly rules?: readonly [ContentRule, ContentRule, ContentRule, ContentRule]
  readonly directory?: RicDirectory
  /** Bits come with reliabilities. */
  readonly soft: boolean
  /** `auto` follows the sync codeword. */
  readonly polarity: 'auto' | 'normal' | 'inverted'
}

export type DecoderEvent =
  /** `revises`: a page of this id was given out before, and more of it came. */
  | { readonly kind: 'page'; readonly page: DecodedPage; readonly revises: boolean }
  | { readonly kind: 'sync'; readonly at: number; readonly inverted: boolean }
  | { readonly kind: 'over'; readonly at: number }
  | { readonly kind: 'slip'; readonly at: number; readonly bits: number }
  /** A codeword in a transmission that could not be repaired. */
  | { readonly kind: 'bad-word'; readonly at: number; readonly word: number }
  /** A page that was more likely noise than sent. */
  | { readonly kind: 'ghost'; readonly page: DecodedPage }
  /** Message codewords, as received, whose address was lost. */
  | { readonly kind: 'orphan'; readonly received: readonly number[] }
  /** What stood where the next batch should have opened, although the transmission went on. */
  | { readonly kind: 'sync-lost'; readonly at: number; readonly word: number }

/** Wrong bits allowed to the sync codeword at its expected place; a random word passes in 0.35 % of cases. */
const SYNC_IN_PLACE = 8
/** The same one or two bits off its place, where the slip itself must be believed too. */
const SYNC_SLIPPED = 2
/** A word this near to idle is idle for certain, and a hopeless one this near is idle most likely. */
const IDLE_CERTAIN = 3
const IDLE_LIKELY = 5
const SLIPS = [-1, 1, -2, 2] as const
/** Consecutive corrected codewords after which a slip of the bit clock is looked for. */
const SLIP_SUSPECTED = 3
/** Margins of Chase decoding, in amplitudes: an address must be surer than a piece of text. */
const ADDRESS_MARGIN = 1.2
const MESSAGE_MARGIN = 0.3

/** How things stood before a corrected codeword: what to go back to when a slip proves to have begun there. */
interface Before {
  readonly at: number
  readonly slot: number
  readonly page: OpenPage | undefined
  readonly resumable: OpenPage | undefined
  readonly badSince: number
  readonly words: number
  readonly endBit: number
}

type Mode = 'hunt' | 'batch' | 'boundary' | 'bridge'

/**
 * Bits to pages. Every decision depends on the bits alone, never on how they were portioned. The state is mutable and
 * private: a codeword costs a few look-ups and no allocation, which is what makes tens of megabits a second possible.
 */
export class Decoder {
  readonly #options: DecoderOptions
  readonly #window: BitWindow
  readonly #glyphs: Glyphs
  readonly #hunt = new Hunt()
  readonly #soft: SoftReading = { word: 0, margin: 0 }
  #events: DecoderEvent[] = []
  #mode: Mode = 'hunt'
  /** First bit not yet decided on, and the furthest bit any decision has looked at. */
  #pos = 0
  #looked = 0
  #slot = 0
  /** All ones on an inverted line. */
  #flip = 0
  #evidence = 0
  /** End of the last codeword that was surely part of a transmission. */
  #lastGood = 0
  #noSignal = 0
  #page: OpenPage | undefined
  /** The page before, as long as only lost codewords came since: it may turn out to go on. */
  #resumable: OpenPage | undefined
  #badSince = 0
  #orphans: number[] = []
  /** Before each of the newest codewords, as long as all needed correction. */
  #run: Before[] = []
  #nextId = 0
  // The reading of the newest codeword.
  #raw = 0
  #word = 0
  #corrected = 0

  constructor(options: DecoderOptions) {
    this.#options = options
    this.#window = new BitWindow(options.soft)
    this.#glyphs = glyphsOf(options.charset)
  }

  /** Bits taken in so far. */
  get bits(): number {
    return this.#window.end
  }

  /** True while a transmission is being received. */
  get locked(): boolean {
    return this.#mode !== 'hunt'
  }

  /** Hard bits, packed most significant first. */
  push(packed: Uint8Array, bitCount = packed.length * 8): void {
    const step = MAX_APPEND_BITS & ~7
    for (let at = 0; at < bitCount; at += step) {
      this.#window.append(packed.subarray(at >>> 3), Math.min(step, bitCount - at))
      this.#advance()
    }
  }

  /** One bit with its reliability (0 to 255, 128 for an undisturbed bit). */
  pushBit(bit: number, weight: number): void {
    this.#window.appendWeighted(bit, weight)
    this.#advance()
  }

  /** The line went quiet or down, or the input is at its end: what is open is given out. */
  end(): void {
    this.#looked = this.#window.end
    if (this.#mode !== 'hunt') this.#over(this.#mode === 'batch' ? 'cut' : 'ended', this.#window.end)
    this.#hunt.restart(this.#window.end)
  }

  /** What happened since the last call. */
  take(): readonly DecoderEvent[] {
    if (this.#events.length === 0) return NOTHING
    const events = this.#events
    this.#events = []
    return events
  }

  #advance(): void {
    for (;;) {
      const have = this.#window.end - this.#pos
      if (this.#mode === 'hunt') {
        if (!this.#findSync()) return
      } else if (this.#mode === 'batch') {
        if (have < 32) return
        this.#codeword()
      } else if (this.#mode === 'boundary') {
        if (have < 32) return
        this.#boundary()
      } else {
        if (have < 96) return
        this.#bridge()
      }
    }
  }

  #findSync(): boolean {
    const found = this.#hunt.search(this.#window)
    if (!found) return false
    const { polarity } = this.#options
    if (polarity !== 'auto' && found.inverted !== (polarity === 'inverted')) return true
    this.#flip = found.inverted ? -1 : 0
    this.#evidence = found.evidence
    this.#startBatch(found.at + 32)
    this.#noSignal = 0
    this.#endRun()
    this.#events.push({ kind: 'sync', at: found.at, inverted: found.inverted })
    return true
  }

  #startBatch(at: number): void {
    this.#mode = 'batch'
    this.#slot = 0
    this.#pos = at
    this.#lastGood = at
    this.#looked = Math.max(this.#looked, at)
  }

  // --- a codeword in its slot

  #codeword(): void {
    const at = this.#pos
    this.#read(at)
    this.#pos = at + 32
    this.#looked = Math.max(this.#looked, this.#pos)
    this.#watchForSlip(at)
    this.#act(at)
    if (this.#mode !== 'batch') return
    if (this.#evidence < OVER) {
      this.#over('cut', this.#lastGood)
      return
    }
    if (this.#run.length === SLIP_SUSPECTED && this.#realign()) return
    if (++this.#slot === WORDS_PER_BATCH) this.#mode = 'boundary'
  }

  /** Decides what codeword was sent: sets `word` and `corrected`, the latter `UNCORRECTABLE` when it cannot say. */
  #read(at: number): void {
    const raw = (this.#window.word(at) ^ this.#flip) >>> 0
    this.#raw = raw
    this.#word = raw
    const s = syndrome(raw)
    this.#corrected = CORRECTIONS[s]!
    if (s === 0) return
    const fromIdle = distance(raw, IDLE)
    if (fromIdle <= IDLE_CERTAIN || (this.#corrected === UNCORRECTABLE && fromIdle <= IDLE_LIKELY)) {
      this.#word = IDLE
      this.#corrected = fromIdle
      return
    }
    if (this.#window.weighted) {
      chase(raw, this.#window, at, this.#soft)
      const margin = isMessage(this.#soft.word) ? MESSAGE_MARGIN : ADDRESS_MARGIN
      if (this.#soft.margin < margin) {
        this.#corrected = UNCORRECTABLE
      } else {
        this.#word = this.#soft.word
        this.#corrected = Math.min(2, distance(raw, this.#word))
      }
    } else if (this.#corrected !== UNCORRECTABLE) {
      this.#word = (raw ^ ERROR_MASKS[s]!) >>> 0
    }
    if (this.#corrected === UNCORRECTABLE) this.#readKnownAddress(raw)
  }

  /** Between pages, a word that nothing else explains may be an address the directory knows. */
  #readKnownAddress(raw: number): void {
    const { directory } = this.#options
    if (!directory || this.#evidence < BELIEVED_WEAK || raw >>> 31 === 1) return
    const page = this.#page
    if (page && !page.given && page.words.length > 0 && !mayEnd(this.#typeOf(page), page.words)) return
    const word = directory.nearest(raw, this.#slot >>> 1)
    if (word === undefined) return
    this.#word = word
    this.#corrected = 2
  }

  #act(at: number): void {
    if (this.#word === IDLE) {
      this.#evidence = Math.max(this.#evidence, afterKnownWord(this.#corrected))
      this.#sure()
      this.#noSignal = 0
      this.#closePage('followed')
    } else if (this.#corrected === UNCORRECTABLE || isStuck(this.#word)) {
      this.#bad(at)
    } else if (isMessage(this.#word)) {
      this.#good()
      this.#message()
    } else if (this.#word === SYNC) {
      // A whole number of codewords went missing: the batch starts here.
      this.#good()
      this.#slot = -1
    } else {
      const before = this.#evidence
      this.#good()
      this.#closePage('followed')
      this.#openPage(at, before)
    }
  }

  #good(): void {
    this.#evidence = weigh(this.#evidence, this.#corrected)
    this.#noSignal = 0
    if (this.#corrected < 2) this.#sure()
  }

  #sure(): void {
    this.#lastGood = this.#pos
  }

  #openPage(at: number, evidence: number): void {
    this.#endOrphans()
    this.#resumable = undefined
    this.#badSince = 0
    const frame = this.#slot >>> 1
    const ric = ricOf(this.#word, frame)
    this.#page = openPage(
      this.#nextId++,
      ric,
      functionOf(this.#word),
      at,
      this.#raw,
      this.#corrected,
      evidence,
    )
  }

  #message(): void {
    if (!this.#page) this.#resume()
    const page = this.#page
    if (!page) {
      if (this.#orphans.length < MAX_PAGE_WORDS) this.#orphans.push(this.#raw)
      return
    }
    if (page.words.length >= MAX_PAGE_WORDS) {
      this.#give(page, 'damaged')
      this.#page = undefined
      return
    }
    page.trailingBad = 0
    addWord(page, dataOf(this.#word), this.#raw, this.#corrected, this.#pos)
    if (this.#corrected < 2) {
      if (
        !page.given &&
        this.#evidence >= BELIEVED &&
        showsEnd(page.words) &&
        this.#typeOf(page) === 'alpha'
      ) {
        this.#give(page, 'followed')
      }
    } else if (!this.#window.weighted && holdsOddControl(page.words) && this.#typeOf(page) === 'alpha') {
      // A control character out of a word that took two corrections is a wrong correction, not the sender's.
      page.words[page.words.length - 1] = LOST
    }
  }

  /** Message codewords behind lost ones: the page before goes on, unless it may well have ended. */
  #resume(): void {
    const page = this.#resumable
    this.#resumable = undefined
    if (!page || page.words.length + this.#badSince >= MAX_PAGE_WORDS) return
    if (mayEnd(this.#typeOf(page), page.words)) return
    for (; this.#badSince > 0; this.#badSince--) addWord(page, LOST, 0, 0, this.#pos)
    this.#page = page
  }

  // --- a codeword that cannot be repaired

  #bad(at: number): void {
    const reversals = reversalErrors(this.#raw) <= IDLE_CERTAIN
    const nothing = reversals || isStuck(this.#word) || isStuck(this.#raw)
    this.#noSignal = nothing ? this.#noSignal + 1 : 0
    this.#evidence = nothing ? this.#evidence + OF_NO_SIGNAL : weigh(this.#evidence, UNCORRECTABLE)
    this.#events.push({ kind: 'bad-word', at, word: this.#raw })
    const page = this.#page
    if (page) this.#badInPage(page, nothing)
    else if (this.#resumable) this.#badSince++
    if (this.#noSignal >= 2) this.#over('cut', this.#lastGood)
    else if (this.#corrected === UNCORRECTABLE) this.#freshSync()
  }

  /**
   * The flag bit of a lost codeword says whether it belonged to the page: wrong in about one of ten. One that did not
   * ends the page here and now; it can be resumed. After two lost in a row what is there is given out as it stands.
   */
  #badInPage(page: OpenPage, nothing: boolean): void {
    const ended = mayEnd(this.#typeOf(page), page.words) && showsEnd(page.words)
    if (nothing || ended || this.#raw >>> 31 === 0) {
      this.#closePage(ended ? 'followed' : 'cut')
      this.#resumable = page
      this.#badSince = 1
      return
    }
    if (page.words.length >= MAX_PAGE_WORDS) {
      this.#closePage('cut')
      return
    }
    if (++page.trailingBad === 2 && !page.given) this.#give(page, 'cut')
    addWord(page, LOST, this.#raw, 0, this.#pos)
  }

  /** A new transmission may begin inside the remains of one that broke off: its sync codeword stands at any bit. */
  #freshSync(): void {
    for (let at = this.#pos - 63; at <= this.#pos - 32; at++) {
      if (at < this.#window.first) continue
      const wrong = distance((this.#window.word(at) ^ this.#flip) >>> 0, SYNC)
      if (wrong > 1) continue
      this.#closePage('cut')
      this.#endOrphans()
      this.#startBatch(at + 32)
      this.#evidence = afterKnownWord(SYNC_SLIPPED)
      this.#slot = -1
      return
    }
  }

  // --- between batches

  #boundary(): void {
    const at = this.#pos
    const wrong = distance(this.#window.word(at) ^ this.#flip, SYNC)
    this.#looked = Math.max(this.#looked, at + 32)
    if (wrong <= SYNC_IN_PLACE) {
      this.#evidence = afterKnownWord(wrong)
      this.#closeFilled()
      this.#startBatch(at + 32)
      return
    }
    const slip = this.#slipAt(at)
    if (slip !== 0) {
      if (this.#page) this.#page.suspect = true
      this.#events.push({ kind: 'slip', at, bits: slip })
      this.#evidence = afterKnownWord(SYNC_SLIPPED)
      this.#startBatch(at + slip + 32)
      return
    }
    const page = this.#page
    this.#closePage('followed')
    this.#resumable = page
    this.#badSince = 0
    this.#mode = 'bridge'
  }

  /** Bits by which the sync codeword stands off its place; the last bits of a late one are not waited for. */
  #slipAt(at: number): number {
    const here = (this.#window.word(at) ^ this.#flip) >>> 0
    for (const slip of SLIPS) {
      const wrong =
        slip < 0
          ? distance(this.#window.word(at + slip) ^ this.#flip, SYNC)
          : ones(((here << slip) >>> slip) ^ (SYNC >>> slip))
      if (wrong <= SYNC_SLIPPED) return slip
    }
    return 0
  }

  /** Digits that end in two fills, at the end of a batch: over, without waiting for the codeword behind the sync. */
  #closeFilled(): void {
    const page = this.#page
    if (page && this.#typeOf(page) === 'numeric' && showsDigitFill(page.words)) this.#give(page, 'followed')
  }

  /** No sync: the transmission is over, or its sync was destroyed and two good codewords in a row follow. */
  #bridge(): void {
    const at = this.#pos
    if (this.#soundAt(at + 32) && this.#soundAt(at + 64)) {
      this.#evidence = BELIEVED
      this.#events.push({ kind: 'sync-lost', at, word: (this.#window.word(at) ^ this.#flip) >>> 0 })
      this.#startBatch(at + 32)
      return
    }
    this.#over('ended', at)
  }

  #soundAt(at: number): boolean {
    const raw = (this.#window.word(at) ^ this.#flip) >>> 0
    const s = syndrome(raw)
    if (CORRECTIONS[s]! > 1) return false
    return !isStuck((raw ^ ERROR_MASKS[s]!) >>> 0) && reversalErrors(raw) > IDLE_CERTAIN
  }

  /** Gives out what is open and hunts again from `from` on. */
  #over(how: 'cut' | 'ended', from: number): void {
    this.#closePage(how === 'ended' ? 'followed' : 'cut')
    this.#endOrphans()
    this.#resumable = undefined
    this.#badSince = 0
    this.#endRun()
    this.#mode = 'hunt'
    const at = Math.max(from, this.#window.first)
    this.#pos = at
    this.#hunt.restart(at)
    this.#events.push({ kind: 'over', at })
  }

  // --- slips of the bit clock inside a batch

  /** The code is cyclic: one bit off, every word decodes with a bit or two corrected. Remembers the newest such words. */
  #watchForSlip(at: number): void {
    if (this.#corrected === 0 || this.#corrected === UNCORRECTABLE) {
      this.#endRun()
      return
    }
    const page = this.#page ?? this.#resumable
    if (this.#run.length === SLIP_SUSPECTED) this.#run.shift()
    this.#run.push({
      at,
      slot: this.#slot,
      page: this.#page,
      resumable: this.#resumable,
      badSince: this.#badSince,
      words: page?.words.length ?? 0,
      endBit: page?.endBit ?? 0,
    })
  }

  #endRun(): void {
    if (this.#run.length > 0) this.#run = []
  }

  /** When the last corrected words read without any correction a bit or two off, goes back to where the slip began. */
  #realign(): boolean {
    const slip = this.#slipOfRun()
    const before = this.#run[0]
    if (slip === 0 || !before) return false
    this.#events.push({ kind: 'slip', at: before.at, bits: slip })
    this.#page = before.page
    this.#resumable = before.resumable
    this.#badSince = before.badSince
    const page = before.page ?? before.resumable
    if (page) {
      cutWords(page, before.words, before.endBit)
      page.suspect = true
    }
    this.#orphans = []
    this.#endRun()
    this.#pos = before.at + slip
    this.#slot = before.slot
    this.#evidence = BELIEVED_UNKNOWN
    return true
  }

  /** The last word of a late run is not complete yet and not looked at. */
  #slipOfRun(): number {
    for (const slip of SLIPS) {
      const last = slip < 0 ? this.#pos - 32 : this.#pos - 64
      const needed = slip < 0 ? SLIP_SUSPECTED : SLIP_SUSPECTED - 1
      let clean = 0
      while (clean < needed && this.#clean(last + slip - 32 * clean)) clean++
      if (clean === needed) return slip
    }
    return 0
  }

  #clean(at: number): boolean {
    if (at < this.#window.first) return false
    const word = (this.#window.word(at) ^ this.#flip) >>> 0
    return syndrome(word) === 0 && !isStuck(word)
  }

  // --- giving pages out

  #typeOf(page: OpenPage) {
    const { directory, rules } = this.#options
    const rule = directory?.rule(page.ric, page.fn) ?? (rules ?? DEFAULT_RULES)[page.fn]
    return contentType(rule, page.fn, page.words)
  }

  #closePage(how: 'followed' | 'cut'): void {
    const page = this.#page
    if (!page) return
    this.#page = undefined
    this.#give(page, how)
  }

  /** @param how `followed`: its end was seen. `cut`: reception broke off. `damaged`: longer than any page may be. */
  #give(page: OpenPage, how: 'followed' | 'cut' | 'damaged'): void {
    const type = this.#typeOf(page)
    const text = contentText(type, page.words, this.#glyphs)
    const known = this.#options.directory?.has(page.ric, page.fn)
    const corrected = page.corrections.reduce((sum, n) => sum + n, 0)
    const weak = page.addressCorrected >= 2 && page.evidence < BELIEVED_WEAK
    const decoded: DecodedPage = {
      id: page.id,
      ric: page.ric,
      function: page.fn,
      type,
      text,
      quality: qualityOf(page, how, corrected, weak && known !== true),
      corrected,
      baud: this.#options.baud,
      addressBit: page.addressBit,
      endBit: page.endBit,
      emittedBit: Math.max(this.#looked, page.endBit),
      words: [...page.words],
      received: [...page.received],
      unknownRic: known === false,
      suspect: page.suspect || weak,
      inverted: this.#flip !== 0,
    }
    const before = page.given
    if (before && page.words.slice(before.words.length).every((word) => word === LOST)) return
    if (before && before.text === text && before.type === type) return
    const ghost = this.#evidence < BELIEVED || (known === false && !believedUnknown(page))
    if (ghost && !before) {
      this.#events.push({ kind: 'ghost', page: decoded })
      return
    }
    page.given = decoded
    this.#events.push({ kind: 'page', page: decoded, revises: before !== undefined })
  }

  #endOrphans(): void {
    if (this.#orphans.length > 0) this.#events.push({ kind: 'orphan', received: this.#orphans })
    this.#orphans = []
  }
}

const NOTHING: readonly DecoderEvent[] = []

function believedUnknown(page: OpenPage): boolean {
  return page.addressCorrected < 2 && (page.evidence >= BELIEVED_UNKNOWN || page.addressCorrected === 0)
}

function qualityOf(
  page: OpenPage,
  how: 'followed' | 'cut' | 'damaged',
  corrected: number,
  doubtful: boolean,
): Quality {
  if (page.words.includes(LOST) || how === 'damaged') return 'damaged'
  if (how === 'cut' || doubtful) return 'unterminated'
  return corrected > 0 ? 'corrected' : 'clean'
}
