import type { Need } from '../alert/alert.ts'
import { type PlanNumber, targetKey } from '../directory/directory.ts'
import { membersAt } from '../directory/team.ts'
import type { RoleId } from '../ids.ts'
import { HOUR, type Instant, type Millis } from '../instant.ts'
import { whoAt } from '../route/who.ts'
import { readAddress } from './asked-of.ts'
import { type ForeseeParts, foresee, ringsSomebody } from './foresee.ts'

export const WEEK_HOURS = 7 * 24

/** Hours on end in which a page to a number would be answered by nobody, or would lack somebody it must have. */
export interface Hole {
  readonly numbers: readonly string[]
  readonly code: 'nobody-rung' | 'nobody-holds-role'
  /** The role nobody holds, where it is one that must come. */
  readonly role?: RoleId
  readonly from: Instant
  readonly to: Instant
}

/**
 * Every number of the plan at every hour: when would nobody be rung, and when would somebody who must come be missing.
 * Numbers that mean the same are worked out once. Pages without words: words may raise them and change no holder.
 * @param part of the groups of like numbers, for whoever cannot wait for a large site
 */
export function* holesOf(
  from: Instant,
  hours: number,
  parts: ForeseeParts,
  part: { readonly skip: number; readonly take: number } = { skip: 0, take: Number.POSITIVE_INFINITY },
): Generator<void, readonly Hole[]> {
  const holes: Hole[] = []
  const duty: string[] = []
  for (let hour = 0; hour < hours; hour++) {
    duty.push(dutyAt(parts.directory, from + hour * HOUR))
    yield
  }
  for (const rows of [...likeNumbers(parts.directory)].slice(part.skip, part.skip + part.take)) {
    const numbers = rows.map(({ number }) => number)
    const open = new Map<string, Hole>()
    const known = new Map<string, ReturnType<typeof holesAt>>()
    for (let hour = 0; hour < hours; hour++) {
      const at = from + hour * HOUR
      const same = duty[hour] ?? ''
      const found = known.get(same) ?? holesAt(numbers[0]!, at, parts)
      known.set(same, found)
      for (const [key, hole] of open)
        if (!found.some((one) => keyOf(one) === key)) {
          holes.push(hole)
          open.delete(key)
        }
      for (const one of found) {
        const before = open.get(keyOf(one))
        open.set(keyOf(one), { ...one, numbers, from: before?.from ?? at, to: at + HOUR })
      }
      yield
    }
    holes.push(...open.values())
  }
  return holes.toSorted((a, b) => a.from - b.from || length(b) - length(a))
}

/** Numbers of the plan, those that mean the same together. */
export const likeNumbers = ({ numbers }: Pick<ForeseeParts['directory'], 'numbers'>) =>
  Map.groupBy(numbers.values(), likeness).values()

/** Who has which role, and who is in which team: while that is the same, a page means the same. */
function dutyAt(directory: ForeseeParts['directory'], at: Instant): string {
  const held = [...directory.roles.keys()].map((role) =>
    directory
      .holders(role, at)
      .map(({ person }) => person)
      .join(),
  )
  const teams = [...directory.teams.keys()].map((team) =>
    membersAt(directory, team, at)
      .map(({ role }) => role)
      .join(),
  )
  return JSON.stringify([held, teams])
}

const length = (hole: Hole): Millis => hole.to - hole.from

function likeness({ to, kind, class: urgency }: PlanNumber): string {
  return `${targetKey(to)} ${kind ?? ''} ${urgency ?? ''}`
}

const keyOf = ({ code, role }: Pick<Hole, 'code' | 'role'>): string => `${code} ${role ?? ''}`

function holesAt(number: string, at: Instant, parts: ForeseeParts): readonly Pick<Hole, 'code' | 'role'>[] {
  const foreseen = foresee(readAddress(number, parts.directory), '', at, parts)
  // What is left to the pagers on purpose is no hole of ours.
  if (foreseen.reason === 'listening-only' || foreseen.reason === 'pager-only') return []
  if (!ringsSomebody(foreseen, parts.devices !== undefined)) return [{ code: 'nobody-rung' }]
  // A role whose substitute is asked in its place gets an answer; that it has no holder, `bleepd site` tells.
  const held = whoAt(parts.directory, at)
  const nobody = ({ role, substitutes }: Need): boolean =>
    [role, ...substitutes].every((one) => held({ kind: 'role', role: one }).length === 0)
  return (foreseen.plan?.need ?? [])
    .filter((need) => need.mandatory && nobody(need))
    .map(({ role }) => ({ code: 'nobody-holds-role', role }))
}
