import { distance, ones, reversalErrors } from './code/codeword.ts'
import { SYNC } from './code/tables.ts'
import { type Lead, Slicer } from './slicer.ts'

/** Samples kept: several bits at the longest bit length in use. */
export const RING = 4096
export const LONGEST_BIT = RING / 4

/**
 * How much of a timing error is corrected at each transition: a large share while hunting, a small one inside a
 * transmission and behind a lead that bends edges, where the clock of a straight one has gone before.
 */
const HUNT_GAIN = 0.08
const LOCK_GAIN = 0.03
/**
 * How far the bit length may differ from its nominal value. Crystals keep to it; the RC oscillators of small boards
 * do not.
 */
const LENGTH_TOLERANCE = 0.02

/** Bits that a track remembers: 64 of a preamble and a sync codeword. */
export const TRACK_BITS = 96

/** Wrong bits of a sync codeword, and of the 64 reversals before it, by which a lead is known. */
const SYNC_WRONG = 2
const PREAMBLE_WRONG = 8

/** Of the last 32 bits as many may differ behind two leads that both show what was sent. */
const APART = 8

/** By how many times less a lead that cuts both ways must leave unexplained than others: it has more to bend, and fits noise. */
const HANDICAP = 1.5

/**
 * How far around an edge behind a lead is looked for its time, in time constants of one of its poles: farther off what it
 * does to a late edge undoes itself. What is expected to step there counts as no less than this share of a level.
 */
const REACH = 0.5
const LEAST_STEP = 0.5

/** One lead and the sender's clock as it looks behind it: the edges of bits stand elsewhere behind another. */
export class Track {
  readonly slicer: Slicer
  /** The lead cuts low tones and high ones. */
  readonly isBand: boolean
  readonly #nominal: number
  readonly #ring: Float64Array
  readonly #restored = new Float64Array(RING)
  /** Time, in samples, of the boundary behind the bit being received. */
  boundary: number
  #length: number
  #last = 0
  /** The last 96 bits, the newest lowest in the first. */
  readonly bits = new Int32Array(3)
  /** So many samples before and behind an edge its time is looked for at most. */
  readonly #reach: number
  /** By what share of a bit edges of reversals stand earlier behind this lead, from -0.5 to 0.5. */
  readonly #shift: number

  constructor(lead: Lead, nominal: number, sampleRate: number, ring: Float64Array) {
    this.isBand = lead.poles > 0 && lead.high > 0
    this.#nominal = nominal
    this.#ring = ring
    this.#length = nominal
    this.boundary = nominal
    this.#reach =
      lead.poles === 0 ? LONGEST_BIT : (REACH * sampleRate) / (2 * Math.PI * lead.low * lead.poles)
    this.#shift = reversalShift(lead, sampleRate / nominal)
    this.slicer = new Slicer(lead, sampleRate, nominal * (1 + LENGTH_TOLERANCE))
  }

  /** Begins anew with the clock of another. */
  join(other: Track): void {
    this.boundary = other.boundary + this.#shift * other.#length
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
    const { bits } = this
    bits[2] = (bits[2]! << 1) | (bits[1]! >>> 31)
    bits[1] = (bits[1]! << 1) | (bits[0]! >>> 31)
    bits[0] = (bits[0]! << 1) | (sign < 0 ? 0 : 1)
    const late = this.#last !== 0 && sign !== this.#last ? this.#lateness(start, this.#last) : 0
    this.#last = sign
    const gain = locked || this.#shift !== 0 ? LOCK_GAIN : HUNT_GAIN
    this.#length = clamp(
      length + (gain * gain * late) / 4,
      this.#nominal * (1 - LENGTH_TOLERANCE),
      this.#nominal * (1 + LENGTH_TOLERANCE),
    )
    this.boundary = end + this.#length + gain * late
  }

  /** What this lead leaves unexplained; one that cuts both ways fits much by chance, and must leave less. */
  get misfit(): number {
    return this.slicer.misfit * (this.isBand ? HANDICAP : 1)
  }

  /** The bits decided last are a sync codeword, of either sense, behind a preamble. */
  get synced(): boolean {
    const [word, near, far] = this.bits
    const wrong = distance(word!, SYNC)
    if (Math.min(wrong, 32 - wrong) > SYNC_WRONG) return false
    return reversalErrors(near!) + reversalErrors(far!) <= PREAMBLE_WRONG
  }

  /** In how many of the last 64 bits what was decided differs from reversals. */
  get reversed(): number {
    return reversalErrors(this.bits[0]!) + reversalErrors(this.bits[1]!)
  }

  /** The last bits are those of another track, which may be ahead by one or behind. */
  agrees({ bits: [theirs] }: Track): boolean {
    const [ours] = this.bits
    const apart = [ours! ^ theirs!, (ours! ^ (theirs! << 1)) & ~1, ((ours! << 1) ^ theirs!) & ~1]
    return apart.some((bits) => ones(bits) <= APART)
  }

  /**
   * By how many samples the sender's transition came after ours at `at`. Around it all that was expected comes later by
   * so much: what is left unexplained there, summed up, is that time by the step that was expected.
   */
  #lateness(at: number, before: number): number {
    const { level } = this.slicer
    const half = Math.min(this.#length / 4, this.#reach)
    const from = at - half
    const to = at + half
    let area = 0
    for (let n = Math.floor(from); n < to; n++) {
      const share = Math.min(n + 1, to) - Math.max(n, from)
      area += share * this.#restored[n & (RING - 1)]!
    }
    const { poles, high } = this.slicer.lead
    const bent = poles === 0 || high > 0 ? 0 : before * (this.#taken(to) - this.#taken(from))
    const step = Math.max(2 * level - bent, LEAST_STEP * level, 1e-9)
    return clamp((area * before) / step, -this.#length / 4, this.#length / 4)
  }

  /** What the lead has added to the sample at a time. */
  #taken(at: number): number {
    const n = Math.floor(at) & (RING - 1)
    return this.#ring[n]! - this.#restored[n]!
  }
}

/**
 * By how much earlier than it was sent a row of reversals crosses its middle behind a lead, as a share of a bit; those
 * that stand a whole bit apart look alike.
 */
function reversalShift({ poles, low, high }: Lead, baud: number): number {
  const hertz = baud / 2
  const ahead =
    poles === 2
      ? Math.PI - Math.atan2(Math.SQRT2 * hertz * low, low * low - hertz * hertz)
      : Math.atan2(low, hertz)
  const share = (ahead - (high === 0 ? 0 : Math.atan2(hertz, high))) / Math.PI
  return share > 0.5 ? share - 1 : share
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value
}
