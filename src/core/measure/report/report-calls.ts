import { say } from '../../catalogue/say.ts'
import { type Estimate, ledTo, less, needNoCall } from './call-tally.ts'
import type { Group } from './groups.ts'
import { round } from './groups.ts'
import { type CallsRow, MINIMUM_N, type ReportAsk, type Shown, SMALLEST_GROUP } from './report.ts'
import type { Places } from './report-places.ts'
import { byRole, byStaffGroup, byText, type Told } from './report-saved.ts'

/**
 * Half the width of an interval that holds the true value in 95 of 100, in standard errors. A little more than the 1.96
 * of a known spread: with that, 93 of 100 seeded hospitals held theirs.
 */
const WIDTH = 2.17

const NOTHING = { spared: null, vainSpared: null, engagedSpared: null, answeredOnTheSpot: null } as const

/**
 * What whoever was bleeped no longer has to do at a telephone: by staff group, by role, and by the ward that bleeped.
 * @param tellsEngaged whether the exchange says that a line was engaged
 */
export function callRows(ask: ReportAsk, places: Places, tellsEngaged: boolean): readonly CallsRow[] {
  const of = (group: Group, shifts: number, who: Who) => callRow(group, round(shifts, 2), who, tellsEngaged)
  const bleeped = [...byStaffGroup(places.groups), ...byRole(places.groups)].map(
    ({ group, roles, total }: Told) => {
      const { staffGroup, role, shift } = group
      const who = total ? {} : { role, roleName: ask.roleNames.get(role) ?? role }
      return of(group, places.held(staffGroup, shift, ask.from, ask.to) * roles, { staffGroup, ...who })
    },
  )
  const asked = [...places.wards]
    .sort((a, b) => byText(a.role, b.role) || byText(a.shift, b.shift))
    .map((group) => {
      const who = { staffGroup: say('figures.everybody'), ward: group.role }
      return of(group, places.nursesHeld(group.shift, ask.from, ask.to), who)
    })
  return [...bleeped, ...asked]
}

type Who = Pick<CallsRow, 'staffGroup' | 'role' | 'roleName' | 'ward'>

function callRow(group: Group, shifts: number, who: Who, tellsEngaged: boolean): CallsRow {
  const { shift, calls } = group
  const common = { ...who, shift, shifts }
  if (group.people.size < SMALLEST_GROUP)
    return {
      ...common,
      ...{ verdict: 'too-few-people', requests: 0, answered: 0, nBefore: 0, nAfter: 0 },
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
  return { ...common, verdict: 'measured', ...counted, ...figures(group, shifts, tellsEngaged) }
}

function figures({ calls, requests, answered }: Group, shifts: number, tellsEngaged: boolean) {
  const spared = (sort: 'answered' | 'vain' | 'engaged') =>
    shown(
      less(ledTo(calls.before, calls.beforeChance, sort), ledTo(calls.now, calls.nowChance, sort)),
      requests / shifts,
    )
  const onTheSpot = calls.answered.n < MINIMUM_N ? undefined : needNoCall(calls.answered, calls.nowChance)
  return {
    spared: spared('answered'),
    vainSpared: spared('vain'),
    engagedSpared: tellsEngaged ? spared('engaged') : null,
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
