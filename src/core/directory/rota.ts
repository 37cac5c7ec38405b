import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { DAY } from '../instant.ts'
import type { CivilDay } from './civil.ts'
import { dayAt, weekday } from './civil.ts'
import type { Duty, Holder } from './directory.ts'
import type { Change } from './layers.ts'
import { apply } from './layers.ts'
import type { Span } from './shift.ts'
import { spanOn } from './shift.ts'
import type { RotaLine, Site } from './site.ts'
import { grouped } from './slices.ts'

/** Who has which role when: patterns and calendars, with every change laid over them in the order it was made. */
export interface Rota {
  holders(role: RoleId, at: Instant): readonly Holder[]
  /** Duties of a role that touch `[from, to)`, uncut, by beginning. */
  duties(role: RoleId, from: Instant, to: Instant): readonly Duty[]
}

const WEEK = 7 * DAY
/** Weeks of a role kept ready at once: this one, the next, and what a report or a rota page looks back at. */
const KEPT = 8

/** Who holds one role in one week of universal time. Between two neighbouring marks the holders do not change. */
interface Week {
  /** Kept in one block of memory, because a binary search over boxed numbers slows down as the heap grows. */
  readonly marks: Float64Array
  readonly holders: readonly (readonly Holder[])[]
}

/** The rota as the files have it: depends on the site alone, so it outlives edits. */
export interface RotaBase {
  readonly site: Site
  readonly lines: ReadonlyMap<RoleId, readonly RotaLine[]>
  readonly fixed: ReadonlyMap<RoleId, readonly Duty[]>
  /** When a shift that begins on a civil day begins and ends. */
  readonly spanOf: (shift: string, day: CivilDay) => Span | undefined
}

/** How many days of shifts are kept worked out. Time zone arithmetic is most of the cost of a first look-up. */
const SPANS_KEPT = 4096

/** What the look-ups of a rota stand on, made of the site's files in small steps. */
export function* rotaBase(site: Site): Generator<void, RotaBase> {
  const shifts = new Map(site.shifts.map((s) => [s.id, s]))
  const spans = new Map<string, Span>()
  return {
    site,
    lines: yield* grouped(site.rota, (line) => line.role),
    fixed: yield* grouped(site.duties, (duty) => duty.role),
    spanOf(id, day) {
      const shift = shifts.get(id)
      if (shift === undefined) return undefined
      const key = `${day} ${id}`
      const span = spans.get(key) ?? spanOn(shift, day, site.zone)
      if (spans.size >= SPANS_KEPT) spans.clear()
      spans.set(key, span)
      return span
    },
  }
}

const NOBODY: readonly Holder[] = []

/**
 * Prepares look-ups. A role's week is worked out when it is first asked for and kept, so that asking again costs one
 * binary search among that week's changes of hands, however many people and roles there are.
 */
export function prepareRota(base: RotaBase, changes: readonly Change[]): Rota {
  const ofRole = Map.groupBy(
    changes.filter((c) => c.role !== undefined),
    (c) => c.role,
  )
  const ofPerson = Map.groupBy(
    changes.filter((c) => c.role === undefined),
    (c) => c.person,
  )
  const ready = new Map<RoleId, Map<number, Week>>()

  function work(role: RoleId, from: Instant, to: Instant): readonly Duty[] {
    const plain = [
      ...patternDuties(base, role, from, to),
      ...(base.fixed.get(role) ?? []).filter((d) => d.from < to && d.to > from),
    ]
    const own = ofRole.get(role) ?? []
    const people = new Set<PersonId>([...plain.map((d) => d.person), ...own.map((c) => c.person)])
    const away = [...people].flatMap((p) => ofPerson.get(p) ?? [])
    const begin = plain.reduce((least, d) => Math.min(least, d.from), from)
    const end = plain.reduce((most, d) => Math.max(most, d.to), to)
    const relevant = [...own, ...away].filter((c) => c.from < end && c.to > begin)
    return apply(
      plain,
      relevant.sort((a, b) => a.order - b.order),
      role,
    )
      .filter((d) => d.from < to && d.to > from)
      .sort((a, b) => a.from - b.from || a.to - b.to)
  }

  function week(role: RoleId, index: number): Week {
    let weeks = ready.get(role)
    if (weeks === undefined) {
      weeks = new Map()
      ready.set(role, weeks)
    }
    let found = weeks.get(index)
    if (found === undefined) {
      found = cut(work(role, index * WEEK, (index + 1) * WEEK))
      if (weeks.size >= KEPT) weeks.delete(weeks.keys().next().value ?? index)
      weeks.set(index, found)
    }
    return found
  }

  return {
    holders(role, at) {
      const { marks, holders } = week(role, Math.floor(at / WEEK))
      return holders[lastAtOrBefore(marks, at)] ?? NOBODY
    },
    duties: work,
  }
}

/** Spans of rota lines that touch `[from, to)`; a shift may begin the day before the window does. */
function patternDuties(base: RotaBase, role: RoleId, from: Instant, to: Instant): Duty[] {
  const { site, spanOf } = base
  const lines = base.lines.get(role) ?? []
  if (lines.length === 0) return []
  const duties: Duty[] = []
  const last = dayAt(to, site.zone)
  for (let day = dayAt(from, site.zone) - 1; day <= last; day++) {
    const isoDay = weekday(day)
    const weekNumber = Math.floor((day - site.rotaStart) / 7)
    for (const line of lines) {
      if (!line.days.includes(isoDay) || !inCycle(line, weekNumber)) continue
      if (day < (line.first ?? day) || day > (line.last ?? day)) continue
      const span = spanOf(line.shift, day)
      if (span !== undefined && span.from < to && span.to > from) {
        duties.push({ role, person: line.person, ...span, source: line.source })
      }
    }
  }
  return duties
}

/** Weeks count from 0 at `rotaStart`; a cycle's weeks are named 1 to n, also before the start. */
function inCycle(line: RotaLine, weekNumber: number): boolean {
  if (line.cycle === undefined) return true
  const { week, every } = line.cycle
  return (((weekNumber % every) + every) % every) + 1 === week
}

function cut(duties: readonly Duty[]): Week {
  const marks = Float64Array.from(new Set(duties.flatMap((d) => [d.from, d.to]))).sort()
  const holders = Array.from(marks, (mark) => {
    const seen = new Map<PersonId, Holder>()
    for (const d of duties) {
      if (d.from > mark) break
      if (d.to > mark) seen.set(d.person, { person: d.person, role: d.role, source: d.source })
    }
    return [...seen.values()]
  })
  return { marks, holders }
}

function lastAtOrBefore(marks: Float64Array, at: Instant): number {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (marks[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
