/** Uniform numbers in [0, 1) from a seed: the same figures from the same data, whoever asks and however often. */
export type Seeded = () => number

/** Mulberry32, a 32-bit generator by T. Ettinger (public domain): period 2^32, ample for resampling. */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A Poisson number of the given mean: by inversion up to 30, by the normal limit above. */
export function poisson(mean: number, random: Seeded): number {
  if (mean <= 0) return 0
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal))
  }
  // One draw, and terms added until they pass it: a draw for every step would cost most of a large report's time.
  const drawn = random()
  let term = Math.exp(-mean)
  let sum = term
  let count = 0
  while (sum < drawn && term > 0) {
    count += 1
    term *= mean / count
    sum += term
  }
  return count
}

/** A seed from text, so that a report's numbers depend on its span and group and on nothing else (FNV-1a, 32 bits). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}
