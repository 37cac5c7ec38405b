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
      const accepted = made.filter(([, how]) => how !== 'refused' && how !== 'silent')
      expect(heard).toEqual(accepted.map(([text]) => text))
    }),
    { seed: 16, numRuns: 400 },
  )
})
