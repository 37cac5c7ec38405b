import type { PersonId, RoleId } from '../ids.ts'
import type { Instant } from '../instant.ts'
import { DAY } from '../instant.ts'
import { dayAt, weekday } from './civil.ts'
import type { Duty, Holder } from './directory.ts'
import type { Change } from './layers.ts'
import { apply } from './layers.ts'
import type { ShiftPattern, Span } from './shift.ts'
import { spanOn } from './shift.ts'
import type { RotaLine, Site } from './site.ts'

/** Who has which role when: patterns and calendars, with every change laid over them in the order it was made. */
export interface Rota {
  holders(role: RoleId, at: Instant): readonly Holder[]
  /** Duties of a role that touch `[from, to)`, uncut, by beginning. */
  duties(role: RoleId, from: Instant, to: Instant): readonly Duty[]
}

const WEEK = 7 * DAY
/** Weeks of a role kept ready at once: this one, the next, and what a report or a rota page looks back at. */
const KEPT = 8

/** One role for one week of universal time: between two neighbouring marks the same people hold it. */
interface Week {
  readonly duties: readonly Duty[]
  readonly marks: readonly Instant[]
  readonly holders: readonly (readonly Holder[])[]
}

const NOBODY: readonly Holder[] = []

/**
 * Prepares look-ups. A role's week is worked out when it is first asked for and kept, so that asking again costs one
 * binary search among that week's changes of hands, however many people and roles there are.
 */
export function prepareRota(site: Site, changes: readonly Change[]): Rota {
  const shifts = new Map(site.shifts.map((s) => [s.id, s]))
  const lines = Map.groupBy(site.rota, (line) => line.role)
  const fixed = Map.groupBy(site.duties, (duty) => duty.role)
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
    const base = [
      ...patternDuties(lines.get(role) ?? [], shifts, site, from, to),
      ...(fixed.get(role) ?? []).filter((d) => d.from < to && d.to > from),
    ]
    const own = ofRole.get(role) ?? []
    const people = new Set<PersonId>([...base.map((d) => d.person), ...own.map((c) => c.person)])
    const away = [...people].flatMap((p) => ofPerson.get(p) ?? [])
    const begin = base.reduce((least, d) => Math.min(least, d.from), from)
    const end = base.reduce((most, d) => Math.max(most, d.to), to)
    const relevant = [...own, ...away].filter((c) => c.from < end && c.to > begin)
    return apply(
      base,
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
function patternDuties(
  lines: readonly RotaLine[],
  shifts: ReadonlyMap<string, ShiftPattern>,
  site: Site,
  from: Instant,
  to: Instant,
): Duty[] {
  const duties: Duty[] = []
  const last = dayAt(to, site.zone)
  const spans = new Map<string, Span>()
  for (let day = dayAt(from, site.zone) - 1; day <= last; day++) {
    const isoDay = weekday(day)
    const weekNumber = Math.floor((day - site.rotaStart) / 7)
    for (const line of lines) {
      if (!line.days.includes(isoDay) || !inCycle(line, weekNumber)) continue
      if (day < (line.first ?? day) || day > (line.last ?? day)) continue
      const shift = shifts.get(line.shift)
      if (shift === undefined) continue
      const key = `${day} ${shift.id}`
      const span = spans.get(key) ?? spanOn(shift, day, site.zone)
      spans.set(key, span)
      if (span.from < to && span.to > from) {
        duties.push({ role: line.role, person: line.person, ...span, source: line.source })
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
  const marks = [...new Set(duties.flatMap((d) => [d.from, d.to]))].sort((a, b) => a - b)
  const holders = marks.map((mark) => {
    const seen = new Map<PersonId, Holder>()
    for (const d of duties) {
      if (d.from > mark) break
      if (d.to > mark) seen.set(d.person, { person: d.person, role: d.role, source: d.source })
    }
    return [...seen.values()]
  })
  return { duties, marks, holders }
}

function lastAtOrBefore(marks: readonly Instant[], at: Instant): number {
  let low = 0
  let high = marks.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (marks[middle]! <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}
