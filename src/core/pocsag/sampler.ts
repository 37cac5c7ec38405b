/** Where decided bits go, and whether the far side is inside a transmission. */
export interface BitSink {
  readonly locked: boolean
  pushBit(bit: number, weight: number): void
}

/** Prefix sums kept: several bits at the longest bit length in use. */
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
/** Averaging lengths in bits: level of the signal, its middle while hunting, its middle inside a transmission. */
const LEVEL_BITS = 24
const MIDDLE_HUNT_BITS = 40
const MIDDLE_LOCK_BITS = 60

/**
 * Samples to bits: integrates each bit over its whole length (the matched filter of a square pulse, 16 dB better at
 * 512 bit/s and 22050 samples/s than one sample a bit), follows the sender's clock by the transitions, and removes a
 * constant offset. Works on audio and on ones and zeros sampled by a microcontroller alike.
 */
export class Sampler {
  readonly #sink: BitSink
  readonly #nominal: number
  readonly #sums = new Float64Array(RING)
  #sum = 0
  #count = 0
  /** Time, in samples, of the boundary behind the bit being received. */
  #boundary: number
  #length: number
  #middle = 0
  #level = 0
  #last = 0
  #started = false

  /** @param samplesPerBit nominal, need not be whole; 1.5 to 1024 */
  constructor(samplesPerBit: number, sink: BitSink) {
    this.#sink = sink
    this.#nominal = Math.min(Math.max(samplesPerBit, 1.5), LONGEST_BIT)
    this.#length = this.#nominal
    this.#boundary = this.#length
  }

  push(sample: number): void {
    this.#sum += sample
    this.#count++
    this.#sums[this.#count & (RING - 1)] = this.#sum
    if (this.#count >= this.#boundary) this.#decide()
  }

  #decide(): void {
    const length = this.#length
    const end = this.#boundary
    const mean = (this.#upTo(end) - this.#upTo(end - length)) / length
    if (!this.#started) {
      this.#middle = 0
      this.#level = Math.abs(mean)
      this.#started = true
    }
    const value = mean - this.#middle
    const sign = value < 0 ? -1 : 1
    const level = Math.max(this.#level, 1e-9)
    this.#sink.pushBit(sign > 0 ? 1 : 0, Math.min(255, Math.round((128 * Math.abs(value)) / level)))

    const late = this.#last !== 0 && sign !== this.#last ? this.#lateness(end - length, this.#last, level) : 0
    this.#last = sign
    const locked = this.#sink.locked
    const gain = locked ? LOCK_GAIN : HUNT_GAIN
    this.#length = clamp(
      length + (gain * gain * late) / 4,
      this.#nominal * (1 - LENGTH_TOLERANCE),
      this.#nominal * (1 + LENGTH_TOLERANCE),
    )
    this.#boundary = end + this.#length + gain * late
    this.#level += (Math.abs(value) - this.#level) / LEVEL_BITS
    // Inside a transmission the bits are known, so their own imbalance need not move the middle.
    this.#middle += locked ? (value - sign * level) / MIDDLE_LOCK_BITS : value / MIDDLE_HUNT_BITS
  }

  /** By how many samples the sender's transition came after ours at `at`, estimated from half a bit around it. */
  #lateness(at: number, before: number, level: number): number {
    const half = this.#length / 4
    const area = this.#upTo(at + half) - this.#upTo(at - half) - this.#middle * 2 * half
    return clamp((area * before) / (2 * level), -half, half)
  }

  /** Integral of the signal from the start to a time between samples. */
  #upTo(time: number): number {
    const whole = Math.floor(time)
    const a = this.#sums[whole & (RING - 1)]!
    if (whole >= this.#count) return a
    return a + (time - whole) * (this.#sums[(whole + 1) & (RING - 1)]! - a)
  }
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}
