import { expect, test } from 'vitest'
import {
  byOwner,
  HOP_NAMES,
  HOPS,
  hopsOf,
  legs,
  type Stamp,
  stampsOf,
} from '../../../src/core/measure/hops.ts'
import { took, waterfall } from '../../../src/core/measure/waterfall.ts'
import { aBleep } from '../../contract/store.ts'

const stamp = (hop: Stamp['hop'], at: number, of?: string, more: Partial<Stamp> = {}): Stamp => ({
  hop,
  at,
  clock: 'ours',
  uncertainty: 0,
  ...(of === undefined ? {} : { of }),
  ...more,
})

const BLEEP = [stamp('first-byte', 0), stamp('decoded', 10), stamp('stored', 30), stamp('routed', 60)]

test('each leg runs from the hop before it on the same recipient’s path', () => {
  const all = legs(
    [
      ...BLEEP,
      stamp('handed', 80, 'a'),
      stamp('handed', 95, 'b'),
      stamp('taken', 300, 'a'),
      stamp('on-device', 900, 'b'),
      stamp('accepted', 9000, 'a'),
    ],
    'emergency',
  )
  expect(all.map((l) => [l.hop, l.of, l.took])).toEqual([
    ['decoded', undefined, 10],
    ['stored', undefined, 20],
    ['routed', undefined, 30],
    ['handed', 'a', 20],
    ['handed', 'b', 35],
    ['taken', 'a', 220],
    ['on-device', 'b', 805],
    ['accepted', 'a', 8700],
  ])
})

test('our own budgets from last byte to handed stay within a quarter of a second', () => {
  const ours = HOP_NAMES.filter((name) => HOPS[name].owner === 'ours')
  expect(ours).toEqual(['decoded', 'stored', 'routed', 'handed'])
  expect(ours.reduce((sum, name) => sum + HOPS[name].budget.emergency, 0)).toBeLessThanOrEqual(250)
})

test('a bleep’s own hops come from its row; rows of an older schema stand', () => {
  const bleep = aBleep('b1', { passed: { decoded: 1011, stored: 1013.5, routed: 1020 } })
  const handed = { hop: 'handed', at: 1030, person: 'p', clock: 'ours' as const }
  expect(hopsOf(bleep, [handed]).map((h) => [h.hop, h.at])).toEqual([
    ['first-byte', 1000],
    ['last-byte', 1010.25],
    ['decoded', 1011],
    ['stored', 1013.5],
    ['routed', 1020],
    ['handed', 1030],
  ])
  const older = [{ hop: 'last-byte', at: 1009, clock: 'ours' as const }, handed]
  expect(hopsOf(aBleep('b1'), older).map((h) => [h.hop, h.at])).toEqual([
    ['first-byte', 1000],
    ['last-byte', 1009],
    ['handed', 1030],
  ])
})

test('what a device claims by a clock that was never compared is no stamp', () => {
  const claim = { hop: 'on-device', at: 5, device: 'd', clock: 'device' as const }
  expect(stampsOf([claim, { ...claim, at: 7, offset: -3, uncertainty: 20 }])).toEqual([
    { hop: 'on-device', at: 7, of: 'd', clock: 'device', uncertainty: 20 },
  ])
})

test('seconds are given to their owner', () => {
  const all = legs(
    [...BLEEP, stamp('handed', 100, 'a'), stamp('on-device', 1100, 'a'), stamp('accepted', 5100, 'a')],
    'urgent',
  )
  expect(byOwner(all)).toEqual({ ours: 100, network: 1000, provider: 0, person: 4000 })
})

test('of two receipts for one hop the first counts', () => {
  const all = legs([...BLEEP, stamp('on-device', 900, 'a'), stamp('on-device', 4000, 'a')], 'urgent')
  expect(all.filter((l) => l.hop === 'on-device').map((l) => l.took)).toEqual([840])
})

test('a device clock that runs back gives no time away, and is doubted only beyond its uncertainty', () => {
  const device = { clock: 'device' as const, uncertainty: 50 }
  const near = legs([...BLEEP, stamp('handed', 100, 'a'), stamp('on-device', 70, 'a', device)], 'urgent')
  const far = legs([...BLEEP, stamp('handed', 100, 'a'), stamp('on-device', 20, 'a', device)], 'urgent')
  expect(near.find((l) => l.hop === 'on-device')).toMatchObject({ took: 0, uncertainty: 50, doubtful: false })
  expect(far.find((l) => l.hop === 'on-device')).toMatchObject({ took: 0, doubtful: true })
})

test('the picture names every leg, outlines what ran over and escapes what it is told', () => {
  const svg = waterfall([...BLEEP, stamp('handed', 800, 'a'), stamp('accepted', 4000, 'a')], {
    class: 'emergency',
    label: () => '<Ann & Co>',
  })
  expect(svg).toContain('&lt;Ann &amp; Co&gt;')
  expect(svg).not.toContain('<Ann')
  expect(svg).toContain('handed to the channel: 740 ms, ours, over budget')
  expect(svg.match(/<rect /g)).toHaveLength(5)
  expect(svg).toContain('aria-label="Time line of 5 hops, 4.0 s in all"')
})

test('of a large team six are drawn and the rest counted', () => {
  const team = Array.from({ length: 20 }, (_, i) => stamp('handed', 100 + i, `p${i}`))
  const svg = waterfall([...BLEEP, ...team], { class: 'emergency' })
  expect(svg.match(/<rect /g)).toHaveLength(3 + 6)
  expect(svg).toContain('and 14 more')
})

test('nothing stamped, nothing drawn', () => {
  expect(waterfall([stamp('first-byte', 0)], { class: 'routine' })).toBe('')
})

test('spans are said as people say them', () => {
  expect([0.4, 999, 1234, 59_999, 185_000].map(took)).toEqual([
    '0 ms',
    '999 ms',
    '1.2 s',
    '1 min 00 s',
    '3 min 05 s',
  ])
})
