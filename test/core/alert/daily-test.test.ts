import { expect, test } from 'vitest'
import { type DailyTest, dailyTestSchema, windowAfter, windowAt } from '../../../src/core/alert/daily-test.ts'
import { type Instant, printInstant } from '../../../src/core/instant.ts'

const zone = 'Europe/London'
const row = { id: 'crash', number: '2299', from: '08:45', to: '09:00' }
const aTest = (more: Partial<DailyTest> = {}): DailyTest => ({ ...dailyTestSchema.parse(row), ...more })
const opens = (at: Instant, more: Partial<DailyTest> = {}) => {
  const window = windowAt(aTest(more), at, zone)
  return window && `${window.day} ${printInstant(window.from)}`
}
const next = (at: Instant, more: Partial<DailyTest> = {}) => windowAfter(aTest(more), at, zone)?.day

test('what a site leaves out: every day, called by the switchboard, five minutes to answer', () => {
  expect(dailyTestSchema.parse(row)).toEqual({
    ...row,
    days: [1, 2, 3, 4, 5, 6, 7],
    call: 'heard',
    answerWithinMs: 300_000,
  })
})

test.each<[string, object]>([
  ['an end before the beginning', { from: '09:00', to: '08:45' }],
  ['an end at the beginning', { from: '09:00', to: '09:00' }],
  ['no clock time', { from: '8:45' }],
  ['no clock time at the end', { to: '25:00' }],
  ['no number', { number: '' }],
  ['an id with a space', { id: 'a b' }],
  ['an id that begins with a hyphen', { id: '-a' }],
  ['an id too long', { id: 'a'.repeat(33) }],
  ['an eighth weekday', { days: [8] }],
  ['a weekday 0', { days: [0] }],
  ['half a weekday', { days: [1.5] }],
  ['no day at all', { days: [] }],
  ['another caller', { call: 'nobody' }],
  ['less than ten seconds to answer', { answerWithinMs: 9_999 }],
  ['more than an hour to answer', { answerWithinMs: 3_600_001 }],
  ['half a millisecond', { answerWithinMs: 20_000.5 }],
  ['a misspelt key', { windows: '' }],
])('refused: %s', (_, wrong) => {
  expect(dailyTestSchema.safeParse({ ...row, ...wrong }).success).toBe(false)
})

test('a wrong end is named by its field and its reason', () => {
  const { error } = dailyTestSchema.safeParse({ ...row, to: '08:00' })
  expect(error?.issues).toMatchObject([{ path: ['to'], message: 'the window ends on the day it begins' }])
})

test.each<[string, { from?: string; to?: string }, string]>([
  ['begins', { from: '07:5' }, 'from'],
  ['begins, though it sorts behind the end', { from: '9:00' }, 'from'],
  ['ends, though it sorts before the beginning', { to: '' }, 'to'],
])('a time that is none is named by its form alone, where the window %s', (_, wrong, field) => {
  const { error } = dailyTestSchema.safeParse({ ...row, ...wrong })
  expect(error?.issues.map((i) => [i.path.join(), i.message])).toEqual([[field, 'HH:MM']])
})

test('bounds are inside', () => {
  for (const call of ['heard', 'own']) expect(dailyTestSchema.parse({ ...row, call })).toMatchObject({ call })
  for (const answerWithinMs of [10_000, 3_600_000])
    expect(dailyTestSchema.parse({ ...row, answerWithinMs }).answerWithinMs).toBe(answerWithinMs)
  expect(dailyTestSchema.parse({ ...row, id: `a${'-1'.repeat(15)}z` }).id).toHaveLength(32)
  expect(dailyTestSchema.parse({ ...row, number: '1' }).number).toBe('1')
})

test('windows follow the civil clock over both clock changes, and only the weekdays asked for', () => {
  expect(opens(Date.UTC(2026, 2, 28, 12))).toBe('2026-03-28 2026-03-28T08:45:00.000Z')
  expect(opens(Date.UTC(2026, 2, 29, 12))).toBe('2026-03-29 2026-03-29T07:45:00.000Z')
  expect(opens(Date.UTC(2026, 9, 24, 12))).toBe('2026-10-24 2026-10-24T07:45:00.000Z')
  expect(opens(Date.UTC(2026, 9, 25, 12))).toBe('2026-10-25 2026-10-25T08:45:00.000Z')
  expect(opens(Date.UTC(2026, 9, 25, 8, 44))).toBe('2026-10-24 2026-10-24T07:45:00.000Z')
  // Sunday 22 November, tests on Mondays only: the window of the Monday before.
  expect(opens(Date.UTC(2026, 10, 22, 12), { days: [1] })).toBe('2026-11-16 2026-11-16T08:45:00.000Z')
})

test('a window is open from its first moment; its end and the time to answer are kept with it', () => {
  const from = Date.UTC(2026, 10, 22, 8, 45)
  expect(windowAt(aTest(), from, zone)).toEqual({
    day: '2026-11-22',
    from,
    to: from + 900_000,
    due: from + 1_200_000,
  })
  expect(windowAt(aTest(), from - 1, zone)?.day).toBe('2026-11-21')
})

test('a weekly test seen before it opens on its own day is that of the week before', () => {
  // Monday 23 November, before the window opens.
  expect(opens(Date.UTC(2026, 10, 23, 8), { days: [1] })).toBe('2026-11-16 2026-11-16T08:45:00.000Z')
})

test('the next window is the first to open after now, today or on the next day asked for', () => {
  const from = Date.UTC(2026, 10, 22, 8, 45)
  expect(next(from - 1)).toBe('2026-11-22')
  expect(next(from)).toBe('2026-11-23')
  expect(next(from, { days: [7] })).toBe('2026-11-29')
  expect(next(from, { days: [3] })).toBe('2026-11-25')
})

test('a test on no day at all has no window', () => {
  expect(windowAt(aTest({ days: [] }), 0, zone)).toBeUndefined()
  expect(windowAfter(aTest({ days: [] }), 0, zone)).toBeUndefined()
})
