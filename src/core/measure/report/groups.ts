import { say } from '../../catalogue/say.ts'
import { CallTally } from './call-tally.ts'
import type { SavedRow } from './report.ts'
import { MINIMUM_N } from './report.ts'
import { before, Waits } from './saved.ts'

export const NO_ROLE = ''
export const NO_GROUP = say('figures.noStaffGroup')

/** What the exchange saw after each request, and where only chance can have called. */
interface Tallies {
  readonly before: CallTally
  readonly beforeChance: CallTally
  readonly now: CallTally
  readonly nowChance: CallTally
  /** Of `now`, those that somebody answered on a phone. */
  readonly answered: CallTally
}

/** One role, or one ward, on one shift: waits before and after, calls made, and who they were about. */
export interface Group {
  readonly staffGroup: string
  readonly role: string
  readonly shift: string
  readonly observed: Waits
  readonly chance: Waits
  readonly now: Waits
  /** As `chance`, of the weeks with phones. */
  readonly nowChance: Waits
  readonly calls: Tallies
  readonly people: Set<string>
  failedCalls: number
  ambiguous: number
  acknowledged: number
  /** Requests of the weeks with phones to be called back, each a wait of whoever asked. */
  requests: number
  /** Those of them that somebody answered on a phone. */
  answered: number
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

/** Figures of the weeks without phones, seconds; null where there are too few waits to print one. */
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

/** Of nobody yet. */
export function newGroup(staffGroup: string, role: string, shift: string): Group {
  const waits = { observed: new Waits(), chance: new Waits(), now: new Waits(), nowChance: new Waits() }
  return {
    staffGroup,
    role,
    shift,
    ...waits,
    calls: {
      ...{ before: new CallTally(), beforeChance: new CallTally(), now: new CallTally() },
      ...{ nowChance: new CallTally(), answered: new CallTally() },
    },
    people: new Set(),
    failedCalls: 0,
    ambiguous: 0,
    acknowledged: 0,
    requests: 0,
    answered: 0,
  }
}

const TALLIES = ['before', 'beforeChance', 'now', 'nowChance', 'answered'] as const

/** Several groups as one, for a total; the role is none. */
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
    out.requests += group.requests
    out.answered += group.answered
    for (const name of TALLIES) out.calls[name].merge(group.calls[name])
  }
  return out
}

/** To so many decimal places. */
export const round = (value: number, places: number): number =>
  Math.round(value * 10 ** places) / 10 ** places
export const roundOr = (value: number | undefined): number | null =>
  value === undefined ? null : round(value, 1)
