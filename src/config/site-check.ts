import { say } from '../core/catalogue/say.ts'
import type { Target } from '../core/directory/directory.ts'
import type { Site } from '../core/directory/site.ts'
import type { ConfigFault } from './fault.ts'

type Names = { has(name: string): boolean } | undefined

/**
 * Faults that show only when the tables are seen together: doubled names and references to nothing.
 * @param lost tables that could not be read at all: what refers to them is not blamed
 */
export function checkSite(
  site: Site,
  extensions: readonly { readonly extension: string }[],
  place: (entry: object) => string | undefined,
  lost: ReadonlySet<string>,
): readonly ConfigFault[] {
  const faults: ConfigFault[] = []
  const where = (entry: object, column: string) => `${place(entry) ?? site.id}:${column}`
  const once = <T extends object>(
    entries: readonly T[],
    column: string,
    key: (entry: T) => string | undefined,
  ) => {
    const seen = new Set<string>()
    for (const entry of entries) {
      const name = key(entry)
      if (name === undefined) continue
      if (seen.has(name)) faults.push({ path: where(entry, column), code: 'config-doubled', detail: name })
      seen.add(name)
    }
    return seen
  }
  const held = (file: string, names: Names): Names => (lost.has(file) ? undefined : names)
  const known = (names: Names, name: string, entry: object, column: string) => {
    if (names !== undefined && !names.has(name))
      faults.push({ path: where(entry, column), code: 'config-unresolved', detail: name })
  }

  const people = held(
    'people.csv',
    once(site.people, 'id', (p) => p.id),
  )
  const roles = held(
    'roles.csv',
    once(site.roles, 'id', (r) => r.id),
  )
  const teams = held('teams.csv', new Set<string>(site.teams.map((t) => t.id)))
  const shifts = held(
    'shifts.csv',
    once(site.shifts, 'id', (s) => s.id),
  )
  const numbers = held(
    'numbers.csv',
    once(site.numbers, 'number', (n) => n.number),
  )
  const hospitals = held('site.yaml', site.hospitals)
  // Two transmitters may use one address; on one of them it means one thing.
  const any = say('settings.anyFunction')
  once(site.numbers, 'ric', (n) => (n.ric === undefined ? undefined : `${n.ric}/${n.fn ?? any}@${n.site}`))
  once(extensions, 'extension', (e) => e.extension)

  for (const role of site.roles) {
    known(hospitals, role.site, role, 'site')
    if (role.baton !== undefined) known(numbers, role.baton, role, 'baton')
    for (const substitute of role.substitutes) known(roles, substitute, role, 'substitutes')
  }
  for (const team of site.teams) {
    for (const member of team.members) known(roles, member.role, member, 'role')
  }
  const reaches = (to: Target, entry: object) => {
    if (to.kind === 'role') known(roles, to.role, entry, 'to')
    else if (to.kind === 'team') known(teams, to.team, entry, 'to')
    else known(people, to.person, entry, 'to')
  }
  for (const number of site.numbers) {
    known(hospitals, number.site, number, 'site')
    reaches(number.to, number)
  }
  for (const line of site.rota) {
    known(roles, line.role, line, 'role')
    known(people, line.person, line, 'person')
    known(shifts, line.shift, line, 'shift')
  }
  for (const duty of site.duties) known(roles, duty.role, duty, 'role')
  for (const change of site.changes) {
    if (change.kind === 'leave' || change.kind === 'override') known(people, change.person, change, 'person')
    if (change.kind === 'override') known(roles, change.role, change, 'role')
    if (change.kind !== 'swap') continue
    for (const leg of change.legs) {
      known(roles, leg.role, change, 'role')
      known(people, leg.gives, change, 'person')
      known(people, leg.takes, change, 'with')
    }
  }
  return faults
}
