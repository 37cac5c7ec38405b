/** How often each thing happens to a byte; 0 to 1. */
export interface NoiseRates {
  readonly flip: number
  readonly lose: number
  readonly double: number
  /** A byte out of nowhere behind it. */
  readonly insert: number
}

/** The same seed gives the same noise, so that a failure can be shown again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What a bad cable makes of bytes: bits flipped, bytes lost, doubled or added. */
export function disturb(bytes: Uint8Array, rates: NoiseRates, random: () => number): Uint8Array {
  const out: number[] = []
  for (const byte of bytes) {
    if (random() < rates.lose) continue
    const sent = random() < rates.flip ? byte ^ (1 << Math.floor(random() * 8)) : byte
    out.push(sent)
    if (random() < rates.double) out.push(sent)
    if (random() < rates.insert) out.push(Math.floor(random() * 256))
  }
  return Uint8Array.from(out)
}
