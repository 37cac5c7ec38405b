import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Rules } from '../core/bleep/rules.ts'
import { compileRules, rulesSchema } from '../core/bleep/rules.ts'
import { instantOf } from '../core/directory/civil.ts'
import type { Duty, Hours, PlanNumber, Role, Team, TeamMember } from '../core/directory/directory.ts'
import type { Edit } from '../core/directory/edits.ts'
import type { RotaLine, Site } from '../core/directory/site.ts'
import type { RoleId, TeamId } from '../core/ids.ts'
import { asId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { Row } from './csv.ts'
import { readCsv } from './csv.ts'
import type { ConfigFault } from './fault.ts'
import { readCalendar } from './rota-calendar.ts'
import { checkSite } from './site-check.ts'
import * as tables from './site-tables.ts'
import { readYaml } from './yaml.ts'

export type SiteResult =
  | { readonly ok: true; readonly site: Site; readonly rules: Rules }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }

/** Where the lines of each table stand, so that a fault found later still names its line. */
export type Lines = ReadonlyMap<object, string>

/**
 * Reads a site folder: `site.yaml`, `people.csv`, `roles.csv`, `teams.csv`, `numbers.csv`, `shifts.csv`, `rota.csv`,
 * and where present `changes.csv`, `extensions.csv`, `rota/<role>.ics` and `rules.yaml` (without it: the UK starter set). Either a whole site or every fault there is.
 * @param now repeating calendar events are read from 60 days before to 400 days after it
 */
export function loadSite(folder: string, now: Instant): SiteResult {
  const faults: ConfigFault[] = []
  const lines = new Map<object, string>()
  const at = (file: string) => join(folder, file)
  const mark = <T extends object>(file: string, line: number, value: T): T => {
    lines.set(value, `${at(file)}:${line}`)
    return value
  }
  const text = (file: string, needed: boolean): string | undefined => readText(at(file), needed, faults)

  const head = readHead(at('site.yaml'), text('site.yaml', true), faults)

  const peopleText = text('people.csv', true)
  const people = (
    peopleText === undefined ? [] : readCsv(at('people.csv'), peopleText, tables.peopleRow, faults)
  ).map(({ value, line }) => mark('people.csv', line, { ...value, active: value.active ?? true }))

  const rolesText = text('roles.csv', true)
  const roles = (
    rolesText === undefined ? [] : readCsv(at('roles.csv'), rolesText, tables.rolesRow, faults)
  ).map(({ value, line }): Role => {
    const { from, to, days, baton, holders, mustClaim, ...rest } = value
    const hours = hoursOf(from, to, `${at('roles.csv')}:${line}`, faults)
    return mark('roles.csv', line, {
      ...rest,
      crash: value.crash ?? false,
      substitutes: value.substitutes ?? [],
      ...(baton === undefined ? {} : { baton }),
      ...(holders === undefined ? {} : { holders }),
      ...(hours === undefined ? {} : { hours }),
      ...(days === undefined ? {} : { days }),
      ...(mustClaim === undefined ? {} : { mustClaim }),
    })
  })

  const teamsText = text('teams.csv', true)
  const members = teamsText === undefined ? [] : readCsv(at('teams.csv'), teamsText, tables.teamsRow, faults)
  const teams = gatherTeams(members, at('teams.csv'), faults, lines)

  const numbersText = text('numbers.csv', true)
  const numbers = (
    numbersText === undefined ? [] : readCsv(at('numbers.csv'), numbersText, tables.numbersRow, faults)
  ).map(({ value, line }): PlanNumber => {
    const { ric, fn, kind, class: urgency, ...rest } = value
    if (fn !== undefined && ric === undefined) {
      faults.push({
        path: `${at('numbers.csv')}:${line}:fn`,
        code: 'value-wrong',
        detail: 'a function without a RIC',
      })
    }
    return mark('numbers.csv', line, {
      ...rest,
      ...(ric === undefined ? {} : { ric }),
      ...(fn === undefined ? {} : { fn }),
      ...(kind === undefined ? {} : { kind }),
      ...(urgency === undefined ? {} : { class: urgency }),
    })
  })

  const shiftsText = text('shifts.csv', true)
  const shifts = (
    shiftsText === undefined ? [] : readCsv(at('shifts.csv'), shiftsText, tables.shiftsRow, faults)
  ).map(({ value, line }) => mark('shifts.csv', line, value))

  const rotaText = text('rota.csv', true)
  const rota = (rotaText === undefined ? [] : readCsv(at('rota.csv'), rotaText, tables.rotaRow, faults)).map(
    ({ value, line }): RotaLine => {
      const { weeks, first, last, days, ...rest } = value
      return mark('rota.csv', line, {
        ...rest,
        days: days ?? [1, 2, 3, 4, 5, 6, 7],
        ...(weeks === undefined ? {} : { cycle: weeks }),
        ...(first === undefined ? {} : { first }),
        ...(last === undefined ? {} : { last }),
        source: `rota.csv:${line}`,
      })
    },
  )

  const zone = head?.zone ?? 'Europe/London'
  const changesText = text('changes.csv', false)
  const changes = (
    changesText === undefined ? [] : readCsv(at('changes.csv'), changesText, tables.changesRow, faults)
  ).flatMap((row) => {
    const edit = editOf(row, zone, `${at('changes.csv')}:${row.line}`, faults)
    return edit === undefined ? [] : [mark('changes.csv', row.line, edit)]
  })

  const extensionsText = text('extensions.csv', false)
  const extensions =
    extensionsText === undefined
      ? []
      : readCsv(at('extensions.csv'), extensionsText, tables.extensionsRow, faults).map(({ value, line }) =>
          mark('extensions.csv', line, value),
        )

  const duties: Duty[] = []
  for (const file of calendars(at('rota'))) {
    const body = text(join('rota', file), true)
    if (body === undefined) continue
    const role = asId<RoleId>(basename(file, '.ics'))
    for (const duty of readCalendar(at(join('rota', file)), body, role, people, zone, now, faults)) {
      duties.push(mark(join('rota', file), 1, duty))
    }
  }

  const site: Site = {
    id: head?.id ?? '',
    name: head?.name ?? '',
    zone,
    hospitals: new Map(Object.entries(head?.hospitals ?? {})),
    rotaStart: head?.rotaStart ?? 4,
    people,
    roles,
    teams,
    numbers,
    shifts,
    rota,
    duties,
    changes,
    extensions: new Map(extensions.map((e) => [e.extension, e.place])),
  }
  const rules = readRules(at('rules.yaml'), text('rules.yaml', false) ?? '', faults)
  faults.push(...checkSite(site, extensions, lines))
  return rules !== undefined && faults.length === 0 ? { ok: true, site, rules } : { ok: false, faults }
}

function readText(path: string, needed: boolean, faults: ConfigFault[]): string | undefined {
  if (!existsSync(path)) {
    if (needed) faults.push({ path, code: 'file-missing' })
    return undefined
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch {
    faults.push({ path, code: 'file-unreadable' })
    return undefined
  }
}

function readHead(path: string, text: string | undefined, faults: ConfigFault[]) {
  return text === undefined ? undefined : readYaml(path, text, tables.siteFile, faults)
}

function readRules(path: string, text: string, faults: ConfigFault[]): Rules | undefined {
  const input = readYaml(path, text, rulesSchema, faults)
  if (input === undefined) return undefined
  const compiled = compileRules(input)
  if (compiled.ok) return compiled.rules
  for (const fault of compiled.faults)
    faults.push({ path: [path, ...fault.path].join(':'), code: fault.code })
  return undefined
}

function hoursOf(
  from: string | undefined,
  to: string | undefined,
  path: string,
  faults: ConfigFault[],
): Hours | undefined {
  if (from !== undefined && to !== undefined) return { from, to }
  if (from !== undefined || to !== undefined) {
    faults.push({
      path: `${path}:from`,
      code: 'value-wrong',
      detail: 'from and to are given together or not at all',
    })
  }
  return undefined
}

function gatherTeams(
  rows: readonly Row<{
    team: TeamId
    name: string
    role: RoleId
    need: TeamMember['need']
    count?: number | undefined
    from?: string | undefined
    to?: string | undefined
  }>[],
  file: string,
  faults: ConfigFault[],
  lines: Map<object, string>,
): readonly Team[] {
  const teams = new Map<TeamId, { id: TeamId; name: string; members: TeamMember[] }>()
  for (const { value, line } of rows) {
    const hours = hoursOf(value.from, value.to, `${file}:${line}`, faults)
    const team = teams.get(value.team) ?? { id: value.team, name: value.name, members: [] }
    if (team.name !== value.name) {
      faults.push({ path: `${file}:${line}:name`, code: 'value-wrong', detail: 'one team, two names' })
    }
    const member: TeamMember = {
      role: value.role,
      need: value.need,
      count: value.count ?? 1,
      ...(hours === undefined ? {} : { hours }),
    }
    lines.set(member, `${file}:${line}`)
    team.members.push(member)
    teams.set(team.id, team)
  }
  return [...teams.values()]
}

function editOf(
  { value }: Row<ReturnType<typeof tables.changesRow.parse>>,
  zone: string,
  path: string,
  faults: ConfigFault[],
): Edit | undefined {
  const from = instantOf(value.from.day, value.from.clock, zone)
  const to = instantOf(value.to.day, value.to.clock, zone)
  const wrong = (column: string, detail: string): undefined => {
    faults.push({ path: `${path}:${column}`, code: 'value-wrong', detail })
  }
  if (to <= from) return wrong('to', 'must end after it begins')
  if (value.kind === 'leave') return { kind: 'leave', person: value.person, from, to }
  if (value.role === undefined) return wrong('role', 'a role is needed')
  if (value.kind !== 'swap') {
    const mode = value.kind === 'also' ? 'also' : 'instead'
    return { kind: 'override', role: value.role, person: value.person, from, to, mode }
  }
  if (value.with === undefined) return wrong('with', 'a swap needs the person who takes the duty')
  return { kind: 'swap', legs: [{ role: value.role, from, to, gives: value.person, takes: value.with }] }
}

function calendars(folder: string): readonly string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith('.ics'))
        .sort()
    : []
}
