import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { finderOf } from '../../src/config/calendar/people.ts'
import { readCalendar } from '../../src/config/calendar/read.ts'
import { type ConfigFault, printConfigFault } from '../../src/config/fault.ts'
import { parseProfile } from '../../src/config/profile.ts'
import { loadWhole } from '../../src/config/whole.ts'
import { siteFolder } from '../support/site-folder.ts'
import { aPerson, role } from '../support/small-site.ts'

const SEED = 20_261_129
const NOW = Date.parse('2026-11-29T12:00:00Z')
const site = siteFolder({
  'policies.yaml':
    "fallback: role:reg\npolicies:\n  - id: p\n    class: urgent\n    steps:\n      - { afterMs: 0, ask: ['role:sho'], switchboard: act }\n",
  'rules.yaml':
    "rules:\n  - { id: r, class: urgent, kind: met, when: { text: 'MET( CALL)?', number: '2222' } }\n",
  'changes.csv': 'kind,role,person,with,from,to\nleave,,bob,,2026-12-01 00:00,2026-12-08 00:00\n',
  'extensions.csv': 'extension,place\n4421,Ward 1\n',
  'rota/locum.ics': [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'UID:a',
    'DTSTART;TZID=Europe/London:20261130T080000',
    'DTEND;TZID=Europe/London:20261130T200000',
    'RRULE:FREQ=WEEKLY;BYDAY=MO,TU;UNTIL=20270301',
    'EXDATE:20261207T080000Z',
    'ATTENDEE:mailto:ann@t.example',
    'SUMMARY:ann',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n'),
})
afterAll(() => site.remove())

const FILES = [
  ...[
    'site.yaml',
    'people.csv',
    'roles.csv',
    'teams.csv',
    'numbers.csv',
    'shifts.csv',
    'rota.csv',
    'changes.csv',
  ],
  ...['extensions.csv', 'policies.yaml', 'rules.yaml', 'rota/locum.ics', '../bridge.yaml'],
]

/** Pieces that libraries of these forms have been seen to stumble over. */
const nasty = fc.oneof(
  fc.constantFrom(
    ...[
      '*x',
      '&a',
      '<<: *a',
      '!!binary x',
      '? a',
      '- ',
      '{',
      '[',
      '"',
      "'",
      '|',
      '>',
      '%YAML 9',
      '---',
      '...',
      '\t',
      '\0',
      '\u2028',
    ],
    ...[
      '#REF!',
      '1E+05',
      ',,,',
      ';',
      '“',
      '\r',
      '\n',
      '\n ',
      '\uFEFF',
      '__proto__',
      'constructor',
      '99999999999999999999',
      '-1',
      'NaN',
    ],
    ...[
      'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
      'RRULE:FREQ=SECONDLY',
      'FREQ=YEARLY',
      'COUNT=9999',
      'EXDATE:',
      'RDATE;VALUE=PERIOD:/',
    ],
    ...[
      'BEGIN:VEVENT',
      'END:VEVENT',
      'DTSTART:00000000T000000',
      'DTSTART:99991231T235959Z',
      'TZID=BST',
      'DURATION:P',
      'P9999W',
      'T999999',
    ],
    ...['role:', 'person:x', '(?=', '(a+)+$', '$&', '../..', '2026-02-30', '24:00', '0/0', '9/9'],
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
)
const slip = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.integer({ min: 0, max: 30 }),
  put: nasty,
})

function spoilt(text: string, slips: readonly { at: number; cut: number; put: string }[]): string {
  return slips.reduce((now, { at, cut, put }) => {
    const from = Math.floor(at * now.length)
    return now.slice(0, from) + put + now.slice(from + cut)
  }, text)
}

test('no content of any file makes reading throw, and every fault can be printed on one line', () => {
  const sound = new Map(FILES.map((file) => [file, readFileSync(join(site.folder, file), 'utf8')]))
  const files = fc.array(
    fc.tuple(fc.constantFrom(...FILES), fc.array(slip, { minLength: 1, maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  fc.assert(
    fc.property(files, (broken) => {
      for (const [file, slips] of broken) site.write(file, spoilt(sound.get(file) ?? '', slips))
      const whole = loadWhole(site.config, NOW)
      for (const [file] of broken) site.write(file, sound.get(file) ?? '')
      const said = whole.ok ? whole.value.doubts : whole.fault
      // The net below the readers is for what nobody foresaw; nothing seen here may need it.
      for (const fault of said) expect(fault.detail ?? '').not.toMatch(/\n\s+at /)
      for (const fault of said) expect(printConfigFault(fault)).toMatch(/^[^\n\r\0]+$/)
      expect(whole.ok || whole.fault.length > 0).toBe(true)
    }),
    { seed: SEED, numRuns: 400 },
  )
})

test('bytes instead of text neither', () => {
  fc.assert(
    fc.property(fc.constantFrom(...FILES), fc.uint8Array({ maxLength: 400 }), (file, bytes) => {
      const sound = readFileSync(join(site.folder, file))
      site.write(file, bytes)
      expect(() => loadWhole(site.config, NOW)).not.toThrow()
      site.write(file, sound)
    }),
    { seed: SEED, numRuns: 200 },
  )
})

test('calendars of random properties give duties that end after they begin, or a fault with a line', () => {
  const zone = fc.constantFrom(
    '',
    ';TZID=Europe/London',
    ';TZID=GMT Standard Time',
    ';TZID=Nowhere',
    ';VALUE=DATE',
    ';VALUE=PERIOD',
  )
  const day = fc.integer({ min: 1, max: 30 }).map((d) => `202612${String(d).padStart(2, '0')}`)
  const value = fc.oneof(
    day,
    fc.tuple(day, fc.constantFrom('T080000', 'T080000Z', 'T256100', 'T08')).map((v) => v.join('')),
    nasty,
  )
  const part = fc.constantFrom(
    'FREQ=DAILY',
    'FREQ=WEEKLY',
    'FREQ=MONTHLY',
    'FREQ=YEARLY',
    'COUNT=3',
    'UNTIL=20261220',
    'INTERVAL=2',
    'BYDAY=-1FR',
    'BYDAY=MO',
    'BYMONTHDAY=31',
    'BYSETPOS=-1',
    'BYMONTH=2,12',
    'BYYEARDAY=-1',
    'BYHOUR=8,20',
    'WKST=SU',
  )
  const line = fc.oneof(
    fc
      .tuple(fc.constantFrom('DTSTART', 'DTEND', 'EXDATE', 'RDATE', 'RECURRENCE-ID'), zone, value)
      .map(([n, z, v]) => `${n}${z}:${v}`),
    fc.array(part, { minLength: 1, maxLength: 4 }).map((p) => `RRULE:${p.join(';')}`),
    fc.constantFrom(
      'DURATION:PT8H',
      'DURATION:P1D',
      'STATUS:CANCELLED',
      'SEQUENCE:2',
      'SUMMARY:ann',
      'ATTENDEE:mailto:ann@x',
    ),
    nasty,
  )
  const event = fc
    .array(line, { minLength: 2, maxLength: 8 })
    .map((l) => ['BEGIN:VEVENT', 'UID:u', 'SUMMARY:ann', ...l, 'END:VEVENT'])
  const people = finderOf([aPerson('ann')])
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 4 }), (events) => {
      const faults: ConfigFault[] = []
      const text = ['BEGIN:VCALENDAR', ...events.flat(), 'END:VCALENDAR'].join('\n')
      const found = readCalendar('r.ics', text, role('r'), people, 'Europe/London', NOW, faults)
      for (const { duty } of found) expect(duty.to).toBeGreaterThan(duty.from)
      for (const fault of faults) expect(fault.path).toMatch(/^r\.ics:\d+$/)
    }),
    { seed: SEED, numRuns: 3000 },
  )
})

test('a profile of any text is read or refused', () => {
  const sound = readFileSync('hardware/profiles/espa444-slave.yaml', 'utf8')
  fc.assert(
    fc.property(fc.array(slip, { minLength: 1, maxLength: 3 }), (slips) => {
      expect(() => parseProfile(spoilt(sound, slips))).not.toThrow()
    }),
    { seed: SEED, numRuns: 300 },
  )
})
