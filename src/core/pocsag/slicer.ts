/**
 * What a lead or a sound card does to a bit's level before it comes here: a high-pass of one or two poles, the low-pass of
 * one pole that a speaker output has for speech (de-emphasis), both, or nothing.
 */
export interface Lead {
  readonly poles: 0 | 1 | 2
  /** Below how many hertz it cuts, and above how many; 0: it does not. */
  readonly low: number
  readonly high: number
}

export const STRAIGHT: Lead = { poles: 0, low: 0, high: 0 }

/** Leads that are told apart. Between them the nearest will do: what is left over is a tenth of a bit's level. */
export const LEADS: readonly Lead[] = [
  STRAIGHT,
  { poles: 1, low: 30, high: 0 },
  { poles: 1, low: 95, high: 0 },
  { poles: 1, low: 290, high: 0 },
  { poles: 2, low: 45, high: 0 },
  { poles: 2, low: 120, high: 0 },
  { poles: 2, low: 185, high: 0 },
  { poles: 2, low: 290, high: 0 },
  { poles: 0, low: 0, high: 212 },
  { poles: 0, low: 0, high: 500 },
  { poles: 1, low: 95, high: 212 },
  { poles: 1, low: 290, high: 212 },
  { poles: 2, low: 50, high: 212 },
  { poles: 2, low: 150, high: 212 },
  { poles: 2, low: 290, high: 212 },
  { poles: 1, low: 95, high: 500 },
  { poles: 1, low: 290, high: 500 },
  { poles: 2, low: 50, high: 500 },
  { poles: 2, low: 150, high: 500 },
  { poles: 2, low: 290, high: 500 },
]

/**
 * The answer to a step, as amplitudes of the three shapes that it is made of: a cosine and a sine that die away, of the
 * poles that cut low tones, and what the pole leaves that cuts high ones. By partial fractions.
 */
function stepOf({ poles, low, high }: Lead): readonly [cosine: number, sine: number, rise: number] {
  const ratio = high === 0 ? 0 : low / high
  const squared = poles === 2 ? ratio * (ratio - Math.SQRT2) : -ratio
  const cosine = 1 / (1 + squared)
  return [cosine, poles === 2 ? cosine * (Math.SQRT2 * ratio - 1) : 0, high === 0 ? 0 : -cosine]
}

/** Averaging lengths in bits: level of the signal, how well it fits, its middle while hunting and while locked. */
const LEVEL_BITS = 24
const FIT_BITS = 24
const MIDDLE_HUNT_BITS = 40
const MIDDLE_LOCK_BITS = 60

/**
 * Bound on how much a loud bit counts, in multiples of how far bits usually differ from the mean. In noise a loud bit
 * is a sure one; on a quiet line it is an impulse. In amplitudes, within the range of a reliability.
 */
const LOUDER = 3
const LEAST_LOUD = 1.25
const MOST_WEIGHT = 1.99

/** A sample further from what it should be than so many usual deviations is an impulse: it counts as one so far. */
const OUTLIER = 3

/** A bit disturbed more than this, as a share of the level beside the usual, is less reliable by as much. */
const DISTURBED = 0.15

/**
 * Decides bits under the assumption of one lead. A filter answers each step of the signal with a tail that dies away, so
 * what the bits before have left is known, and so is the shape that this one must have: both make a matched filter with
 * decision feedback. Nothing is amplified, as it would be by undoing the lead.
 */
export class Slicer {
  readonly lead: Lead
  /** The three shapes of which a tail is made, by sample of the bit; amplitudes of the answer to a step. */
  readonly #cosine: Float64Array
  readonly #sine: Float64Array
  readonly #rise: Float64Array
  /** What is left of each sample of the bit when the tail is taken away, and the shape of a bit at each. */
  readonly #own: Float64Array
  readonly #shape: Float64Array
  readonly #decay: number
  readonly #turn: number
  readonly #fall: number
  readonly #step: readonly [number, number, number]
  /** The tail of all bits before: amplitudes of its shapes at the beginning of the bit being decided. */
  #p = 0
  #q = 0
  #r = 0
  #before = 0
  /** Constant offset of the samples. */
  middle = 0
  /** The bit decided last had a click in it. */
  struck = false
  #deviation = 0
  /** Mean difference of a bit's level from the usual one, as a share of it. */
  #spread = 0
  /** The last sample that was left unexplained. */
  #rest = 0
  #started = false
  /** Amplitude of the signal, as it was before the lead. */
  level = 0
  /** Mean square of what this lead and the bits decided leave unexplained of the samples. */
  misfit = 0
  /** Of the bit decided last: its level with sign, its reliability (128 for an undisturbed one). */
  value = 0
  weight = 0

  /** @param longest bit, in samples */
  constructor(lead: Lead, sampleRate: number, longest: number) {
    this.lead = lead
    const { poles, low, high } = lead
    const omega = (2 * Math.PI * low) / sampleRate
    this.#decay = poles === 2 ? omega / Math.SQRT2 : omega
    this.#turn = poles === 2 ? omega / Math.SQRT2 : 0
    this.#fall = (2 * Math.PI * high) / sampleRate
    this.#step = stepOf(lead)
    const size = Math.ceil(longest) + 3
    const table = (shape: (t: number) => number) =>
      Float64Array.from({ length: size }, (_, j) => shape(j + 0.5))
    this.#cosine = table((t) => Math.exp(-this.#decay * t) * Math.cos(this.#turn * t))
    this.#sine = table((t) => Math.exp(-this.#decay * t) * Math.sin(this.#turn * t))
    this.#rise = table((t) => Math.exp(-this.#fall * t))
    this.#own = new Float64Array(size)
    this.#shape = new Float64Array(size).fill(1)
  }

  /**
   * Decides the bit whose samples stand in `ring` from `start` to before `end`, times between samples. What it was
   * before the lead goes into `restored`.
   * @param mask size of the rings less one
   */
  decide(
    ring: Float64Array,
    restored: Float64Array,
    mask: number,
    start: number,
    end: number,
    locked: boolean,
  ): void {
    const cosine = this.#cosine
    const sine = this.#sine
    const shape = this.#shape
    const own = this.#own
    const rise = this.#rise
    const straight = this.lead === STRAIGHT
    const [stepP, stepQ, stepR] = this.#step
    const first = Math.floor(start)
    const count = Math.ceil(end) - first
    const early = start - first
    const late = first + count - end
    // The tail at the bit's beginning, and as it would have stood at that of its first sample.
    const tailP = this.#p - stepP * this.#before
    const tailQ = this.#q - stepQ * this.#before
    const tailR = this.#r - stepR * this.#before
    let p = 0
    let q = 0
    let r = 0
    if (!straight) {
      const grow = Math.exp(this.#decay * early)
      const cos = this.#turn === 0 ? grow : grow * Math.cos(this.#turn * early)
      const sin = this.#turn === 0 ? 0 : grow * Math.sin(this.#turn * early)
      const fall = stepR === 0 ? 1 : Math.exp(this.#fall * early)
      p = tailP * cos - tailQ * sin
      q = tailQ * cos + tailP * sin
      r = tailR * fall
      const u = stepP * cos - stepQ * sin
      const w = stepQ * cos + stepP * sin
      const x = stepR * fall
      for (let j = 0; j < count; j++) shape[j] = u * cosine[j]! + w * sine[j]!
      if (stepR !== 0) {
        for (let j = 0; j < count; j++) shape[j]! += x * rise[j]!
        // Its first sample may lie before the bit for the most part, where nothing of it has come.
        shape[0] = Math.max(0, shape[0]!)
      }
    }
    const middle = this.middle
    const room = this.#started ? OUTLIER * this.#deviation : Number.POSITIVE_INFINITY
    const before = this.level
    let along = 0
    let energy = 0
    for (let j = 0; j < count; j++) {
      const g = shape[j]!
      const sample = ring[(first + j) & mask]! - middle
      let v = sample
      if (!straight) v -= p * cosine[j]! + q * sine[j]!
      if (r !== 0) v -= r * rise[j]!
      own[j] = v
      const most = before * (g < 0 ? -g : g) + room
      const held = v > most ? most : v < -most ? -most : v
      along += held * g
      energy += g * g
    }
    // The first and the last sample belong to the bit in part.
    const tail = shape[count - 1]!
    along -=
      early * clamp(own[0]!, before + room) * shape[0]! + late * clamp(own[count - 1]!, before + room) * tail
    energy -= early * shape[0]! ** 2 + late * tail ** 2
    const value = along / energy
    if (!this.#started) {
      this.level = Math.abs(value)
      this.#deviation = this.level
      this.#started = true
    }
    const level = Math.max(this.level, 1e-9)
    const a = value < 0 ? -level : level
    const most = OUTLIER * this.#deviation + level / 2
    let off = 0
    let squares = 0
    let lift = 0
    for (let j = 0; j < count; j++) {
      const left = own[j]! - a * shape[j]!
      restored[(first + j) & mask] = left + a
      off += left < 0 ? -left : left
      const held = left > most ? most : left < -most ? -most : left
      squares += held * held
      lift += held
    }
    if (stepR !== 0) this.#undo(restored, mask, first, count, a)
    off /= count
    const usual = OUTLIER * this.#deviation + DISTURBED * level
    const loud = Math.abs(value) / level
    const loudest = Math.min(MOST_WEIGHT, Math.max(LEAST_LOUD, 1 + LOUDER * this.#spread))
    const sure = Math.min(loudest, loud)
    this.value = value
    this.struck = off > usual
    this.weight = Math.round(128 * (off > usual ? (sure * usual) / off : sure))
    this.misfit += (squares / count - this.misfit) / FIT_BITS
    this.#deviation += (Math.min(off, 2 * this.#deviation + 1) - this.#deviation) / LEVEL_BITS
    this.#spread += (Math.min(1, Math.abs(loud - 1)) - this.#spread) / LEVEL_BITS
    this.level += (Math.abs(value) - this.level) / LEVEL_BITS
    this.#before = a
    if (straight) {
      // Inside a transmission the bits are known, so their own imbalance need not move the middle.
      this.middle += locked ? (value - a) / MIDDLE_LOCK_BITS : value / MIDDLE_HUNT_BITS
    } else {
      this.middle += lift / count / MIDDLE_LOCK_BITS
      this.#advance(tailP + stepP * a, tailQ + stepQ * a, end - start)
      if (stepR !== 0) this.#r = (tailR + stepR * a) * Math.exp(-this.#fall * (end - start))
    }
  }

  /**
   * Behind a lead that cuts high tones an edge is no step any more, by which the clock could be set: of what is left
   * unexplained that is undone.
   */
  #undo(restored: Float64Array, mask: number, first: number, count: number, a: number): void {
    const steep = 1 / (1 - Math.exp(-this.#fall))
    for (let j = 0; j < count; j++) {
      const at = (first + j) & mask
      const rest = restored[at]! - a
      restored[at] = a + this.#rest + (rest - this.#rest) * steep
      this.#rest = rest
    }
  }

  /** Forgets what came before, and takes over the levels of another slicer that has listened for longer. */
  restart(other: Slicer): void {
    this.#p = 0
    this.#q = 0
    this.#before = 0
    this.#r = 0
    this.#rest = 0
    this.middle = 0
    this.level = other.level
    this.#deviation = other.#deviation
    this.#spread = other.#spread
    this.misfit = other.misfit
    this.#started = true
  }

  #advance(p: number, q: number, samples: number): void {
    const shrink = Math.exp(-this.#decay * samples)
    const cos = Math.cos(this.#turn * samples)
    const sin = Math.sin(this.#turn * samples)
    this.#p = shrink * (p * cos + q * sin)
    this.#q = shrink * (q * cos - p * sin)
  }
}

function clamp(value: number, most: number): number {
  return value > most ? most : value < -most ? -most : value
}
