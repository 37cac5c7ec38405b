import { describe, expect, test } from 'vitest'
import { finderOf } from '../../src/config/calendar/people.ts'
import { readCalendar } from '../../src/config/calendar/read.ts'
import type { ConfigFault } from '../../src/config/fault.ts'
import { aPerson, role } from '../support/small-site.ts'

const NOW = Date.parse('2026-11-29T12:00:00Z')
const PEOPLE = finderOf([
  aPerson('ann', { name: 'Ann Archer' }),
  aPerson('bob', { name: 'Bob Baker' }),
  aPerson('cat', { name: 'Bob Baker' }),
])

const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:u', ...lines, 'END:VEVENT']
const DAY_SHIFT = ['DTSTART;TZID=Europe/London:20261130T080000', 'DTEND;TZID=Europe/London:20261130T200000']
const SUMMER = ['DTSTART;TZID=Europe/London:20270601T080000', 'DTEND;TZID=Europe/London:20270601T200000']

/** Duties in the weeks that the cases are about, `ann 30 Nov 08:00–20:00` in UTC, and what was said with its line. */
function read(lines: readonly string[], now = NOW) {
  const faults: ConfigFault[] = []
  const text = ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n')
  const found = readCalendar('sho.ics', text, role('sho'), PEOPLE, 'Europe/London', now, faults)
  const short = (at: number) => new Date(at).toISOString().slice(5, 16)
  return {
    duties: found.map(({ duty }) => `${duty.person} ${short(duty.from)}/${short(duty.to)}`),
    said: faults.map((f) => `${f.path.split(':')[1]} ${f.code}: ${f.detail?.replace('event u: ', '')}`),
  }
}

describe('what is cancelled is nobody’s', () => {
  test('a whole event, and with it the others stand', () => {
    const found = read([
      ...event(...DAY_SHIFT, 'SUMMARY:ann', 'STATUS:CANCELLED'),
      ...event('UID:v', ...DAY_SHIFT, 'SUMMARY:bob', 'STATUS:CONFIRMED').filter((l) => l !== 'UID:u'),
    ])
    expect(found).toEqual({ duties: ['bob 11-30T08:00/11-30T20:00'], said: [] })
  })

  test('one occurrence of a series', () => {
    const found = read([
      ...event(...DAY_SHIFT, 'RRULE:FREQ=DAILY;COUNT=3', 'SUMMARY:ann'),
      ...event(
        'RECURRENCE-ID:20261201T080000Z',
        'DTSTART:20261201T080000Z',
        'DURATION:PT12H',
        'STATUS:CANCELLED',
      ),
    ])
    expect(found).toEqual({
      duties: ['ann 11-30T08:00/11-30T20:00', 'ann 12-02T08:00/12-02T20:00'],
      said: [],
    })
  })

  test('a file that cancels is no rota', () => {
    expect(read(['METHOD:CANCEL', ...event(...DAY_SHIFT, 'SUMMARY:ann')]).said).toEqual([
      '1 calendar-broken: the whole file cancels events (METHOD:CANCEL)',
    ])
  })
})

describe('exceptions are found however they are written', () => {
  const all = (except: string) =>
    read(
      event(...SUMMER, 'RRULE:FREQ=DAILY;COUNT=3', except, 'SUMMARY:ann'),
      Date.parse('2027-05-20T00:00:00Z'),
    )
  test.each([
    'EXDATE:20270602T070000Z',
    'EXDATE;TZID=Europe/London:20270602T080000',
    'EXDATE;TZID=GMT Standard Time:20270602T080000',
    'EXDATE:20270602T080000',
    'EXDATE;VALUE=DATE:20270602',
    'EXDATE:20270602',
    'EXDATE:20270701,20270602T070000Z',
  ])('%s', (except) => {
    expect(all(except).duties).toEqual(['ann 06-01T07:00/06-01T19:00', 'ann 06-03T07:00/06-03T19:00'])
  })

  test('one that leaves out nothing is said: it was meant for some day', () => {
    expect(all('EXDATE:20270602T080000Z')).toMatchObject({
      duties: [expect.anything(), expect.anything(), expect.anything()],
      said: ['3 calendar-doubtful: EXDATE leaves out an occurrence that it does not have'],
    })
  })

  test.each([
    'RECURRENCE-ID:20270602T070000Z',
    'RECURRENCE-ID;TZID=Europe/London:20270602T080000',
    'RECURRENCE-ID;VALUE=DATE:20270602',
    'RECURRENCE-ID:20270602T080000',
  ])('%s gives that day to somebody else', (id) => {
    const found = read(
      [
        ...event(...SUMMER, 'RRULE:FREQ=DAILY;COUNT=3', 'SUMMARY:ann'),
        ...event(
          id,
          'DTSTART:20270602T100000Z',
          'DURATION:PT2H',
          'SUMMARY:bob',
          'ATTENDEE:mailto:bob@t.example',
        ),
      ],
      Date.parse('2027-05-20T00:00:00Z'),
    )
    expect(found.said).toEqual([])
    expect(found.duties[1]).toBe('bob 06-02T10:00/06-02T12:00')
    expect(found.duties).toHaveLength(3)
  })

  test('this and all that follow', () => {
    const found = read([
      ...event(...DAY_SHIFT, 'RRULE:FREQ=DAILY;COUNT=4', 'SUMMARY:ann'),
      ...event(
        'RECURRENCE-ID;RANGE=THISANDFUTURE:20261202T080000Z',
        'DTSTART:20261202T090000Z',
        'DURATION:PT1H',
        'SUMMARY:bob',
      ).map((l) => l.replace('SUMMARY:bob', 'ATTENDEE:MAILTO:bob@t.example')),
    ])
    expect(found.duties.slice(2)).toEqual(['bob 12-02T09:00/12-02T10:00', 'bob 12-03T09:00/12-03T10:00'])
  })

  test.each([
    ['in UTC', ':20270602T070000Z', ':20270602T080000Z', ':20270602T100000Z'],
    [
      'in the zone of the series',
      ';TZID=Europe/London:20270602T080000',
      ';TZID=Europe/London:20270602T090000',
      ';TZID=Europe/London:20270602T110000',
    ],
    ['in both', ';TZID=Europe/London:20270602T080000', ':20270602T080000Z', ':20270602T100000Z'],
    [
      'in a third',
      ';TZID=Europe/Paris:20270602T090000',
      ';TZID=Europe/Paris:20270602T100000',
      ';TZID=Europe/Paris:20270602T120000',
    ],
  ])(
    'this and all that follow in summer, written %s, are moved by the clock of the series',
    (_, of, from, to) => {
      const found = read(
        [
          ...event(
            'DTSTART;TZID=Europe/London:20270601T080000',
            'DTEND;TZID=Europe/London:20270601T160000',
            'RRULE:FREQ=DAILY;COUNT=3',
            'SUMMARY:ann',
          ),
          ...event(
            `RECURRENCE-ID;RANGE=THISANDFUTURE${of}`,
            `DTSTART${from}`,
            `DTEND${to}`,
            'SUMMARY:bob',
            'ATTENDEE:mailto:bob@t.example',
          ),
        ],
        Date.parse('2027-05-20T00:00:00Z'),
      )
      expect(found).toEqual({
        duties: ['ann 06-01T07:00/06-01T15:00', 'bob 06-02T08:00/06-02T10:00', 'bob 06-03T08:00/06-03T10:00'],
        said: [],
      })
    },
  )

  test('an end beside a length is a fault, and a rule that ends before it begins is said', () => {
    const twice = read(event(...DAY_SHIFT, 'DURATION:PT1H', 'SUMMARY:ann'))
    expect([twice.duties, twice.said]).toEqual([[], [expect.stringContaining('DURATION')]])
    const over = read(event(...DAY_SHIFT, 'RRULE:FREQ=DAILY;UNTIL=20261101T080000Z', 'SUMMARY:ann'))
    expect([over.duties.length, over.said]).toEqual([1, [expect.stringContaining('UNTIL')]])
  })

  test('a move of an occurrence that is not there still counts, and is said', () => {
    const moved = event(
      'RECURRENCE-ID:20261205T080000Z',
      'DTSTART:20261205T090000Z',
      'DURATION:PT1H',
      'SUMMARY:ann',
    )
    const found = read([...event(...DAY_SHIFT, 'RRULE:FREQ=DAILY;COUNT=2', 'SUMMARY:ann'), ...moved])
    expect(found.duties.at(-1)).toBe('ann 12-05T09:00/12-05T10:00')
    expect(found.said).toHaveLength(1)
    expect(read(moved)).toEqual({ duties: ['ann 12-05T09:00/12-05T10:00'], said: [] })
  })

  test('the newest version of an event holds, in whatever order they stand', () => {
    const old = event(...DAY_SHIFT, 'SEQUENCE:1', 'SUMMARY:ann')
    const fresh = event(...DAY_SHIFT, 'SEQUENCE:2', 'SUMMARY:bob').map((l) =>
      l.replace('SUMMARY:bob', 'ATTENDEE:mailto:bob@x'),
    )
    for (const both of [
      [...old, ...fresh],
      [...fresh, ...old],
    ])
      expect(read(both).duties).toEqual(['bob 11-30T08:00/11-30T20:00'])
  })
})

describe('dates', () => {
  test('UNTIL as a day is the whole of it, in UTC the instant', () => {
    const until = (u: string) =>
      read(event(...SUMMER, `RRULE:FREQ=DAILY;UNTIL=${u}`, 'SUMMARY:ann'), Date.parse('2027-05-20T00:00:00Z'))
        .duties.length
    expect(until('20270603')).toBe(3)
    expect(until('20270603T070000Z')).toBe(3)
    expect(until('20270603T065959Z')).toBe(2)
    expect(until('20270603T080000')).toBe(3)
  })

  test('RDATE alone, and as a period with an end or a length', () => {
    const found = read(
      event(
        ...DAY_SHIFT,
        'RDATE;TZID=Europe/London:20261202T080000',
        'RDATE;VALUE=PERIOD:20261203T080000Z/PT2H,20261204T080000Z/20261204T093000Z',
        'SUMMARY:ann',
      ),
    )
    expect(found).toEqual({
      duties: [
        'ann 11-30T08:00/11-30T20:00',
        'ann 12-02T08:00/12-02T20:00',
        'ann 12-03T08:00/12-03T10:00',
        'ann 12-04T08:00/12-04T09:30',
      ],
      said: [],
    })
  })

  test('a beginning that the rule does not have is a duty, and is said', () => {
    const found = read(event(...DAY_SHIFT, 'RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=1', 'SUMMARY:ann'))
    expect(found.duties).toEqual(['ann 11-30T08:00/11-30T20:00', 'ann 12-03T08:00/12-03T20:00'])
    expect(found.said).toHaveLength(1)
  })

  test('whole days: one without an end, several with one', () => {
    expect(read(event('DTSTART;VALUE=DATE:20261130', 'SUMMARY:ann')).duties).toEqual([
      'ann 11-30T00:00/12-01T00:00',
    ])
    expect(
      read(event('DTSTART;VALUE=DATE:20261130', 'DTEND;VALUE=DATE:20261202', 'SUMMARY:ann')).duties,
    ).toEqual(['ann 11-30T00:00/12-02T00:00'])
  })

  test('of a series begun long ago every day that matters is read', () => {
    for (const rule of ['FREQ=DAILY', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE', 'FREQ=MONTHLY;BYMONTHDAY=-1']) {
      const found = read(event('DTSTART:19700105T080000Z', 'DURATION:PT12H', `RRULE:${rule}`, 'SUMMARY:ann'))
      expect(found.duties.length).toBeGreaterThan(10)
      expect(found.duties.length).toBeLessThan(470)
    }
  })

  test('a night keeps its hours by the clock over both changes', () => {
    const nights = (from: string, now: string) =>
      read(
        event(
          `DTSTART;TZID=Europe/London:${from}T200000`,
          `DTEND;TZID=Europe/London:${Number(from) + 1}T080000`,
          'RRULE:FREQ=DAILY;COUNT=3',
          'SUMMARY:ann',
        ),
        Date.parse(now),
      ).duties
    expect(nights('20270326', '2027-03-20T00:00:00Z')).toEqual([
      'ann 03-26T20:00/03-27T08:00',
      'ann 03-27T20:00/03-28T07:00',
      'ann 03-28T19:00/03-29T07:00',
    ])
    expect(nights('20261023', '2026-10-20T00:00:00Z')).toEqual([
      'ann 10-23T19:00/10-24T07:00',
      'ann 10-24T19:00/10-25T08:00',
      'ann 10-25T20:00/10-26T08:00',
    ])
  })
})

describe('zones', () => {
  const inZone = (tzid: string, ...blocks: string[]) =>
    read([...blocks, ...event(`DTSTART;TZID=${tzid}:20261130T080000`, 'DURATION:PT1H', 'SUMMARY:ann')])
  const block = (tzid: string, ...more: string[]) => [
    ...['BEGIN:VTIMEZONE', `TZID:${tzid}`, ...more],
    ...['BEGIN:STANDARD', 'DTSTART:16010101T020000', 'TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100'],
    ...['RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10', 'END:STANDARD'],
    ...['BEGIN:DAYLIGHT', 'DTSTART:16010101T010000', 'TZOFFSETFROM:+0100', 'TZOFFSETTO:+0200'],
    ...['RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3', 'END:DAYLIGHT', 'END:VTIMEZONE'],
  ]

  test.each([
    ['Europe/London', '08:00'],
    ['GMT Standard Time', '08:00'],
    ['W. Europe Standard Time', '07:00'],
    ['Romance Standard Time', '07:00'],
    ['Eastern Standard Time', '13:00'],
    ['/freeassociation.sourceforge.net/Europe/Berlin', '07:00'],
    ['/mozilla.org/20050126_1/Europe/London', '08:00'],
    ['"GMT Standard Time"', '08:00'],
    ['GMT Standard Time 1', '08:00'],
    ['"(UTC+00:00) Dublin, Edinburgh, Lisbon, London"', '08:00'],
    ['"(UTC) Dublin, Edinburgh, Lisbon, London"', '08:00'],
    ['"(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London"', '08:00'],
    ['"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', '07:00'],
    ['"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris"', '07:00'],
    ['"(GMT+01:00) Sarajevo, Skopje, Warsaw, Zagreb"', '07:00'],
    ['"(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius"', '06:00'],
    ['"(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi"', '02:30'],
    ['"(UTC-05:00) Eastern Time (US & Canada)"', '13:00'],
    ['(UTC) Coordinated Universal Time', '08:00'],
    ['"tzone://Microsoft/Utc"', '08:00'],
  ])('%s needs no block', (tzid, hour) => {
    expect(inZone(tzid).duties.map((d) => d.slice(4, 15))).toEqual([`11-30T${hour}`])
  })

  test('names that Windows shows go by the summer time of their cities', () => {
    const summer = event(
      'DTSTART;TZID="(UTC+00:00) Dublin, Edinburgh, Lisbon, London":20270715T080000',
      ...['DURATION:PT1H', 'SUMMARY:ann'],
    )
    expect(read(summer, Date.parse('2027-01-01T00:00:00Z')).duties).toEqual(['ann 07-15T07:00/07-15T08:00'])
  })

  test.each([
    '"(UTC+05:00) Dublin, London"',
    '"(UTC+00:00) Camelot, Atlantis"',
    'Customized Time Zone',
    '"tzone://Microsoft/Custom"',
  ])('%s without a block is not known, and said so', (tzid) => {
    const found = inZone(tzid)
    expect(found.duties).toEqual([])
    expect(found.said.join()).toContain('its time zone is not known')
  })

  test.each(['Customized Time Zone', 'tzone://Microsoft/Custom', '(UTC+05:00) Dublin, London'])(
    'a customised name, %s, goes by its block',
    (tzid) => {
      const found = read([
        ...block(tzid),
        ...event(`DTSTART;TZID="${tzid}":20261130T080000`, 'DURATION:PT1H', 'SUMMARY:ann'),
      ])
      expect(found.duties.map((d) => d.slice(4, 15))).toEqual(['11-30T07:00'])
    },
  )

  test('any other name by its block, in winter and in summer', () => {
    const at = (day: string) =>
      read(
        [
          ...block('Our own zone'),
          ...event(`DTSTART;TZID=Our own zone:${day}T080000`, 'DURATION:PT1H', 'SUMMARY:ann'),
        ],
        Date.parse('2027-01-01T00:00:00Z'),
      ).duties
    expect(at('20270115')).toEqual(['ann 01-15T07:00/01-15T08:00'])
    expect(at('20270715')).toEqual(['ann 07-15T06:00/07-15T07:00'])
    expect(inZone('Mine', ...block('Mine', 'X-LIC-LOCATION:Europe/London')).duties).toEqual([
      'ann 11-30T08:00/11-30T09:00',
    ])
  })

  test('a stale block cannot shift a zone that has a name', () => {
    expect(inZone('Europe/London', ...block('Europe/London')).duties).toEqual(['ann 11-30T08:00/11-30T09:00'])
  })

  test('a name that nobody knows, without a block, is a fault', () => {
    expect(inZone('Mars').said).toEqual(['3 calendar-broken: its time zone is not known: Mars'])
  })
})

describe('people', () => {
  const who = (...lines: string[]) => {
    const { duties, said } = read(event(...DAY_SHIFT, ...lines))
    return [duties.map((d) => d.split(' ')[0]).join(' '), ...said.map((s) => s.replace(/^\d+ /, ''))]
  }
  test('every attendee does it; rooms, those told and those who declined do not', () => {
    expect(who('ATTENDEE;CN=Ann:mailto:ann@t.example', 'ATTENDEE:MAILTO:Bob@t.example')).toEqual(['ann bob'])
    expect(who('ATTENDEE:mailto:ann@t', 'ATTENDEE;CUTYPE=ROOM:mailto:seminar@t')).toEqual(['ann'])
    expect(who('ATTENDEE;CUTYPE=RESOURCE:mailto:bleep@t', 'SUMMARY:Ann Archer')).toEqual(['ann'])
    expect(who('ATTENDEE;ROLE=NON-PARTICIPANT:mailto:bob@t', 'SUMMARY:ann')).toEqual(['ann'])
    expect(who('ATTENDEE;CN="Ann Archer":mailto:aa@t')).toEqual(['ann'])
    expect(who('ATTENDEE:mailto:ann@t', 'ATTENDEE;PARTSTAT=DECLINED:mailto:bob@t')).toEqual([
      'ann',
      'calendar-doubtful: one of its attendees has declined and was left out',
    ])
    expect(who('ATTENDEE:mailto:ann@t', 'ATTENDEE:mailto:rota-office@t')).toEqual([
      'ann',
      'calendar-doubtful: one of its attendees is not known and was left out',
    ])
  })
  test('nobody is a fault, and so is a name that two have', () => {
    expect(who('ATTENDEE;PARTSTAT=DECLINED:mailto:bob@t', 'SUMMARY:ann')).toEqual([
      '',
      'calendar-broken: everybody has declined it',
    ])
    expect(who('SUMMARY:Bob Baker')).toEqual(['', 'calendar-broken: its person is not known'])
  })
})

describe('what cannot be read is a fault with its line, never passed over', () => {
  test.each([
    ['RRULE:INTERVAL=2', 'RRULE needs FREQ: DAILY, WEEKLY, MONTHLY or YEARLY'],
    ['RRULE:FREQ=HOURLY', 'RRULE needs FREQ: DAILY, WEEKLY, MONTHLY or YEARLY'],
    ['RRULE:FREQ=DAILY;UNTIL=garbage', 'UNTIL is no date or time: GARBAGE'],
    ['RRULE:FREQ=DAILY;UNTIL=20261301', 'UNTIL is no date or time: 20261301'],
    ['RRULE:FREQ=DAILY;INTERVAL=0', 'RRULE has INTERVAL=0'],
    ['RRULE:FREQ=DAILY;COUNT=0', 'RRULE has COUNT=0'],
    ['RRULE:FREQ=DAILY;COUNT=2;UNTIL=20261201', 'RRULE has both COUNT and UNTIL'],
    ['RRULE:FREQ=DAILY;FREQ=DAILY', 'RRULE has FREQ twice'],
    ['RRULE:FREQ=DAILY;BYDAY=XX', 'RRULE names a day of the week that does not exist'],
    ['RRULE:FREQ=WEEKLY;BYDAY=1MO', 'RRULE counts weekdays of a WEEKLY rule'],
    ['RRULE:FREQ=YEARLY;BYWEEKNO=20', 'RRULE has BYWEEKNO, which is not followed here'],
    ['RRULE:FREQ=DAILY;BYMONTH=13', 'RRULE has BYMONTH=13'],
    ['RRULE:FREQ', 'RRULE cannot be read at “FREQ”'],
    ['EXRULE:FREQ=DAILY', 'EXRULE is not followed here'],
    ['EXDATE:tomorrow', 'EXDATE is no date or time: tomorrow'],
    [
      'RDATE;VALUE=PERIOD:20261201T080000Z/20261201T080000Z',
      'RDATE has a period without an end: 20261201T080000Z/20261201T080000Z',
    ],
    ['RECURRENCE-ID;RANGE=THISANDPRIOR:20261130T080000Z', 'RECURRENCE-ID has RANGE=THISANDPRIOR'],
  ])('%s', (line, detail) => {
    expect(read(event(...DAY_SHIFT, line, 'SUMMARY:ann'))).toEqual({
      duties: [],
      said: [`3 calendar-broken: ${detail}`],
    })
  })

  test('a file that ends half-way, a line that is none, an END without BEGIN', () => {
    const said = (text: string) => {
      const faults: ConfigFault[] = []
      readCalendar('sho.ics', text, role('sho'), PEOPLE, 'Europe/London', NOW, faults)
      return faults.map((f) => f.path)
    }
    expect(said('BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\n')).toEqual(['sho.ics:2'])
    expect(said('BEGIN:VCALENDAR\nno line\nEND:VCALENDAR\n')).toEqual(['sho.ics:2'])
    expect(said('END:VCALENDAR\n')).toEqual(['sho.ics:1'])
    expect(said('')).toEqual(['sho.ics:1'])
  })
})
