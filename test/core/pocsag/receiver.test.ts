import { expect, test } from 'vitest'
import { oversample, toAudio } from '../../../src/core/pocsag/audio.ts'
import { addNoise } from '../../../src/core/pocsag/disturb.ts'
import { encodeTransmission, type OutgoingPage, placeTransmission } from '../../../src/core/pocsag/encode.ts'
import { Receiver, type ReceiverOptions } from '../../../src/core/pocsag/receiver.ts'
import { toPcm16 } from '../../../src/core/pocsag/wav.ts'
import { seeded } from '../../../src/core/seeded.ts'
import { aDayOfPages, onTheAir } from '../../support/pocsag-traffic.ts'

const page: OutgoingPage = { ric: 1234560, function: 3, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' }

function heard(bytes: Uint8Array, options: Partial<ReceiverOptions>): [number, string][] {
  const receiver = new Receiver({
    input: 'packed',
    baud: 'auto',
    bitOrder: 'msb',
    polarity: 'auto',
    charset: 'us',
    repeatSeconds: 120,
    ...options,
  })
  return [...receiver.push(bytes), ...receiver.end()].flatMap((e): [number, string][] =>
    e.kind === 'page' ? [[e.page.baud, e.page.text]] : [],
  )
}

const bytesOf = (samples: Int16Array) => new Uint8Array(samples.buffer)
const audio = { input: 'pcm16', sampleRate: 22_050 } as const

test.each([1, 2, 4, 8, 16])('%i samples a bit', (samplesPerBit) => {
  const bits = oversample(encodeTransmission([page]), samplesPerBit)
  expect(heard(bits.bits, { input: 'oversampled', samplesPerBit })).toEqual([[1200, page.text]])
})

test('samples at a known rate tell the bit rate', () => {
  const bits = oversample(encodeTransmission([page]), 16)
  expect(heard(bits.bits, { input: 'oversampled', sampleRate: 8192 })).toEqual([[512, page.text]])
})

test.each([512, 1200, 2400])('%i bit/s in noise, with an offset and a clock one per cent out', (baud) => {
  const clean = toAudio(encodeTransmission([page]), baud * 1.01, 22_050)
  const noisy = addNoise(clean, 2, seeded(baud)).map((sample) => sample * 0.5 + 6000)
  expect(heard(bytesOf(noisy), audio)).toEqual([[baud, page.text]])
})

test('of two channels in a file the one that lives is taken: the first, unless it is dead', () => {
  const clean = toAudio(encodeTransmission([page]), 1200, 22_050)
  const format = { sampleRate: 22_050, channels: 2, bitsPerSample: 16, dataOffset: 0 } as const
  const live = (i: number) => clean[i >> 1]! / 2
  const makers: readonly ((i: number) => number)[] = [
    (i) => (i % 2 === 0 ? live(i) : 0),
    (i) => (i % 2 === 0 ? i % 3 : live(i)),
    (i) => (i % 2 === 0 ? live(i) : (i * 7919) % 20_011),
  ]
  for (const make of makers) {
    const both = Int16Array.from({ length: clean.length * 2 }, (_, i) => make(i))
    expect(heard(toPcm16(bytesOf(both), format), audio)).toEqual([[1200, page.text]])
  }
})

test('a channel may mix rates and polarities', () => {
  const parts = [512, 2400, 1200].map((baud, i) => {
    return toAudio(encodeTransmission([page], { inverted: i === 1 }), baud, 22_050)
  })
  const joined = new Uint8Array(parts.flatMap((part) => [...bytesOf(part)]))
  expect(
    heard(joined, audio)
      .map(([baud]) => baud)
      .sort((a, b) => a - b),
  ).toEqual([512, 1200, 2400])
})

test('a sample torn between two portions is put together', () => {
  const bytes = bytesOf(toAudio(encodeTransmission([page]), 2400, 22_050))
  const receiver = new Receiver({
    ...audio,
    baud: 2400,
    bitOrder: 'msb',
    polarity: 'normal',
    charset: 'us',
    repeatSeconds: 0,
  })
  const events = [
    ...receiver.push(bytes.subarray(0, 3001)),
    ...receiver.push(bytes.subarray(3001)),
    ...receiver.end(),
  ]
  expect(events.filter((e) => e.kind === 'page').map((e) => e.page.text)).toEqual([page.text])
})

/** A high-pass of two poles, as an earphone output or a sound card has. */
function highPass(samples: Int16Array, hertz: number, rate: number): Int16Array {
  const k = Math.tan((Math.PI * hertz) / rate)
  const d = 1 + Math.SQRT2 * k + k * k
  let [y1, y2] = [0, 0]
  return Int16Array.from(samples, (x, i) => {
    const step = x - 2 * (samples[i - 1] ?? 0) + (samples[i - 2] ?? 0)
    const y = (step - 2 * (k * k - 1) * y1 - (1 - Math.SQRT2 * k + k * k) * y2) / d
    y2 = y1
    y1 = y
    return y / 2
  })
}

test.each([
  [512, 50],
  [512, 150],
  [1200, 120],
  [1200, 300],
  [2400, 300],
])('%i bit/s through a lead that cuts below %i Hz', (baud, hertz) => {
  const lead = highPass(toAudio(encodeTransmission([page]), baud, 22_050), hertz, 22_050)
  expect(heard(bytesOf(addNoise(lead, 18, seeded(3))), audio)).toEqual([[baud, page.text]])
})

/** A low-pass of one pole, as a speaker output has for speech. */
function deEmphasis(samples: Int16Array, microseconds: number, rate: number): Int16Array {
  const share = 1 - Math.exp(-1e6 / (microseconds * rate))
  let y = 0
  return samples.map((x) => {
    y += share * (x - y)
    return y
  })
}

test.each([
  [512, 750],
  [1200, 750],
  [2400, 75],
  [2400, 300],
  [2400, 400],
  [2400, 750],
])('%i bit/s through a speaker output of %i microseconds', (baud, microseconds) => {
  const lead = deEmphasis(toAudio(encodeTransmission([page]), baud, 22_050), microseconds, 22_050)
  expect(heard(bytesOf(addNoise(lead, 15, seeded(3))), audio)).toEqual([[baud, page.text]])
})

test.each([1, 2, 3, 4])('a bit of 43 samples behind a lead that leaves pulses only, sending %i', (seed) => {
  const random = seeded(seed)
  const sent = aDayOfPages(random).slice(0, 5)
  const air = onTheAir(
    sent.map((one) => encodeTransmission([one])),
    random,
  )
  const lead = highPass(toAudio(air, 512, 22_050), 180, 22_050)
  const texts = heard(bytesOf(addNoise(lead, 18, random)), audio).map(([, text]) => text)
  expect(texts).toEqual(sent.map(({ text }) => text))
})

test('behind a lead that cuts below 300 Hz every transmission is heard, not only the first', () => {
  const random = seeded(7)
  const sent = aDayOfPages(random).slice(0, 12)
  const air = onTheAir(
    sent.map((one) => encodeTransmission([one])),
    random,
  )
  const lead = highPass(toAudio(air, 2400, 22_050), 300, 22_050)
  const texts = heard(bytesOf(addNoise(lead, 18, random)), audio).map(([, text]) => text)
  expect(texts).toEqual(sent.map(({ text }) => text))
})

test('two bits turned at full level in clean audio are put right, as the code alone would', () => {
  for (let word = 0; word < 4; word++) {
    const { bits, placed } = placeTransmission([page])
    const from = placed[0]!.addressBit + 32 * (word + 1)
    for (const bit of [from + 4, from + 17]) bits[bit >>> 3]! ^= 0x80 >>> (bit & 7)
    const samples = toAudio({ bits, bitCount: bits.length * 8 }, 1200, 22_050)
    expect(heard(bytesOf(samples), audio)).toEqual([[1200, page.text]])
  }
})
