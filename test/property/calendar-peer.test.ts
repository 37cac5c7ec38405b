import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { finderOf } from '../../src/config/calendar/people.ts'
import { readCalendar } from '../../src/config/calendar/read.ts'
import { type ConfigFault, isDoubt } from '../../src/config/fault.ts'
import { DAY } from '../../src/core/instant.ts'
import { aPerson, role } from '../support/small-site.ts'

/** Debian's own Python: its packages are not in any other that may stand before it on the path. */
const PYTHON = '/usr/bin/python3'
const PEER = fileURLToPath(new URL('../support/calendar-peer.py', import.meta.url))
const there = spawnSync(PYTHON, ['-c', 'import icalendar, recurring_ical_events']).status === 0

const SEED = 20_261_129
const RUNS = 600
const FROM = Date.parse('2026-09-01T00:00:00Z')
/** A little more than a year: both clock changes, the end of February, a leap day in the series that began in 2024. */
const TO = FROM + 400 * DAY

const pick = <T>(...values: T[]) => fc.constantFrom(...values)
const stamp = (face: number, form: 'day' | 'wall') => {
  const text = new Date(face).toISOString().replace(/[-:]/g, '')
  return form === 'day' ? text.slice(0, 8) : text.slice(0, 15)
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const
const some = <T>(values: readonly T[], most = 3) =>
  fc.subarray([...values], { minLength: 1, maxLength: most }).map((found) => found.join(','))
const part = (name: string, value: fc.Arbitrary<unknown>) =>
  fc.option(value, { nil: undefined, freq: 2 }).map((v) => (v === undefined ? [] : [`${name}=${v}`]))

const rule = fc
  .oneof(
    fc.tuple(
      fc.constant(['FREQ=DAILY']),
      part('BYMONTH', some([1, 2, 3, 6, 10, 12])),
      part('BYDAY', some(WEEKDAYS)),
      part('BYMONTHDAY', some([1, 15, 29, 31, -1, -2])),
    ),
    fc.tuple(
      fc.constant(['FREQ=WEEKLY']),
      part('BYDAY', some(WEEKDAYS)),
      part('WKST', pick('MO', 'SU')),
      part('BYMONTH', some([3, 10, 11])),
    ),
    fc.tuple(
      fc.constant(['FREQ=MONTHLY']),
      part('BYMONTHDAY', some([1, 13, 30, 31, -1, -31])),
      part('BYMONTH', some([2, 3, 10])),
    ),
    fc.tuple(
      fc.constant(['FREQ=MONTHLY']),
      fc.oneof(some(['1MO', '-1FR', '3WE', '5TU', '-5SA']), some(WEEKDAYS)).map((d) => [`BYDAY=${d}`]),
      part('BYSETPOS', pick('1', '-1', '2,-2')),
    ),
    fc.tuple(
      fc.constant(['FREQ=YEARLY']),
      part('BYMONTH', some([2, 3, 10])),
      part('BYMONTHDAY', some([1, 28, 29, 31, -1])),
    ),
    fc.tuple(
      fc.constant(['FREQ=YEARLY']),
      fc
        .oneof(
          some([1, 60, 366, -1]).map((d) => `BYYEARDAY=${d}`),
          some(['9MO', '-1SU', '1FR']).map((d) => `BYDAY=${d}`),
        )
        .map((p) => [p]),
    ),
  )
  .map((parts) => parts.flat())

/**
 * Where the peer is known to err it is not asked: it takes the hours of a DURATION by the clock (clause 3.3.6: time that
 * passes), an UNTIL in UTC by the offset of DTSTART, and only one digit of BYDAY=20MO.
 */
const PAST = 10_800_000

/** One series with some days left out, added, moved or cancelled, each written in one of the ways programs write them. */
const calendar = fc
  .record({
    start: fc.integer({ min: 0, max: 900 }).map((d) => Date.parse('2024-10-01T00:00:00Z') + d * DAY),
    hour: pick(0, 7, 8, 12, 20, 21),
    hours: pick(2, 8, 12, 13, 24),
    form: pick('zone', 'utc', 'day'),
    rule,
    interval: pick(1, 1, 1, 2, 3),
    ends: pick('never', 'count', 'until-utc', 'until-day'),
    count: fc.integer({ min: 1, max: 60 }),
    except: fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 3 }),
    exceptForm: pick('same', 'utc'),
    extra: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 2 }),
    length: pick('end', 'duration'),
    first: pick('kept', 'kept', 'moved', 'cancelled'),
  })
  .map((c) => {
    const face = c.start + (c.form === 'day' ? 0 : c.hour * 3_600_000)
    const days = c.form === 'day'
    const tzid = { zone: ';TZID=Europe/London', utc: '', day: ';VALUE=DATE' }[c.form]
    const z = c.form === 'utc' ? 'Z' : ''
    const write = (at: number) => `${stamp(at, days ? 'day' : 'wall')}${z}`
    const end = days ? face + 2 * DAY : face + c.hours * 3_600_000
    const utcOf = (at: number) => {
      // The instant at which a London clock shows this face, by the zone data of the platform.
      const shown = new Intl.DateTimeFormat('en-GB', {
        timeZone: 'Europe/London',
        hour: 'numeric',
        hourCycle: 'h23',
      })
      const ahead = (Number(shown.format(at)) - new Date(at).getUTCHours() + 24) % 24
      return c.form === 'zone' ? at - ahead * 3_600_000 : at
    }
    const until =
      c.ends === 'until-utc' && !days
        ? [`UNTIL=${stamp(utcOf(face + c.count * 7 * DAY + PAST), 'wall')}Z`]
        : c.ends === 'until-day' || c.ends === 'until-utc'
          ? [
              `UNTIL=${days ? stamp(face + c.count * 7 * DAY, 'day') : `${stamp(utcOf(face + c.count * 7 * DAY + PAST), 'wall')}Z`}`,
            ]
          : []
    const rrule = [
      ...c.rule,
      ...(c.interval > 1 ? [`INTERVAL=${c.interval}`] : []),
      ...(c.ends === 'count' ? [`COUNT=${c.count}`] : until),
    ]
    const except = c.except.map((d) => face + d * DAY)
    const utcExcept = c.exceptForm === 'utc' && c.form === 'zone'
    return [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//peer//EN',
      'BEGIN:VEVENT',
      'UID:a',
      'DTSTAMP:20240101T000000Z',
      `DTSTART${tzid}:${write(face)}`,
      c.length === 'end' || c.form === 'zone'
        ? `DTEND${tzid}:${write(end)}`
        : days
          ? 'DURATION:P2D'
          : `DURATION:PT${c.hours}H`,
      `RRULE:${rrule.join(';')}`,
      ...except.map((at) =>
        utcExcept ? `EXDATE:${stamp(utcOf(at), 'wall')}Z` : `EXDATE${tzid}:${write(at)}`,
      ),
      ...c.extra.map((d) => `RDATE${tzid}:${write(face + d * DAY)}`),
      'SUMMARY:ann',
      'END:VEVENT',
      ...(c.first === 'kept' || c.except.includes(0)
        ? []
        : [
            'BEGIN:VEVENT',
            'UID:a',
            'DTSTAMP:20240101T000000Z',
            `RECURRENCE-ID${tzid}:${write(face)}`,
            `DTSTART${tzid}:${write(face + 2 * DAY)}`,
            `DTEND${tzid}:${write(end + 3 * DAY)}`,
            ...(c.first === 'cancelled' ? ['STATUS:CANCELLED', 'SUMMARY:ann'] : ['SUMMARY:bob']),
            'END:VEVENT',
          ]),
      'END:VCALENDAR',
      '',
    ].join('\r\n')
  })

const people = finderOf([aPerson('ann'), aPerson('bob')])
const short = (at: number) => new Date(at).toISOString().slice(0, 16)
/** Both readers read more than is compared: what touches an edge is not the question. */
const [FIRST, LAST] = [short(FROM + 5 * DAY), short(TO - 5 * DAY)]
type Span = readonly string[]
const compared = (spans: readonly Span[]) =>
  spans.filter(([from = '']) => from >= FIRST && from < LAST).map((span) => span.join(' '))

function ours(text: string): readonly Span[] {
  const faults: ConfigFault[] = []
  const duties = readCalendar('r.ics', text, role('r'), people, 'Europe/London', FROM + 60 * DAY, faults)
  expect(faults.filter((f) => !isDoubt(f))).toEqual([])
  return duties.map(({ duty }) => [short(duty.from), short(duty.to), duty.person]).sort()
}

const peerSaid = z.array(z.array(z.array(z.string())))

test('seeded calendars mean the same to an independent reader, over both clock changes', (ctx) => {
  if (!there) ctx.skip('python3-icalendar and python3-recurring-ical-events are not installed')
  const calendars = fc.sample(calendar, { seed: SEED, numRuns: RUNS })
  const window = [FROM, TO].map((at) => new Date(at).toISOString().slice(0, 19))
  const input = JSON.stringify({ window, calendars })
  const peer = spawnSync(PYTHON, [PEER], { input, maxBuffer: 1 << 28, encoding: 'utf8' })
  expect(peer.stderr).toBe('')
  const theirs = peerSaid.parse(JSON.parse(peer.stdout))
  const differ = calendars.flatMap((text, i) => {
    const [us, them] = [compared(ours(text)), compared(theirs[i] ?? [])]
    const only = (a: readonly string[], b: readonly string[]) => a.filter((span) => !b.includes(span))
    const [more, fewer] = [only(us, them), only(them, us)]
    return more.length + fewer.length === 0 ? [] : [{ text, more, fewer }]
  })
  expect(differ).toEqual([])
})
