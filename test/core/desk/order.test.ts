import { expect, test } from 'vitest'
import { byUrgency } from '../../../src/core/desk/card.ts'
import type { Card } from '../../../src/core/desk/views.ts'

const card = (over: Partial<Card>): Card => ({
  ...{ id: 'a', version: 1, revision: 1, phase: 'ringing', class: 'routine', kind: 'k', title: 'T' },
  ...{ number: '1', to: 'x', quality: 'clean', raised: '2026-11-22T03:00:00.000Z', responders: [] },
  ...{
    coming: [],
    awaited: [],
    missing: [],
    must: { level: 'none', sentence: '' },
    repeats: 0,
    sightings: 1,
  },
  ...over,
})
const must = (level: Card['must']['level']) => ({ must: { level, sentence: '' } })

test('what is open comes before what is closed, then the most urgent, then what needs a human, then the newest', () => {
  const inOrder = [
    card({ id: 'arrest, act', class: 'emergency', ...must('act') }),
    card({ id: 'arrest, prompt', class: 'emergency', ...must('prompt') }),
    card({ id: 'arrest', class: 'emergency' }),
    card({ id: 'urgent, act', class: 'urgent', ...must('act') }),
    card({ id: 'routine, prompt', ...must('prompt') }),
    card({ id: 'routine, newer', raised: '2026-11-22T03:00:01.000Z' }),
    card({ id: 'routine, older' }),
    card({ id: 'test', class: 'test', raised: '2026-11-22T04:00:00.000Z' }),
    card({ id: 'closed arrest', class: 'emergency', phase: 'closed', ...must('act') }),
    card({ id: 'closed routine', phase: 'closed' }),
  ]
  const ids = inOrder.map(({ id }) => id)
  expect(
    inOrder
      .toReversed()
      .toSorted(byUrgency)
      .map(({ id }) => id),
  ).toEqual(ids)
  expect(inOrder.toSorted(byUrgency).map(({ id }) => id)).toEqual(ids)
})
