import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  clockAt,
  dayAt,
  instantOf,
  isClock,
  parseDay,
  printDay,
  weekday,
  withinHours,
} from '../../../src/core/directory/civil.ts'
import { spanOn } from '../../../src/core/directory/shift.ts'
import { DAY, HOUR, MINUTE, parseInstant } from '../../../src/core/instant.ts'

const LONDON = 'Europe/London'
const day = (text: string) => parseDay(text) ?? Number.NaN
const at = (text: string) => parseInstant(text) ?? Number.NaN

describe('civil days', () => {
  test('count from 1970-01-01, a Thursday', () => {
    expect(day('1970-01-01')).toBe(0)
    expect(day('1969-12-31')).toBe(-1)
    expect(weekday(0)).toBe(4)
    expect(weekday(-4)).toBe(7)
    expect(weekday(day('2026-11-22'))).toBe(7)
    expect(printDay(day('2026-02-28') + 1)).toBe('2026-03-01')
  })

  test.each(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', '', 'today'])('refuses %j', (text) => {
    expect(parseDay(text)).toBeUndefined()
  })

  test('a clock time is HH:MM', () => {
    expect(['00:00', '23:59', '08:05'].every(isClock)).toBe(true)
    expect(['24:00', '8:00', '12:60', '0800', ''].some(isClock)).toBe(false)
  })
})

describe('civil time in London', () => {
  test('is an hour ahead of universal time in summer', () => {
    expect(instantOf(day('2026-07-01'), '08:00', LONDON)).toBe(at('2026-07-01T07:00:00Z'))
    expect(instantOf(day('2026-01-01'), '08:00', LONDON)).toBe(at('2026-01-01T08:00:00Z'))
    expect(clockAt(at('2026-07-01T22:59:59.999Z'), LONDON)).toBe('23:59')
    expect(dayAt(at('2026-07-01T23:00:00Z'), LONDON)).toBe(day('2026-07-02'))
    expect(dayAt(at('2026-07-01T22:59:59.999Z') + 0.5, LONDON)).toBe(day('2026-07-01'))
  })

  test('reads a time that the spring change skips as the same time after it', () => {
    expect(instantOf(day('2026-03-29'), '01:30', LONDON)).toBe(at('2026-03-29T01:30:00Z'))
  })

  test('reads a time that the autumn change repeats as its first showing', () => {
    expect(instantOf(day('2026-10-25'), '01:30', LONDON)).toBe(at('2026-10-25T00:30:00Z'))
  })
})

test.each([LONDON, 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'Antarctica/Troll'])(
  'the day in %s is the calendar’s, asked again and near each midnight',
  (zone) => {
    const asked = Array.from({ length: 800 }, (_, i) => at('2005-03-01T00:00:00Z') + i * 6 * DAY)
    // St John's put its clocks back at a minute past midnight, into the day before.
    const near = [
      at('2006-10-29T02:31:00Z'),
      ...asked.map((one) => instantOf(dayAt(one, zone), '00:00', zone)),
    ]
    for (const one of [...asked, ...near.flatMap((m) => [m - 1, m, m + 1]), ...asked]) {
      const date = Temporal.Instant.fromEpochMilliseconds(one).toZonedDateTimeISO(zone).toPlainDate()
      expect(printDay(dayAt(one, zone))).toBe(date.toString())
    }
  },
)

describe('shifts', () => {
  const night = { from: '20:00', to: '08:00' }

  test.each([
    ['2026-03-27', 12],
    ['2026-03-28', 11],
    ['2026-03-29', 12],
    ['2026-10-23', 12],
    ['2026-10-24', 13],
    ['2026-10-25', 12],
  ])('the night of %s is %i hours long', (date, hours) => {
    const { from, to } = spanOn(night, day(date), LONDON)
    expect((to - from) / HOUR).toBe(hours)
  })

  test('equal ends are a whole day', () => {
    const { from, to } = spanOn({ from: '08:00', to: '08:00' }, day('2026-06-01'), LONDON)
    expect((to - from) / HOUR).toBe(24)
  })

  test('a day shift ends on its day', () => {
    const { from, to } = spanOn({ from: '07:30', to: '20:15' }, day('2026-06-01'), LONDON)
    expect((to - from) / MINUTE).toBe(12 * 60 + 45)
  })
})

describe('hours', () => {
  test('are half-open', () => {
    const office = { from: '08:00', to: '16:00' }
    expect(withinHours(office, '07:59')).toBe(false)
    expect(withinHours(office, '08:00')).toBe(true)
    expect(withinHours(office, '15:59')).toBe(true)
    expect(withinHours(office, '16:00')).toBe(false)
  })

  test('may pass midnight', () => {
    const night = { from: '20:00', to: '08:00' }
    expect(withinHours(night, '19:59')).toBe(false)
    expect(withinHours(night, '20:00')).toBe(true)
    expect(withinHours(night, '00:00')).toBe(true)
    expect(withinHours(night, '08:00')).toBe(false)
  })

  test('with equal ends are the whole day', () => {
    expect(withinHours({ from: '08:00', to: '08:00' }, '03:00')).toBe(true)
  })
})
