import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { printConfigFault } from '../../src/config/fault.ts'
import { loadSite } from '../../src/config/site.ts'
import { exportSite } from '../../src/config/site-export.ts'
import { buildDirectory } from '../../src/core/directory/build.ts'
import { findRotaFlaws, findUnclaimed } from '../../src/core/directory/cover-check.ts'
import type { Site } from '../../src/core/directory/site.ts'
import { DAY, MINUTE, parseInstant } from '../../src/core/instant.ts'
import { removeFolder } from '../support/folders.ts'
import { role } from '../support/small-site.ts'

const DEMO = 'config/sites/demo'
const NOW = parseInstant('2026-11-22T03:00:00Z') ?? Number.NaN

function demo(folder = DEMO): Site {
  const result = loadSite(folder, NOW)
  if (!result.ok) throw new Error(result.faults.map(printConfigFault).join('\n'))
  return result.site
}

describe('the demo site', () => {
  const site = demo()

  test('is a hospital of the size it claims', () => {
    expect(site.roles).toHaveLength(40)
    expect(site.people.length).toBeGreaterThanOrEqual(120)
    expect(site.hospitals.size).toBe(2)
    expect(site.teams.length).toBeGreaterThan(10)
  })

  test('has somebody in every role, one person and no more, at every minute of a year', () => {
    expect(findRotaFlaws(buildDirectory(site), NOW - 30 * DAY, NOW + 335 * DAY)).toEqual([])
  })

  test('has every crash role claimed through both clock-change weeks', () => {
    const directory = buildDirectory(site)
    for (const start of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z']) {
      const from = parseInstant(start) ?? Number.NaN
      for (let at = from; at < from + DAY; at += 30 * MINUTE) {
        expect(findUnclaimed(directory, at, 15 * MINUTE)).toEqual([])
      }
    }
  })

  test('names every person once, and every crash team has somebody who must come', () => {
    expect(new Set(site.people.map((p) => p.name)).size).toBe(site.people.length)
    for (const team of site.teams) expect(team.members.some((m) => m.need === 'mandatory')).toBe(true)
  })

  test('reads the pharmacist’s rota from a calendar', () => {
    const holders = buildDirectory(site).holders(role('pharmacist'), NOW)
    expect(holders).toHaveLength(1)
    expect(holders[0]?.source).toMatch(/^pharmacist\.ics:/)
  })

  test('lays changes over the rota', () => {
    const directory = buildDirectory(site)
    const duties = directory.duties(
      role('med-reg'),
      parseInstant('2026-12-21T08:00:00Z') ?? 0,
      parseInstant('2026-12-28T08:00:00Z') ?? 0,
    )
    expect(duties.some((d) => d.person === 'p001')).toBe(false)
    expect(duties.some((d) => d.person === 'p013' && d.source === 'swap changes.csv')).toBe(true)
  })
})

describe('a copy of it', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'site-'))
    cpSync(DEMO, folder, { recursive: true })
  })
  afterEach(() => removeFolder(folder))

  const write = (file: string, ...lines: string[]) =>
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`)
  const faults = () => {
    const result = loadSite(folder, NOW)
    return result.ok ? [] : result.faults.map((f) => `${f.path.replace(`${folder}/`, '')} ${f.code}`)
  }

  test('written out and read back is the same site', () => {
    const before = demo()
    for (const [file, text] of exportSite(before)) writeFileSync(join(folder, file), text)
    expect(demo(folder)).toEqual(before)
  })

  test('a role that listens and a person with a pager only come back as they were', () => {
    const before = demo()
    const [role, ...roles] = before.roles
    const [person, ...people] = before.people
    const changed = {
      ...before,
      roles: [{ ...role!, listens: true as const }, ...roles],
      people: [{ ...person!, pagerOnly: true as const }, ...people],
    }
    for (const [file, text] of exportSite(changed)) writeFileSync(join(folder, file), text)
    expect(demo(folder)).toEqual(changed)
  })

  test('tells every fault of every file at once, with its line', () => {
    write(
      'people.csv',
      'id,name,staffGroup,active',
      'p001,Ada,doctor,maybe',
      'p 2,Ben,doctor,yes',
      'p003,Cat,,',
      'p003,Cat,doctor,',
    )
    write(
      'roles.csv',
      'id,name,site,staffGroup,crash,from,to,days,substitutes',
      'reg,Reg,nowhere,doctor,yes,08:00,,mon-xyz,',
      'sho,SHO,st-osyn,doctor,no,08:00,25:00,,',
    )
    write(
      'teams.csv',
      'team,name,role,need,count,from,to',
      'crash,Crash,reg,must,1,,',
      'crash,Other,ghost,optional,0,,',
    )
    write(
      'numbers.csv',
      'number,ric,fn,to,site,kind,class,description',
      '1,9999999,,role:sho,st-osyn,,,',
      '2,,1,role:ghost,st-osyn,,,',
      '2,,,reg,st-osyn,,loud,',
    )
    write('shifts.csv', 'id,name,from,to', 'day,Day,8:00,20:00')
    write('rota.csv', 'role,person,shift,days,weeks,first,last', 'ghost,p999,night,mon,5/4,2026-02-30,')
    write(
      'changes.csv',
      'kind,role,person,with,from,to',
      'swap,,p003,,2026-01-01 08:00,2026-01-01 07:00',
      'leave,,p999,,2026-01-01,2026-01-02 07:00',
    )
    write('extensions.csv', 'extension,place', '12,Ward', '4421,Ward 1', '4421,Ward 2')
    write(
      'site.yaml',
      'id: demo',
      'name: Demo',
      'zone: Mars/Olympus',
      'rotaStart: 2024-01-02',
      'hospitals: {}',
      'hospitalNumber: "[A-Z"',
    )
    write('rules.yaml', 'rules:', '  - { id: a, class: loud, when: {} }')
    removeFolder(join(folder, 'rota'))
    expect(faults()).toMatchInlineSnapshot(`
      [
        "site.yaml:3:zone value-wrong",
        "site.yaml:4:rotaStart value-wrong",
        "site.yaml:6:hospitalNumber value-wrong",
        "rules.yaml:2:rules[0].class value-wrong",
        "people.csv:2:active value-wrong",
        "people.csv:3:id value-wrong",
        "people.csv:4:staffGroup value-wrong",
        "extensions.csv:2:extension value-wrong",
        "roles.csv:2:days value-wrong",
        "roles.csv:3:to value-wrong",
        "teams.csv:2:need value-wrong",
        "teams.csv:3:count value-wrong",
        "numbers.csv:2:ric value-wrong",
        "numbers.csv:4:to value-wrong",
        "numbers.csv:4:class value-wrong",
        "numbers.csv:3:fn value-wrong",
        "shifts.csv:2:from value-wrong",
        "rota.csv:2:weeks value-wrong",
        "rota.csv:2:first value-wrong",
        "changes.csv:3:from value-wrong",
        "changes.csv:2:to value-wrong",
        "extensions.csv:4:extension config-doubled",
        "numbers.csv:3:to config-unresolved",
      ]
    `)
  })

  test('a pattern that RE2 does not know is named', () => {
    write('rules.yaml', 'rules:', "  - { id: a, class: urgent, when: { text: '(?=X)' } }")
    expect(faults()).toEqual(['rules.yaml:2:rules[0].when.text[0] pattern-wrong'])
  })

  test('broken YAML and broken CSV are told by line', () => {
    write('site.yaml', 'id: demo', 'name: [')
    write('shifts.csv', 'id,name,from,to', 'day,"Day,08:00,20:00')
    write('extensions.csv', 'extension,place,floor', '4421,Ward', '')
    write('changes.csv', 'kind,person,from')
    expect(faults()).toMatchInlineSnapshot(`
      [
        "site.yaml:3 config-syntax",
        "extensions.csv:1:floor csv-column-unknown",
        "extensions.csv:2 csv-broken",
        "shifts.csv:2 csv-broken",
        "changes.csv:1 csv-column-missing",
      ]
    `)
  })

  test('a missing file and one that is not text are told', () => {
    rmSync(join(folder, 'teams.csv'))
    writeFileSync(join(folder, 'people.csv'), Uint8Array.of(0x69, 0x64, 0xff, 0xfe))
    expect(faults()).toEqual(['people.csv file-unreadable', 'teams.csv file-missing'])
  })

  test('a folder that is not there lacks every file it needs', () => {
    const result = loadSite(join(folder, 'none'), NOW)
    expect(result.ok ? [] : result.faults.map((f) => f.code)).toEqual(Array(7).fill('file-missing'))
  })

  test('optional files may be missing: the starter rules hold', () => {
    for (const file of ['rules.yaml', 'changes.csv', 'extensions.csv']) rmSync(join(folder, file))
    removeFolder(join(folder, 'rota'))
    const result = loadSite(folder, NOW)
    expect(result.ok && result.rules.rules[0]?.id).toBe('test-call')
  })

  test('headings in another order, quotes, a byte order mark and empty lines are no fault', () => {
    write('extensions.csv', '\uFEFFplace,extension', '"Ward ""7"", north",4421', '', '  Ward 8 ,4422')
    expect([...demo(folder).extensions]).toEqual([
      ['4421', 'Ward "7", north'],
      ['4422', 'Ward 8'],
    ])
  })

  describe('calendars', () => {
    const event = (...lines: string[]) => ['BEGIN:VEVENT', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT']
    const calendar = (...events: string[][]) =>
      write(
        'rota/estates.ics',
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//x//EN',
        ...events.flat(),
        'END:VCALENDAR',
      )
    const duties = () =>
      demo(folder)
        .duties.filter((d) => d.role === 'estates')
        .map((d) => [d.person, new Date(d.from).toISOString(), new Date(d.to).toISOString()])

    test('civil times follow the clock change, whatever the calendar’s own zone block says', () => {
      calendar(
        event(
          'UID:a',
          'DTSTART;TZID=Europe/London:20261024T200000',
          'DTEND;TZID=Europe/London:20261025T080000',
          'SUMMARY:p001',
        ),
        event(
          'UID:b',
          'DTSTART:20261101T200000Z',
          'DURATION:PT12H',
          'ATTENDEE;CN=X:mailto:p002@trust.example',
          'SUMMARY:On call',
        ),
        event(
          'UID:c',
          'DTSTART:20261102T200000',
          'DTEND:20261103T080000',
          `SUMMARY:${demo().people[2]?.name}`,
        ),
      )
      expect(duties()).toEqual([
        ['p001', '2026-10-24T19:00:00.000Z', '2026-10-25T08:00:00.000Z'],
        ['p002', '2026-11-01T20:00:00.000Z', '2026-11-02T08:00:00.000Z'],
        ['p003', '2026-11-02T20:00:00.000Z', '2026-11-03T08:00:00.000Z'],
      ])
    })

    test('repeats are followed, single events may be moved or given to somebody else', () => {
      calendar(
        event(
          'UID:a',
          'DTSTART;TZID=Europe/London:20261022T200000',
          'DTEND;TZID=Europe/London:20261023T080000',
          'RRULE:FREQ=DAILY;COUNT=5',
          'EXDATE;TZID=Europe/London:20261025T200000',
          'SUMMARY:p001',
        ),
        event(
          'UID:a',
          'RECURRENCE-ID;TZID=Europe/London:20261024T200000',
          'DTSTART;TZID=Europe/London:20261024T210000',
          'DTEND;TZID=Europe/London:20261025T090000',
          'SUMMARY:p002',
        ),
      )
      expect(duties()).toEqual([
        ['p001', '2026-10-22T19:00:00.000Z', '2026-10-23T07:00:00.000Z'],
        ['p001', '2026-10-23T19:00:00.000Z', '2026-10-24T07:00:00.000Z'],
        ['p002', '2026-10-24T20:00:00.000Z', '2026-10-25T09:00:00.000Z'],
        ['p001', '2026-10-26T20:00:00.000Z', '2026-10-27T08:00:00.000Z'],
      ])
    })

    test('an endless rule is read for the time that matters', () => {
      calendar(
        event(
          'UID:a',
          'DTSTART:20200101T080000',
          'DTEND:20200101T200000',
          'RRULE:FREQ=DAILY',
          'SUMMARY:p001',
        ),
      )
      const read = demo(folder).duties.filter((d) => d.role === 'estates')
      expect(read.length).toBeGreaterThan(450)
      expect(read.length).toBeLessThan(470)
    })

    test('what cannot be read is told by event', () => {
      calendar(
        event('UID:who', 'DTSTART:20261101T200000Z', 'DTEND:20261102T200000Z', 'SUMMARY:Nobody we know'),
        event('UID:when', 'DTSTART:20261101T200000Z', 'SUMMARY:p001'),
        event(
          'UID:zone',
          'DTSTART;TZID=Mars Standard Time:20261101T200000',
          'DTEND;TZID=Mars Standard Time:20261102T200000',
          'SUMMARY:p001',
        ),
        event('UID:back', 'DTSTART:20261101T200000Z', 'DTEND:20261101T200000Z', 'SUMMARY:p001'),
      )
      expect(faults()).toEqual([11, 17, 24, 4].map((line) => `rota/estates.ics:${line} calendar-broken`))
    })

    test('a file that is no calendar, and one for a role that is not there', () => {
      write('rota/estates.ics', 'not a calendar')
      write(
        'rota/ghost.ics',
        'BEGIN:VCALENDAR',
        ...event('UID:a', 'DTSTART:20261101T200000Z', 'DURATION:PT1H', 'SUMMARY:p001'),
        'END:VCALENDAR',
      )
      expect(faults()).toEqual([
        'rota/estates.ics:1 calendar-broken',
        'rota/ghost.ics:2:role config-unresolved',
      ])
    })
  })
})

test('a fault is one line: where, code, what and what to do', () => {
  expect(
    printConfigFault({ path: 'roles.csv:3:site', code: 'config-unresolved', detail: 'nowhere' }),
  ).toMatch(/^roles\.csv:3:site: config-unresolved: .+ \(nowhere\) — .+$/)
})
