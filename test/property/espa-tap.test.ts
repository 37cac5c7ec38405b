import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBlock } from '../../src/core/line/espa444/block.ts'
import {
  CHARACTER,
  COUNTS,
  dialogue,
  type Fate,
  type Ports,
  type Timed,
  tapped,
} from '../support/espa-line.ts'

/** `RUNS=10000 npx --no vitest run … test/property/espa-tap.test.ts` looks longer. */
const RUNS = Number(process.env.RUNS ?? 300)

/** Both ports up to `late` milliseconds behind the line, and handing over every `period` at most. */
const ports = (late: readonly number[], period: number): fc.Arbitrary<Ports> => {
  const behind = fc.constantFrom(...late)
  const every = fc.integer({ min: 1, max: period })
  return fc.record({ late: fc.record({ a: behind, b: behind }), period: fc.record({ a: every, b: every }) })
}

const LAGS = [
  ['as it happens', ports([0], 1)],
  ['one 1 ms late', ports([0, 1], 1)],
  ['one up to 16 ms late', ports([0, 5, 10, 16], 1)],
  ['one up to 16 ms late, in chunks', ports([0, 5, 10, 16], 16)],
  ['one up to 50 ms late', ports([0, 10, 30, 50], 1)],
] as const

const bare = fc.boolean()
const call = fc.record({
  text: fc.stringMatching(/^[A-Z0-9 ]{0,60}$/),
  fate: fc.constantFrom<Fate>('ack', 'ack', 'ack-lost', 'nak-then-ack', 'refused', 'silent'),
  bare,
  sends: fc.constantFrom(2, 3),
  gap: fc.integer({ min: 1, max: 200 }),
})
const calls = fc.array(call, { minLength: 1, maxLength: 6 })
const thought = fc.integer({ min: 1, max: 40 })

test.each(LAGS)('exactly the accepted calls come out, each once, delivered %s', (_, how) => {
  fc.assert(
    fc.property(calls, how, thought, (made, through, after) => {
      const accepted = made.filter(({ fate }) => COUNTS.includes(fate))
      const heard = tapped(dialogue(made, 0, after), through)
      expect(heard.map(({ text }) => text)).toEqual(accepted.map(({ text }) => text))
    }),
    { seed: 16, numRuns: RUNS / 2 },
  )
})

test('exactly the accepted calls come out when the process was held up in the middle of them', () => {
  const held = fc.record({ from: fc.integer({ min: 0, max: 2000 }), for: fc.integer({ min: 20, max: 800 }) })
  fc.assert(
    fc.property(calls, held, thought, (made, pause, after) => {
      const through = { late: { a: 0, b: 0 }, period: { a: 1, b: 1 }, held: pause }
      const spaced = made.map((one) => ({ ...one, gap: 60 + one.gap }))
      const accepted = made.filter(({ fate }) => COUNTS.includes(fate))
      const heard = tapped(dialogue(spaced, 0, after), through)
      expect(heard.map(({ text }) => text)).toEqual(accepted.map(({ text }) => text))
    }),
    { seed: 17, numRuns: RUNS / 2 },
  )
})

test('ports further apart than usual, as told by the profile', () => {
  fc.assert(
    fc.property(calls, ports([0, 100, 200], 16), (made, through) => {
      const spaced = made.map((one) => ({ ...one, gap: 500 }))
      const accepted = made.filter(({ fate }) => COUNTS.includes(fate))
      const heard = tapped(dialogue(spaced), through, { portLag: 220 })
      expect(heard.map(({ text }) => text)).toEqual(accepted.map(({ text }) => text))
    }),
    { seed: 18, numRuns: RUNS / 4 },
  )
})

/** Bytes as noise brings them, rich in the characters that mean something. */
const noise = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 255 }),
    fc.constantFrom(0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x15, 0x31, 0x32),
  ),
  { maxLength: 60 },
)

const START = 1000

/** Noise on each wire, up to `pause` milliseconds before the dialogue. */
function plugIn(pause: number, on: Readonly<Record<'a' | 'b', readonly number[]>>): Timed[] {
  return (['a', 'b'] as const).flatMap((wire) =>
    on[wire].map((byte, i) => ({ at: START - pause - (on[wire].length - i) * CHARACTER, wire, byte })),
  )
}

const plugged = fc.record({
  noise: fc.record({ a: noise, b: noise }),
  pause: fc.constantFrom(1, 5, 20, 45, 60, 110, 400, 900),
  text: fc.stringMatching(/^[A-Z0-9 ]{1,60}$/),
})

test.each(LAGS)('noise on both wires never costs the first call, delivered %s', (_, how) => {
  fc.assert(
    fc.property(plugged, how, ({ noise: before, pause, text }, through) => {
      const made = dialogue([{ text, fate: 'ack' }], START)
      const heard = tapped([...plugIn(pause, before), ...made], through)
      expect(heard.map((h) => h.text)).toEqual([text])
      expect(heard[0]!.at - made.at(-1)!.at).toBeLessThanOrEqual(200)
    }),
    { seed: 444, numRuns: RUNS },
  )
})

test.each(LAGS)(
  'a first call that is refused is no page, whatever noise came before, delivered %s',
  (_, how) => {
    fc.assert(
      fc.property(plugged, how, bare, ({ noise: before, pause, text }, through, short) => {
        const made = dialogue([{ text, fate: 'refused', bare: short }], START)
        expect(tapped([...plugIn(pause, before), ...made], through)).toEqual([])
      }),
      { seed: 445, numRuns: RUNS },
    )
  },
)

test('joined in the middle of a block, the call after it comes out', () => {
  const before = encodeBlock({ header: '1', callAddress: '7', displayMessage: 'CALL 5678' })
  const made = dialogue([{ text: 'WARD 7', fate: 'ack' }], START)
  for (let from = 2; from < before.length; from++)
    for (const b of [[], [0x06], [0x31, 0x15]])
      for (const pause of [1, 20, 70])
        for (const late of [
          { a: 0, b: 0 },
          { a: 50, b: 0 },
          { a: 0, b: 50 },
        ])
          expect(
            tapped([...plugIn(pause, { a: [...before.subarray(from)], b }), ...made], {
              late,
              period: { a: 1, b: 1 },
            }).map(({ text }) => text),
          ).toEqual(['WARD 7'])
})
