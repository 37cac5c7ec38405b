import { BAUDS } from './code/tables.ts'

/** A preamble that was heard: at a rate listened for, or at none. */
export interface Preamble {
  readonly fits: boolean
  /** Where it fits none: the samples a second that the sound seems to have. */
  readonly sampleRate?: number
}

/** Reversals in a row that are a preamble: one has 576 bits. A tone that goes on for longer is no pager. */
const FEWEST = 200
const MOST = 4000
/** An interval differs so far from the mean of its run, as a share, and by a sample for their grid. */
const STEADY = 0.3
/** How far a rate may be off and still be the one listened for, and a usual sample rate. */
const FITS = 0.025
const USUAL = 0.012
const MIDDLE_SAMPLES = 1024
const LEVEL_SAMPLES = 64

/** The commonest first: one interval may be explained by two of them. */
const SAMPLE_RATES = [22_050, 24_000, 48_000, 44_100, 16_000, 11_025, 32_000, 8000, 96_000]

/**
 * Listens for the reversals that every transmission opens with, at any rate. So sound whose sample rate is not what was
 * said is told from silence, and transmissions that nobody can read from none.
 */
export class Tempo {
  readonly #sampleRate: number
  #middle = 0
  #level = 0
  #sign = 1
  #since = 0
  #count = 0
  #total = 0
  #heard: Preamble | undefined

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate
  }

  push(sample: number): void {
    this.#middle += (sample - this.#middle) / MIDDLE_SAMPLES
    const s = sample - this.#middle
    this.#level += ((s < 0 ? -s : s) - this.#level) / LEVEL_SAMPLES
    this.#since += 1
    if (s * this.#sign >= -this.#level / 4) return
    this.#sign = -this.#sign
    const interval = this.#since
    this.#since = 0
    const mean = this.#total / this.#count
    if (this.#count > 0 && Math.abs(interval - mean) > 1 + STEADY * mean) {
      this.#over(mean)
      this.#count = 0
      this.#total = 0
      return
    }
    this.#count += 1
    this.#total += interval
  }

  /** The preamble heard since the last call. */
  take(): Preamble | undefined {
    const heard = this.#heard
    this.#heard = undefined
    return heard
  }

  #over(interval: number): void {
    if (this.#count < FEWEST || this.#count > MOST) return
    const near = (a: number, b: number, most: number) => Math.abs(a / b - 1) <= most
    if (BAUDS.some((baud) => near(interval * baud, this.#sampleRate, FITS))) {
      this.#heard = { fits: true }
      return
    }
    for (const sampleRate of SAMPLE_RATES)
      for (const baud of BAUDS)
        if (near(interval * baud, sampleRate, USUAL)) {
          this.#heard ??= { fits: false, sampleRate }
          return
        }
  }
}
