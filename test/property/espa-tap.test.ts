import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBlock } from '../../src/core/line/espa444-block.ts'
import { hex, openLine } from '../support/score.ts'

/** How the paging system answers a block: at once, not before the block was sent again, with a refusal, or never. */
type Answer = 'ack' | 'ack-lost' | 'nak-then-ack' | 'refused' | 'silent'

interface Timed {
  readonly at: number
  readonly wire: 'a' | 'b'
  readonly byte: number
}

/** One character at 9600 baud, and how long a station thinks before it answers. */
const CHARACTER = 1
const THOUGHT = 4
/** How long the switchboard waits for an answer before it repeats a block, and how often it sends one. */
const PATIENCE = 2000
const SENDS = 3

/** What goes over both directions of the line while the calls are made, one after the other. */
function traffic(calls: readonly (readonly [string, Answer])[]): Timed[] {
  const out: Timed[] = []
  let now = 0
  const say = (wire: 'a' | 'b', bytes: Iterable<number>) => {
    now += THOUGHT
    for (const byte of bytes) {
      now += CHARACTER
      out.push({ at: now, wire, byte })
    }
  }
  for (const [text, answer] of calls) {
    const block = encodeBlock({ header: '1', callAddress: '7', displayMessage: text })
    say('a', hex('04 31 05 32 05'))
    say('b', hex('06'))
    for (let n = 1; n <= SENDS; n++) {
      say('a', block)
      if (answer === 'ack' || (answer === 'nak-then-ack' && n === 2) || answer === 'ack-lost')
        say('b', hex('06'))
      if (answer === 'refused' || (answer === 'nak-then-ack' && n === 1)) say('b', hex('31 15'))
      if (answer === 'ack' || (answer === 'nak-then-ack' && n === 2)) break
      // A lost ACK was sent, and heard by the tap, but not by the switchboard.
      if (answer === 'silent' || answer === 'ack-lost') now += PATIENCE
    }
    say('a', hex('04'))
    now += 200
  }
  return out
}

test('two ports that deliver in their own chunks and up to 16 ms apart: exactly the accepted calls come out', () => {
  const answer = fc.constantFrom<Answer>('ack', 'ack', 'ack-lost', 'nak-then-ack', 'refused', 'silent')
  const calls = fc.array(fc.tuple(fc.stringMatching(/^[A-Z0-9 ]{0,30}$/), answer), { maxLength: 6 })
  const periods = fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 16 }))
  fc.assert(
    fc.property(calls, periods, (made, [a, b]) => {
      const latency = { a, b }
      const line = openLine('espa444', { role: 'tap' })
      // A USB adapter hands over what it has every few milliseconds.
      const delivered = traffic(made)
        .map((t) => ({ ...t, at: Math.ceil(t.at / latency[t.wire]) * latency[t.wire] }))
        .sort((x, y) => x.at - y.at)
      const heard: string[] = []
      let last = 0
      for (const { at, wire, byte } of delivered) {
        const quiet = at > last + 100 ? line.step({ kind: 'silence', at: last + 100 }) : []
        const effects = [...quiet, ...line.step({ kind: 'bytes', bytes: Uint8Array.of(byte), at, wire })]
        last = at
        for (const e of effects) {
          expect(e.kind).not.toBe('reply')
          if (e.kind === 'page') heard.push(e.page.text)
        }
      }
      for (const e of line.step({ kind: 'silence', at: last + 100 }))
        if (e.kind === 'page') heard.push(e.page.text)
      const accepted = made.filter(([, how]) => how !== 'refused' && how !== 'silent')
      expect(heard).toEqual(accepted.map(([text]) => text))
    }),
    { seed: 16, numRuns: 400 },
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

interface Plugged {
  readonly noise: { readonly a: readonly number[]; readonly b: readonly number[] }
  /** Milliseconds from the last noise to the dialogue. */
  readonly pause: number
  /** How much later than on the line each port delivers. */
  readonly late: { readonly a: number; readonly b: number }
  /** Delivery in chunks, milliseconds apart. */
  readonly period: { readonly a: number; readonly b: number }
  readonly text: string
  readonly answer: 'ack' | 'nak'
}

/** The texts given out when a tap is plugged in with noise, and then one call is made, answered as told. */
function firstCall({ noise, pause, late, period, text, answer }: Plugged): {
  texts: string[]
  within: number
} {
  const said: Timed[] = []
  const start = 1000
  for (const wire of ['a', 'b'] as const)
    for (const [i, byte] of noise[wire].entries())
      said.push({ at: start - pause - (noise[wire].length - i) * CHARACTER, wire, byte })
  let now = start
  const say = (wire: 'a' | 'b', bytes: Iterable<number>) => {
    for (const byte of bytes) {
      now += CHARACTER
      said.push({ at: now, wire, byte })
    }
    now += THOUGHT
  }
  say('a', hex('04 31 05 32 05'))
  say('b', hex('06'))
  for (let n = 0; n < (answer === 'ack' ? 1 : SENDS); n++) {
    say('a', encodeBlock({ header: '1', callAddress: '7', displayMessage: text }))
    say('b', hex(answer === 'ack' ? '06' : '31 15'))
  }
  say('a', hex('04'))
  const delivered = said
    .map((t) => ({ ...t, at: Math.ceil((t.at + late[t.wire]) / period[t.wire]) * period[t.wire] }))
    .sort((x, y) => x.at - y.at)
  const line = openLine('espa444', { role: 'tap' })
  const texts: string[] = []
  let within = 0
  let wake = Number.POSITIVE_INFINITY
  const step = (input: Parameters<typeof line.step>[0]) => {
    for (const e of line.step(input)) {
      if (e.kind === 'wake') wake = input.at + e.after
      if (e.kind !== 'page') continue
      texts.push(e.page.text)
      within = input.at - now
    }
  }
  for (const { at, wire, byte } of delivered) {
    while (wake <= at) {
      const due = wake
      wake = Number.POSITIVE_INFINITY
      step({ kind: 'silence', at: due })
    }
    step({ kind: 'bytes', bytes: Uint8Array.of(byte), at, wire })
  }
  while (wake <= now + 2000) {
    const due = wake
    wake = Number.POSITIVE_INFINITY
    step({ kind: 'silence', at: due })
  }
  return { texts, within }
}

const plugged = (late: readonly number[], period: number): fc.Arbitrary<Omit<Plugged, 'answer'>> =>
  fc.record({
    noise: fc.record({ a: noise, b: noise }),
    pause: fc.constantFrom(1, 5, 20, 45, 60, 110, 400, 900),
    late: fc.record({ a: fc.constantFrom(...late), b: fc.constantFrom(...late) }),
    period: fc.record({ a: fc.integer({ min: 1, max: period }), b: fc.integer({ min: 1, max: period }) }),
    text: fc.stringMatching(/^[A-Z0-9 ]{1,60}$/),
  })

test.each([
  ['as it happens', [0], 1],
  ['in chunks', [0], 16],
  ['one up to 50 ms late', [0, 10, 30, 50], 1],
] as const)('noise on both wires never costs the first call, delivered %s', (_, late, period) => {
  fc.assert(
    fc.property(plugged(late, period), (how) => {
      const { texts, within } = firstCall({ ...how, answer: 'ack' })
      expect(texts).toEqual([how.text])
      expect(within).toBeLessThanOrEqual(200)
    }),
    { seed: 444, numRuns: 1500 },
  )
})

test('joined in the middle of a block, the call after it comes out', () => {
  const before = encodeBlock({ header: '1', callAddress: '7', displayMessage: 'CALL 5678' })
  for (let from = 2; from < before.length; from++)
    for (const b of [[], [0x06], [0x31, 0x15]])
      for (const pause of [1, 20, 70])
        for (const late of [
          { a: 0, b: 0 },
          { a: 50, b: 0 },
          { a: 0, b: 50 },
        ])
          expect(
            firstCall({
              noise: { a: [...before.subarray(from)], b },
              pause,
              late,
              period: { a: 1, b: 1 },
              text: 'WARD 7',
              answer: 'ack',
            }).texts,
          ).toEqual(['WARD 7'])
})

test('a first call that is refused is no page, whatever noise came before', () => {
  fc.assert(
    fc.property(plugged([0], 1), (how) => {
      expect(firstCall({ ...how, answer: 'nak' }).texts).toEqual([])
    }),
    { seed: 445, numRuns: 1500 },
  )
})
