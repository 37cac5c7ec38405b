import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../src/core/instant.ts'
import { BLOCK, judgeBlocks, OffsetBlock } from '../../../src/core/measure/clock-offset.ts'

/** A block of records whose calls ended five minutes apart, told by when each arrived. */
function block(size: number, from: number, arrives: (end: number) => number): OffsetBlock {
  const out = new OffsetBlock()
  for (let i = 0; i < size; i++) out.add(arrives(from + i * 5 * MINUTE), from + i * 5 * MINUTE, 1000)
  return out
}
const late = (end: number) => Math.ceil(end / (6 * HOUR)) * 6 * HOUR

test('one record over after a buffer that came hours late sets no clock', () => {
  const [full, over] = [block(BLOCK, 1, late), block(1, 1 + BLOCK * 5 * MINUTE, late)]
  expect(full.batched).toBe(true)
  expect(judgeBlocks([full, over])).toEqual([
    { verdict: 'batched', offset: undefined },
    { verdict: 'batched', offset: undefined },
  ])
})

test('a few records after live ones, and the very first of a line, are live', () => {
  const live = (end: number) => end + 400
  const of = (...sizes: number[]) => judgeBlocks(sizes.map((n, i) => block(n, i * 9 * HOUR + 1, live)))
  expect(of(BLOCK, 1)).toEqual([
    { verdict: 'live', offset: 400 },
    { verdict: 'live', offset: 400 },
  ])
  expect(of(2)).toEqual([{ verdict: 'live', offset: 400 }])
})
