import { expect, test } from 'vitest'
import { RE_PAGE_ECHO, rememberedWith, rePageKey } from '../../../src/core/deliver/re-page.ts'

const sent = (at: number) => ({ bleep: 'b1', alert: 'a1', text: 'ARREST', at })

test('a page of our own is remembered for the three minutes in which it may come back on a tap', () => {
  expect(RE_PAGE_ECHO).toBe(180_000)
  expect(rememberedWith([sent(1000), sent(2000)], sent(181_000))).toEqual([
    sent(1000),
    sent(2000),
    sent(181_000),
  ])
  expect(rememberedWith([sent(1000), sent(2000)], sent(181_001))).toEqual([sent(2000), sent(181_001)])
})

test('what is no list of pages is nothing', () => {
  for (const before of [undefined, 'x', [{ at: 5 }], [{ ...sent(5), bleep: 7 }]])
    expect(rememberedWith(before, sent(10))).toEqual([sent(10)])
})

test('each bleep number has its own', () => {
  expect(rePageKey('0028')).toBe('re-page/0028')
})
