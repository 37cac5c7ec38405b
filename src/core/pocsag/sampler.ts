import { type SignalFigures, SignalSums } from './signal.ts'
import { LEADS, type Lead, Slicer, STRAIGHT } from './slicer.ts'

/** Where decided bits go, and whether the far side is inside a transmission. */
export interface BitSink {
  readonly locked: boolean
  pushBit(bit: number, weight: number): void
}

/** Samples kept: several bits at the longest bit length in use. */
const RING = 4096
const LONGEST_BIT = RING / 4

/**
 * How much of a timing error is corrected at each transition: a large share while hunting, a small one inside a
 * transmission.
 */
const HUNT_GAIN = 0.08
const LOCK_GAIN = 0.03
/**
 * How far the bit length may differ from its nominal value. Crystals keep to it; the RC oscillators of small boards
 * do not.
 */
const LENGTH_TOLERANCE = 0.02

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

/** Of every so many bits the first are used to look whether another lead would do better: once in each preamble. */
const LOOK = { of: 384, bits: 96 } as const

/** Behind so many reversals as a preamble has, so many bits are looked at: in them the leads first differ. */
const REVERSALS = 24
const BEHIND = 40

/** One lead and the sender's clock as it looks behind it: the edges of bits stand elsewhere behind another. */
class Track {
  readonly slicer: Slicer
  readonly #nominal: number
  readonly #ring: Float64Array
  readonly #restored = new Float64Array(RING)
  /** Time, in samples, of the boundary behind the bit being received. */
  boundary: number
  #length: number
  #last = 0

  constructor(lead: Lead, nominal: number, sampleRate: number, ring: Float64Array) {
    this.#nominal = nominal
    this.#ring = ring
    this.#length = nominal
    this.boundary = nominal
    this.slicer = new Slicer(lead, sampleRate, nominal * (1 + LENGTH_TOLERANCE))
  }

  /** Begins anew with the clock of another. */
  join(other: Track): void {
    this.boundary = other.boundary
    this.#length = other.#length
    this.#last = 0
    this.slicer.restart(other.slicer)
  }

  decide(locked: boolean): void {
    const { slicer } = this
    const length = this.#length
    const end = this.boundary
    const start = Math.max(0, end - length)
    slicer.decide(this.#ring, this.#restored, RING - 1, start, end, locked)
    const sign = slicer.value < 0 ? -1 : 1
    const late = this.#last !== 0 && sign !== this.#last ? this.#lateness(start, this.#last) : 0
    this.#last = sign
    const gain = locked ? LOCK_GAIN : HUNT_GAIN
    this.#length = clamp(
      length + (gain * gain * late) / 4,
      this.#nominal * (1 - LENGTH_TOLERANCE),
      this.#nominal * (1 + LENGTH_TOLERANCE),
    )
    this.boundary = end + this.#length + gain * late
  }

  /** By how many samples the sender's transition came after ours at `at`, estimated from half a bit around it. */
  #lateness(at: number, before: number): number {
    const half = this.#length / 4
    let area = 0
    const from = at - half
    const to = at + half
    for (let n = Math.floor(from); n < to; n++) {
      const share = Math.min(n + 1, to) - Math.max(n, from)
      area += share * this.#restored[n & (RING - 1)]!
    }
    return clamp((area * before) / (2 * Math.max(this.slicer.level, 1e-9)), -half, half)
  }
}

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
  /** Other leads are being looked at as well. */
  #wide = false
  /** Bits since it was last asked whether one is better. */
  #asked = 0
  /** Behind which transmissions were read last, and the bits read in a row behind the one believed. */
  #proved: Track
  #read = 0
  /** Bits in a row that were unlike the one before, and bits for which leads are still looked at behind such a row. */
  #reversals = 0
  #behind = 0
  #sign = false
  readonly #sums = new SignalSums()
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
  }

  /**
   * How good the signal was since the last call, while a transmission was read. Its lead is the one that explained most
   * bits best: to read it, one that is nearly as good does.
   */
  signal(baud: number): SignalFigures | undefined {
    const most = this.#best.indexOf(Math.max(...this.#best))
    const { cuts, hertz } = (this.#best[most] ? this.#tracks[most]! : this.#track).slicer.lead
    this.#best.fill(0)
    return this.#sums.take(baud, cuts === 'low' ? hertz : 0)
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
      if (this.#tracks.length > 1) this.#look(straight)
      if (this.#track === straight) this.#give(straight, boundary)
    }
    if (!this.#wide) return
    for (let i = 1; i < this.#tracks.length; i++) {
      const track = this.#tracks[i]!
      if (this.#count < track.boundary) continue
      const { boundary } = track
      track.decide(this.#sink.locked)
      if (track === this.#track) this.#give(track, boundary)
    }
  }

  /** Whether other leads are worth looking at. */
  #look(straight: Track): void {
    const { misfit, level } = straight.slicer
    const share = misfit / (level * level + 1e-9)
    const { locked } = this.#sink
    if (share > NO_SIGNAL && !locked) this.#track = this.#proved
    if (share > NO_SIGNAL || locked !== this.#wasLocked) this.#asked = 0
    this.#wasLocked = locked
    const doubtful = share > STRAIGHT_FITS && share <= NO_SIGNAL && this.#asked % LOOK.of < LOOK.bits
    const sign = straight.slicer.value < 0
    this.#reversals = sign === this.#sign ? 0 : this.#reversals + 1
    this.#sign = sign
    if (this.#reversals >= REVERSALS && share > STRAIGHT_FITS) this.#behind = BEHIND
    else if (this.#behind > 0) this.#behind--
    const wide = this.#track !== straight || this.#proved !== straight || doubtful || this.#behind > 0
    this.#asked++
    // Each preamble sets the clocks anew: behind a bad lead one may have slipped half a bit and found a hold there.
    if (wide && (!this.#wide || (this.#reversals === REVERSALS && !locked)))
      for (let i = 1; i < this.#tracks.length; i++) this.#tracks[i]!.join(straight)
    this.#wide = wide
  }

  #give(track: Track, end: number): void {
    // Behind a change of leads the same bit may end once more, a little later.
    if (end - this.#given < this.#half) return
    this.#given = end
    const { value, weight, misfit } = track.slicer
    this.#sink.pushBit(value < 0 ? 0 : 1, weight)
    this.#read = this.#sink.locked ? this.#read + 1 : 0
    if (this.#read >= PROVED) this.#proved = track
    if (this.#sink.locked) this.#sums.add(track.slicer)
    if (!this.#wide) return
    if (this.#sink.locked) this.#best[this.#fittest()]! += 1
    // A lead that explains no more than a straight one is not there.
    const straight = this.#straight.slicer.misfit
    const stays = this.#sink.locked ? 1 : track === this.#proved ? STAYS_PROVED : STAYS
    if (track !== this.#straight && misfit > stays * straight) {
      this.#believe(this.#straight)
      return
    }
    let least = (this.#sink.locked ? BETTER_FIT.locked : BETTER_FIT.hunting) * misfit
    for (const other of this.#tracks) {
      if (other.slicer.misfit >= least) continue
      least = other.slicer.misfit
      this.#believe(other)
    }
  }

  #fittest(): number {
    let best = 0
    for (let i = 1; i < this.#tracks.length; i++)
      if (this.#tracks[i]!.slicer.misfit < this.#tracks[best]!.slicer.misfit) best = i
    return best
  }

  #believe(track: Track): void {
    this.#track = track
    this.#read = 0
  }
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}
