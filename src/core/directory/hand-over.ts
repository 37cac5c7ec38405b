import type { PersonId, RoleId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import { DAY, HOUR } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { BatonEffect, BatonInput } from './baton.ts'
import { stepBaton } from './baton.ts'
import type { SiteDirectory } from './build.ts'
import type { EditInput } from './edits.ts'

/** Who comes on this soon may take the role before their shift begins. */
const EARLY: Millis = 2 * HOUR
/** The longest a role stays with somebody whom no rota ends: the longest shift there is. */
const LONGEST: Millis = 13 * HOUR

export type HandOverRequest =
  | { readonly kind: 'offer'; readonly role: RoleId; readonly by: PersonId; readonly to: PersonId }
  | { readonly kind: 'take' | 'refuse' | 'withdraw'; readonly role: RoleId; readonly by: PersonId }
  | { readonly kind: 'force'; readonly role: RoleId; readonly to: PersonId; readonly operator: string }

export interface HandOverDecision {
  readonly applied: boolean
  readonly reason: ReasonCode
  /** To be stored, where it was applied. */
  readonly edit?: EditInput
  /** The role has changed hands: open alerts move with it. */
  readonly handedOver?: Extract<BatonEffect, { kind: 'handed-over' }>
}

/**
 * Decides a hand-over against the rota and the batons as they stand: only a holder offers, only the person offered to
 * or due on duty takes, switchboard gives to anybody active. The edit carries how long it lasts, so that folding it
 * again later gives the same holder whatever the rota has become.
 */
export function decideHandOver(
  directory: SiteDirectory,
  request: HandOverRequest,
  at: Instant,
): HandOverDecision {
  const { role } = request
  if (!directory.roles.has(role)) return no('role-unknown')
  const people = request.kind === 'force' ? [request.to] : [request.by]
  if (request.kind === 'offer') people.push(request.to)
  if (!people.every((p) => directory.people.get(p)?.active === true)) return no('baton-person-unknown')

  const holders = directory.holders(role, at).map((h) => h.person)
  if (request.kind === 'offer') {
    if (!holders.includes(request.by)) return no('baton-not-holder')
    if (holders.includes(request.to)) return no('baton-already')
  }
  const [, effects] = stepBaton(directory.batons.get(role) ?? { role }, inputOf(directory, request, at))
  const answer = effects.find((e) => e.kind === 'answered')
  if (answer?.applied !== true) return no(answer?.reason ?? 'baton-not-offered')
  const handedOver = effects.find((e) => e.kind === 'handed-over')
  return {
    applied: true,
    reason: answer.reason,
    edit: editOf(directory, request, at),
    ...(handedOver === undefined ? {} : { handedOver }),
  }
}

function no(reason: ReasonCode): HandOverDecision {
  return { applied: false, reason }
}

function inputOf(directory: SiteDirectory, request: HandOverRequest, at: Instant): BatonInput {
  const { role } = request
  switch (request.kind) {
    case 'offer':
      return { kind: 'offer', at, from: request.by, to: request.to }
    case 'take':
      return {
        kind: 'take',
        at,
        person: request.by,
        until: holdsUntil(directory, role, request.by, at),
        free: ownDutyEnd(directory, role, request.by, at) !== undefined,
      }
    case 'force':
      return { kind: 'force', at, person: request.to, until: holdsUntil(directory, role, request.to, at) }
    case 'refuse':
    case 'withdraw':
      return { kind: request.kind, at, person: request.by }
  }
}

function editOf(directory: SiteDirectory, request: HandOverRequest, at: Instant): EditInput {
  const { role } = request
  switch (request.kind) {
    case 'offer':
      return { kind: 'offer', role, from: request.by, to: request.to }
    case 'take': {
      const free = ownDutyEnd(directory, role, request.by, at) !== undefined
      return {
        kind: 'take',
        role,
        person: request.by,
        until: holdsUntil(directory, role, request.by, at),
        free,
      }
    }
    case 'force': {
      const { to: person, operator } = request
      return { kind: 'force', role, person, until: holdsUntil(directory, role, person, at), operator }
    }
    case 'refuse':
    case 'withdraw':
      return { kind: request.kind, role, person: request.by }
  }
}

/** End of this person's own duty in the role, now or beginning shortly. */
function ownDutyEnd(
  directory: SiteDirectory,
  role: RoleId,
  person: PersonId,
  at: Instant,
): Instant | undefined {
  const own = directory.duties(role, at, at + EARLY).filter((d) => d.person === person)
  return own.length === 0 ? undefined : Math.max(...own.map((d) => d.to))
}

/**
 * How long a hand-over lasts: the taker's own duty; without one the duty taken over; in a gap until somebody's duty
 * begins, and never longer than the longest shift.
 */
function holdsUntil(directory: SiteDirectory, role: RoleId, person: PersonId, at: Instant): Instant {
  const own = ownDutyEnd(directory, role, person, at)
  if (own !== undefined) return own
  const around = directory.duties(role, at, at + DAY)
  const now = around.filter((d) => d.from <= at).map((d) => d.to)
  if (now.length > 0) return Math.max(...now)
  return Math.min(at + LONGEST, ...around.map((d) => d.from))
}
