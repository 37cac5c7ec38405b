import { addNoise, gaussian } from '../../../src/core/pocsag/disturb.ts'

/** What stands between a transmitter and the decoder, and how bad it is: three levels each, seeded. */
export interface Channel {
  readonly name: string
  readonly bauds: readonly (512 | 1200 | 2400)[]
  /** What the three levels are, in words and figures. */
  readonly levels: readonly [string, string, string]
  /** @param spans where transmissions begin and end, in samples */
  apply(
    clean: Float64Array,
    level: number,
    baud: number,
    random: () => number,
    spans: readonly Span[],
  ): Float64Array
}

export type Span = readonly [from: number, to: number]

export const SAMPLE_RATE = 22_050
const FULL = 32_767

/** 16-bit samples as a sound card gives them. */
export function toPcm(samples: Float64Array): Int16Array {
  const out = new Int16Array(samples.length)
  for (let i = 0; i < out.length; i++) out[i] = Math.max(-FULL, Math.min(FULL, Math.round(samples[i]!)))
  return out
}

const at = <T>(values: readonly [T, T, T], level: number): T => values[level] ?? values[0]

function scaled(samples: Float64Array, by: number): Float64Array {
  const out = new Float64Array(samples.length)
  for (let i = 0; i < out.length; i++) out[i] = samples[i]! * by
  return out
}

/** The rounded edges and little noise that every receiver gives. */
function received(clean: Float64Array, random: () => number, snr = 22): Float64Array {
  const out = new Float64Array(clean.length)
  let y = 0
  for (let i = 0; i < out.length; i++) {
    y += 0.55 * (clean[i]! - y)
    out[i] = y
  }
  return noisy(out, snr, random)
}

export function noisy(samples: Float64Array, snr: number, random: () => number): Float64Array {
  let power = 0
  for (let i = 0; i < samples.length; i++) power += samples[i]! ** 2
  const sigma = Math.sqrt(power / samples.length / 10 ** (snr / 10))
  const out = new Float64Array(samples.length)
  for (let i = 0; i < out.length; i++) out[i] = samples[i]! + sigma * gaussian(random)
  return out
}

/** A first-order or second-order Butterworth high-pass, by the bilinear transform. */
function highPass(samples: Float64Array, hertz: number, order: 1 | 2): Float64Array {
  const k = Math.tan((Math.PI * hertz) / SAMPLE_RATE)
  const out = new Float64Array(samples.length)
  if (order === 1) {
    const a = (k - 1) / (k + 1)
    const b = 1 / (k + 1)
    for (let i = 1; i < out.length; i++) out[i] = b * (samples[i]! - samples[i - 1]!) - a * out[i - 1]!
    return out
  }
  const q = Math.SQRT2
  const d = 1 + q * k + k * k
  for (let i = 2; i < out.length; i++) {
    const x = samples[i]! - 2 * samples[i - 1]! + samples[i - 2]!
    out[i] = (x - 2 * (k * k - 1) * out[i - 1]! - (1 - q * k + k * k) * out[i - 2]!) / d
  }
  return out
}

/** A receiver's sound behind a lead or a sound card that cuts low tones. */
export function behindHighPass(
  clean: Float64Array,
  hertz: number,
  poles: 1 | 2,
  random: () => number,
): Float64Array {
  return noisy(highPass(received(scaled(clean, 0.6), random), hertz, poles), 18, random)
}

export function lowPass(samples: Float64Array, microseconds: number): Float64Array {
  const a = 1 - Math.exp(-1e6 / (microseconds * SAMPLE_RATE))
  const out = new Float64Array(samples.length)
  let y = 0
  for (let i = 0; i < out.length; i++) {
    y += a * (samples[i]! - y)
    out[i] = y
  }
  return out
}

function clicks(samples: Float64Array, perSecond: number, random: () => number): Float64Array {
  const out = samples.slice()
  const rate = perSecond / SAMPLE_RATE
  for (let i = 0; i < out.length; i++) {
    if (random() >= rate) continue
    // A click of a discriminator turns the phase once: a pulse of one area, as wide as the receiver's filter.
    const width = 2 + Math.floor(random() * 14)
    const height = (random() < 0.5 ? -1 : 1) * (18_000 + 14_000 * random())
    for (let j = 0; j < width; j++) if (i + j < out.length) out[i + j]! += height
  }
  return out
}

/** The signal drawn out or pushed together in time. */
function resampled(samples: Float64Array, ratio: number): Float64Array {
  const out = new Float64Array(Math.floor(samples.length / ratio) - 1)
  for (let i = 0; i < out.length; i++) {
    const t = i * ratio
    const n = Math.floor(t)
    out[i] = samples[n]! + (t - n) * (samples[n + 1]! - samples[n]!)
  }
  return out
}

/** Noise where the carrier fades: the discriminator gives its own noise, louder than any signal. */
function fading(samples: Float64Array, perSecond: number, random: () => number): Float64Array {
  const out = samples.slice()
  for (let i = 0; i < out.length; ) {
    i += Math.floor((-Math.log(1 - random()) * SAMPLE_RATE) / perSecond)
    const end = i + Math.floor(SAMPLE_RATE * (0.001 + 0.004 * random()))
    for (; i < end && i < out.length; i++) out[i] = 16_000 * gaussian(random)
  }
  return out
}

/**
 * Two transmitters, one behind the other by `delay` microseconds: where they differ, which one is heard turns with
 * their beat, and between the two the discriminator gives spikes.
 */
function simulcast(samples: Float64Array, delay: number, beat: number, random: () => number): Float64Array {
  const shift = (delay * SAMPLE_RATE) / 1e6
  const out = new Float64Array(samples.length)
  for (let i = 0; i < out.length; i++) {
    const t = Math.max(0, i - shift)
    const n = Math.floor(t)
    const late = samples[n]! + (t - n) * ((samples[n + 1] ?? 0) - samples[n]!)
    const phase = Math.sin((2 * Math.PI * beat * i) / SAMPLE_RATE)
    const share = 0.5 + 0.5 * phase
    out[i] = share * samples[i]! + (1 - share) * late
    if (Math.abs(phase) < 0.02 && random() < 0.2) out[i]! += 20_000 * gaussian(random)
  }
  return out
}

/** The gain that a receiver or a sound card turns down on loud signals and up again in silence. */
function agc(samples: Float64Array, seconds: number): Float64Array {
  const out = new Float64Array(samples.length)
  let level = 8000
  for (let i = 0; i < out.length; i++) {
    const s = samples[i]!
    const loud = Math.abs(s)
    level += (loud - level) * (loud > level ? 1 / (0.002 * SAMPLE_RATE) : 1 / (seconds * SAMPLE_RATE))
    out[i] = (s * 12_000) / Math.max(level, 400)
  }
  return out
}

/**
 * A receiver that is mute until it has noticed the carrier, and lets noise through for a while when that has gone.
 * @param late of the reversals, what is over before it opens: a share of their 576 bits
 * @param tail seconds
 */
function squelched(
  samples: Float64Array,
  spans: readonly Span[],
  { late, tail, baud }: { readonly late: number; readonly tail: number; readonly baud: number },
  random: () => number,
): Float64Array {
  const parts = spans.flatMap(([from, to]) => [
    new Float64Array(SAMPLE_RATE / 5),
    samples.subarray(from + Math.round((late * 576 * SAMPLE_RATE) / baud), to),
    Float64Array.from({ length: tail * SAMPLE_RATE }, () => 16_000 * gaussian(random)),
  ])
  const out = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const ALL = [512, 1200, 2400] as const
const ONE = [1200] as const

/** White noise by bit rate: where some pages come through whole, most do, and nearly all do. */
const WHITE: Readonly<Record<number, readonly [number, number, number]>> = {
  512: [-11.5, -9, 5],
  1200: [-8, -5.5, 6],
  2400: [-5.5, -2.5, 8],
}

export const CHANNELS: readonly Channel[] = [
  {
    name: 'white noise',
    bauds: ALL,
    levels: ['heavy', 'strong', 'light'],
    apply: (s, l, baud, random) => {
      return new Float64Array(addNoise(toPcm(s), at(WHITE[baud] ?? [0, 0, 0], l), random))
    },
  },
  {
    name: 'clicks',
    bauds: ALL,
    levels: ['80 a second', '40 a second', '20 a second'],
    apply: (s, l, _, random) => clicks(received(scaled(s, 0.55), random), at([80, 40, 20], l), random),
  },
  {
    name: 'high-pass, one pole',
    bauds: ALL,
    levels: ['300 Hz', '100 Hz', '20 Hz'],
    apply: (s, l, _, random) => behindHighPass(s, at([300, 100, 20], l), 1, random),
  },
  {
    name: 'high-pass, two poles',
    bauds: ALL,
    levels: ['300 Hz', '150 Hz', '50 Hz'],
    apply: (s, l, _, random) => behindHighPass(s, at([300, 150, 50], l), 2, random),
  },
  {
    name: 'de-emphasis',
    bauds: ALL,
    levels: ['750 µs', '300 µs', '75 µs'],
    apply: (s, l, _, random) => noisy(lowPass(s, at([750, 300, 75], l)), 12, random),
  },
  {
    name: 'speaker output',
    bauds: ALL,
    levels: ['750 µs, two poles at 300 Hz', '300 µs, one at 100 Hz', '75 µs, two at 50 Hz'],
    apply: (s, l, _, random) =>
      behindHighPass(
        lowPass(s, at([750, 300, 75], l)),
        at([300, 100, 50], l),
        at([2, 1, 2] as const, l),
        random,
      ),
  },
  {
    name: 'clipping and offset',
    bauds: ONE,
    levels: ['4 times over, offset 60 %', '2 times over, 40 %', 'just, 20 %'],
    apply: (s, l, _, random) => {
      const offset = at([9600, 6400, 3200], l)
      return noisy(s, 9, random)
        .map((v) => Math.max(-FULL, Math.min(FULL, v * at([4, 2, 1.2], l))))
        .map((v) => v / 3 + offset)
    },
  },
  {
    name: 'clock',
    bauds: ALL,
    levels: ['2 % fast', '2 % slow', '200 ppm drift'],
    apply: (s, l, _, random) => noisy(resampled(s, at([1.02, 0.98, 1.0002], l)), 6, random),
  },
  {
    name: 'fading',
    bauds: ONE,
    levels: ['12 a second', '6 a second', '2 a second'],
    apply: (s, l, _, random) => fading(received(s, random), at([12, 6, 2], l), random),
  },
  {
    name: 'simulcast',
    bauds: [1200, 2400],
    levels: ['60 µs, 37 Hz', '30 µs, 11 Hz', '10 µs, 3 Hz'],
    apply: (s, l, _, random) =>
      noisy(simulcast(scaled(s, 0.7), at([60, 30, 10], l), at([37, 11, 3], l), random), 10, random),
  },
  {
    name: 'gain control',
    bauds: ONE,
    levels: ['20 ms', '100 ms', '1 s'],
    apply: (s, l, _, random) => agc(noisy(s, 8, random), at([0.02, 0.1, 1], l)),
  },
  {
    name: 'squelch',
    bauds: ALL,
    levels: ['opens after 80 %, tail 300 ms', 'after 50 %, 150 ms', 'after 10 %, 30 ms'],
    apply: (s, l, baud, random, spans) =>
      squelched(
        received(s, random),
        spans,
        { late: at([0.8, 0.5, 0.1], l), tail: at([0.3, 0.15, 0.03], l), baud },
        random,
      ),
  },
]
