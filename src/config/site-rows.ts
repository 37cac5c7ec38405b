import { say } from '../core/catalogue/say.ts'
import { instantOf } from '../core/directory/civil.ts'
import type { Hours, Person, PlanNumber, Role, Team, TeamMember } from '../core/directory/directory.ts'
import type { Edit } from '../core/directory/edits.ts'
import { ofHospital, shared } from '../core/directory/number-plan.ts'
import type { RotaLine } from '../core/directory/site.ts'
import { given } from '../core/given.ts'
import type { TeamId } from '../core/ids.ts'
import type { Row } from './csv.ts'
import type { ConfigFault } from './fault.ts'
import type * as tables from './site-tables.ts'

/** A row that passed its schema becomes what the site holds; what only a whole row can show is checked here. */
type RowOf<T extends keyof typeof tables> = ReturnType<(typeof tables)[T]['parse']>
type Wrong = (column: string, detail: string) => undefined

export function personOf({ active = true, phone, pagerOnly, ...row }: RowOf<'peopleRow'>): Person {
  return { ...row, active, ...given({ phone, pagerOnly: pagerOnly || undefined }) }
}

export function roleOf({ from, to, days, ...row }: RowOf<'rolesRow'>, wrong: Wrong): Role {
  const {
    id,
    name,
    site,
    staffGroup,
    crash = false,
    substitutes = [],
    baton,
    mustClaim,
    holders,
    stage,
  } = row
  const hours = hoursOf(from, to, wrong)
  const listens = stage === 'listen' || undefined
  const optional = given({ baton, mustClaim, holders, hours, days, listens })
  return { id, name, site, staffGroup, crash, substitutes, ...optional }
}

/** A number that several hospitals use is known with its hospital from here on. */
export function planOf(rows: readonly Row<RowOf<'numbersRow'>>[]): readonly Row<RowOf<'numbersRow'>>[] {
  const several = shared(
    rows.map(({ value }) => value),
    ({ number }) => number,
  )
  return rows.map(({ value, line }) => ({
    line,
    value: several.has(value.number) ? { ...value, number: ofHospital(value.number, value.site) } : value,
  }))
}

export function numberOf(row: RowOf<'numbersRow'>, wrong: Wrong): PlanNumber {
  const { number, to, site, description, ric, fn, kind, class: urgency } = row
  if (fn !== undefined && ric === undefined) wrong('fn', say('settings.aFunctionWithoutARic'))
  return { number, to, site, description, ...given({ ric, fn, kind, class: urgency }) }
}

export function lineOf(row: RowOf<'rotaRow'>, source: string): RotaLine {
  const { role, person, shift, days = [1, 2, 3, 4, 5, 6, 7], weeks, first, last } = row
  return { role, person, shift, days, source, ...given({ cycle: weeks, first, last }) }
}

/** A team's rows gathered in the order of its first; `mark` remembers where each member stands. */
export function teamsOf(
  rows: readonly { readonly value: RowOf<'teamsRow'>; readonly line: number }[],
  wrongAt: (line: number) => Wrong,
  mark: (line: number, member: TeamMember) => TeamMember,
): readonly Team[] {
  const teams = new Map<TeamId, { id: TeamId; name: string; members: TeamMember[] }>()
  for (const { value, line } of rows) {
    const { team: id, name, role, need, count = 1, from, to } = value
    const team = teams.get(id) ?? { id, name, members: [] }
    if (team.name !== name) wrongAt(line)('name', say('settings.oneTeamTwoNames'))
    const hours = hoursOf(from, to, wrongAt(line))
    team.members.push(mark(line, { role, need, count, ...given({ hours }) }))
    teams.set(id, team)
  }
  return [...teams.values()]
}

export function editOf(row: RowOf<'changesRow'>, zone: string, wrong: Wrong): Edit | undefined {
  const { kind, role, person, with: taker } = row
  const from = instantOf(row.from.day, row.from.clock, zone)
  const to = instantOf(row.to.day, row.to.clock, zone)
  if (to <= from) return wrong('to', say('settings.mustEndAfterItBegins'))
  if (kind === 'leave') return { kind, person, from, to }
  if (role === undefined) return wrong('role', say('settings.aRoleIsNeeded'))
  if (kind === 'swap') {
    if (taker === undefined) return wrong('with', say('settings.swapNeedsPersonWhoTakes'))
    return { kind, legs: [{ role, from, to, gives: person, takes: taker }] }
  }
  return { kind: 'override', role, person, from, to, mode: kind === 'also' ? 'also' : 'instead' }
}

/** Collects a row's faults under its file and line. */
export function wrongIn(path: string, faults: ConfigFault[]): Wrong {
  return (column, detail) => {
    faults.push({ path: `${path}:${column}`, code: 'value-wrong', detail })
    return undefined
  }
}

function hoursOf(from: string | undefined, to: string | undefined, wrong: Wrong): Hours | undefined {
  if (from !== undefined && to !== undefined) return { from, to }
  if (from === to) return undefined
  return wrong('from', say('settings.fromGivenTogetherNotAt'))
}
