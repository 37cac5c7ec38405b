import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type * as z from 'zod'
import { rulesSchema } from '../core/bleep/rule-schema.ts'
import { compileRules, type Rules, type RulesRead } from '../core/bleep/rules.ts'
import { say } from '../core/catalogue/say.ts'
import type { Duty } from '../core/directory/directory.ts'
import type { Site } from '../core/directory/site.ts'
import { given } from '../core/given.ts'
import { asId, type RoleId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import { finderOf } from './calendar/people.ts'
import { readCalendar } from './calendar/read.ts'
import { type Row, readCsv } from './csv.ts'
import { type ConfigFault, isDoubt } from './fault.ts'
import { readImports } from './imports/read.ts'
import { rowPlaces } from './places.ts'
import { rotaDoubts } from './rota-doubts.ts'
import { checkSite } from './site-check.ts'
import { siteDoubts } from './site-doubts.ts'
import { editOf, lineOf, numberOf, personOf, planOf, roleOf, teamsOf, wrongIn } from './site-rows.ts'
import * as tables from './site-tables.ts'
import { readText } from './text.ts'
import { readTrust, trustFaults } from './trust.ts'
import { issueFaults, parseYaml, readYaml } from './yaml.ts'

/** What was read, and what in it looks like a slip; or every fault, the slips among them. */
export type SiteResult =
  | {
      readonly ok: true
      readonly site: Site
      readonly rules: Rules
      readonly rulesRead: RulesRead
      readonly doubts: readonly ConfigFault[]
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] }

/**
 * Reads a site folder: `site.yaml`, `people.csv`, `roles.csv`, `teams.csv`, `numbers.csv`, `shifts.csv`, `rota.csv`,
 * and where present `changes.csv`, `extensions.csv`, `rota/<role>.ics`, `rules.yaml` (without it: the UK starter set) `trust.yaml` and
 * `imports.yaml`. Gives a whole site or every fault there is.
 * @param now repeating calendar events are read from 60 days before to 400 days after it
 */
export function loadSite(folder: string, now: Instant): SiteResult {
  const faults: ConfigFault[] = []
  const places = rowPlaces()
  const lost = new Set<string>()
  const at = (file: string) => join(folder, file)
  const mark = <T extends object>(file: string, line: number, value: T): T =>
    places.set(value, at(file), line)
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

  const imports = readImports(folder, faults)
  const listed = table('people.csv', tables.peopleRow, imports === undefined).map(({ value, line }) =>
    mark('people.csv', line, personOf(value)),
  )
  // What is there by an export alone is not lost.
  if (imports !== undefined && !existsSync(at('people.csv'))) lost.delete('people.csv')
  const people = [
    ...listed,
    ...(imports?.people(listed) ?? []).map(({ person, at }) => places.set(person, at)),
  ]
  const extensions = table('extensions.csv', tables.extensionsRow, false).map(({ value, line }) =>
    mark('extensions.csv', line, value),
  )
  const finder = finderOf(people)
  const trust = readTrust(at('trust.yaml'), faults)
  const site: Site = {
    id: head?.id ?? '',
    name: head?.name ?? '',
    zone,
    hospitals: new Map(Object.entries(head?.hospitals ?? {})),
    rotaStart: head?.rotaStart ?? 0,
    ...given({ hospitalNumber: head?.hospitalNumber }),
    people,
    roles: table('roles.csv', tables.rolesRow).map(({ value, line }) =>
      mark('roles.csv', line, roleOf(value, wrong('roles.csv', line))),
    ),
    teams: teamsOf(
      table('teams.csv', tables.teamsRow),
      (line) => wrong('teams.csv', line),
      (line, member) => mark('teams.csv', line, member),
    ),
    numbers: planOf(table('numbers.csv', tables.numbersRow)).map(({ value, line }) =>
      mark('numbers.csv', line, numberOf(value, wrong('numbers.csv', line))),
    ),
    shifts: table('shifts.csv', tables.shiftsRow).map(({ value, line }) => mark('shifts.csv', line, value)),
    rota: table('rota.csv', tables.rotaRow).map(({ value, line }) =>
      mark('rota.csv', line, lineOf(value, `rota.csv:${line}`)),
    ),
    duties: [
      ...(imports?.duties(finder, zone, now) ?? []).map(({ duty, at }) => places.set(duty, at)),
      ...calendars(at('rota'), faults).flatMap((file): readonly Duty[] => {
        const name = join('rota', file)
        const text = lost.has('people.csv') ? undefined : readText(at(name), true, faults)
        if (text === undefined) return []
        const role = asId<RoleId>(basename(file).slice(0, -'.ics'.length))
        const duties = readCalendar(at(name), text, role, finder, zone, now, faults)
        return duties.map(({ duty, line }) => mark(name, line, duty))
      }),
    ],
    changes: table('changes.csv', tables.changesRow, false).flatMap(({ value, line }) => {
      const edit = editOf(value, zone, wrong('changes.csv', line))
      return edit === undefined ? [] : [mark('changes.csv', line, edit)]
    }),
    extensions: new Map(extensions.map((e) => [e.extension, e.place])),
    wards: new Map(
      extensions.flatMap(({ extension, ward }) => (ward === undefined ? [] : [[extension, ward]])),
    ),
    ...given({ trust: trust?.trust }),
  }
  if (trust !== undefined) faults.push(...trustFaults(trust, site))
  faults.push(...checkSite(site, extensions, places.of, lost), ...strangers(folder))
  places.set(site, at('site.yaml'))
  const where = (entry: object, column: string) => `${places.of(entry) ?? folder}:${column}`
  faults.push(...siteDoubts(site, where, now))
  const sound = faults.every(isDoubt)
  if (sound) faults.push(...rotaDoubts(site, where, now))
  return rules !== undefined && sound ? { ok: true, site, ...rules, doubts: faults } : { ok: false, faults }
}

function readRules(
  path: string,
  text: string,
  faults: ConfigFault[],
): { readonly rules: Rules; readonly rulesRead: RulesRead } | undefined {
  const file = parseYaml(path, text, faults)
  if (file === undefined) return undefined
  const input = rulesSchema.safeParse(file.value)
  if (!input.success) {
    faults.push(...issueFaults(file, input.error.issues, { wrong: 'value-wrong', missing: 'value-wrong' }))
    return undefined
  }
  const compiled = compileRules(input.data)
  if (compiled.ok) return { rules: compiled.rules, rulesRead: input.data }
  for (const fault of compiled.faults) faults.push({ path: file.at(fault.path), code: fault.code })
  return undefined
}

/** The calendars of the folder; anything else in it would be read by nobody, and that is said. */
function calendars(folder: string, faults: ConfigFault[]): readonly string[] {
  try {
    const files = readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort()
    const [read, unread] = [files.filter(isCalendar), files.filter((name) => !isCalendar(name))]
    for (const name of unread)
      faults.push({
        path: join(folder, name),
        code: 'config-doubtful',
        detail: say('settings.fileNotReadCalendarHere'),
      })
    return read
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    faults.push({ path: folder, code: 'file-unreadable', detail: say('settings.folderCalendarsWantedHere') })
    return []
  }
}

const isCalendar = (name: string) => /\.ics$/i.test(name)

/** What stands in a site folder; anything else that looks like it is perhaps one of these, misspelt. */
const FILES = [
  ...['site.yaml', 'people.csv', 'roles.csv', 'teams.csv', 'numbers.csv', 'shifts.csv', 'rota.csv'],
  ...['changes.csv', 'extensions.csv', 'rules.yaml', 'policies.yaml', 'trust.yaml', 'imports.yaml'],
]

function strangers(folder: string): readonly ConfigFault[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[^.].*\.(csv|ya?ml)$/i.test(name) && !FILES.includes(name))
      .map((name) => ({
        path: join(folder, name),
        code: 'config-doubtful',
        detail: say('settings.fileNotReadSiteHas', { files: FILES.join(', ') }),
      }))
  } catch {
    return []
  }
}
