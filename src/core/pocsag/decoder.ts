import { Assembly, type AssemblyOptions } from './assembly.ts'
import { BitWindow, MAX_APPEND_BITS } from './bit-window.ts'
import { UNCORRECTABLE } from './code/bch.ts'
import { distance } from './code/codeword.ts'
import { IDLE, SYNC, WORDS_PER_BATCH } from './code/tables.ts'
import type { DecoderEvent } from './events.ts'
import { afterKnownWord, BELIEVED_UNKNOWN, BELIEVED_WEAK, OVER, UNSYNCED } from './evidence.ts'
import { Hunt } from './hunt.ts'
import type { LostSeen, Reception } from './reception.ts'
import { type Slip, SlipWatch, SYNC_SLIPPED, slipOfSync } from './slip.ts'
import { isSound, WordReader } from './word-reader.ts'
import { WordSense } from './word-sense.ts'

export interface DecoderOptions extends AssemblyOptions {
  /** `auto` follows the sync codeword. */
  readonly polarity: 'auto' | 'normal' | 'inverted'
}

/** Wrong bits allowed to the sync codeword at its expected place; a random word passes in 0.35 % of cases. */
const SYNC_IN_PLACE = 8

/** A word that was not read in its place: it counts to the page that is open. */
function unread(word: number, endBit: number): LostSeen {
  return { received: (word | 0x80000000) >>> 0, weights: undefined, nothing: false, endBit }
}

/** Looking for sync; in the slots of a batch; at its end; behind an end without sync, where two good words may follow. */
type Mode = 'hunt' | 'batch' | 'boundary' | 'bridge'

/**
 * Bits to pages. Every decision depends on the bits alone, never on how they were portioned. The state is mutable and
 * private: a codeword costs a few look-ups and no allocation, which is what makes tens of megabits a second possible.
 */
export class Decoder {
  readonly #options: DecoderOptions
  readonly #window: BitWindow
  readonly #hunt = new Hunt()
  readonly #reader: WordReader
  readonly #pages: Assembly
  readonly #now: Reception = {
    ...{ looked: 0, evidence: 0, wrongShare: 0, corrected: 0 },
    ...{ inverted: false, unproved: false },
  }
  #events: DecoderEvent[] = []
  #mode: Mode = 'hunt'
  /** First bit not yet decided on. */
  #pos = 0
  #slot = 0
  /** All ones on an inverted line. */
  #flip = 0
  readonly #slips = new SlipWatch()
  readonly #sense: WordSense

  readonly #snapshot = () => this.#pages.snapshot()

  constructor(options: DecoderOptions) {
    this.#options = options
    this.#window = new BitWindow(options.soft)
    this.#reader = new WordReader(this.#window, options.directory)
    const emit = (event: DecoderEvent) => void this.#events.push(event)
    this.#pages = new Assembly(options, this.#now, emit)
    this.#sense = new WordSense(this.#window, this.#reader, this.#pages, this.#now, emit)
  }

  /** Bits taken in so far. */
  get bits(): number {
    return this.#window.end
  }

  /** True while a transmission is being received. */
  get locked(): boolean {
    return this.#mode !== 'hunt'
  }

  /** The line of the transmission read last is inverted. */
  get inverted(): boolean {
    return this.#now.inverted
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

  /** The input is at its end, as a file is: what is open is given out, and a batch that is full was the last. */
  end(): void {
    this.#stop(this.#mode === 'batch' ? 'cut' : 'followed')
  }

  /** Bits come of another lead from here on, and may stand upside down: nothing is sure until idle shows how. */
  moved(): void {
    this.#pages.slipped(this.#pos)
    this.#now.unproved = true
  }

  /** The line went down, or bits were none: what is open is given out, and nobody knows what would have come. */
  gone(): void {
    this.#stop('cut')
  }

  #stop(how: 'followed' | 'cut'): void {
    this.#now.looked = this.#window.end
    if (this.#mode !== 'hunt') this.#over(how, this.#window.end)
    this.#hunt.restart(this.#window.end)
  }

  /**
   * No bits for a while: what is open is given out, but the place in the batch is kept. A device server that was held up
   * goes on where it stopped, and the rest of the page with it. Nothing says that a page is over because its batch is:
   * bits come in bursts of any length, and the next may open with the sync of another batch.
   */
  pause(): void {
    this.#now.looked = this.#window.end
    if (this.#mode !== 'hunt') this.#pages.pause()
  }

  /** What happened since the last call. */
  take(): readonly DecoderEvent[] {
    if (this.#events.length === 0) return NOTHING
    return this.#events.splice(0)
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
    if (polarity !== 'auto' && found.inverted !== (polarity === 'inverted')) {
      this.#events.push({ kind: 'upside-down', at: found.at })
      return true
    }
    this.#now.inverted = found.inverted
    this.#flip = found.inverted ? -1 : 0
    this.#sense.begin(polarity === 'auto')
    this.#startBatch(found.at + 32, found.evidence)
    this.#events.push({ kind: 'sync', at: found.at, inverted: found.inverted })
    return true
  }

  #startBatch(at: number, evidence: number): void {
    this.#mode = 'batch'
    this.#slot = 0
    this.#pos = at
    this.#sense.lastGood = at
    this.#slips.anchor()
    this.#look(at)
    this.#now.evidence = evidence
  }

  #wordAt(at: number): number {
    return (this.#window.word(at) ^ this.#flip) >>> 0
  }

  #look(at: number): void {
    if (at > this.#now.looked) this.#now.looked = at
  }

  #codeword(): void {
    const at = this.#pos
    const reader = this.#reader
    reader.read(at, this.#flip)
    if (reader.corrected === UNCORRECTABLE && this.#now.evidence >= BELIEVED_WEAK && this.#pages.mayAddress) {
      reader.readKnown(at, this.#slot >>> 1)
    }
    this.#pos = at + 32
    this.#look(this.#pos)
    if (reader.word === IDLE) {
      this.#slips.anchor()
    } else {
      const { raw, corrected } = reader
      const slip = this.#slips.watch(
        this.#window,
        this.#flip,
        { at, slot: this.#slot, raw, corrected },
        this.#snapshot,
      )
      if (slip) {
        this.#realign(slip)
        return
      }
    }
    const sense = this.#sense.take(at, this.#slot >>> 1, this.#slips.doubt)
    if (sense === 'no-signal') {
      this.#over('cut', this.#sense.lastGood)
      return
    }
    // A whole number of codewords went missing: the batch starts here.
    if (sense === 'sync') this.#slot = -1
    else if (sense === 'unreadable') this.#freshSync()
    if (this.#now.evidence < OVER) this.#over('cut', this.#sense.lastGood)
    else if (++this.#slot === WORDS_PER_BATCH) this.#mode = 'boundary'
  }

  /** A new transmission may begin inside the remains of one that broke off: its sync codeword stands at any bit. */
  #freshSync(): void {
    for (let at = Math.max(this.#pos - 63, this.#window.first); at <= this.#pos - 32; at++) {
      if (distance(this.#wordAt(at), SYNC) > 1) continue
      this.#pages.over('cut')
      this.#startBatch(at + 32, afterKnownWord(SYNC_SLIPPED))
      this.#slot = -1
      return
    }
  }

  #boundary(): void {
    const at = this.#pos
    this.#sense.tell()
    const wrong = distance(this.#wordAt(at), SYNC)
    this.#look(at + 32)
    if (wrong <= SYNC_IN_PLACE) {
      this.#pages.batchEnd()
      this.#startBatch(at + 32, afterKnownWord(wrong))
      return
    }
    const slip = slipOfSync(this.#window, at, this.#flip)
    if (slip !== 0) {
      this.#forgetMisread()
      this.#events.push({ kind: 'slip', at, bits: slip })
      this.#startBatch(at + slip + 32, afterKnownWord(SYNC_SLIPPED))
      return
    }
    this.#pages.suspend()
    this.#mode = 'bridge'
  }

  /** The sync stands off its place: words before it that cost corrections may have been read off theirs. */
  #forgetMisread(): void {
    const misread = this.#slips.misread()
    this.#pages.slipped(misread?.at ?? this.#pos)
    if (!misread) return
    this.#pages.restore(misread.pages)
    for (let at = misread.at; at < this.#pos; at += 32) {
      this.#pages.lost(unread(this.#wordAt(at), at + 32))
    }
  }

  /** No sync: the transmission is over, or its sync was destroyed and two good codewords in a row follow. */
  #bridge(): void {
    const at = this.#pos
    if (isSound(this.#wordAt(at + 32)) && isSound(this.#wordAt(at + 64))) {
      this.#events.push({ kind: 'sync-lost', at, word: this.#wordAt(at) })
      this.#startBatch(at + 32, UNSYNCED)
      return
    }
    this.#over('followed', at)
  }

  /** Gives out what is open and hunts again from `from` on. */
  #over(how: 'followed' | 'cut', from: number): void {
    this.#sense.tell()
    this.#pages.over(how)
    this.#mode = 'hunt'
    this.#pos = Math.max(from, this.#window.first)
    this.#hunt.restart(this.#pos)
    this.#events.push({ kind: 'over', at: this.#pos })
  }

  /** Goes back to where a slip began and reads on from there. */
  #realign(slip: Slip): void {
    this.#events.push({ kind: 'slip', at: slip.at, bits: slip.bits })
    this.#pages.slipped(slip.at)
    this.#pages.restore(slip.pages)
    if (slip.lost !== undefined) this.#pages.lost(unread(slip.lost, slip.at))
    this.#slips.anchor()
    this.#pos = slip.at + slip.bits
    this.#slot = slip.slot
    this.#now.evidence = BELIEVED_UNKNOWN
    this.#sense.slipped()
  }
}

const NOTHING: readonly DecoderEvent[] = []
