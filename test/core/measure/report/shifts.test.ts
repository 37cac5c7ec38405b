import { expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../../../src/core/instant.ts'
import { shiftPlan, shiftsEnded } from '../../../../src/core/measure/report/shifts.ts'

const HOURS = [
  { name: 'day', from: '08:00', to: '20:00' },
  { name: 'night', from: '20:00', to: '08:00' },
]
const LONDON = 'Europe/London'

test.each([
  ['2026-03-28T20:00:00Z', 11],
  ['2026-10-24T19:00:00Z', 13],
  ['2026-06-10T19:00:00Z', 12],
])('the night that begins at %s is %i h long', (from, hours) => {
  const start = Date.parse(from)
  const plan = shiftPlan(HOURS, undefined, LONDON, start - 24 * HOUR, start + 48 * HOUR)
  const span = plan.at(start + HOUR)
  expect(span).toEqual({ name: 'night', from: start, to: start + hours * HOUR })
})

test('every minute of both weeks in which the clocks change belongs to exactly one shift', () => {
  for (const monday of [Date.UTC(2026, 2, 23), Date.UTC(2026, 9, 19)]) {
    const plan = shiftPlan(HOURS, undefined, LONDON, monday, monday + 8 * 24 * HOUR)
    let last = ''
    for (let at = monday; at < monday + 8 * 24 * HOUR; at += MINUTE) {
      const span = plan.at(at)
      if (span === undefined || at < span.from || at >= span.to) throw new Error(new Date(at).toISOString())
      last = span.name
    }
    expect(last).not.toBe('')
    expect(
      plan.held('day', monday, monday + 7 * 24 * HOUR) + plan.held('night', monday, monday + 7 * 24 * HOUR),
    ).toBeCloseTo(14, 0)
  }
})

test('where shifts overlap at hand-over the one that began first counts', () => {
  const overlapping = [
    { name: 'early', from: '07:00', to: '14:30' },
    { name: 'late', from: '12:30', to: '20:00' },
  ]
  const noon = Date.UTC(2026, 10, 22, 12)
  const plan = shiftPlan(overlapping, undefined, LONDON, noon - 24 * HOUR, noon + 24 * HOUR)
  expect([0, 1, 2, 2.5, 3].map((h) => plan.at(noon + h * HOUR)?.name)).toEqual([
    'early',
    'early',
    'early',
    'late',
    'late',
  ])
  // Asked out of order it must say the same.
  expect([3, 0.75, 2.5, 1].map((h) => plan.at(noon + h * HOUR)?.name)).toEqual([
    'late',
    'early',
    'late',
    'early',
  ])
})

test('a pattern with a gap has nobody in the gap', () => {
  const gapped = [{ name: 'day', from: '08:00', to: '17:00' }]
  const at = Date.UTC(2026, 10, 22, 18)
  expect(shiftPlan(gapped, undefined, LONDON, at - HOUR, at + HOUR).at(at)).toBeUndefined()
})

test('a staff group with hours of its own is told by them, every other by the common ones', () => {
  const mixed = [...HOURS, { name: 'long day', from: '07:30', to: '21:00', staffGroup: 'nurse' }]
  const at = Date.UTC(2026, 10, 22, 20, 30)
  const ask = (group: string) => shiftPlan(mixed, group, LONDON, at - HOUR, at + HOUR).at(at)?.name
  expect(ask('nurse')).toBe('long day')
  expect(ask('doctor')).toBe('night')
})

test('each shift ends once', () => {
  const from = Date.UTC(2026, 10, 20)
  const ended = shiftsEnded(HOURS, LONDON, from, from + 48 * HOUR)
  expect(ended.map((s) => `${s.name} ${new Date(s.to).toISOString()}`)).toEqual([
    'night 2026-11-20T08:00:00.000Z',
    'day 2026-11-20T20:00:00.000Z',
    'night 2026-11-21T08:00:00.000Z',
    'day 2026-11-21T20:00:00.000Z',
  ])
})
