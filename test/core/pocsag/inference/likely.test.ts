import { expect, test } from 'vitest'
import { glyphsOf } from '../../../../src/core/pocsag/code/charset.ts'
import { dataOf } from '../../../../src/core/pocsag/code/codeword.ts'
import { character, characterCount, LOST } from '../../../../src/core/pocsag/code/content.ts'
import { messageWords } from '../../../../src/core/pocsag/encode.ts'
import { type Choice, logChance, posteriors } from '../../../../src/core/pocsag/inference/likely.ts'
import { START, type Writing } from '../../../../src/core/pocsag/inference/writing.ts'
import { digitWriting } from '../../../../src/core/pocsag/inference/writing-digits.ts'
import { textWriting } from '../../../../src/core/pocsag/inference/writing-text.ts'
import { seeded } from '../../../../src/core/seeded.ts'

const us = glyphsOf('us')
const writing = textWriting(
  us,
  [...'WARD 7B BED 12'].map((c) => c.charCodeAt(0)),
  true,
)
const words = (text: string) => messageWords({ ric: 0, function: 3, type: 'alpha', text }).map(dataOf)

/** Chance of whole texts, character by character, without the algorithm. */
function slow(
  choices: readonly (readonly Choice[])[],
  by: Writing,
): { readonly picks: number[]; readonly p: number }[] {
  let all: number[][] = [[]]
  for (const here of choices) all = all.flatMap((picks) => here.map((_, k) => [...picks, k]))
  return all.map((picks) => {
    const data = picks.map((k, i) => choices[i]![k]!.data)
    const weight = picks.reduce((product, k, i) => product * choices[i]![k]!.weight, 1)
    const count = characterCount(data)
    const codes = Array.from({ length: count }, (_, j) => character(data, j))
    const text = codes.reduce((product, code, j) => {
      const last = 7 * j + 6 >= 20 * (data.length - 1)
      return product * by.chance(codes[j - 2] ?? START, codes[j - 1] ?? START, code, last)
    }, 1)
    const over = (20 * data.length) % 7
    let bits = 0
    for (let b = 0; b < over; b++) bits |= ((data.at(-1)! >>> (over - 1 - b)) & 1) << b
    return { picks, p: weight * text * (over === 0 ? 1 : by.leftover(over, bits)) }
  })
}

test('gives what the sum over all texts gives', () => {
  const random = seeded(3)
  const sent = words('WARD 3 NOW')
  const choices = sent.map((data) => [
    { data, wrong: 0, weight: 1 },
    ...[0, 1].map((wrong) => ({ data: data ^ (1 << Math.floor(random() * 20)), wrong, weight: random() })),
  ])
  const all = slow(choices, writing)
  const total = all.reduce((sum, { p }) => sum + p, 0)
  const got = posteriors(choices, writing)
  for (const [i, here] of choices.entries()) {
    for (const k of here.keys()) {
      const expected = all.filter(({ picks }) => picks[i] === k).reduce((sum, { p }) => sum + p, 0) / total
      expect(got[i]![k]).toBeCloseTo(expected, 10)
    }
  }
  expect(logChance(choices, writing, 0)).toBeCloseTo(Math.log(total), 8)
})

test('what is not known is any of all the data there are', () => {
  const [first, second, third] = words('WARD 3')
  const known = (data: number) => [{ data, wrong: 0, weight: 1 }]
  const unknown = logChance(
    [known(first!), [{ data: LOST, wrong: 0, weight: 2 ** 20 }], known(third!)],
    writing,
    0,
  )
  const sent = logChance([known(first!), known(second!), known(third!)], writing, 0)
  // Of a million texts this one is far likelier than the average, and less likely than all of them together.
  expect(sent).toBeGreaterThan(unknown - Math.log(2 ** 20))
  expect(sent).toBeLessThan(unknown)
})

test.each([
  ['a text', writing, 128],
  ['a text without end', textWriting(us, [], false), 128],
  ['digits', digitWriting([2, 2, 2, 2, 12]), 16],
] as const)('chances of %s add up to one, whatever stands before', (_, by, codes) => {
  for (const [before, previous] of [
    [START, START],
    [LOST, LOST],
    [5, 2],
    [2, 12],
  ] as const) {
    let all = 0
    for (let code = 0; code < codes; code++) all += by.chance(before, previous, code, false)
    expect(all).toBeGreaterThan(0.9)
    expect(all).toBeLessThan(1.1)
  }
})

test('a page teaches its own writing', () => {
  const chance = (taught: string, next: string) => {
    const codes = [...taught].map((c) => c.charCodeAt(0))
    return textWriting(us, codes, false).chance(codes.at(-2)!, codes.at(-1)!, next.charCodeAt(0), false)
  }
  expect(chance('CARDIAC ARREST WARD', 'S')).toBeGreaterThan(100 * chance('CARDIAC ARREST WARD', 's'))
  expect(chance('<T=21><P=9><T=22><P=8', '>')).toBeGreaterThan(10 * chance('WARD 21 BED 9 BAY 228', '>'))
  // Digits are told apart by nothing.
  expect(chance('WARD 7 WARD 7 WARD ', '7')).toBe(chance('WARD 7 WARD 7 WARD ', '4'))
})
