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
