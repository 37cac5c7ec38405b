/** What telephones carry: samples a second of G.711, one channel, 16 bits. */
export const TELEPHONE_RATE = 8000

/** Half the length of the filter, in periods of the lower rate: enough that nothing folds into speech. */
const HALF = 16

/** Sound of any rate at that of telephones: what lies above their band is filtered out first (a windowed sinc). */
export function toTelephone(sound: Int16Array, rate: number): Int16Array {
  if (rate === TELEPHONE_RATE) return sound
  const step = rate / TELEPHONE_RATE
  const width = Math.max(1, step)
  const out = new Int16Array(Math.floor(sound.length / step))
  for (let i = 0; i < out.length; i++) {
    const at = i * step
    let sum = 0
    let weights = 0
    for (let j = Math.ceil(at - HALF * width); j <= at + HALF * width; j++) {
      const x = (j - at) / width
      const weight = sinc(x) * (0.5 + 0.5 * Math.cos((Math.PI * x) / HALF))
      sum += weight * (sound[j] ?? 0)
      weights += weight
    }
    out[i] = Math.max(-32_768, Math.min(32_767, Math.round(sum / weights)))
  }
  return out
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x))

/** The sound of a WAV file of 16 bits and one channel; undefined for anything else. A length that is not said ends with the file. */
export function readWav(file: Uint8Array): { readonly sound: Int16Array; readonly rate: number } | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const name = (at: number) => String.fromCharCode(...file.subarray(at, at + 4))
  if (file.length < 44 || name(0) !== 'RIFF' || name(8) !== 'WAVE') return undefined
  let rate: number | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const length = view.getUint32(at + 4, true)
    if (name(at) === 'fmt ') {
      if (view.getUint16(at + 8, true) !== 1 || view.getUint16(at + 10, true) !== 1) return undefined
      if (view.getUint16(at + 22, true) !== 16) return undefined
      rate = view.getUint32(at + 12, true)
    }
    if (name(at) === 'data' && rate !== undefined) {
      const bytes = Math.min(length, file.length - at - 8)
      const sound = Int16Array.from({ length: bytes >> 1 }, (_, i) => view.getInt16(at + 8 + i * 2, true))
      return { sound, rate }
    }
    at += 8 + length + (length & 1)
  }
  return undefined
}

/** A WAV file for a telephone. */
export function writeWav(sound: Int16Array): Uint8Array {
  const file = new Uint8Array(44 + sound.length * 2)
  const view = new DataView(file.buffer)
  const put = (at: number, text: string) => file.set(new TextEncoder().encode(text), at)
  put(0, 'RIFF')
  view.setUint32(4, 36 + sound.length * 2, true)
  put(8, 'WAVEfmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, 1, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, TELEPHONE_RATE, true)
  view.setUint32(28, TELEPHONE_RATE * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  put(36, 'data')
  view.setUint32(40, sound.length * 2, true)
  sound.forEach((sample, i) => {
    view.setInt16(44 + i * 2, sample, true)
  })
  return file
}
