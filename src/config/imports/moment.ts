import { type CivilDay, isClock, parseDay } from '../../core/directory/civil.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `1/12/2026`, `01-Dec-2026`, `1 December 26` or `2026-12-01`; undefined for anything else. */
export function readDate(text: string, order: 'day-first' | 'year-first'): CivilDay | undefined {
  const [a = '', b = '', c = '', ...more] = text.trim().split(/[\s/.-]+/)
  if (more.length > 0) return undefined
  const [day, year] = order === 'year-first' || /^\d{4}$/.test(a) ? [c, a] : [a, c]
  const named = MONTHS.indexOf(b.slice(0, 3).toLowerCase()) + 1
  const month = named > 0 && /^[a-z]+$/i.test(b) ? String(named) : b
  if (![day, month].every((part) => /^\d{1,2}$/.test(part)) || !/^(\d{2}|\d{4})$/.test(year)) return undefined
  const full = year.length === 2 ? `20${year}` : year
  return parseDay(`${full}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
}

/** `7:30`, `07.30`, `0730`, `07:30:00`; 24:00 is the midnight behind the day. */
export function readClock(text: string): { readonly clock: string; readonly later: 0 | 1 } | undefined {
  const [, hours = '', minutes = ''] = /^(\d{1,2})[:.]?(\d{2})(?::00)?$/.exec(text.trim()) ?? []
  const clock = `${hours.padStart(2, '0')}:${minutes}`
  if (clock === '24:00') return { clock: '00:00', later: 1 }
  return isClock(clock) ? { clock, later: 0 } : undefined
}

/** A day and a time of it in one cell, `01/12/2026 07:30`. */
export function readMoment(text: string, order: 'day-first' | 'year-first') {
  const [, date = '', time = ''] = /^(.*?)[\sT]+([\d:.]+)$/.exec(text.trim()) ?? []
  const day = readDate(date, order)
  const clock = readClock(time)
  return day === undefined || clock === undefined ? undefined : { day: day + clock.later, clock: clock.clock }
}
