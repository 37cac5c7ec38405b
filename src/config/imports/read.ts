import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from '../../core/catalogue/say.ts'
import { instantOf } from '../../core/directory/civil.ts'
import type { Duty, Person } from '../../core/directory/directory.ts'
import { given } from '../../core/given.ts'
import { asId, type PersonId, SITE_ID } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Finder } from '../calendar/people.ts'
import { type CalendarDuty, readCalendar } from '../calendar/read.ts'
import type { ConfigFault } from '../fault.ts'
import { readText } from '../text.ts'
import { readYaml } from '../yaml.ts'
import { type DutyMap, importsFile, type PeopleMap } from './maps.ts'
import { readClock, readDate, readMoment } from './moment.ts'
import { type ForeignRow, readForeign } from './table.ts'

/** Exports of other systems: ESR of people, HealthRoster or Optima of duties, a calendar of several roles. */
export interface Imports {
  /** @param own people of the site's own table, which counts before any other */
  people(own: readonly Person[]): readonly { readonly person: Person; readonly at: string }[]
  duties(finder: Finder, zone: string, now: Instant): readonly { readonly duty: Duty; readonly at: string }[]
}

/** Reads the maps of a site folder; nothing where it has none. */
export function readImports(folder: string, faults: ConfigFault[]): Imports | undefined {
  const path = join(folder, 'imports.yaml')
  if (!existsSync(path)) return undefined
  const text = readText(path, true, faults)
  const maps = text === undefined ? undefined : readYaml(path, text, importsFile, faults)
  if (maps === undefined) return undefined
  const rowsOf = (map: PeopleMap | DutyMap) => {
    const file = join(folder, 'imports', map.file)
    const found = readText(file, true, faults)
    const wanted = Object.values(map.columns)
    return found === undefined ? [] : readForeign(file, found, map.headingLine, wanted, faults)
  }
  const at = (file: string) => join(folder, 'imports', file)
  return {
    people(own) {
      const known = new Set<string>(own.map(({ id }) => id))
      return maps.people.flatMap((map) =>
        rowsOf(map).flatMap((row) => {
          const person = personOf(row, map, known, (detail, value) =>
            faults.push({ path: `${at(map.file)}:${row.line}`, code: 'value-wrong', detail, value }),
          )
          if (person === undefined) return []
          known.add(person.id)
          return [{ person, at: `${at(map.file)}:${row.line}` }]
        }),
      )
    },
    duties(finder, zone, now) {
      const tables = maps.duties.flatMap((map) => {
        const strangers = new Map<string, number>()
        const found = rowsOf(map).flatMap((row) => {
          const path = `${at(map.file)}:${row.line}`
          const duty = dutyOf(row, map, finder, zone, strangers)
          if (duty === undefined) return []
          if (!('wrong' in duty)) return [{ duty, at: path }]
          faults.push({ path, code: 'value-wrong', detail: duty.wrong, value: duty.value })
          return []
        })
        for (const [value, n] of strangers)
          faults.push({
            ...{ path: at(map.file), code: 'config-doubtful' as const, value },
            detail: say('settings.importDutyUnmapped', { n }),
          })
        return found
      })
      const calendars = maps.calendars.flatMap(({ file, roles }) => {
        const events = readText(at(file), true, faults)
        if (events === undefined) return []
        const names = Object.keys(roles).sort((a, b) => b.length - a.length)
        const split = (summary: string) => {
          const name = names.find((one) => summary.toLowerCase().startsWith(one.toLowerCase()))
          const role = name === undefined ? undefined : roles[name]
          if (name === undefined || role === undefined) return undefined
          return {
            role,
            rest: summary
              .slice(name.length)
              .replace(/^[\s:,–-]+/, '')
              .trim(),
          }
        }
        const read: readonly CalendarDuty[] = readCalendar(at(file), events, split, finder, zone, now, faults)
        return read.map(({ duty, line }) => ({ duty, at: `${at(file)}:${line}` }))
      })
      return [...tables, ...calendars]
    },
  }
}

function personOf(
  row: ForeignRow,
  { columns, staffGroups, left }: PeopleMap,
  known: ReadonlySet<string>,
  wrong: (detail: string, value: string) => void,
): Person | undefined {
  const id = row.of(columns.id)
  const group = own(staffGroups, row.of(columns.staffGroup))
  // A second row of one person is another assignment of theirs.
  if (id === '' || group === undefined || known.has(id)) return undefined
  const name = row.of(columns.name)
  if (!SITE_ID.test(id)) wrong(say('settings.idLettersDigitsDotsDashes'), id)
  else if (name === '' || name.length > 80) wrong(say('settings.thisCellMayNotBe'), name)
  else {
    const phone = columns.phone === undefined ? '' : row.of(columns.phone)
    return {
      ...{ id: asId<PersonId>(id), name, staffGroup: group },
      active: columns.status === undefined || !left.includes(row.of(columns.status)),
      ...given({ phone: /^\+?[0-9][0-9 ]{1,19}$/.test(phone) ? phone : undefined }),
    }
  }
  return undefined
}

/** @param strangers duties that the map does not know, by how often they stand there */
function dutyOf(
  row: ForeignRow,
  map: DutyMap,
  { byId, byName }: Finder,
  zone: string,
  strangers: Map<string, number>,
): Duty | { readonly wrong: string; readonly value: string } | undefined {
  const { columns, roles, leaveOut, file } = map
  const called = row.of(columns.role)
  const status = columns.status === undefined ? '' : row.of(columns.status)
  if (leaveOut.includes(called) || leaveOut.includes(status)) return undefined
  const role = own(roles, called)
  if (role === undefined) {
    if (strangers.size < 20 || strangers.has(called)) strangers.set(called, (strangers.get(called) ?? 0) + 1)
    return undefined
  }
  const who = row.of(columns.person)
  const person = byId(who) ?? byName(who)
  if (person === undefined) return { wrong: say('settings.itsPersonIsNotKnown'), value: who }
  const span = spanOf(row, map, zone)
  if (span === undefined)
    return {
      wrong: say('settings.importTimeUnreadable'),
      value: [columns.date, columns.from, columns.to].flatMap((one) => (one ? row.of(one) : [])).join(' '),
    }
  return { role, person, ...span, source: `${file}:${row.line}` }
}

/** By the clocks of the site; an end that is not behind its beginning is that of the next day. */
function spanOf(row: ForeignRow, { columns, dates }: DutyMap, zone: string) {
  if (columns.date === undefined) {
    const [from, to] = [readMoment(row.of(columns.from), dates), readMoment(row.of(columns.to), dates)]
    if (from === undefined || to === undefined) return undefined
    const span = { from: instantOf(from.day, from.clock, zone), to: instantOf(to.day, to.clock, zone) }
    return span.to > span.from ? span : undefined
  }
  const day = readDate(row.of(columns.date), dates)
  const [from, to] = [readClock(row.of(columns.from)), readClock(row.of(columns.to))]
  if (day === undefined || from === undefined || to === undefined) return undefined
  const later = to.later === 1 || to.clock <= from.clock ? 1 : 0
  return {
    from: instantOf(day + from.later, from.clock, zone),
    to: instantOf(day + later, to.clock, zone),
  }
}

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
