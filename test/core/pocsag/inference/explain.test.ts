import { expect, test } from 'vitest'
import { syndrome } from '../../../../src/core/pocsag/code/bch.ts'
import { distance, messageWord } from '../../../../src/core/pocsag/code/codeword.ts'
import { explanations } from '../../../../src/core/pocsag/inference/explain.ts'
import { seeded } from '../../../../src/core/seeded.ts'

const random = seeded(5)
const anyWord = () => Math.floor(random() * 2 ** 32) >>> 0

/** All words that differ from one in so many bits, the slow way. */
function* within(word: number, bits: number, below = 32): Generator<number> {
  if (bits === 0) yield word
  else for (let bit = 0; bit < below; bit++) yield* within((word ^ (1 << bit)) >>> 0, bits - 1, bit)
}

test('finds every codeword within the bits allowed, once, with its distance', () => {
  for (let i = 0; i < 20; i++) {
    const raw = anyWord()
    const slow = [0, 1, 2, 3, 4].flatMap((bits) =>
      [...within(raw, bits)].filter((word) => syndrome(word) === 0),
    )
    const found = explanations(raw, 4)
    expect(found.map(({ word }) => word).sort()).toEqual(slow.sort())
    for (const { word, wrong } of found) expect(distance(word, raw)).toBe(wrong)
  }
})

test('what was sent is among them, up to the bits allowed', () => {
  for (const wrong of [0, 1, 2, 3, 4, 5]) {
    const sent = messageWord(Math.floor(random() * 2 ** 20))
    let raw = sent
    for (let bit = 0; bit < wrong; bit++) raw = (raw ^ (1 << (5 * bit))) >>> 0
    expect(explanations(raw, 5)).toContainEqual({ word: sent, wrong })
    if (wrong === 5) expect(explanations(raw, 4)).not.toContainEqual({ word: sent, wrong })
  }
})

test('the code leaves as many as its numbers say', () => {
  const counts = { three: 0, five: 0, words: 0 }
  while (counts.words < 100) {
    const found = explanations(anyWord(), 5)
    if (found.some(({ wrong }) => wrong % 2 === 0 || wrong === 1)) continue
    counts.words++
    counts.three += found.filter(({ wrong }) => wrong === 3).length
    counts.five += found.filter(({ wrong }) => wrong === 5).length
  }
  expect(counts.three / counts.words).toBeCloseTo(5, 0)
  expect(counts.five / counts.words).toBeGreaterThan(180)
  expect(counts.five / counts.words).toBeLessThan(220)
})
