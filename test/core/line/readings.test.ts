import { describe, expect, test } from 'vitest'
import { count, startReadings } from '../../../src/core/line/readings.ts'
import { PROTOCOLS } from '../../../src/core/line/registry.ts'
import { sending } from '../../bench/pocsag/beside.ts'
import { behindHighPass, CHANNELS, lowPass, noisy, SAMPLE_RATE, toPcm } from '../../bench/pocsag/channels.ts'

type Rate = 512 | 1200 | 2400
type Bend = (clean: Float64Array, random: () => number) => Float64Array

/** What a feed of sound has heard, by the effects of its line. */
function listening(baud: Rate) {
  const opened = PROTOCOLS.get('pocsag')?.open({ input: 'pcm16', sampleRate: SAMPLE_RATE, baud })
  if (!opened?.ok) throw new Error('options do not fit')
  const readings = startReadings()
  /** @param seed of the pages, which are eight transmissions, and of what bends them */
  const hear = (bend: Bend, seed: number) => {
    const { clean, random } = sending(baud, seed, 8)
    const bytes = new Uint8Array(toPcm(bend(clean, random)).buffer)
    for (const effect of opened.value.step({ kind: 'bytes', bytes, at: 0, wire: 'a' }))
      if (effect.kind === 'checked') count(readings, effect)
    return readings.fault
  }
  return hear
}

/** A speaker output behind a capacitor: it rounds the edges and lets the middle wander. */
const through =
  (microseconds: number, hertz: number, poles: 1 | 2): Bend =>
  (clean, random) =>
    behindHighPass(lowPass(clean, microseconds), hertz, poles, random)
const inNoise =
  (decibels: number): Bend =>
  (clean, random) =>
    noisy(clean, decibels, random)
const by =
  (name: string, level: number, baud: Rate): Bend =>
  (clean, random) =>
    CHANNELS.find((channel) => channel.name === name)?.apply(clean, level, baud, random, []) ?? clean

describe('what is wrong with a signal, by the codewords read of it', () => {
  test.each([
    [512, through(750, 20, 2)],
    [1200, through(1000, 40, 1)],
    [2400, through(750, 40, 1)],
    [2400, through(500, 100, 2)],
  ] as const)(
    'at %i bit/s a lead that loses pages in silence is bent until it reads well: %#',
    (baud, lead) => {
      const hear = listening(baud)
      expect(hear(lead, 5)).toBe('signal-bent')
      expect(hear(inNoise(18), 6)).toBeUndefined()
    },
  )

  test.each([
    [512, -10.5],
    [1200, -7],
    [2400, -4.2],
  ] as const)('at %i bit/s white noise of %d dB makes it weak, and never bent', (baud, decibels) => {
    const hear = listening(baud)
    expect(hear(inNoise(decibels), 5)).toBe('signal-weak')
    expect(hear(inNoise(6), 7)).toBeUndefined()
  })

  test.each([
    ['white noise', 2400, 2],
    ['clicks', 1200, 1],
    ['high-pass, two poles', 2400, 0],
    ['de-emphasis', 512, 0],
    ['speaker output', 1200, 0],
    ['fading', 1200, 2],
    ['simulcast', 2400, 0],
    ['gain control', 1200, 0],
  ] as const)(
    '%s at %i bit/s, behind which pages are read whole, is nothing to tell',
    (name, baud, level) => {
      expect(listening(baud)(by(name, level, baud), 5)).toBeUndefined()
    },
  )

  test.each([
    ['clicks', 2400],
    ['fading', 1200],
  ] as const)('%s at their worst are never taken for a bent lead', (name, baud) => {
    expect(listening(baud)(by(name, 0, baud), 5)).not.toBe('signal-bent')
  })
})

describe('of batches', () => {
  const bent = { words: 16, corrected: 2, unreadable: 0, explained: 0 }
  const clean = { ...bent, corrected: 1 }
  const noisyBatch = { words: 16, corrected: 8, unreadable: 0, explained: 0.1 }
  const after = (...runs: readonly (readonly [number, Parameters<typeof count>[1]])[]) => {
    const readings = startReadings()
    for (const [times, read] of runs) for (let i = 0; i < times; i++) count(readings, read)
    return readings.fault
  }

  test.each([
    ['seven say nothing', undefined, [[7, bent]]],
    [
      'two of the last sixteen are bent',
      'signal-bent',
      [
        [40, clean],
        [1, bent],
        [14, clean],
        [1, bent],
      ],
    ],
    [
      'one is not',
      undefined,
      [
        [40, clean],
        [1, bent],
      ],
    ],
    [
      'it stands until none is',
      'signal-bent',
      [
        [8, bent],
        [15, clean],
      ],
    ],
    [
      'and is over then',
      undefined,
      [
        [8, bent],
        [16, clean],
      ],
    ],
    ['a codeword lost counts for four bits', 'signal-bent', [[8, { ...clean, corrected: 0, unreadable: 1 }]]],
    ['noise in 1.5 % of bits is weak', 'signal-weak', [[16, noisyBatch]]],
    [
      'in half of the batches it is not',
      undefined,
      [
        [8, clean],
        [8, noisyBatch],
      ],
    ],
    [
      'it stands down to 1 %',
      'signal-weak',
      [
        [16, noisyBatch],
        [6, clean],
      ],
    ],
    [
      'and is over below that',
      undefined,
      [
        [16, noisyBatch],
        [8, clean],
      ],
    ],
    [
      'bits without sound are weak, whoever bent them',
      'signal-weak',
      [[8, { words: 16, corrected: 8, unreadable: 0 }]],
    ],
    [
      'noise that looks like a sync counts for nothing',
      undefined,
      [[40, { words: 7, corrected: 4, unreadable: 5, explained: 0 }]],
    ],
  ] as const)('%s', (_, fault, runs) => {
    expect(after(...runs)).toBe(fault)
  })
})
