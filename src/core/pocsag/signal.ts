/** How good the signal of one transmitter was while it was read, for whoever looks after the lead and the receiver. */
export interface SignalFigures {
  /** How far the level stays from where a bit would turn: 1 for square pulses, about 0.8 for a good signal. */
  readonly eyeOpening: number
  /** Clicks a second, of those that bend a bit: at 512 bit/s the shortest do not. One over two bits counts once. */
  readonly impulses: number
  /** Below how many hertz the lead or sound card cuts; 0: it does not. */
  readonly lowCutHertz: number
  /**
   * Middle between the two tones less that of the receiver, as a share of half their distance: above 0 the transmitter is
   * too high or the receiver too low. On an inverted line it is put right.
   */
  readonly toneOffset: number
}

/** The figures, and what they explain. */
export interface SignalSeen {
  readonly signal: SignalFigures
  /**
   * Share of bits, 0 to 1, that noise and clicks may have turned over at most. What is wrong beyond that is the lead's
   * doing: it bends whole bits, and not single samples.
   */
  readonly explained: number
}

/** What the sampler knows of a bit that it decided. */
export interface BitSeen {
  readonly level: number
  readonly misfit: number
  readonly middle: number
  readonly struck: boolean
}

/** Sums over the bits of transmissions, until somebody asks. */
export class SignalSums {
  #bits = 0
  #eye = 0
  #struck = 0
  #offset = 0
  #before = false
  #explained = 0
  readonly #samples: number

  /** @param samples of a bit whose noise differs */
  constructor(samples: number) {
    this.#samples = samples
  }

  add({ level, misfit, middle, struck }: BitSeen): void {
    const whole = level + 1e-9
    this.#bits += 1
    this.#eye += Math.max(0, 1 - Math.sqrt(misfit) / whole)
    this.#offset += Math.max(-1, Math.min(1, middle / whole))
    if (struck && !this.#before) this.#struck += 1
    this.#before = struck
    // Of noise that a filter matched to the bit leaves, so many turn over at most (Chernoff).
    this.#explained += struck ? 1 : Math.exp((-this.#samples * whole * whole) / (2 * misfit + 1e-9)) / 2
  }

  /** Begins anew; undefined where nothing was read since. */
  take(baud: number, lowCutHertz: number): SignalSeen | undefined {
    const bits = this.#bits
    if (bits === 0) return undefined
    const signal = {
      eyeOpening: this.#eye / bits,
      impulses: (this.#struck * baud) / bits,
      lowCutHertz,
      toneOffset: this.#offset / bits,
    }
    const explained = this.#explained / bits
    this.#bits = 0
    this.#eye = 0
    this.#struck = 0
    this.#offset = 0
    this.#explained = 0
    return { signal, explained }
  }
}
