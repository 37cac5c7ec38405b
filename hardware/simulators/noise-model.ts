/** How often each thing happens to a byte; 0 to 1. */
export interface NoiseRates {
  readonly flip: number
  readonly lose: number
  readonly double: number
  /** A byte out of nowhere behind it. */
  readonly insert: number
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
