import type { Millis } from '../../core/instant.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/**
 * Into how many parts the time of one beat is divided, so that thousands of streams are not all written to at the
 * same moment.
 */
const PARTS = 16

/** One timer for the heartbeats of all streams, running only while there is a stream. */
export class Beats {
  readonly #clock: Clock
  readonly #part: Millis
  readonly #parts: readonly Set<() => void>[] = Array.from({ length: PARTS }, () => new Set())
  #timer: Timer | undefined
  #joined = 0
  #at = 0

  /** @param every between two beats of one stream; the first may come sooner */
  constructor(clock: Clock, every: Millis) {
    this.#clock = clock
    this.#part = every / PARTS
  }

  /** Until the returned function is called. */
  join(beat: () => void): () => void {
    const wait = PARTS - (this.#joined++ % PARTS)
    const part = this.#parts[(this.#at + wait - 1) % PARTS]
    part?.add(beat)
    this.#timer ??= this.#clock.after(this.#part, () => this.#turn())
    return () => {
      part?.delete(beat)
      if (this.#parts.some(({ size }) => size > 0)) return
      this.#timer?.cancel()
      this.#timer = undefined
    }
  }

  #turn(): void {
    this.#timer = this.#clock.after(this.#part, () => this.#turn())
    for (const beat of this.#parts[this.#at++ % PARTS] ?? []) beat()
  }
}
