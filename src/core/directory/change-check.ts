import { say } from '../catalogue/say.ts'
import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import type { SiteDirectory } from './build.ts'
import type { Edit } from './edits.ts'
import { isCrash } from './live.ts'

export type RotaChangeEdit = Extract<Edit, { kind: 'override' | 'leave' | 'swap' }>

export const CHANGE_WARNINGS = ['wrong-group', 'on-leave', 'second-crash', 'leaves-nobody'] as const
type Code = (typeof CHANGE_WARNINGS)[number]

/** What speaks against a change of the rota and does not forbid it: whoever enters it may know better. */
export interface ChangeWarning {
  readonly code: Code
  readonly person: PersonId
  /** The role concerned: given, held already, or left without anybody. */
  readonly role?: RoleId
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}
const meet = (a: Span, b: Span) => a.from < b.to && b.from < a.to

/**
 * @param leaves those that count, as they were entered
 */
export function warningsOf(
  directory: SiteDirectory,
  change: RotaChangeEdit,
  leaves: readonly Extract<Edit, { kind: 'leave' }>[],
): readonly ChangeWarning[] {
  if (change.kind === 'leave') return emptied(directory, change.person, change)
  const given =
    change.kind === 'override'
      ? [{ role: change.role, person: change.person, from: change.from, to: change.to }]
      : change.legs.map(({ role, takes, from, to }) => ({ role, person: takes, from, to }))
  return given.flatMap((one) => against(directory, one, leaves, change))
}

function against(
  directory: SiteDirectory,
  { role, person, ...span }: Span & { readonly role: RoleId; readonly person: PersonId },
  leaves: Parameters<typeof warningsOf>[2],
  change: RotaChangeEdit,
): readonly ChangeWarning[] {
  const known = directory.roles.get(role)
  const group = directory.people.get(person)?.staffGroup
  const warnings: ChangeWarning[] = []
  if (known !== undefined && group !== known.staffGroup) warnings.push({ code: 'wrong-group', person, role })
  if (leaves.some((l) => l.person === person && meet(l, span))) warnings.push({ code: 'on-leave', person })
  if (known === undefined || !isCrash(known)) return warnings
  const givesUp = (other: RoleId) =>
    change.kind === 'swap' && change.legs.some((l) => l.role === other && l.gives === person && meet(l, span))
  for (const other of directory.roles.values()) {
    if (other.id === role || !isCrash(other) || givesUp(other.id)) continue
    if (directory.duties(other.id, span.from, span.to).some((d) => d.person === person))
      warnings.push({ code: 'second-crash', person, role: other.id })
  }
  return warnings
}

/** Crash roles that have nobody else for some of the time that somebody is away. */
function emptied(directory: SiteDirectory, person: PersonId, span: Span): readonly ChangeWarning[] {
  return [...directory.roles.values()].flatMap((role) => {
    if (!isCrash(role)) return []
    const duties = directory.duties(role.id, span.from, span.to)
    const others = duties.filter((d) => d.person !== person).toSorted((a, b) => a.from - b.from)
    const alone = duties.some((d) => d.person === person && !covered(within(d, span), others))
    return alone ? [{ code: 'leaves-nobody' as const, person, role: role.id }] : []
  })
}

const within = (a: Span, b: Span): Span => ({ from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) })

/** @param others by beginning */
function covered({ from, to }: Span, others: readonly Span[]): boolean {
  let until = from
  for (const other of others) if (other.from <= until) until = Math.max(until, other.to)
  return until >= to
}

/** A warning about a change of the rota in words, with the names of the person and the role. */
export function sayWarning({ code, person, role }: ChangeWarning, directory: SiteDirectory): string {
  const known = role === undefined ? undefined : directory.roles.get(role)
  const whose = directory.people.get(person)
  const about = { name: whose?.name ?? person, role: known?.name ?? role ?? '' }
  switch (code) {
    case 'wrong-group':
      return say('rota.wrongGroup', {
        ...about,
        ...{ group: whose?.staffGroup ?? '', wants: known?.staffGroup ?? '' },
      })
    case 'on-leave':
      return say('rota.onLeave', about)
    case 'second-crash':
      return say('rota.secondCrash', about)
    case 'leaves-nobody':
      return say('rota.leavesNobody', about)
  }
}
