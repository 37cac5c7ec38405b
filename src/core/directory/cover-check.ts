import type { RoleId } from '../ids.ts'
import type { Instant, Millis } from '../instant.ts'
import { HOUR, MINUTE } from '../instant.ts'
import type { ReasonCode } from '../reasons.ts'
import type { SiteDirectory } from './build.ts'
import { dayAt, weekday } from './civil.ts'
import type { Role } from './directory.ts'
import { isCrash } from './live.ts'
import type { Span } from './shift.ts'
import { spanOn } from './shift.ts'

/** A stretch in which a role has too few or too many people, half-open. */
export interface RotaFlaw extends Span {
  readonly role: RoleId
  readonly reason: Extract<ReasonCode, 'rota-gap' | 'rota-double'>
  /** How many hold it in that stretch, and how many should. */
  readonly holders: number
  readonly wanted: number
}

/** Shifts overlap so that people can hand over; only longer double cover is a mistake. */
const HAND_OVER_OVERLAP: Millis = 45 * MINUTE

/**
 * Gaps and double cover of every role in `[from, to)`, for the switchboard to mend before the shift begins. Hours in
 * which a role need not be held are neither.
 */
export function findRotaFlaws(
  directory: SiteDirectory,
  from: Instant,
  to: Instant,
  concerns: (role: Role) => boolean = () => true,
): readonly RotaFlaw[] {
  return [...directory.roles.values()]
    .filter(concerns)
    .flatMap((role) => [...roleFlaws(directory, role, from, to)].flat())
}

/** The same of one role, shift by shift: a month of them takes some milliseconds. */
export function* roleFlaws(
  directory: SiteDirectory,
  role: Role,
  from: Instant,
  to: Instant,
): Generator<readonly RotaFlaw[]> {
  for (const span of wantedSpans(role, directory.zone, from, to)) yield flawsIn(directory, role, span)
}

/** When the role must be held, cut to `[from, to)`. */
function* wantedSpans(role: Role, zone: string, from: Instant, to: Instant): Generator<Span> {
  if (role.hours === undefined && role.days === undefined) return yield { from, to }
  const hours = role.hours ?? { from: '00:00', to: '00:00' }
  for (let day = dayAt(from, zone) - 1; day <= dayAt(to, zone); day++) {
    if (role.days !== undefined && !role.days.includes(weekday(day))) continue
    const span = spanOn(hours, day, zone)
    const cut = { from: Math.max(span.from, from), to: Math.min(span.to, to) }
    if (cut.to > cut.from) yield cut
  }
}

function flawsIn(directory: SiteDirectory, role: Role, span: Span): readonly RotaFlaw[] {
  const wanted = role.holders ?? 1
  const duties = directory.duties(role.id, span.from, span.to)
  const marks = [...new Set([span.from, ...duties.flatMap((d) => [d.from, d.to]), span.to])]
    .filter((mark) => mark >= span.from && mark <= span.to)
    .sort((a, b) => a - b)

  const flaws: RotaFlaw[] = []
  for (const [i, from] of marks.slice(0, -1).entries()) {
    const to = marks[i + 1] ?? span.to
    const holders = new Set(duties.filter((d) => d.from <= from && d.to > from).map((d) => d.person)).size
    if (holders === wanted) continue
    const reason = holders < wanted ? 'rota-gap' : 'rota-double'
    const last = flaws.at(-1)
    if (last?.to === from && last.reason === reason && last.holders === holders) {
      flaws[flaws.length - 1] = { ...last, to }
    } else {
      flaws.push({ role: role.id, from, to, reason, holders, wanted })
    }
  }
  return flaws.filter((f) => f.reason === 'rota-gap' || f.to - f.from > HAND_OVER_OVERLAP)
}

/** A crash role that nobody has, or whose baton nobody has taken. */
export interface Unclaimed {
  readonly role: RoleId
  readonly reason: Extract<ReasonCode, 'role-unheld' | 'role-unclaimed'>
  /** Since when, where known; looked for in the last day. */
  readonly since?: Instant
}

/**
 * Crash roles that would be missing if a call came now. This is an alarm of its own, whether or not anybody calls.
 * @param grace after a shift begins, for the baton to be taken where the role asks for that
 */
export function findUnclaimed(directory: SiteDirectory, at: Instant, grace: Millis): readonly Unclaimed[] {
  return [...directory.roles.values()].flatMap((role): Unclaimed[] => {
    if (!isCrash(role) || wantedSpans(role, directory.zone, at, at + 1).next().done) return []
    const past = directory.duties(role.id, at - 24 * HOUR, at + 1)
    const now = past.filter((d) => d.from <= at && d.to > at)
    if (now.length === 0) {
      const ends = past.map((d) => d.to).filter((end) => end <= at)
      return [
        { role: role.id, reason: 'role-unheld', ...(ends.length === 0 ? {} : { since: Math.max(...ends) }) },
      ]
    }
    if (role.mustClaim !== true) return []
    const held = directory.batons.get(role.id)?.held
    const claimed = held !== undefined && held.until > at && now.some((d) => d.person === held.person)
    const since = Math.max(...now.map((d) => d.from))
    return claimed || at < since + grace ? [] : [{ role: role.id, reason: 'role-unclaimed', since }]
  })
}
