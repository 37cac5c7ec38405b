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

  add({ level, misfit, middle, struck }: BitSeen): void {
    const whole = level + 1e-9
    this.#bits += 1
    this.#eye += Math.max(0, 1 - Math.sqrt(misfit) / whole)
    this.#offset += Math.max(-1, Math.min(1, middle / whole))
    if (struck && !this.#before) this.#struck += 1
    this.#before = struck
  }

  /** Begins anew; undefined where nothing was read since. */
  take(baud: number, lowCutHertz: number): SignalFigures | undefined {
    const bits = this.#bits
    if (bits === 0) return undefined
    const figures = {
      eyeOpening: this.#eye / bits,
      impulses: (this.#struck * baud) / bits,
      lowCutHertz,
      toneOffset: this.#offset / bits,
    }
    this.#bits = 0
    this.#eye = 0
    this.#struck = 0
    this.#offset = 0
    return figures
  }
}
