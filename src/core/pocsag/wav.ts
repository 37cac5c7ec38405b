/** What a WAV file's header says, and where its samples begin. */
export interface WavFormat {
  readonly sampleRate: number
  readonly channels: number
  readonly bitsPerSample: 8 | 16
  readonly dataOffset: number
}

const PCM = 1
const EXTENSIBLE = 0xfffe

/**
 * Reads the header of a RIFF WAVE file with linear samples of 8 or 16 bits. `more` when the bytes end before the
 * samples begin, `unsupported` for any other file.
 */
export function readWavHeader(bytes: Uint8Array): WavFormat | 'more' | 'unsupported' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12) return 'more'
  if (tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE') return 'unsupported'
  let format: Omit<WavFormat, 'dataOffset'> | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = tag(bytes, at)
    const size = view.getUint32(at + 4, true)
    if (name === 'data') return format ? { ...format, dataOffset: at + 8 } : 'unsupported'
    if (name === 'fmt ') {
      if (at + 24 > bytes.length) return 'more'
      const kind = view.getUint16(at + 8, true)
      const channels = view.getUint16(at + 10, true)
      const bitsPerSample = view.getUint16(at + 22, true)
      if ((kind !== PCM && kind !== EXTENSIBLE) || channels === 0) return 'unsupported'
      if (bitsPerSample !== 8 && bitsPerSample !== 16) return 'unsupported'
      format = { sampleRate: view.getUint32(at + 12, true), channels, bitsPerSample }
    }
    at += 8 + size + (size & 1)
  }
  return 'more'
}

/**
 * One channel of whole sample frames as signed 16-bit, least significant byte first: the first that is not dead beside
 * the others, as a receiver may be wired to either.
 */
export function toPcm16(samples: Uint8Array, format: WavFormat): Uint8Array {
  const width = format.bitsPerSample / 8
  const frame = width * format.channels
  const frames = Math.floor(samples.length / frame)
  const out = new Uint8Array(frames * 2)
  const left = alive(samples, format) * width
  for (let i = 0; i < frames; i++) {
    const at = i * frame + left
    if (width === 2) {
      out[2 * i] = samples[at]!
      out[2 * i + 1] = samples[at + 1]!
    } else {
      out[2 * i + 1] = samples[at]! ^ 0x80
    }
  }
  return out
}

/** A channel that moves this much less than another is dead. */
const DEAD = 1 / 64

/** By how the most significant bytes move from sample to sample. */
function alive(samples: Uint8Array, { channels, bitsPerSample }: WavFormat): number {
  const width = bitsPerSample / 8
  const moves = Array.from({ length: channels }, () => 0)
  const frame = width * channels
  for (let at = frame; at + frame <= samples.length; at += frame)
    for (let c = 0; c < channels; c++) {
      const high = at + (c + 1) * width - 1
      const step = ((samples[high]! - samples[high - frame]!) << 24) >> 24
      moves[c]! += Math.abs(step)
    }
  const most = Math.max(...moves)
  return moves.findIndex((sum) => sum >= DEAD * most)
}

/** A mono 16-bit WAV file of the samples. */
export function writeWav(samples: Int16Array, sampleRate: number): Uint8Array {
  const out = new Uint8Array(44 + samples.length * 2)
  const view = new DataView(out.buffer)
  const fields: readonly (readonly [at: number, value: string])[] = [
    [0, 'RIFF'],
    [8, 'WAVE'],
    [12, 'fmt '],
    [36, 'data'],
  ]
  for (const [at, text] of fields) for (let i = 0; i < 4; i++) out[at + i] = text.charCodeAt(i)
  view.setUint32(4, 36 + samples.length * 2, true)
  view.setUint32(16, 16, true)
  view.setUint16(20, PCM, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRate, true)
  view.setUint32(28, sampleRate * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  view.setUint32(40, samples.length * 2, true)
  for (const [i, sample] of samples.entries()) view.setInt16(44 + 2 * i, sample, true)
  return out
}

function tag(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!)
}
