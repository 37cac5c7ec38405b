import { expect, test } from 'vitest'
import { urgentFirst } from '../../src/web/app/urgent-first.js'

const item = (cursor: number, c: 'emergency' | 'urgent' | 'routine' | 'test', ring = true) => ({
  ...{ cursor, ring, alert: { class: c } },
})

test('back from a dead spot the arrest rings first, and what is over waits behind all that rings', () => {
  const missed = [
    item(1, 'routine'),
    item(2, 'emergency', false),
    item(3, 'urgent'),
    item(4, 'emergency'),
    item(5, 'emergency'),
    item(6, 'test'),
  ]
  expect(urgentFirst(missed).map(({ cursor }) => cursor)).toEqual([4, 5, 3, 1, 6, 2])
  expect(urgentFirst([])).toEqual([])
})
