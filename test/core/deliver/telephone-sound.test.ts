import { expect, test } from 'vitest'
import { readWav, TELEPHONE_RATE, toTelephone, writeWav } from '../../../src/core/deliver/telephone-sound.ts'

const tone = (hz: number, rate: number, seconds = 1): Int16Array =>
  Int16Array.from({ length: rate * seconds }, (_, i) => 10_000 * Math.sin((2 * Math.PI * hz * i) / rate))
const strength = (sound: Int16Array): number =>
  Math.sqrt(sound.reduce((sum, one) => sum + one * one, 0) / sound.length)

test.each([8000, 16_000, 22_050, 44_100, 48_000])('a tone of speech at %i Hz stays what it was', (rate) => {
  const out = toTelephone(tone(1000, rate), rate)
  expect(out.length).toBe(TELEPHONE_RATE)
  expect(strength(out) / strength(tone(1000, TELEPHONE_RATE))).toBeCloseTo(1, 1)
  // Once round in 8 samples: the tone is still 1000 Hz.
  expect(Math.abs((out[4000] ?? 0) - (out[4008] ?? 0))).toBeLessThan(300)
})

test('what telephones cannot carry does not fold into speech', () => {
  expect(strength(toTelephone(tone(7000, 22_050), 22_050))).toBeLessThan(100)
})

test('a WAV file is read as it was written; anything else is none', () => {
  const sound = tone(440, TELEPHONE_RATE)
  const file = writeWav(sound)
  expect(readWav(file)).toEqual({ sound, rate: TELEPHONE_RATE })
  expect(readWav(file.subarray(0, 40))).toBeUndefined()
  expect(readWav(new TextEncoder().encode('no sound at all, '.repeat(9)))).toBeUndefined()
  const stereo = Uint8Array.from(file)
  stereo[22] = 2
  expect(readWav(stereo)).toBeUndefined()
})

test('a program that writes to a pipe does not know the length: what is there is played', () => {
  const file = writeWav(tone(440, TELEPHONE_RATE))
  new DataView(file.buffer).setUint32(40, 0xffff_ffff, true)
  expect(readWav(file)?.sound.length).toBe(TELEPHONE_RATE)
  expect(readWav(file.subarray(0, 44))?.sound.length).toBe(0)
})

const header = (change: (view: DataView) => void) => {
  const file = writeWav(tone(440, TELEPHONE_RATE))
  change(new DataView(file.buffer))
  return readWav(file)
}

test('the header says what RFC 2361 and the makers’ own page of WAVE ask: lengths, rate, bytes a second', () => {
  const view = new DataView(writeWav(new Int16Array(100)).buffer)
  expect(view.byteLength).toBe(244)
  expect([view.getUint32(4, true), view.getUint32(16, true), view.getUint32(40, true)]).toEqual([
    236, 16, 200,
  ])
  expect([view.getUint32(24, true), view.getUint32(28, true)]).toEqual([8000, 16_000])
  expect([20, 22, 32, 34].map((at) => view.getUint16(at, true))).toEqual([1, 1, 2, 16])
})

test.each<[string, (view: DataView) => void]>([
  ['no RIFF', (view) => view.setUint8(0, 88)],
  ['no WAVE', (view) => view.setUint8(8, 88)],
  ['compressed', (view) => view.setUint16(20, 7, true)],
  ['8 bits', (view) => view.setUint16(34, 8, true)],
  ['data before its format', (view) => view.setUint32(12, 0x6a_6a_6a_6a)],
  ['no data', (view) => view.setUint32(36, 0x6a_6a_6a_6a)],
])('%s is none', (_, change) => expect(header(change)).toBeUndefined())

test('chunks of other programs are passed over, those of an odd length with their pad', () => {
  const plain = writeWav(Int16Array.of(1, -2, 3))
  const note = Uint8Array.of(...new TextEncoder().encode('LIST'), 3, 0, 0, 0, 1, 2, 3, 0)
  const file = Uint8Array.of(...plain.subarray(0, 12), ...note, ...plain.subarray(12))
  expect(readWav(file)?.sound).toEqual(Int16Array.of(1, -2, 3))
  expect(readWav(file.subarray(0, 30))).toBeUndefined()
})

test('sound at the rate of telephones is left as it is; silence stays silence, and nothing is made up at the end', () => {
  const sound = tone(300, TELEPHONE_RATE)
  expect(toTelephone(sound, TELEPHONE_RATE)).toBe(sound)
  expect(toTelephone(new Int16Array(441), 44_100)).toEqual(new Int16Array(80))
  expect(toTelephone(new Int16Array(0), 44_100)).toHaveLength(0)
})

test('what is as loud as it may be does not wrap round', () => {
  const square = Int16Array.from({ length: 44_100 }, (_, i) => (i % 441 < 220 ? 32_767 : -32_768))
  const out = toTelephone(square, 44_100)
  expect(out.slice(20, 36).every((one) => one > 25_000)).toBe(true)
  expect(out.slice(60, 76).every((one) => one < -25_000)).toBe(true)
})
