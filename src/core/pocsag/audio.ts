import type { PackedBits } from './encode.ts'

/** Peak of generated audio: half of full scale, as receivers give it. */
const PEAK = 16_000

/**
 * Bits as the baseband a discriminator gives: a one is the lower frequency and thus negative. Bit edges fall between
 * samples where the rates do not divide; such a sample carries the share of each bit.
 */
export function toAudio({ bits, bitCount }: PackedBits, baud: number, sampleRate: number): Int16Array {
  const samples = new Int16Array(Math.ceil((bitCount * sampleRate) / baud))
  const perSample = baud / sampleRate
  for (let i = 0; i < samples.length; i++) {
    const from = i * perSample
    const to = Math.min((i + 1) * perSample, bitCount)
    const edge = Math.floor(to)
    const mean =
      edge > from
        ? level(bits, from) * (edge - from) + level(bits, edge) * (to - edge)
        : level(bits, from) * (to - from)
    samples[i] = Math.round((PEAK * mean) / perSample)
  }
  return samples
}

function level(bits: Uint8Array, at: number): number {
  const i = Math.floor(at)
  return (bits[i >>> 3] ?? 0) & (0x80 >>> (i & 7)) ? -1 : 1
}

/** Every bit `samplesPerBit` times, packed most significant first, as a sampling microcontroller sends it. */
export function oversample({ bits, bitCount }: PackedBits, samplesPerBit: number): PackedBits {
  const count = bitCount * samplesPerBit
  const out = new Uint8Array(Math.ceil(count / 8))
  for (let i = 0; i < count; i++) {
    const bit = Math.floor(i / samplesPerBit)
    if (bits[bit >>> 3]! & (0x80 >>> (bit & 7))) out[i >>> 3]! |= 0x80 >>> (i & 7)
  }
  return { bits: out, bitCount: count }
}
