import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { printConfigFault } from '../../src/config/fault.ts'
import { readClock, readDate, readMoment } from '../../src/config/imports/moment.ts'
import { loadSite } from '../../src/config/site.ts'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { printDay } from '../../src/core/directory/civil.ts'
import { parseInstant } from '../../src/core/instant.ts'
import { removeFolder } from '../support/folders.ts'
import { role } from '../support/small-site.ts'

const NOW = parseInstant('2026-11-30T12:00:00Z') ?? 0
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imports-'))
  cpSync('config/sites/demo', folder, { recursive: true })
  mkdirSync(join(folder, 'imports'))
})
afterEach(() => removeFolder(folder))

const lay = (name: string, text: string) => writeFileSync(join(folder, name), text)
const site = () => {
  const read = loadSite(folder, NOW)
  if (!read.ok) throw new Error(read.faults.map(printConfigFault).join('\n'))
  return read
}
const faults = () => {
  const read = loadSite(folder, NOW)
  return (read.ok ? read.doubts : read.faults).map(
    (f) => `${f.path.replace(`${folder}/`, '')} ${f.code} ${f.value ?? f.detail ?? ''}`,
  )
}

/** Electronic Staff Record: people by assignment, with those who have left. */
const ESR = `Employee Number,Title,First Name,Last Name,Staff Group,Assignment Status,Work Mobile
20011223,Dr,Olwen,Prosser,Medical and Dental,Active Assignment,07700 900777
20011223,Dr,Olwen,Prosser,Medical and Dental,Active Assignment,07700 900777
20011224,Mr,Tariq,Blackwood,Nursing and Midwifery Registered,Terminate Assignment,
20011225,Ms,Sara,Finch,Administrative and Clerical,Active Assignment,
p001,Dr,Somebody,Else,Medical and Dental,Active Assignment,
`
const ESR_MAP = `people:
  - file: esr.csv
    columns:
      id: Employee Number
      name: [First Name, Last Name]
      staffGroup: Staff Group
      phone: Work Mobile
      status: Assignment Status
    staffGroups: { Medical and Dental: doctor, Nursing and Midwifery Registered: nurse }
    left: [Terminate Assignment]
`
/** HealthRoster: a line of title, semicolons, a day and two times. */
const HEALTHROSTER = `Roster: Medicine on call;;;;;
Staff Number;Name;Duty Date;Shift;Start;End
20011223;Prosser, Olwen;01/12/2026;Med Reg Long Day;07:30;20:00
p002;Lindqvist, Hamish;01-Dec-2026;Med Reg Night;20:00;0730
20011223;Prosser, Olwen;02/12/2026;Annual Leave;00:00;24:00
p003;Whitlock, Olumide;02/12/2026;Clinic;09:00;13:00
`
/** Optima: day and time in one cell, by ISO or by the day first. */
const OPTIMA = `Employee,Post,Shift Start,Shift End,State\r
Aisha Ashdown,Outreach nurse,2026-12-01 07:30,2026-12-01 20:00,Worked\r
Aisha Ashdown,Outreach nurse,2026-12-02 07:30,2026-12-02 20:00,Sickness\r
`
const CALENDAR = ['BEGIN:VCALENDAR', 'VERSION:2.0']
  .concat('BEGIN:VEVENT', 'UID:a', 'DTSTART;TZID=Europe/London:20261203T080000')
  .concat('DTEND;TZID=Europe/London:20261203T200000', 'SUMMARY:On-call matron: Aisha Ashdown', 'END:VEVENT')
  .concat('BEGIN:VEVENT', 'UID:b', 'DTSTART;TZID=Europe/London:20261203T080000')
  .concat(
    'DTEND;TZID=Europe/London:20261203T200000',
    'SUMMARY:Team meeting',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  )
  .join('\r\n')
const DUTIES_MAP = `duties:
  - file: healthroster.csv
    headingLine: 2
    columns: { person: Staff Number, role: Shift, date: Duty Date, from: Start, to: End }
    roles: { Med Reg Long Day: med-reg, Med Reg Night: med-reg }
    leaveOut: [Annual Leave]
  - file: optima.csv
    columns: { person: Employee, role: Post, from: Shift Start, to: Shift End, status: State }
    dates: year-first
    roles: { Outreach nurse: outreach }
    leaveOut: [Sickness]
calendars:
  - file: oncall.ics
    roles: { On-call matron: site-matron }
`

describe('exports of other systems by maps', () => {
  beforeEach(() => {
    lay('imports/esr.csv', ESR)
    lay('imports/healthroster.csv', HEALTHROSTER)
    lay('imports/optima.csv', OPTIMA)
    lay('imports/oncall.ics', CALENDAR)
    lay('imports.yaml', ESR_MAP + DUTIES_MAP)
  })

  test('people of ESR stand beside those of the site, whose own table counts first', () => {
    const people = new Map(site().site.people.map((p) => [p.id as string, p]))
    expect(people.get('20011223')).toEqual({
      ...{ id: '20011223', name: 'Olwen Prosser', staffGroup: 'doctor', active: true },
      phone: '07700 900777',
    })
    expect(people.get('20011224')).toMatchObject({ staffGroup: 'nurse', active: false })
    expect(people.has('20011225')).toBe(false)
    expect(people.get('p001')?.name).toBe('Aisha Ashdown')
  })

  test('without a table of its own a site lives on the export alone', () => {
    rmSync(join(folder, 'people.csv'))
    const said = faults()
    expect(said.some((line) => line.startsWith('people.csv file-missing'))).toBe(false)
    expect(said.some((line) => line.includes('config-unresolved'))).toBe(true)
  })

  test('duties of HealthRoster, Optima and a calendar of several roles, by the clocks of the site', () => {
    const found = site().site.duties.filter(({ source }) => !source.startsWith('pharmacist'))
    const short = (at: number) => new Date(at).toISOString().slice(5, 16)
    expect(found.map((d) => `${d.role} ${d.person} ${short(d.from)}/${short(d.to)} ${d.source}`)).toEqual([
      'med-reg 20011223 12-01T07:30/12-01T20:00 healthroster.csv:3',
      'med-reg p002 12-01T20:00/12-02T07:30 healthroster.csv:4',
      'outreach p001 12-01T07:30/12-01T20:00 optima.csv:2',
      'site-matron p001 12-03T08:00/12-03T20:00 site-matron.ics:a',
    ])
    const holders = buildDirectory(site().site).holders(
      role('site-matron'),
      parseInstant('2026-12-03T09:00:00Z') ?? 0,
    )
    expect(holders.map(({ person }) => person)).toContain('p001')
  })

  test('a duty that no map knows is left out and told once; leave and sickness are meant', () => {
    expect(faults().filter((line) => line.includes('imports/'))).toEqual([
      'imports/healthroster.csv config-doubtful Clinic',
    ])
  })

  test('what cannot be is told with its line, and nothing of it is guessed', () => {
    lay('imports/healthroster.csv', HEALTHROSTER.replace('p002', 'p9').replace('01/12/2026', '31/11/2026'))
    const said = faults().filter((line) => line.includes('value-wrong'))
    expect(said).toEqual([
      'imports/healthroster.csv:3 value-wrong 31/11/2026 07:30 20:00',
      'imports/healthroster.csv:4 value-wrong p9',
    ])
  })

  test('a column that is gone, a file that is gone, a path out of the folder', () => {
    lay('imports/optima.csv', OPTIMA.replace('Shift End', 'Finish'))
    rmSync(join(folder, 'imports/oncall.ics'))
    const said = faults().join('\n')
    expect(said).toContain('imports/optima.csv:1 csv-column-missing Shift End')
    expect(said).toContain('imports/oncall.ics file-missing')
    lay('imports.yaml', ESR_MAP.replace('file: esr.csv', 'file: ../../etc/esr.csv'))
    expect(faults().join('\n')).toMatch(/imports\.yaml:2\S* value-wrong|imports\.yaml:2\S* config-value/)
  })

  test('a role named constructor is nobody’s', () => {
    lay('imports/healthroster.csv', HEALTHROSTER.replace('Clinic', 'constructor'))
    expect(faults().filter((line) => line.includes('imports/'))).toEqual([
      'imports/healthroster.csv config-doubtful constructor',
    ])
  })
})

test.each([
  ['1/12/2026', 'day-first', '2026-12-01'],
  ['01-Dec-26', 'day-first', '2026-12-01'],
  ['1 December 2026', 'day-first', '2026-12-01'],
  ['2026-12-01', 'day-first', '2026-12-01'],
  ['2026/12/1', 'year-first', '2026-12-01'],
  ['12/2026', 'day-first', undefined],
  ['29/02/2027', 'day-first', undefined],
  ['', 'day-first', undefined],
] as const)('a date %s, %s, is %s', (text, order, want) => {
  const day = readDate(text, order)
  expect(day === undefined ? undefined : printDay(day)).toBe(want)
})

test.each([
  ['7:30', '07:30', 0],
  ['0730', '07:30', 0],
  ['07.30', '07:30', 0],
  ['07:30:00', '07:30', 0],
  ['24:00', '00:00', 1],
  ['25:00', undefined, 0],
  ['half past', undefined, 0],
] as const)('a time %s is %s', (text, clock, later) => {
  expect(readClock(text)).toEqual(clock === undefined ? undefined : { clock, later })
})

test('a moment has both', () => {
  expect(readMoment('01/12/2026 24:00', 'day-first')).toMatchObject({ clock: '00:00' })
  expect(readMoment('01/12/2026', 'day-first')).toBeUndefined()
})
