import { describe, expect, test } from 'vitest'
import { PROTOCOLS } from '../../../src/core/line/registry.ts'
import { toAudio } from '../../../src/core/pocsag/audio.ts'
import { addNoise, gaussian } from '../../../src/core/pocsag/disturb.ts'
import { encodeTransmission } from '../../../src/core/pocsag/encode.ts'
import { Receiver, type ReceiverOptions } from '../../../src/core/pocsag/receiver.ts'
import { seeded } from '../../../src/core/seeded.ts'

const air = encodeTransmission([
  { ric: 1_234_560, function: 3, type: 'alpha', text: 'CARDIAC ARREST WARD 7B' },
])

function heard(samples: Int16Array, options: Partial<ReceiverOptions>) {
  const receiver = new Receiver({
    ...{ input: 'pcm16', sampleRate: 22_050, baud: 'auto', bitOrder: 'msb', polarity: 'auto' },
    ...{ charset: 'us', repeatSeconds: 0, ...options },
  })
  return [...receiver.push(new Uint8Array(samples.buffer)), ...receiver.end()]
}

const preambles = (events: ReturnType<typeof heard>) => events.filter((e) => e.kind === 'preamble')

describe('sound at another sample rate than was said', () => {
  test.each([
    [1200, 22_050, 24_000],
    [1200, 48_000, 22_050],
    [1200, 44_100, 22_050],
    [1200, 24_000, 22_050],
    [512, 48_000, 22_050],
    [2400, 22_050, 48_000],
    [1200, 22_050, 16_000],
  ])('%i bit/s at %i samples/s where %i were said', (baud, sent, said) => {
    const samples = addNoise(toAudio(air, baud, sent), 12, seeded(baud))
    const events = heard(samples, { sampleRate: said })
    expect(events.filter((e) => e.kind === 'page')).toEqual([])
    expect(preambles(events)).toEqual([{ kind: 'preamble', fits: false, sampleRate: sent }])
  })

  test('at the right rate the preamble is heard as one that fits, whatever the rate of bits', () => {
    for (const baud of [512, 1200, 2400])
      for (const sampleRate of [22_050, 48_000])
        expect(preambles(heard(toAudio(air, baud, sampleRate), { sampleRate }))).toEqual([
          { kind: 'preamble', fits: true },
        ])
  })

  test('neither noise nor a tone that goes on is a preamble', () => {
    const random = seeded(5)
    const noise = Int16Array.from({ length: 400_000 }, () => 8000 * gaussian(random))
    const tone = Int16Array.from({ length: 400_000 }, (_, i) => 8000 * Math.sin(i / 4))
    expect(preambles(heard(noise, {}))).toEqual([])
    expect(preambles(heard(tone, {}))).toEqual([])
  })
})

test('a transmission of the polarity that is not listened for is noted, and no page', () => {
  const events = heard(toAudio(air, 1200, 22_050), { polarity: 'inverted' })
  expect(events.some((e) => e.kind === 'upside-down')).toBe(true)
  expect(events.some((e) => e.kind === 'page')).toBe(false)
})

test('the line says by reason codes what it heard of a transmission', () => {
  const opened = PROTOCOLS.get('pocsag')?.open({ input: 'pcm16', sampleRate: 22_050 })
  if (!opened?.ok) throw new Error('options do not fit')
  const say = (samples: Int16Array) =>
    opened.value
      .step({ kind: 'bytes', bytes: new Uint8Array(samples.buffer), at: 1, began: 1 })
      .flatMap((effect) => (effect.kind === 'note' ? [effect.reason] : []))
  expect(say(toAudio(air, 1200, 24_000))).toContain('preamble-other-rate')
  expect(say(toAudio(air, 1200, 22_050))).toContain('preamble-heard')
})
