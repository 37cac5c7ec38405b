import { type SignalSeen, SignalSums } from './signal.ts'
import { LEADS, STRAIGHT } from './slicer.ts'
import { LONGEST_BIT, RING, TRACK_BITS, Track } from './track.ts'

/** Where decided bits go, and whether the far side is inside a transmission. */
export interface BitSink {
  readonly locked: boolean
  /** The bits of late were none, and come once more as they are. */
  gone(): void
  /** Bits come of another lead from here on, behind which those before were others: they may stand upside down. */
  moved(): void
  pushBit(bit: number, weight: number): void
}

/** Samples of audio are averaged until about so many make a bit: more tell nothing new. */
const ENOUGH_PER_BIT = 9

/** Another lead is believed when it explains the samples so much better; in a transmission it takes more to change. */
const BETTER_FIT = { hunting: 0.75, locked: 0.5 } as const

/**
 * Between transmissions a lead is believed on as long as it explains so much better than a straight one. Reversals come
 * through every lead alike, so one behind which a transmission was read needs only to be no worse.
 */
const STAYS = 0.85
const STAYS_PROVED = 1.1

/** Bits of a transmission read behind a lead that prove it to be there. */
const PROVED = 96

/**
 * What a straight lead leaves unexplained, as a share of the signal: below the first it is the right one, above the
 * second there is hardly a signal, and in neither case are the others asked.
 */
const STRAIGHT_FITS = 0.006
const NO_SIGNAL = 8

/** Likewise of reversals: a lead that cuts low tones and high ones leaves a sine of them, which is 0.23 off. */
const ROUNDED = 0.21

/** Of every so many bits the first are used to look whether another lead would do better: once in each preamble. */
const LOOK = { of: 384, bits: 96 } as const

/**
 * Between transmissions that is done only where the last 64 bits differ from reversals in no more than so many: a
 * hundredth of noise does, and nearly all preambles do in which one bit in five is wrong.
 */
const MAY_BE_REVERSALS = 18

/**
 * Behind so many reversals as a preamble has, so many bits are looked at: in them the leads first differ. Each so many
 * reversals the clocks of those that do not fit are set anew.
 */
const REVERSALS = 24
const ANEW = 64
const BEHIND = 40

/** A receiver's noise reaches so many hertz at least: twice as many samples a second of it differ by chance. */
const NOISE_BAND = 3000

/** Of slow bits not all samples do, where its low tones are the louder ones. */
const MOST_DIFFERING = 6

/** Reliability of a bit that is given once more. */
const USUAL_WEIGHT = 128

/**
 * Samples to bits: integrates each bit over its whole length (the matched filter of a square pulse, 16 dB better at
 * 512 bit/s and 22050 samples/s than one sample a bit), follows the sender's clock by the transitions, and removes a
 * constant offset. Of the leads that may stand in front, the one is believed that explains the samples best. Works on
 * audio and on ones and zeros sampled by a microcontroller alike.
 */
export class Sampler {
  readonly #sink: BitSink
  readonly #ring = new Float64Array(RING)
  readonly #tracks: readonly Track[]
  readonly #straight: Track
  #track: Track
  /** The leads that are being looked at beside a straight one. */
  #looked: readonly Track[] = []
  /** By what they were chosen: all, those that cut on one side, the one believed, none; and which that was. */
  #kind = 0
  #chosen: Track | undefined
  /** The reversals of the preamble are so far from square that a lead may cut on both sides. */
  #rounded = false
  /** Bits since it was last asked whether one is better. */
  #asked = 0
  /** Behind which transmissions were read last, and the bits read in a row behind the one believed. */
  #proved: Track
  #read = 0
  /** Bits given in a row behind the one believed. */
  #followed = 0
  /** Bits in a row that were unlike the one before, and bits for which leads are still looked at behind such a row. */
  #reversals = 0
  #behind = 0
  #sign = false
  /** Leads behind which a sync codeword was seen just now, and bits since. */
  readonly #synced: Track[] = []
  #waited = 0
  readonly #sums: SignalSums
  /** By track: bits of transmissions that it explained best. */
  readonly #best: number[]
  #wasLocked = false
  /** Where the bit given last ended. */
  #given = 0
  readonly #half: number
  readonly #every: number
  #sum = 0
  #summed = 0
  #count = 0

  /**
   * @param samplesPerBit nominal, need not be whole; 1.5 to 1024
   * @param sampleRate of audio, which may have come through a lead that cuts low tones; left out: it has not
   */
  constructor(samplesPerBit: number, sink: BitSink, sampleRate?: number) {
    this.#sink = sink
    const perBit = Math.min(Math.max(samplesPerBit, 1.5), LONGEST_BIT)
    this.#every = sampleRate === undefined ? 1 : Math.max(1, Math.floor(perBit / ENOUGH_PER_BIT))
    const nominal = perBit / this.#every
    const leads = sampleRate === undefined || nominal < 4 ? [STRAIGHT] : LEADS
    this.#tracks = leads.map((lead) => new Track(lead, nominal, (sampleRate ?? 1) / this.#every, this.#ring))
    this.#best = leads.map(() => 0)
    this.#straight = this.#tracks[0]!
    this.#track = this.#straight
    this.#proved = this.#straight
    this.#half = nominal / 2
    // Ones and zeros show no noise: of them nobody knows what turned a bit over.
    const differing = sampleRate === undefined ? 0 : (2 * NOISE_BAND * samplesPerBit) / sampleRate
    this.#sums = new SignalSums(Math.min(nominal, differing, MOST_DIFFERING))
  }

  /**
   * How good the signal was since the last call, while a transmission was read. Its lead is the one that explained most
   * bits best: to read it, one that is nearly as good does.
   */
  signal(baud: number): SignalSeen | undefined {
    const most = this.#best.indexOf(Math.max(...this.#best))
    const { low } = (this.#best[most] ? this.#tracks[most]! : this.#track).slicer.lead
    this.#best.fill(0)
    return this.#sums.take(baud, low)
  }

  push(sample: number): void {
    this.#sum += sample
    if (++this.#summed < this.#every) return
    this.#ring[this.#count & (RING - 1)] = this.#sum / this.#every
    this.#sum = 0
    this.#summed = 0
    this.#count++
    const straight = this.#straight
    if (this.#count >= straight.boundary) {
      const { boundary } = straight
      straight.decide(this.#sink.locked)
      if (this.#looked.length > 0 && straight.synced) this.#synced.push(straight)
      if (this.#tracks.length > 1) this.#look(straight)
      if (this.#track === straight) this.#give(straight, boundary)
      this.#settle()
    }
    for (const track of this.#looked) {
      if (this.#count < track.boundary) continue
      const { boundary } = track
      track.decide(this.#sink.locked)
      if (track.synced) this.#synced.push(track)
      if (track === this.#track) this.#give(track, boundary)
    }
  }

  /** Whether other leads are worth looking at. */
  #look(straight: Track): void {
    const { misfit, level } = straight.slicer
    const share = misfit / (level * level + 1e-9)
    const { locked } = this.#sink
    if (share > NO_SIGNAL && !locked && this.#track !== this.#proved) this.#believe(this.#proved)
    if (share > NO_SIGNAL || locked !== this.#wasLocked) this.#asked = 0
    this.#wasLocked = locked
    const near = locked || straight.reversed <= MAY_BE_REVERSALS
    const doubtful = near && share > STRAIGHT_FITS && share <= NO_SIGNAL && this.#asked % LOOK.of < LOOK.bits
    const sign = straight.slicer.value < 0
    this.#reversals = sign === this.#sign ? 0 : this.#reversals + 1
    this.#sign = sign
    if (this.#reversals >= REVERSALS && share > STRAIGHT_FITS) this.#behind = BEHIND
    else if (this.#behind > 0) this.#behind--
    this.#asked++
    const before = this.#looked
    const bent = this.#track !== straight || this.#proved !== straight
    if (this.#reversals % ANEW === REVERSALS) {
      // Noise looks rounded as well: then none of these leads explains more.
      const none = this.#reversals >= 2 * ANEW && !before.some((t) => t.isBand && t.misfit <= straight.misfit)
      this.#rounded = share > ROUNDED && !none
    }
    const all = this.#behind > 0 && this.#rounded
    const some = this.#behind > 0 || doubtful || (bent && locked)
    const kind = all ? 3 : some ? 2 : bent ? 1 : 0
    if (kind !== this.#kind || this.#track !== this.#chosen) {
      this.#kind = kind
      this.#chosen = this.#track
      this.#looked = this.#tracks.filter((track) => {
        if (track === straight) return false
        if (track === this.#track || track === this.#proved) return kind > 0
        return all || (some && !track.isBand)
      })
    }
    // Each preamble sets the clocks anew: behind a bad lead one may have slipped half a bit and found a hold there.
    const anew = !locked && this.#reversals % ANEW === REVERSALS
    for (const track of this.#looked) {
      const fits = this.#reversals >= 2 * ANEW && track.misfit <= straight.misfit
      if (!before.includes(track) || (anew && !fits)) track.join(straight)
    }
  }

  /**
   * A sync codeword was seen behind some of the leads a bit ago. Of those the one is believed that explains it best, and
   * its last bits are given once more: in reversals leads look alike, and behind the wrong one all may stand upside down.
   */
  #settle(): void {
    if (this.#synced.length === 0 || ++this.#waited < 2) return
    let best = this.#track
    let least = (this.#synced.includes(best) ? BETTER_FIT.hunting : STAYS) * best.misfit
    for (const track of this.#synced) {
      if (track.misfit >= least) continue
      least = track.misfit
      best = track
    }
    this.#synced.length = 0
    this.#waited = 0
    if (best === this.#track && this.#followed >= TRACK_BITS) return
    this.#sink.gone()
    this.#believe(best)
    for (let i = TRACK_BITS - 1; i >= 0; i--)
      this.#sink.pushBit((best.bits[i >> 5]! >>> (i & 31)) & 1, USUAL_WEIGHT)
  }

  #give(track: Track, end: number): void {
    // Behind a change of leads the same bit may end once more, a little later.
    if (end - this.#given < this.#half) return
    this.#given = end
    const { value, weight } = track.slicer
    const { misfit } = track
    this.#sink.pushBit(value < 0 ? 0 : 1, weight)
    this.#followed += 1
    this.#read = this.#sink.locked ? this.#read + 1 : 0
    if (this.#read >= PROVED) this.#proved = track
    if (this.#sink.locked) this.#sums.add(track.slicer)
    if (this.#looked.length === 0) return
    if (this.#sink.locked) this.#best[this.#fittest()]! += 1
    // A lead that explains no more than a straight one is not there.
    const straight = this.#straight.misfit
    const stays = this.#sink.locked ? 1 : track === this.#proved ? STAYS_PROVED : STAYS
    if (track !== this.#straight && misfit > stays * straight) {
      this.#believe(this.#straight)
      return
    }
    let least = (this.#sink.locked ? BETTER_FIT.locked : BETTER_FIT.hunting) * misfit
    for (const other of this.#looked) {
      if (other.misfit >= least) continue
      least = other.misfit
      this.#believe(other)
    }
  }

  #fittest(): number {
    let best = this.#straight
    for (const track of this.#looked) if (track.misfit < best.misfit) best = track
    return this.#tracks.indexOf(best)
  }

  #believe(track: Track): void {
    if (this.#sink.locked && !track.agrees(this.#track)) this.#sink.moved()
    this.#track = track
    this.#read = 0
    this.#followed = 0
  }
}
