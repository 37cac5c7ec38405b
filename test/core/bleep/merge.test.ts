import { describe, expect, test } from 'vitest'
import { type Bleep, type Page, type Sighting, trustIn } from '../../../src/core/bleep/bleep.ts'
import type { Heard, MergeBounds, Recent, RePage } from '../../../src/core/bleep/merge.ts'
import { absorb } from '../../../src/core/bleep/merge.ts'
import type { BleepId, FeedId, NodeId, SightingId } from '../../../src/core/ids.ts'
import { asId } from '../../../src/core/ids.ts'
import { SECOND } from '../../../src/core/instant.ts'
import type { ReasonCode } from '../../../src/core/reasons.ts'
import { merge } from '../../support/merging.ts'
import { aPage } from '../../support/pages.ts'

const BOUNDS: MergeBounds = { repeatTime: 0, clockSkew: 2 * SECOND }
const REPEATING: MergeBounds = { ...BOUNDS, repeatTime: 5 * SECOND }
const ARREST = 'ADULT CARDIAC ARREST WARD 7'
const NODE = asId<NodeId>('n1')
const bleepId = (id: string) => asId<BleepId>(id)

/** A bleep with the taps that have sighted it: `tap@seconds`, the first of them its own. */
function bleep(id: string, text: string, taps: readonly string[], more: Partial<Page> = {}): Recent {
  const sightings = taps.map((spec, i): Sighting => {
    const [tap = '', seconds = '0'] = spec.split('@')
    const at = Number(seconds) * SECOND
    return {
      id: asId<SightingId>(`${id}-${i}`),
      bleep: bleepId(id),
      feed: asId<FeedId>(tap),
      tap,
      node: NODE,
      page: aPage(text, { ...more, lastByte: at }),
      begun: at,
      reason: 'first-sighting',
    }
  })
  const received = sightings[0]?.begun ?? 0
  const page = sightings[0]?.page ?? aPage(text)
  const whole: Bleep = {
    id: bleepId(id),
    number: '2201',
    page,
    stage: 'received',
    received,
    sightings: 1,
    repeats: 0,
  }
  return { bleep: whole, sightings }
}

function heard(
  text: string,
  tap: string,
  seconds: number,
  more: Partial<Page> = {},
  extra: Partial<Heard> = {},
): Heard {
  const at = seconds * SECOND
  return {
    page: aPage(text, { lastByte: at, ...more }),
    number: '2201',
    tap,
    node: NODE,
    arrived: at,
    ...extra,
  }
}

const verdict = (h: Heard, recent: readonly Recent[], bounds = BOUNDS, own: readonly RePage[] = []) => {
  const merged = merge(h, recent, bounds, own)
  return merged.kind === 'new'
    ? `new: ${merged.reason}`
    : `${merged.kind} of ${merged.bleep}: ${merged.reason}`
}

describe('another tap', () => {
  test('within the clock skew is a sighting, before or after', () => {
    expect(verdict(heard(ARREST, 'b', 2), [bleep('x', ARREST, ['a@0'])])).toBe('sighting of x: other-tap')
    expect(verdict(heard(ARREST, 'b', -2), [bleep('x', ARREST, ['a@0'])])).toBe('sighting of x: other-tap')
  })

  test('whose node had stood still may have heard it at any time of that, and only of that', () => {
    const thawed = heard(ARREST, 'b', 20, {}, { since: 1 * SECOND })
    expect(verdict(thawed, [bleep('x', ARREST, ['a@5'])])).toBe('sighting of x: other-tap')
    expect(verdict(thawed, [bleep('x', ARREST, ['a@-1.001'])])).toBe('new: second-request')
    // It hears calls in order: the first that it has not reported, then the second.
    const two = [bleep('x', ARREST, ['a@5']), bleep('y', ARREST, ['a@19'])]
    expect(verdict(thawed, two)).toBe('sighting of x: other-tap')
    expect(verdict(thawed, [bleep('x', ARREST, ['a@5', 'b@20']), two[1]!])).toBe('sighting of y: other-tap')
    // What it had heard before it stood still is no reading of now.
    expect(verdict(thawed, [bleep('x', ARREST, ['b@0'])])).toBe('new: second-request')
  })

  test('beyond the clock skew is somebody bleeping again', () => {
    expect(verdict(heard(ARREST, 'b', 2.001), [bleep('x', ARREST, ['a@0'])])).toBe('new: second-request')
  })

  test('need be near one of those who heard it, not all, at any hour of the day', () => {
    const recent = [bleep('x', ARREST, ['a@100', 'b@103'])]
    expect(verdict(heard(ARREST, 'c', 98), recent)).toBe('sighting of x: other-tap')
    expect(verdict(heard(ARREST, 'c', 105), recent)).toBe('sighting of x: other-tap')
    expect(verdict(heard(ARREST, 'c', 97.9), recent)).toBe('new: second-request')
  })

  test('out of time is no repeat either: it has not heard the first', () => {
    expect(verdict(heard(ARREST, 'b', 3), [bleep('x', ARREST, ['a@0'])], REPEATING)).toBe(
      'new: second-request',
    )
  })

  test('that has reported this call already reports the next one', () => {
    expect(verdict(heard(ARREST, 'b', 1), [bleep('x', ARREST, ['a@0', 'b@0.2'])])).toBe('new: second-request')
  })

  test('reports calls in the order they were made', () => {
    const recent = [bleep('y', ARREST, ['a@1.5']), bleep('x', ARREST, ['a@0'])]
    expect(verdict(heard(ARREST, 'b', 1.6), recent)).toBe('sighting of x: other-tap')
  })

  test('behind a slow transmitter may be later by its lag', () => {
    const recent = [bleep('x', ARREST, ['switchboard@0'])]
    const lag = (tap: string) => (tap === 'air' ? 15 * SECOND : 0)
    expect(verdict(heard(ARREST, 'air', 17), recent, { ...BOUNDS, lag })).toBe('sighting of x: other-tap')
    expect(verdict(heard(ARREST, 'air', 17.1), recent, { ...BOUNDS, lag })).toBe('new: second-request')
    const airFirst = [bleep('x', ARREST, ['air@0'])]
    expect(verdict(heard(ARREST, 'switchboard', 17), airFirst, { ...BOUNDS, lag })).toBe(
      'sighting of x: other-tap',
    )
  })

  test('with other words or another number heard another call', () => {
    const recent = [bleep('x', ARREST, ['a@0'])]
    expect(verdict(heard('ADULT CARDIAC ARREST WARD 8', 'b', 0), recent)).toBe('new: first-sighting')
    expect(verdict({ ...heard(ARREST, 'b', 0), number: '2202' }, recent)).toBe('new: first-sighting')
  })
})

describe('the same tap again', () => {
  const once = [bleep('x', ARREST, ['a@0'])]

  test('is a new bleep where the transmitter does not repeat', () => {
    expect(verdict(heard(ARREST, 'a', 0.001), once)).toBe('new: second-request')
    expect(verdict(heard(ARREST, 'a', 0), once)).toBe('new: second-request')
  })

  test('inside the repeat time is a repeat; after it somebody has bleeped again', () => {
    expect(verdict(heard(ARREST, 'a', 5), once, REPEATING)).toBe('repeat of x: transmitter-repeat')
    expect(verdict(heard(ARREST, 'a', 5.001), once, REPEATING)).toBe('new: second-request')
    expect(verdict(heard(ARREST, 'a', 30), once, REPEATING)).toBe('new: second-request')
  })

  test('counts the repeat time from the first copy, so that repeats cannot chain', () => {
    expect(verdict(heard(ARREST, 'a', 6), [bleep('x', ARREST, ['a@0', 'a@4'])], REPEATING)).toBe(
      'new: second-request',
    )
  })

  test('is another call where both were read behind one standstill in which two could have been made', () => {
    const [first] = once
    const at = 20 * SECOND
    const readLate = (since: number): readonly Recent[] => [
      {
        bleep: first!.bleep,
        sightings: first!.sightings.map((s) => ({ ...s, page: { ...s.page, lastByte: at }, since })),
      },
    ]
    const second = (since: number) => heard(ARREST, 'a', 20.5, {}, { since })
    expect(verdict(second(0), readLate(0), REPEATING)).toBe('new: second-request')
    // One no longer than the transmitter's own repeats take tells nothing against them.
    expect(verdict(second(16 * SECOND), readLate(16 * SECOND), REPEATING)).toBe(
      'repeat of x: transmitter-repeat',
    )
  })

  test('counts from its own first copy, not from another tap’s', () => {
    const recent = [bleep('x', ARREST, ['b@0', 'a@1.5'])]
    expect(verdict(heard(ARREST, 'a', 6), recent, REPEATING)).toBe('repeat of x: transmitter-repeat')
  })

  test('is no repeat where characters are lost in which two calls may differ', () => {
    const damaged = { quality: 'damaged' as const }
    const bed3 = 'CARDIAC ARREST WARD 7 BED 3'
    const lost = 'CARDIAC ARREST WARD 7 BED \uFFFD'
    const again = (first: string, second: string) =>
      verdict(heard(second, 'a', 3, damaged), [bleep('x', first, ['a@0'])], REPEATING)
    expect(again(bed3, lost)).toBe('new: second-request')
    expect(again(lost, bed3)).toBe('new: second-request')
    expect(again(lost, lost)).toBe('new: second-request')
  })

  test('is a call of its own when the rest of it differs from the copy it was taken for', () => {
    const radio = { baud: 1200, addressBit: 672, endBit: 1888, emittedBit: 1920, words: [] }
    const later = { ...radio, addressBit: 3400 }
    const first = bleep('x', 'WARD 7 BED 3', ['a@0'], { radio })
    const cut: Sighting = {
      ...first.sightings[0]!,
      reason: 'transmitter-repeat',
      page: aPage('WARD 7 BED', { radio: later, quality: 'unterminated', lastByte: 3 * SECOND }),
    }
    const recent = [{ ...first, sightings: [...first.sightings, cut] }]
    const rest = (text: string) =>
      verdict(heard(text, 'a', 4, { radio: later }, { improves: bleepId('x') }), recent, REPEATING)
    expect(rest('WARD 7 BED 3')).toBe('sighting of x: better-reading')
    expect(rest('WARD 7 BED 8')).toBe('new: first-sighting')
  })

  test('rings on its own when one of the two was cut off: the next word may be another bed', () => {
    const cut = heard('WARD 7 BED', 'a', 4, { quality: 'unterminated' })
    expect(verdict(cut, [bleep('x', 'WARD 7 BED 3', ['a@0'])], REPEATING)).toBe('new: second-request')
    const first = bleep('x', 'WARD 7 BED', ['a@0'], { quality: 'unterminated' })
    expect(verdict(heard('WARD 7 BED 8', 'a', 4), [first], REPEATING)).toBe('new: second-request')
    // The same decoder comes back to the very page that it had cut off.
    const radio = { baud: 1200, addressBit: 672, endBit: 888, emittedBit: 920, words: [] }
    const its = bleep('x', 'WARD 7 BED', ['a@0'], { quality: 'unterminated', radio })
    const rest = heard('WARD 7 BED 8', 'a', 4, { radio }, { improves: bleepId('x') })
    expect(verdict(rest, [its], REPEATING)).toBe('sighting of x: later-reading')
  })

  test('of two like calls, a repeat belongs to the newer', () => {
    const recent = [bleep('y', ARREST, ['a@4']), bleep('x', ARREST, ['a@0'])]
    expect(verdict(heard(ARREST, 'a', 5), recent, REPEATING)).toBe('repeat of y: transmitter-repeat')
  })

  test('with the same sequence number is a repeat however late', () => {
    const recent = [bleep('x', ARREST, ['a@0'], { sequence: '17' })]
    expect(verdict(heard(ARREST, 'a', 60, { sequence: '17' }), recent)).toBe('repeat of x: same-sequence')
  })

  test('with the same sequence number is a repeat, whoever else has heard that call or another like it', () => {
    const sent = bleep('x', ARREST, ['a@0'], { sequence: '17' })
    const onAir = bleep('x', ARREST, ['b@1'])
    const both = { ...sent, sightings: [...sent.sightings, ...onAir.sightings] }
    const again = heard(ARREST, 'a', 9, { sequence: '17' })
    expect(verdict(again, [both])).toBe('repeat of x: same-sequence')
    expect(verdict(again, [bleep('y', ARREST, ['b@8.5']), both])).toBe('repeat of x: same-sequence')
  })

  test('with another sequence number is another call however soon', () => {
    const recent = [bleep('x', ARREST, ['a@0'], { sequence: '17' })]
    expect(verdict(heard(ARREST, 'a', 1, { sequence: '18' }), recent, REPEATING)).toBe('new: second-request')
    expect(verdict(heard(ARREST, 'a', 1), recent, REPEATING)).toBe('repeat of x: transmitter-repeat')
    const plain = [bleep('x', ARREST, ['a@0'])]
    expect(verdict(heard(ARREST, 'a', 1, { sequence: '18' }), plain, REPEATING)).toBe(
      'repeat of x: transmitter-repeat',
    )
    const [whole] = recent
    const mixed = [{ ...whole!, sightings: [...whole!.sightings, ...plain[0]!.sightings] }]
    expect(verdict(heard(ARREST, 'a', 1, { sequence: '18' }), mixed, REPEATING)).toBe('new: second-request')
  })

  test('another feed’s sequence numbers mean nothing here', () => {
    const recent = [bleep('x', ARREST, ['a@0'], { sequence: '17' })]
    expect(verdict(heard(ARREST, 'b', 60, { sequence: '17' }), recent)).toBe('new: second-request')
  })
})

describe('the same tap on another node', () => {
  const there = { node: asId<NodeId>('n2') }
  const sequenced = { sequence: '17' }

  test('is another pair of ears', () => {
    expect(verdict(heard(ARREST, 'a', 0.01, {}, there), [bleep('x', ARREST, ['a@0'])])).toBe(
      'sighting of x: other-tap',
    )
    expect(
      verdict(heard(ARREST, 'a', 0.01, sequenced, there), [bleep('x', ARREST, ['a@0'], sequenced)]),
    ).toBe('sighting of x: other-tap')
  })

  test('takes a block that was sent again after this node went away', () => {
    expect(verdict(heard(ARREST, 'a', 9, sequenced, there), [bleep('x', ARREST, ['a@0'], sequenced)])).toBe(
      'repeat of x: same-sequence',
    )
    expect(verdict(heard(ARREST, 'a', 9, {}, there), [bleep('x', ARREST, ['a@0'])])).toBe(
      'new: second-request',
    )
  })

  test('does not start the repeat time of this one', () => {
    expect(verdict(heard(ARREST, 'a', 4, {}, there), [bleep('x', ARREST, ['a@0'])], REPEATING)).toBe(
      'new: second-request',
    )
  })
})

describe('our own re-page', () => {
  const own: RePage = {
    bleep: bleepId('x'),
    number: '2201',
    text: ARREST,
    from: 20 * SECOND,
    until: 40 * SECOND,
  }
  const recent = [bleep('x', ARREST, ['a@0'])]

  test('heard by a tap is a sighting', () => {
    expect(verdict(heard(ARREST, 'a', 25), recent, BOUNDS, [own])).toBe('sighting of x: own-re-page')
    expect(verdict(heard(ARREST, 'a', 25), [], BOUNDS, [own])).toBe('sighting of x: own-re-page')
    expect(merge(heard(ARREST, 'a', 25), recent, BOUNDS, [own])).toMatchObject({ better: false })
  })

  test('may have been heard with characters lost', () => {
    const page = { quality: 'damaged' as const }
    expect(verdict(heard('ADULT C\uFFFDRDIAC ARREST WARD 7', 'a', 25, page), recent, BOUNDS, [own])).toBe(
      'sighting of x: own-re-page',
    )
  })

  test('outside its window, to another number or with other words it is not ours', () => {
    expect(verdict(heard(ARREST, 'a', 20), recent, BOUNDS, [own])).toBe('sighting of x: own-re-page')
    expect(verdict(heard(ARREST, 'a', 40), recent, BOUNDS, [own])).toBe('sighting of x: own-re-page')
    expect(verdict(heard(ARREST, 'a', 19.9), recent, BOUNDS, [own])).toBe('new: second-request')
    expect(verdict(heard(ARREST, 'a', 40.1), recent, BOUNDS, [own])).toBe('new: second-request')
    expect(verdict({ ...heard(ARREST, 'a', 25), number: '2202' }, recent, BOUNDS, [own])).toBe(
      'new: first-sighting',
    )
    expect(verdict(heard('CARDIAC ARREST WARD 8', 'a', 25), recent, BOUNDS, [own])).toBe(
      'new: first-sighting',
    )
  })

  test('repeated by the transmitter is a repeat of it, however long ago the call first came', () => {
    const echo = bleep('x', ARREST, ['a@0', 'a@25'])
    const sightings = echo.sightings.map((s, i) =>
      i === 1 ? { ...s, reason: 'own-re-page' as ReasonCode } : s,
    )
    const bounds = { ...BOUNDS, repeatTime: 5 * SECOND }
    const after = [{ ...echo, sightings }]
    expect(verdict(heard(ARREST, 'a', 30), after, bounds, [own])).toBe('repeat of x: transmitter-repeat')
    expect(verdict(heard(ARREST, 'a', 30.1), after, bounds, [own])).toBe('new: second-request')
    // A transmitter that does not repeat has none, not even at the same moment.
    expect(verdict(heard(ARREST, 'a', 25), after, BOUNDS, [own])).toBe('new: second-request')
    // Nor does the repeat stand for another re-page that is still on its way.
    const both = [own, { ...own, from: 24 * SECOND }]
    expect(verdict(heard(ARREST, 'a', 30), after, bounds, both)).toBe('repeat of x: transmitter-repeat')
    expect(verdict(heard(ARREST, 'a', 33), after, bounds, both)).toBe('sighting of x: own-re-page')
    expect(verdict(heard(ARREST, 'b', 30), after, bounds, both)).toBe('sighting of x: own-re-page')
  })

  test('sent twice is heard twice, whether or not the first came back before the second went out', () => {
    const echo = bleep('x', ARREST, ['a@0', 'a@25'])
    const sightings = echo.sightings.map((s, i) =>
      i === 1 ? { ...s, reason: 'own-re-page' as ReasonCode } : s,
    )
    const after = [{ ...echo, sightings }]
    for (const second of [20, 25, 28]) {
      const both = [own, { ...own, from: second * SECOND }]
      expect(verdict(heard(ARREST, 'a', 35), after, BOUNDS, both)).toBe('sighting of x: own-re-page')
    }
    const all = [...sightings, { ...sightings[1]!, page: { ...sightings[1]!.page, lastByte: 30 * SECOND } }]
    const both = [own, { ...own, from: 20 * SECOND }]
    expect(verdict(heard(ARREST, 'a', 35), [{ ...echo, sightings: all }], BOUNDS, both)).toBe(
      'new: second-request',
    )
  })

  test('is heard once by each tap: the second time somebody has bleeped again', () => {
    const echo = bleep('x', ARREST, ['a@0', 'a@25'])
    const sightings = echo.sightings.map((s, i) =>
      i === 1 ? { ...s, reason: 'own-re-page' as ReasonCode } : s,
    )
    const after = [{ ...echo, sightings }]
    expect(verdict(heard(ARREST, 'a', 30), after, BOUNDS, [own])).toBe('new: second-request')
    expect(verdict(heard(ARREST, 'b', 30), after, BOUNDS, [own])).toBe('sighting of x: own-re-page')
    const boundary = [{ ...own, from: 25 * SECOND }]
    expect(verdict(heard(ARREST, 'a', 30), after, BOUNDS, boundary)).toBe('new: second-request')
    const plain = [bleep('x', ARREST, ['a@0', 'a@25'])]
    expect(verdict(heard(ARREST, 'a', 30), plain, BOUNDS, [own])).toBe('sighting of x: own-re-page')
    const other = [{ ...after[0]!, bleep: { ...after[0]!.bleep, id: bleepId('y') } }]
    expect(verdict(heard(ARREST, 'a', 30), other, BOUNDS, [own])).toBe('sighting of x: own-re-page')
    const earlier = [{ ...own, from: 26 * SECOND }]
    expect(verdict(heard(ARREST, 'a', 30), after, BOUNDS, earlier)).toBe('sighting of x: own-re-page')
  })
})

describe('a better reading', () => {
  const damaged = { quality: 'damaged' as const }

  test('announced by the decoder updates its page', () => {
    const recent = [bleep('x', 'CARD\uFFFDAC', ['a@0'], damaged)]
    const merged = merge(heard('CARDIAC', 'a', 3, {}, { improves: bleepId('x') }), recent, BOUNDS, [])
    expect(merged).toEqual({ kind: 'sighting', bleep: 'x', reason: 'better-reading', better: true })
  })

  test('of a bleep no longer at hand is judged like any other page', () => {
    expect(verdict(heard(ARREST, 'a', 3, {}, { improves: bleepId('gone') }), [])).toBe('new: first-sighting')
  })

  test('of the same page takes its place, whatever it says; of another reception it must be cleaner', () => {
    const radio = { baud: 1200, addressBit: 672, endBit: 1888, emittedBit: 1920, words: [] }
    const shown = bleep('x', 'CARDIAC', ['a@0'], { radio })
    const again = (more: object) =>
      merge(
        heard('CARDIAC', 'a', 3, { radio: { ...radio, ...more } }, { improves: bleepId('x') }),
        [shown],
        BOUNDS,
        [],
      )
    expect(again({ suspect: true })).toMatchObject({ reason: 'later-reading', better: true })
    expect(again({})).toMatchObject({ reason: 'later-reading', better: true })
    const cut = heard('CARD', 'a', 3, { radio, quality: 'unterminated' }, { improves: bleepId('x') })
    expect(merge(cut, [shown], BOUNDS, [])).toMatchObject({ reason: 'later-reading', better: true })
    expect(again({ suspect: true, addressBit: 673 })).toMatchObject({ better: false })
    expect(again({ suspect: true, baud: 512 })).toMatchObject({ better: false })
    const twice = heard('CARDIAC', 'a', 3, { radio: { ...radio, suspect: true } }, { improves: bleepId('x') })
    const wired = bleep('x', 'CARDIAC', ['a@0'])
    expect(merge(twice, [wired], BOUNDS, [])).toMatchObject({ better: false })
    const onWire = heard('CARDIAC', 'a', 3, {}, { improves: bleepId('x') })
    expect(merge(onWire, [shown], BOUNDS, [])).toMatchObject({ better: false })
  })

  test('by another tap is shown from then on, a worse one is not', () => {
    const worse = heard('CARD\uFFFDAC', 'b', 0, damaged)
    const better = heard('CARDIAC', 'b', 0)
    expect(merge(better, [bleep('x', 'CARD\uFFFDAC', ['a@0'], damaged)], BOUNDS, [])).toMatchObject({
      better: true,
    })
    expect(merge(worse, [bleep('x', 'CARDIAC', ['a@0'])], BOUNDS, [])).toMatchObject({ better: false })
  })
})

test('absorbing counts sightings and repeats apart and keeps the better words', () => {
  const { bleep: shown } = bleep('x', 'CARD\uFFFDAC', ['a@0'])
  const page = { ...aPage('CARDIAC'), firstByte: 5000, lastByte: 5100 }
  const seen = absorb(shown, page, { kind: 'sighting', bleep: shown.id, reason: 'other-tap', better: true })
  expect(seen).toMatchObject({
    sightings: 2,
    repeats: 0,
    stage: 'received',
    page: { ...page, firstByte: shown.page.firstByte, lastByte: shown.page.lastByte },
  })
  const again = absorb(seen, shown.page, {
    kind: 'repeat',
    bleep: shown.id,
    reason: 'transmitter-repeat',
    better: false,
  })
  expect(again).toMatchObject({ sightings: 2, repeats: 1, page: { text: 'CARDIAC' } })
})

test('a page read across a slip is trusted no more than a damaged one, however well its codewords read', () => {
  const radio = { baud: 1200, addressBit: 672, endBit: 1888, emittedBit: 1920, words: [], suspect: true }
  expect(trustIn(aPage('CARDIAC'))).toBe('clean')
  expect(trustIn({ ...aPage('CARDIAC'), quality: 'corrected', radio: { ...radio, suspect: false } })).toBe(
    'corrected',
  )
  expect(trustIn({ ...aPage('CARDIAC'), radio })).toBe('damaged')
  expect(trustIn({ ...aPage('CARDIAC'), quality: 'unterminated', radio })).toBe('unterminated')
})
