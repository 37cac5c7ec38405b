import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeBlock } from '../../src/core/line/espa444/block.ts'
import type { Line } from '../../src/core/line/registry.ts'
import { encodeTapBlocks } from '../../src/core/line/tap/block.ts'
import { hex, openLine } from '../support/score.ts'

/** Noise before the first call on a link we answer: what is on the wire while a plug goes in. */
const noise = (meaningful: readonly number[]) =>
  fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...meaningful)), { maxLength: 60 })
const pause = fc.constantFrom(1, 20, 200, 900, 1500)
const text = fc.stringMatching(/^[A-Z0-9 ]{1,40}$/)

/** A sender that speaks a character a millisecond, waits for answers, and whose pages are stored at once. */
class Sender {
  readonly #line: Line
  #now = 1000
  #wake = Number.POSITIVE_INFINITY
  /** What was answered since `say`. */
  answer = ''
  readonly pages: string[] = []

  constructor(protocol: string) {
    this.#line = openLine(protocol)
  }

  say(bytes: Iterable<number>): void {
    this.answer = ''
    for (const byte of bytes) {
      this.wait(1)
      this.#step({ kind: 'bytes', bytes: Uint8Array.of(byte), at: this.#now })
    }
  }

  wait(span: number): void {
    const until = this.#now + span
    while (this.#wake <= until) {
      this.#now = this.#wake
      this.#wake = Number.POSITIVE_INFINITY
      this.#step({ kind: 'silence', at: this.#now })
    }
    this.#now = until
  }

  #step(input: Parameters<Line['step']>[0]): void {
    for (const effect of [...this.#line.step(input)]) {
      if (effect.kind === 'wake') this.#wake = input.at + effect.after
      if (effect.kind === 'reply') this.answer += String.fromCharCode(...effect.bytes)
      if (effect.kind !== 'page') continue
      this.pages.push(effect.page.text)
      this.#step({ kind: 'stored', ref: effect.ref, at: input.at })
    }
  }
}

/** Says it until the answer ends as hoped; gives how often that took. */
function until(sender: Sender, bytes: Iterable<number>, patience: number, end: string): number {
  for (let times = 1; times <= 3; times++) {
    sender.say(bytes)
    sender.wait(patience)
    if (sender.answer.endsWith(end)) return times
  }
  throw new Error('never answered')
}

test('an ESPA slave takes the first call after noise, once, at the second select at the latest', () => {
  fc.assert(
    fc.property(noise([1, 2, 3, 4, 5, 6, 0x15, 0x31, 0x32]), pause, text, (before, quiet, message) => {
      const board = new Sender('espa444')
      board.say(before)
      board.wait(quiet)
      expect(until(board, hex('0431053205'), 500, '\x06')).toBeLessThanOrEqual(2)
      const block = encodeBlock({ header: '1', callAddress: '7', displayMessage: message })
      expect(until(board, block, 1500, '\x06')).toBe(1)
      board.say([4])
      expect(board.pages).toEqual([message])
    }),
    { seed: 44, numRuns: 1000 },
  )
})

test('a TAP terminal takes the first call after noise, once, at the second CR at the latest', () => {
  const meaningful = [2, 3, 4, 0x0d, 0x1b, 0x1a, 0x17, 0x06, 0x50, 0x47]
  fc.assert(
    fc.property(noise(meaningful), pause, text, (before, quiet, message) => {
      const client = new Sender('tap')
      client.say(before)
      client.wait(quiet)
      expect(until(client, [0x0d], 2000, 'ID=')).toBeLessThanOrEqual(2)
      expect(until(client, Buffer.from('\x1bPG1\r'), 1000, '\x1b[p\r')).toBe(1)
      for (const block of encodeTapBlocks(['123', message]))
        expect(until(client, block, 3000, '\x06\r')).toBe(1)
      expect(client.pages).toEqual([message])
    }),
    { seed: 18, numRuns: 1000 },
  )
})
