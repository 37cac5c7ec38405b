import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type * as z from 'zod'
import { rulesSchema } from '../core/bleep/rule-schema.ts'
import type { Rules } from '../core/bleep/rules.ts'
import { compileRules } from '../core/bleep/rules.ts'
import type { Duty } from '../core/directory/directory.ts'
import type { Site } from '../core/directory/site.ts'
import type { RoleId } from '../core/ids.ts'
import { asId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import type { Row } from './csv.ts'
import { readCsv } from './csv.ts'
import type { ConfigFault } from './fault.ts'
import { readCalendar } from './rota-calendar.ts'
import { checkSite } from './site-check.ts'
import { editOf, lineOf, numberOf, personOf, roleOf, teamsOf, wrongIn } from './site-rows.ts'
import * as tables from './site-tables.ts'
import { readYaml } from './yaml.ts'

export type SiteResult =
  | { readonly ok: true; readonly site: Site; readonly rules: Rules }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }

/**
 * Reads a site folder: `site.yaml`, `people.csv`, `roles.csv`, `teams.csv`, `numbers.csv`, `shifts.csv`, `rota.csv`,
 * and where present `changes.csv`, `extensions.csv`, `rota/<role>.ics` and `rules.yaml` (without it: the UK starter
 * set). Gives a whole site or every fault there is.
 * @param now repeating calendar events are read from 60 days before to 400 days after it
 */
export function loadSite(folder: string, now: Instant): SiteResult {
  const faults: ConfigFault[] = []
  const lines = new Map<object, string>()
  const lost = new Set<string>()
  const at = (file: string) => join(folder, file)
  const mark = <T extends object>(file: string, line: number, value: T): T => {
    lines.set(value, `${at(file)}:${line}`)
    return value
  }
  const wrong = (file: string, line: number) => wrongIn(`${at(file)}:${line}`, faults)
  const table = <Shape extends z.ZodRawShape>(
    file: string,
    schema: z.ZodObject<Shape>,
    needed = true,
  ): readonly Row<z.output<z.ZodObject<Shape>>>[] => {
    const text = readText(at(file), needed, faults)
    const rows = text === undefined ? undefined : readCsv(at(file), text, schema, faults)
    if (rows === undefined) lost.add(file)
    return rows ?? []
  }

  const headText = readText(at('site.yaml'), true, faults)
  const head =
    headText === undefined ? undefined : readYaml(at('site.yaml'), headText, tables.siteFile, faults)
  if (head === undefined) lost.add('site.yaml')
  const zone = head?.zone ?? 'Europe/London'
  const rulesText = readText(at('rules.yaml'), false, faults) ?? ''
  const rules = readRules(at('rules.yaml'), rulesText, faults)

  const people = table('people.csv', tables.peopleRow).map(({ value, line }) =>
    mark('people.csv', line, personOf(value)),
  )
  const extensions = table('extensions.csv', tables.extensionsRow, false).map(({ value, line }) =>
    mark('extensions.csv', line, value),
  )
  const site: Site = {
    id: head?.id ?? '',
    name: head?.name ?? '',
    zone,
    hospitals: new Map(Object.entries(head?.hospitals ?? {})),
    rotaStart: head?.rotaStart ?? 0,
    people,
    roles: table('roles.csv', tables.rolesRow).map(({ value, line }) =>
      mark('roles.csv', line, roleOf(value, wrong('roles.csv', line))),
    ),
    teams: teamsOf(
      table('teams.csv', tables.teamsRow),
      (line) => wrong('teams.csv', line),
      (line, member) => mark('teams.csv', line, member),
    ),
    numbers: table('numbers.csv', tables.numbersRow).map(({ value, line }) =>
      mark('numbers.csv', line, numberOf(value, wrong('numbers.csv', line))),
    ),
    shifts: table('shifts.csv', tables.shiftsRow).map(({ value, line }) => mark('shifts.csv', line, value)),
    rota: table('rota.csv', tables.rotaRow).map(({ value, line }) =>
      mark('rota.csv', line, lineOf(value, `rota.csv:${line}`)),
    ),
    duties: (lost.has('people.csv') ? [] : calendars(at('rota'))).flatMap((file): readonly Duty[] => {
      const text = readText(at(join('rota', file)), true, faults)
      if (text === undefined) return []
      const role = asId<RoleId>(basename(file, '.ics'))
      const duties = readCalendar(at(join('rota', file)), text, role, people, zone, now, faults)
      return duties.map((duty) => mark(join('rota', file), 1, duty))
    }),
    changes: table('changes.csv', tables.changesRow, false).flatMap(({ value, line }) => {
      const edit = editOf(value, zone, wrong('changes.csv', line))
      return edit === undefined ? [] : [mark('changes.csv', line, edit)]
    }),
    extensions: new Map(extensions.map((e) => [e.extension, e.place])),
  }
  faults.push(...checkSite(site, extensions, lines, lost))
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

function readRules(path: string, text: string, faults: ConfigFault[]): Rules | undefined {
  const input = readYaml(path, text, rulesSchema, faults)
  if (input === undefined) return undefined
  const compiled = compileRules(input)
  if (compiled.ok) return compiled.rules
  for (const fault of compiled.faults)
    faults.push({ path: [path, ...fault.path].join(':'), code: fault.code })
  return undefined
}

function calendars(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ics'))
    .sort()
}
