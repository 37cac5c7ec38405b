import { describe, expect, test } from 'vitest'
import { buildDirectory } from '../../../src/core/directory/build.ts'
import { parseDay } from '../../../src/core/directory/civil.ts'
import { DAY, MINUTE, parseInstant } from '../../../src/core/instant.ts'
import { aLine, person, role, smallSite } from '../../support/small-site.ts'

const REG = role('reg')
const at = (text: string) => parseInstant(text) ?? Number.NaN
const day = (text: string) => parseDay(text) ?? Number.NaN

/** Names, so that a failure reads well. */
const who = (directory: ReturnType<typeof buildDirectory>, text: string) =>
  directory.holders(REG, at(text)).map((h) => h.person)

describe('a rolling rota', () => {
  test('changes hands at the minute, half-open', () => {
    const directory = buildDirectory(smallSite())
    expect(who(directory, '2026-06-01T07:59:59+01:00')).toEqual(['ben'])
    expect(who(directory, '2026-06-01T08:00:00+01:00')).toEqual(['ada'])
    expect(who(directory, '2026-06-01T19:59:59+01:00')).toEqual(['ada'])
    expect(who(directory, '2026-06-01T20:00:00+01:00')).toEqual(['ben'])
    expect(directory.holders(REG, at('2026-06-01T12:00:00Z'))).toEqual([
      { person: 'ada', role: 'reg', source: 'reg ada day' },
    ])
  })

  test('keeps to its weekdays, weeks of the cycle and dates', () => {
    const directory = buildDirectory(
      smallSite({
        rota: [
          aLine('reg', 'ada', 'day', { days: [1, 2, 3, 4, 5] }),
          aLine('reg', 'ben', 'day', { days: [6, 7], cycle: { week: 1, every: 2 } }),
          aLine('reg', 'cat', 'day', { days: [6, 7], cycle: { week: 2, every: 2 } }),
          aLine('reg', 'dov', 'night', { first: day('2024-01-03'), last: day('2024-01-04') }),
        ],
      }),
    )
    // Week 1 begins on Monday 2024-01-01.
    expect(who(directory, '2024-01-05T12:00:00Z')).toEqual(['ada'])
    expect(who(directory, '2024-01-06T12:00:00Z')).toEqual(['ben'])
    expect(who(directory, '2024-01-13T12:00:00Z')).toEqual(['cat'])
    expect(who(directory, '2024-01-20T12:00:00Z')).toEqual(['ben'])
    expect(who(directory, '2023-12-30T12:00:00Z')).toEqual(['cat'])
    expect(who(directory, '2023-12-23T12:00:00Z')).toEqual(['ben'])
    expect(who(directory, '2024-01-02T22:00:00Z')).toEqual([])
    expect(who(directory, '2024-01-03T22:00:00Z')).toEqual(['dov'])
    expect(who(directory, '2024-01-05T07:59:00Z')).toEqual(['dov'])
    expect(who(directory, '2024-01-05T22:00:00Z')).toEqual([])
  })

  test('nobody holds a role that the rota does not know', () => {
    expect(buildDirectory(smallSite()).holders(role('other'), 0)).toEqual([])
  })

  test('gives duties whole, also where the window cuts them', () => {
    const duties = buildDirectory(smallSite()).duties(
      REG,
      at('2026-01-05T12:00:00Z'),
      at('2026-01-05T21:00:00Z'),
    )
    expect(duties.map((d) => [d.person, d.from, d.to])).toEqual([
      ['ada', at('2026-01-05T08:00:00Z'), at('2026-01-05T20:00:00Z')],
      ['ben', at('2026-01-05T20:00:00Z'), at('2026-01-06T08:00:00Z')],
    ])
  })

  test('fixed duties of a calendar count as the rota does', () => {
    const span = { from: at('2026-01-05T10:00:00Z'), to: at('2026-01-05T11:00:00Z') }
    const directory = buildDirectory(
      smallSite({ rota: [], duties: [{ role: REG, person: person('cat'), ...span, source: 'reg.ics' }] }),
    )
    expect(who(directory, '2026-01-05T10:59:59Z')).toEqual(['cat'])
    expect(who(directory, '2026-01-05T11:00:00Z')).toEqual([])
    expect(directory.duties(REG, span.to, span.to + DAY)).toEqual([])
  })

  test('somebody down twice holds it once', () => {
    const directory = buildDirectory(
      smallSite({ rota: [aLine('reg', 'ada', 'day'), aLine('reg', 'ada', 'day', { source: 'again' })] }),
    )
    expect(who(directory, '2026-01-05T12:00:00Z')).toEqual(['ada'])
  })

  test('a shift that does not exist puts nobody on', () => {
    const directory = buildDirectory(smallSite({ rota: [aLine('reg', 'ada', 'twilight')] }))
    expect(who(directory, '2026-01-05T12:00:00Z')).toEqual([])
  })

  test('asking for many weeks and coming back gives the same answer', () => {
    const directory = buildDirectory(smallSite())
    const first = who(directory, '2026-01-05T12:00:00Z')
    for (let week = 1; week < 30; week++) directory.holders(REG, at('2026-01-05T12:00:00Z') + week * 7 * DAY)
    expect(who(directory, '2026-01-05T12:00:00Z')).toEqual(first)
  })
})

/**
 * Who should be on at a civil clock time, said without any of the code under test: London's wall clock by Intl,
 * 08:00 to 20:00 by day.
 */
const WALL = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  hour: '2-digit',
  hourCycle: 'h23',
})
const expected = (instant: number) => {
  const hour = Number(WALL.format(instant))
  return hour >= 8 && hour < 20 ? 'ada' : 'ben'
}

describe('every minute of the weeks in which the clocks change', () => {
  test.each([
    ['spring', '2026-03-23T00:00:00Z'],
    ['autumn', '2026-10-19T00:00:00Z'],
  ])('%s: exactly one shift holds', (_, start) => {
    const directory = buildDirectory(smallSite())
    const wrong: string[] = []
    const from = at(start)
    for (let instant = from; instant < from + 9 * DAY; instant += MINUTE) {
      const holders = directory.holders(REG, instant).map((h) => h.person)
      if (holders.length !== 1 || holders[0] !== expected(instant)) {
        wrong.push(`${new Date(instant).toISOString()} ${holders.join(' ')}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
