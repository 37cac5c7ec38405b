import { type CivilDay, weekday } from '../../core/directory/civil.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/instant.ts'
import { dayOf, type Face } from './face.ts'
import type { Rule } from './rule.ts'

/**
 * The faces that a rule gives from `start` on, in order, none before `from` where it is not counted, none after `to`:
 * every rule ends, and one that began long ago costs no more than one that began last week.
 * Dates that no calendar has (30 February) are passed over (RFC 5545 clause 3.3.10).
 */
export function* expand(rule: Rule, start: Face, from: Face, to: Face): Generator<Face> {
  const period = periodsOf(rule, dayOf(start))
  const times = timesOf(rule, start)
  const byday = bydayOf(rule, dayOf(start))
  let left = rule.count ?? Infinity
  const first = rule.count === undefined ? Math.max(0, period.at(dayOf(Math.max(from, start))) - 1) : 0
  for (let n = first; ; n++) {
    const [begin, end] = period.days(n)
    if (begin * DAY > to) return
    const faces: Face[] = []
    for (let day = begin; day < end; day++)
      if (byday(day)) for (const time of times) faces.push(day * DAY + time)
    for (const face of chosen(faces, rule.positions)) {
      if (face < start) continue
      if (face > to || left-- <= 0) return
      if (face >= from) yield face
    }
    if (left <= 0) return
  }
}

/** The n-th period of the rule as days `[begin, end)`, and which one a day lies in. */
function periodsOf({ freq, interval, weekStart }: Rule, start: CivilDay) {
  if (freq === 'DAILY' || freq === 'WEEKLY') {
    const length = freq === 'DAILY' ? 1 : 7
    const zero = freq === 'DAILY' ? start : start - ((weekday(start) - weekStart + 7) % 7)
    return {
      days: (n: number): [CivilDay, CivilDay] => {
        const begin = zero + n * interval * length
        return [begin, begin + length]
      },
      at: (day: CivilDay) => Math.floor((day - zero) / (interval * length)),
    }
  }
  const months = freq === 'MONTHLY' ? 1 : 12
  const { year, month } = dateOf(start)
  const zero = freq === 'MONTHLY' ? year * 12 + month - 1 : year * 12
  return {
    days: (n: number): [CivilDay, CivilDay] => {
      const begin = zero + n * interval * months
      return [firstOfMonth(begin), firstOfMonth(begin + months)]
    },
    at: (day: CivilDay) => {
      const found = dateOf(day)
      return Math.floor((found.year * 12 + found.month - 1 - zero) / (interval * months))
    },
  }
}

/** Whether a day is one of the rule's: every part that is given must hold; where none is, what DTSTART says stands for it. */
function bydayOf(rule: Rule, start: CivilDay): (day: CivilDay) => boolean {
  const { freq, months, yearDays, monthDays, weekdays } = rule
  const first = dateOf(start)
  const none = yearDays === undefined && monthDays === undefined && weekdays === undefined
  const ofStart = none && (freq === 'MONTHLY' || freq === 'YEARLY') ? [first.day] : monthDays
  const inMonths = months ?? (none && freq === 'YEARLY' ? [first.month] : undefined)
  const onWeekdays =
    weekdays ?? (none && freq === 'WEEKLY' ? [{ nth: 0, weekday: weekday(start) }] : undefined)
  const wholeYear = freq === 'YEARLY' && months === undefined
  return (day) => {
    const { year, month, day: date } = dateOf(day)
    if (inMonths && !inMonths.includes(month)) return false
    const monthBegin = firstOfMonth(year * 12 + month - 1)
    const monthEnd = firstOfMonth(year * 12 + month)
    if (ofStart && !ofStart.includes(date) && !ofStart.includes(day - monthEnd)) return false
    const [yearBegin, yearEnd] = [firstOfMonth(year * 12), firstOfMonth(year * 12 + 12)]
    if (yearDays && !yearDays.includes(day - yearBegin + 1) && !yearDays.includes(day - yearEnd)) return false
    if (onWeekdays === undefined) return true
    const [begin, end] = wholeYear ? [yearBegin, yearEnd] : [monthBegin, monthEnd]
    const [fromBegin, fromEnd] = [Math.floor((day - begin) / 7) + 1, -(Math.floor((end - 1 - day) / 7) + 1)]
    return onWeekdays.some(
      (w) => w.weekday === weekday(day) && (w.nth === 0 || w.nth === fromBegin || w.nth === fromEnd),
    )
  }
}

function timesOf({ hours, minutes, seconds }: Rule, start: Face): readonly number[] {
  const time = start - dayOf(start) * DAY
  const h = hours ?? [Math.floor(time / HOUR)]
  const m = minutes ?? [Math.floor((time % HOUR) / MINUTE)]
  const s = seconds ?? [Math.floor((time % MINUTE) / SECOND)]
  const all = h.flatMap((hour) =>
    m.flatMap((min) => s.map((sec) => hour * HOUR + min * MINUTE + sec * SECOND)),
  )
  return [...new Set(all)].sort((a, b) => a - b)
}

function chosen(faces: readonly Face[], positions: readonly number[] | undefined): readonly Face[] {
  if (positions === undefined) return faces
  const found = positions.flatMap((p) => faces[p > 0 ? p - 1 : faces.length + p] ?? [])
  return [...new Set(found)].sort((a, b) => a - b)
}

function dateOf(day: CivilDay): { year: number; month: number; day: number } {
  const date = new Date(day * DAY)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** @param month counted from January of the year 0 */
function firstOfMonth(month: number): CivilDay {
  const date = new Date(0)
  date.setUTCFullYear(Math.floor(month / 12), month % 12, 1)
  return Math.round(date.getTime() / DAY)
}
