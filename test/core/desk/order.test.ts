import { expect, test } from 'vitest'
import { byOrder, orderOf, orderOfClosed } from '../../../src/core/desk/order.ts'

const EARLY = '2026-11-22T03:00:00.000Z'
const LATE = '2026-11-22T03:00:01.000Z'

test('the worst comes first: emergencies, what a human must do, the class, what is not covered, the longest wait', () => {
  const inOrder: [id: string, order: string][] = [
    ['arrest, act', orderOf({ class: 'emergency', level: 'act', since: LATE })],
    ['arrest, prompt', orderOf({ class: 'emergency', level: 'prompt', since: EARLY })],
    ['arrest, older', orderOf({ class: 'emergency', level: 'none', since: EARLY })],
    ['arrest, newer', orderOf({ class: 'emergency', level: 'none', since: LATE })],
    ['arrest, covered', orderOf({ class: 'emergency', level: 'none', covered: true, since: EARLY })],
    ['urgent, act', orderOf({ class: 'urgent', level: 'act', since: LATE })],
    ['routine, act', orderOf({ class: 'routine', level: 'act', since: LATE })],
    ['test, prompt', orderOf({ class: 'test', level: 'prompt', since: EARLY })],
    ['urgent', orderOf({ class: 'urgent', level: 'none', since: LATE })],
    ['routine', orderOf({ class: 'routine', level: 'none', since: EARLY })],
    ['closed last', orderOfClosed(Date.parse(LATE))],
    ['closed before', orderOfClosed(Date.parse(EARLY))],
  ]
  const ids = inOrder.map(([id]) => id)
  const sorted = (all: typeof inOrder) =>
    all.toSorted(([, a], [, b]) => byOrder({ order: a }, { order: b })).map(([id]) => id)
  expect(sorted(inOrder)).toEqual(ids)
  expect(sorted(inOrder.toReversed())).toEqual(ids)
  expect(byOrder({ order: 'same' }, { order: 'same' })).toBe(0)
})
