import { say } from '../../core/catalogue/say.ts'
/** A recurrence rule (RFC 5545 clause 3.3.10), checked; UNTIL as it was written. */
export interface Rule {
  readonly freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  readonly interval: number
  readonly count?: number
  readonly until?: string
  /** ISO weekday on which a week begins. */
  readonly weekStart: number
  readonly months?: readonly number[]
  readonly yearDays?: readonly number[]
  readonly monthDays?: readonly number[]
  /** `nth` 0: each of them. */
  readonly weekdays?: readonly { readonly nth: number; readonly weekday: number }[]
  readonly hours?: readonly number[]
  readonly minutes?: readonly number[]
  readonly seconds?: readonly number[]
  readonly positions?: readonly number[]
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** Reads a rule, or gives the sentence that says what in it is wrong or is not followed here. */
export function readRule(text: string): Rule | string {
  const parts = new Map<string, string>()
  for (const part of text.trim().toUpperCase().split(';')) {
    const [, key, value] = /^([A-Z-]+)=(.+)$/.exec(part) ?? []
    if (key === undefined || value === undefined)
      return say('settings.rruleCannotBeReadAt', { part: part.slice(0, 40) })
    if (parts.has(key)) return say('settings.rruleHasTwice', { key })
    parts.set(key, value)
  }
  let wrong: string | undefined
  const numbers = (key: string, least: number, most: number, negative = false) => {
    const value = parts.get(key)
    parts.delete(key)
    if (value === undefined) return undefined
    const found = value.split(',').map((n) => (/^[+-]?\d{1,4}$/.test(n) ? Number(n) : Number.NaN))
    const fits = (n: number) =>
      (n >= least && n <= most) || (negative && n < 0 && -n >= Math.max(1, least) && -n <= most)
    if (!found.every(fits)) wrong = say('settings.rruleHas', { key, value: value.slice(0, 40) })
    return found
  }
  const one = (key: string, most: number) => {
    const found = numbers(key, 1, most)
    if (found !== undefined && found.length > 1) wrong = say('settings.rruleHasSeveralOf', { key })
    return found?.[0]
  }
  const freq = freqOf(parts.get('FREQ'))
  const until = parts.get('UNTIL')
  const weekStart = WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO') + 1
  const weekdays = parts.get('BYDAY')?.split(',').map(weekdayOf)
  for (const key of ['FREQ', 'UNTIL', 'WKST', 'BYDAY']) parts.delete(key)
  const rule = {
    weekStart,
    interval: one('INTERVAL', 9999) ?? 1,
    count: one('COUNT', 9999),
    until,
    months: numbers('BYMONTH', 1, 12),
    yearDays: numbers('BYYEARDAY', 1, 366, true),
    monthDays: numbers('BYMONTHDAY', 1, 31, true),
    weekdays: weekdays?.flatMap((day) => day ?? []),
    hours: numbers('BYHOUR', 0, 23),
    minutes: numbers('BYMINUTE', 0, 59),
    seconds: numbers('BYSECOND', 0, 59),
    positions: numbers('BYSETPOS', 1, 366, true),
  }
  if (wrong !== undefined) return wrong
  const [unknown] = parts.keys()
  if (unknown !== undefined) return say('settings.rruleHasWhichNotFollowed', { unknown })
  if (freq === undefined) return say('settings.rruleNeedsFreqDailyWeekly')
  if (weekStart === 0 || weekdays?.includes(undefined)) return say('settings.rruleNamesDayWeekNone')
  if (rule.count !== undefined && until !== undefined) return say('settings.rruleHasBothCountAnd')
  const nth = rule.weekdays?.some((day) => day.nth !== 0) ?? false
  if (nth && freq !== 'MONTHLY' && freq !== 'YEARLY') return say('settings.rruleCountsWeekdaysOfA', { freq })
  if (rule.monthDays && freq === 'WEEKLY') return say('settings.rruleHasBymonthdayWeeklyRule')
  if (rule.yearDays && freq !== 'YEARLY') return say('settings.rruleHasByyeardayInA', { freq })
  return withoutEmpty({ ...rule, freq })
}

function freqOf(text: string | undefined): Rule['freq'] | undefined {
  return (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const).find((freq) => freq === text)
}

function weekdayOf(text: string): { nth: number; weekday: number } | undefined {
  const [, nth, name = ''] = /^([+-]?[1-9]\d?)?([A-Z]{2})$/.exec(text) ?? []
  const weekday = WEEKDAYS.indexOf(name) + 1
  return weekday === 0 || Math.abs(Number(nth ?? 0)) > 53 ? undefined : { nth: Number(nth ?? 0), weekday }
}

type Optional<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] }

function withoutEmpty(rule: Optional<Required<Pick<Rule, 'freq' | 'interval' | 'weekStart'>>> & Loose): Rule {
  const { freq, interval, weekStart, ...rest } = rule
  const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { freq, interval, weekStart, ...set }
}

type Loose = { readonly [K in Exclude<keyof Rule, 'freq' | 'interval' | 'weekStart'>]: Rule[K] | undefined }
