import { seedOf } from '../../seeded.ts'
import { beforeFigures, type Group, mergeGroups, NO_FIGURES, NO_ROLE, round, roundOr } from './groups.ts'
import {
  ASSUMED_SECONDS,
  MINIMUM_N,
  type ReportAsk,
  type SavedRow,
  SMALLEST_GROUP,
  type WaitFigures,
} from './report.ts'
import type { Places } from './report-places.ts'
import { after, before, interval } from './saved.ts'

/** One row to be: a role on a shift, or all roles of a staff group on one. */
export interface Told {
  readonly group: Group
  readonly roles: number
  readonly total: boolean
}

/** Time saved, first by staff group and then by role; in steps, because intervals take a while. */
export function* savedRows(
  ask: ReportAsk,
  places: Pick<Places, 'groups' | 'held'>,
  assumed: boolean,
): Generator<void, SavedRow[]> {
  const rows: SavedRow[] = []
  for (const told of [...byStaffGroup(places.groups), ...byRole(places.groups)]) {
    rows.push(yield* savedRow(ask, places, told, assumed))
    yield
  }
  return rows
}

/** A row for each role and shift, in the order of names. */
export function byRole(groups: readonly Group[]): Told[] {
  return groups
    .filter((g) => g.role !== NO_ROLE)
    .sort((a, b) => byText(a.staffGroup, b.staffGroup) || byText(a.role, b.role) || byText(a.shift, b.shift))
    .map((group) => ({ group, roles: 1, total: false }))
}

/** A row for each staff group and shift: all of its roles together. */
export function byStaffGroup(groups: readonly Group[]): Told[] {
  return [...Map.groupBy(groups, ({ staffGroup, shift }) => `${staffGroup}\n${shift}`).values()]
    .map((some) => ({ group: mergeGroups(some), roles: some.length, total: true }))
    .sort((a, b) => byText(a.group.staffGroup, b.group.staffGroup) || byText(a.group.shift, b.group.shift))
}

function* savedRow(
  ask: ReportAsk,
  places: Pick<Places, 'held'>,
  { group, roles, total }: Told,
  assumed: boolean,
): Generator<void, SavedRow> {
  const { staffGroup, role, shift } = group
  const roleName = total ? undefined : (ask.roleNames.get(role) ?? role)
  const shifts = round(places.held(staffGroup, shift, ask.from, ask.to) * roles, 2)
  const common = {
    staffGroup,
    ...(total ? {} : { role, ...(roleName === undefined ? {} : { roleName }) }),
    shift,
    shifts,
  }
  if (group.people.size < SMALLEST_GROUP)
    return { ...common, verdict: 'too-few-people', acknowledged: 0, requests: 0, ...NO_FIGURES }
  const seed = `${ask.site}/${ask.from}/${ask.to}/${staffGroup}/${role}/${shift}`
  return {
    ...common,
    acknowledged: group.acknowledged,
    ...(yield* waitFigures(group, shifts, assumed, seed)),
  }
}

/**
 * What one group waited before and waits now, and the minutes saved in a shift. Every request is a wait, whether or not
 * anybody pressed a button, so it is their number that the saving of one is multiplied with.
 * @param seed of the resampling: the same rows give the same interval
 */
export function* waitFigures(
  group: Group,
  shifts: number,
  assumed: boolean,
  seed: string,
): Generator<void, WaitFigures> {
  const was = beforeFigures(group)
  const now = after(group.now, group.nowChance)
  const figures = {
    requests: group.requests,
    before: was,
    after: {
      n: now.n,
      censored: now.censored,
      medianSeconds: now.n < MINIMUM_N ? null : roundOr(now.median),
      meanSeconds: now.n < MINIMUM_N ? null : round(now.mean, 1),
    },
  }
  const perShift = shifts > 0 ? group.requests / shifts / 60 : 0
  if (assumed && group.now.n >= MINIMUM_N)
    return {
      ...figures,
      verdict: 'assumed',
      minutesPerShift: round((ASSUMED_SECONDS - now.mean) * perShift, 1),
      interval: null,
    }
  if (group.observed.n < MINIMUM_N || group.now.n < MINIMUM_N || shifts === 0)
    return { ...figures, verdict: 'not-enough-data', minutesPerShift: null, interval: null }
  const mean = before(group.observed, group.chance).mean
  const [low, high] = yield* interval(group.observed, group.chance, group.now, group.nowChance, seedOf(seed))
  return {
    ...figures,
    verdict: 'measured',
    minutesPerShift: round((mean - now.mean) * perShift, 1),
    interval: [round(low * perShift, 1), round(high * perShift, 1)],
  }
}

/** By code unit, which is the same on every machine and in every language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
