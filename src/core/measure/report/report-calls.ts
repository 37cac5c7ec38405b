import { type Estimate, ledTo, less, needNoCall } from './call-tally.ts'
import type { Group } from './groups.ts'
import { round } from './groups.ts'
import { type CallsRow, MINIMUM_N, type ReportAsk, type Shown, SMALLEST_GROUP } from './report.ts'
import type { Places } from './report-places.ts'
import { byRole, byStaffGroup, type Told } from './report-saved.ts'

/**
 * Half the width of an interval that holds the true value in 95 of 100, in standard errors. A little more than the 1.96
 * of a known spread: with that, 93 of 100 seeded hospitals held theirs.
 */
const WIDTH = 2.17

const NOTHING = { spared: null, vainSpared: null, answeredOnTheSpot: null } as const

/** What whoever was bleeped no longer has to do at a telephone, first by staff group and then by role. */
export function callRows(ask: ReportAsk, places: Pick<Places, 'groups' | 'held'>): readonly CallsRow[] {
  return [...byStaffGroup(places.groups), ...byRole(places.groups)].map((told) => callRow(ask, places, told))
}

function callRow(ask: ReportAsk, places: Pick<Places, 'held'>, { group, roles, total }: Told): CallsRow {
  const { staffGroup, role, shift, calls } = group
  const shifts = round(places.held(staffGroup, shift, ask.from, ask.to) * roles, 2)
  const common = {
    ...{ staffGroup, shift, shifts },
    ...(total ? {} : { role, roleName: ask.roleNames.get(role) ?? role }),
  }
  if (group.people.size < SMALLEST_GROUP)
    return {
      ...common,
      verdict: 'too-few-people',
      requests: 0,
      answered: 0,
      nBefore: 0,
      nAfter: 0,
      ...NOTHING,
    }
  const counted = {
    requests: group.requests,
    answered: group.answered,
    nBefore: calls.before.n,
    nAfter: calls.now.n,
  }
  if (calls.before.n < MINIMUM_N || calls.now.n < MINIMUM_N || shifts === 0)
    return { ...common, verdict: 'not-enough-data', ...counted, ...NOTHING }
  return { ...common, verdict: 'measured', ...counted, ...figures(group, shifts) }
}

function figures({ calls, requests, answered }: Group, shifts: number) {
  const spared = (sort: 'answered' | 'vain') =>
    less(ledTo(calls.before, calls.beforeChance, sort), ledTo(calls.now, calls.nowChance, sort))
  const onTheSpot = calls.answered.n < MINIMUM_N ? undefined : needNoCall(calls.answered, calls.nowChance)
  return {
    spared: shown(spared('answered'), requests / shifts),
    vainSpared: shown(spared('vain'), requests / shifts),
    answeredOnTheSpot: onTheSpot === undefined ? null : shown(onTheSpot, answered / shifts),
  }
}

/** @param perShift how often it comes in one shift */
function shown({ value, variance }: Estimate, perShift: number): Shown {
  const around = WIDTH * Math.sqrt(variance)
  // Adding nothing makes a zero of minus zero.
  const of = (v: number) => round(v * perShift, 2) + 0
  return { value: of(value), interval: [of(value - around), of(value + around)] }
}
