import { clockAt, dayAt, printDay } from '../core/directory/civil.ts'
import { type Hours, targetKey } from '../core/directory/directory.ts'
import type { Edit } from '../core/directory/edits.ts'
import type { RotaLine, Site } from '../core/directory/site.ts'
import type { Instant } from '../core/instant.ts'
import { printCsv } from './csv.ts'

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** The tables of a site as CSV files by name: `loadSite` reads the same site back. Calendars stay files of their own. */
export function exportSite(site: Site): ReadonlyMap<string, string> {
  return new Map([
    [
      'people.csv',
      printCsv(
        ['id', 'name', 'staffGroup', 'active', 'phone', 'pagerOnly'],
        site.people.map((p) => [
          ...[p.id, p.name, p.staffGroup, yesNo(p.active), cell(p.phone)],
          p.pagerOnly ? 'yes' : '',
        ]),
      ),
    ],
    ['roles.csv', rolesCsv(site)],
    [
      'teams.csv',
      printCsv(
        ['team', 'name', 'role', 'need', 'count', 'from', 'to'],
        site.teams.flatMap((team) =>
          team.members.map((m) => [team.id, team.name, m.role, m.need, String(m.count), ...hours(m.hours)]),
        ),
      ),
    ],
    [
      'numbers.csv',
      printCsv(
        ['number', 'ric', 'fn', 'to', 'site', 'kind', 'class', 'description'],
        site.numbers.map((n) => [
          n.number,
          cell(n.ric),
          cell(n.fn),
          targetKey(n.to),
          n.site,
          cell(n.kind),
          cell(n.class),
          n.description,
        ]),
      ),
    ],
    [
      'shifts.csv',
      printCsv(
        ['id', 'name', 'from', 'to'],
        site.shifts.map((s) => [s.id, s.name, s.from, s.to]),
      ),
    ],
    [
      'rota.csv',
      printCsv(['role', 'person', 'shift', 'days', 'weeks', 'first', 'last'], site.rota.map(rotaRow)),
    ],
    [
      'changes.csv',
      printCsv(
        ['kind', 'role', 'person', 'with', 'from', 'to'],
        site.changes.flatMap((c) => changeRows(c, site.zone)),
      ),
    ],
    [
      'extensions.csv',
      printCsv(
        ['extension', 'place', 'ward'],
        [...site.extensions].map(([extension, place]) => [
          extension,
          place,
          cell(site.wards?.get(extension)),
        ]),
      ),
    ],
  ])
}

function rolesCsv(site: Site): string {
  const headings = ['id', 'name', 'site', 'staffGroup', 'crash', 'baton', 'mustClaim', 'holders']
  return printCsv(
    [...headings, 'from', 'to', 'days', 'substitutes', 'stage'],
    site.roles.map((r) => [
      r.id,
      r.name,
      r.site,
      r.staffGroup,
      yesNo(r.crash),
      cell(r.baton),
      r.mustClaim === undefined ? '' : yesNo(r.mustClaim),
      cell(r.holders),
      ...hours(r.hours),
      r.days === undefined ? '' : dayNames(r.days),
      r.substitutes.join(' '),
      r.listens ? 'listen' : '',
    ]),
  )
}

function rotaRow(line: RotaLine): readonly string[] {
  const weeks = line.cycle === undefined ? '' : `${line.cycle.week}/${line.cycle.every}`
  const date = (day: number | undefined) => (day === undefined ? '' : printDay(day))
  return [line.role, line.person, line.shift, dayNames(line.days), weeks, date(line.first), date(line.last)]
}

/** Only what a changes file can say: overrides, leave and swaps. A swap is one row for each of its legs. */
function changeRows(edit: Edit, zone: string): readonly (readonly string[])[] {
  const civil = (at: Instant) => `${printDay(dayAt(at, zone))} ${clockAt(at, zone)}`
  switch (edit.kind) {
    case 'leave':
      return [['leave', '', edit.person, '', civil(edit.from), civil(edit.to)]]
    case 'override': {
      const kind = edit.mode === 'also' ? 'also' : 'override'
      return [[kind, edit.role, edit.person, '', civil(edit.from), civil(edit.to)]]
    }
    case 'swap':
      return edit.legs.map((leg) => ['swap', leg.role, leg.gives, leg.takes, civil(leg.from), civil(leg.to)])
    default:
      return []
  }
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

function cell(value: string | number | undefined): string {
  return value === undefined ? '' : String(value)
}

function hours(value: Hours | undefined): readonly [string, string] {
  return value === undefined ? ['', ''] : [value.from, value.to]
}

function dayNames(days: readonly number[]): string {
  return days.map((day) => DAYS[day - 1]).join(' ')
}
