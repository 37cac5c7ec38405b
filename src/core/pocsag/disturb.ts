import type { PackedBits } from './encode.ts'

/** Turns each bit with probability `rate`. */
export function flipBits({ bits, bitCount }: PackedBits, rate: number, random: () => number): PackedBits {
  const out = bits.slice()
  for (let i = 0; i < bitCount; i++) if (random() < rate) out[i >>> 3]! ^= 0x80 >>> (i & 7)
  return { bits: out, bitCount }
}

/**
 * Adds white Gaussian noise to samples.
 * @param snr signal power over noise power per sample, in decibels; the signal is scaled down to leave room
 */
export function addNoise(samples: Int16Array, snr: number, random: () => number): Int16Array {
  let power = 0
  for (const sample of samples) power += sample * sample
  const sigma = Math.sqrt(power / Math.max(1, samples.length) / 10 ** (snr / 10))
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1)
  const scale = 32_000 / (peak + 4.5 * sigma)
  return samples.map((sample) => clip((sample + sigma * gaussian(random)) * scale))
}

export function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function clip(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)))
}
