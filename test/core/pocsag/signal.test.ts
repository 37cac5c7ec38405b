import { expect, test } from 'vitest'
import { RicDirectory } from '../../../src/core/pocsag/directory.ts'
import { Receiver, type ReceiverEvent } from '../../../src/core/pocsag/receiver.ts'
import { sending } from '../../bench/pocsag/beside.ts'
import { CHANNELS, SAMPLE_RATE, toPcm } from '../../bench/pocsag/channels.ts'

/** What estates are told of a transmitter, against what was done to its signal. */
function heard(baud: 512 | 1200 | 2400, samples: Int16Array) {
  const { pages } = sending(baud, baud, 0)
  const receiver = new Receiver({
    ...{ input: 'pcm16', sampleRate: SAMPLE_RATE, baud, bitOrder: 'msb', polarity: 'auto', charset: 'us' },
    ...{ repeatSeconds: 0, directory: new RicDirectory(pages.map(({ ric }) => ({ ric }))) },
  })
  const events: readonly ReceiverEvent[] = [
    ...receiver.push(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength)),
    ...receiver.end(),
  ]
  const checked = events.filter((event) => event.kind === 'checked')
  const mean = (of: (signal: NonNullable<(typeof checked)[number]['signal']>) => number) =>
    checked.reduce((sum, { signal, words }) => sum + (signal ? of(signal) * words : 0), 0) /
    checked.reduce((sum, { signal, words }) => sum + (signal ? words : 0), 0)
  return {
    eye: mean((s) => s.eyeOpening),
    impulses: mean((s) => s.impulses),
    cut: mean((s) => s.lowCutHertz),
    offset: mean((s) => s.toneOffset),
    wrong: checked.reduce((n, c) => n + c.corrected, 0) / checked.reduce((n, c) => n + 32 * c.words, 0),
  }
}

function behind(name: string, level: number, baud: 512 | 1200 | 2400) {
  const channel = CHANNELS.find((one) => one.name === name)!
  const { random, clean, spans } = sending(baud, 9, 12)
  return heard(baud, toPcm(channel.apply(clean, level, baud, random, spans)))
}

test('an undisturbed signal has an open eye, no clicks, no cut, no wrong bit, and is on frequency', () => {
  const { eye, impulses, cut, offset, wrong } = heard(1200, toPcm(sending(1200, 9, 12).clean))
  expect(eye).toBeGreaterThan(0.7)
  expect(impulses).toBeLessThan(1)
  expect(cut).toBe(0)
  expect(Math.abs(offset)).toBeLessThan(0.05)
  expect(wrong).toBe(0)
})

test.each([
  [1200, 0, 80],
  [1200, 2, 20],
  [2400, 0, 80],
  [2400, 2, 20],
] as const)(
  'at %i bit/s, level %i: clicks are counted, within a third of %i a second',
  (baud, level, sent) => {
    const { impulses } = behind('clicks', level, baud)
    expect(impulses).toBeGreaterThan(0.6 * sent)
    expect(impulses).toBeLessThan(1.33 * sent)
  },
)

test.each([
  ['high-pass, one pole', 512, 0, 290],
  ['high-pass, one pole', 1200, 0, 290],
  ['high-pass, one pole', 1200, 1, 95],
  ['high-pass, one pole', 512, 2, 30],
  ['high-pass, two poles', 1200, 0, 290],
  ['high-pass, two poles', 2400, 0, 290],
  ['high-pass, two poles', 1200, 2, 45],
] as const)(
  '%s at %i bit/s, level %i: its cut is found, the nearest known %i Hz',
  (name, baud, level, cut) => {
    expect(behind(name, level, baud).cut).toBe(cut)
  },
)

test.each([
  [0, 0.88],
  [1, 0.59],
  [2, 0.37],
])(
  'level %i: a transmitter that is too high is told so, by its offset of about %d of the deviation',
  (level, offset) => {
    const figures = behind('clipping and offset', level, 1200)
    expect(Math.abs(figures.offset - offset)).toBeLessThan(0.2)
  },
)

test('in noise the eye closes and the share of wrong bits rises', () => {
  const light = behind('white noise', 2, 1200)
  const heavy = behind('white noise', 0, 1200)
  expect(light.eye).toBeGreaterThan(heavy.eye)
  expect(light.wrong).toBeLessThan(0.001)
  expect(heavy.wrong).toBeGreaterThan(0.02)
})
