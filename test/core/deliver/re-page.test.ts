import { expect, test } from 'vitest'
import {
  delayKey,
  delaysWith,
  echoWithin,
  RE_PAGE_ECHO,
  rememberedWith,
  rePageKey,
  withoutRefused,
} from '../../../src/core/deliver/re-page.ts'

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

test('what the encoder refused is not on the air', () => {
  const other = { ...sent(1500), alert: 'a2' }
  expect(withoutRefused([sent(1000), other, sent(2000)], 'a1')).toEqual([sent(1000), other])
  expect(withoutRefused(undefined, 'a1')).toEqual([])
})

test('how long an echo may take is learnt from three, and never longer than the site says', () => {
  const of = (...delays: number[]) => delays.reduce<unknown>(delaysWith, undefined)
  expect(echoWithin(undefined, 0)).toBe(30_000)
  expect(echoWithin(of(2000, 2000), 0)).toBe(30_000)
  expect(echoWithin(of(2000, 1000, 2500), 0)).toBe(10_000)
  expect(echoWithin(of(2000, 1000, 20_000), 0)).toBe(30_000)
  expect(echoWithin(of(2000, 1000, 20_000), 90_000)).toBe(45_000)
  expect(echoWithin(undefined, 600_000)).toBe(RE_PAGE_ECHO)
  expect(echoWithin('x', 0)).toBe(30_000)
  const many = Array.from({ length: 25 }, (_, i) => (i === 0 ? 60_000 : 1000))
  expect(echoWithin(of(...many), 90_000)).toBe(7000)
})

test('what was refused goes, and nothing of another call', () => {
  const other = { ...sent(2500), alert: 'a2' }
  expect(withoutRefused([sent(1000), other], 'a1')).toEqual([other])
  expect(withoutRefused([sent(1000), other], 'a3')).toEqual([sent(1000), other])
})

test('each tap has its own delays', () => {
  expect(delayKey('air')).toBe('re-page-delay/air')
})
