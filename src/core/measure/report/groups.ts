import { say } from '../../catalogue/say.ts'
import type { SavedRow } from './report.ts'
import { MINIMUM_N } from './report.ts'
import { before, Waits } from './saved.ts'

export const NO_ROLE = ''
export const NO_GROUP = say('figures.noStaffGroup')

/** One role on one shift: waits before and after, and who they were about. */
export interface Group {
  readonly staffGroup: string
  readonly role: string
  readonly shift: string
  readonly observed: Waits
  readonly chance: Waits
  readonly now: Waits
  /** As `chance`, of the weeks with phones. */
  readonly nowChance: Waits
  readonly people: Set<string>
  failedCalls: number
  ambiguous: number
  acknowledged: number
}

/** What is printed of a group too small to be told apart from its people. */
export const NO_FIGURES = {
  before: {
    n: 0,
    censored: 0,
    ambiguous: 0,
    failedCalls: 0,
    medianSeconds: null,
    meanSeconds: null,
    correctedMedianSeconds: null,
    chanceRate: null,
  },
  after: { n: 0, censored: 0, medianSeconds: null, meanSeconds: null },
  minutesPerShift: null,
  interval: null,
} as const

export function beforeFigures(group: Group): SavedRow['before'] {
  const was = before(group.observed, group.chance)
  const enough = was.n >= MINIMUM_N
  return {
    n: was.n,
    censored: was.censored,
    ambiguous: group.ambiguous,
    failedCalls: group.failedCalls,
    medianSeconds: enough ? roundOr(was.median) : null,
    meanSeconds: enough ? round(was.mean, 1) : null,
    correctedMedianSeconds: enough ? roundOr(was.correctedMedian) : null,
    chanceRate: was.chanceN === 0 ? null : round(was.chanceRate, 4),
  }
}

export function newGroup(staffGroup: string, role: string, shift: string): Group {
  const waits = { observed: new Waits(), chance: new Waits(), now: new Waits(), nowChance: new Waits() }
  return {
    staffGroup,
    role,
    shift,
    ...waits,
    people: new Set(),
    failedCalls: 0,
    ambiguous: 0,
    acknowledged: 0,
  }
}

export function mergeGroups(groups: readonly Group[]): Group {
  const out = newGroup(groups[0]?.staffGroup ?? NO_GROUP, NO_ROLE, groups[0]?.shift ?? '')
  for (const group of groups) {
    out.observed.merge(group.observed)
    out.chance.merge(group.chance)
    out.now.merge(group.now)
    out.nowChance.merge(group.nowChance)
    for (const person of group.people) out.people.add(person)
    out.failedCalls += group.failedCalls
    out.ambiguous += group.ambiguous
    out.acknowledged += group.acknowledged
  }
  return out
}

export const round = (value: number, places: number): number =>
  Math.round(value * 10 ** places) / 10 ** places
export const roundOr = (value: number | undefined): number | null =>
  value === undefined ? null : round(value, 1)
