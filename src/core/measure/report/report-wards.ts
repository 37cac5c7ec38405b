import { type Group, mergeGroups, NO_FIGURES, round } from './groups.ts'
import { PUBLISHED, type ReportAsk, type Shown, SMALLEST_GROUP, type WardRow } from './report.ts'
import { NURSES, type Places } from './report-places.ts'
import { byText, waitFigures } from './report-saved.ts'

/** Waiting of the staff of wards until they know, first of all wards and then of each; in steps. */
export function* wardRows(
  ask: ReportAsk,
  places: Pick<Places, 'wards' | 'nursesHeld'>,
  assumed: boolean,
): Generator<void, WardRow[]> {
  const rows: WardRow[] = []
  const all = [...Map.groupBy(places.wards, ({ shift }) => shift).values()].sort(byShift)
  for (const some of all) {
    rows.push(yield* wardRow(ask, places, mergeGroups(some), some.length, assumed))
    yield
  }
  for (const one of [...places.wards].sort((a, b) => byText(a.role, b.role) || byText(a.shift, b.shift))) {
    rows.push(yield* wardRow(ask, places, one, undefined, assumed))
    yield
  }
  return rows
}

const byShift = ([a]: readonly Group[], [b]: readonly Group[]): number =>
  byText(a?.shift ?? '', b?.shift ?? '')

function* wardRow(
  ask: ReportAsk,
  places: Pick<Places, 'nursesHeld'>,
  group: Group,
  wards: number | undefined,
  assumed: boolean,
): Generator<void, WardRow> {
  const { role: ward, shift } = group
  const shifts = round(places.nursesHeld(shift, ask.from, ask.to) * (wards ?? 1), 2)
  const nurses = nursesOf(ask, shift)
  const common = { ...(wards === undefined ? { ward } : {}), shift, shifts, nurses }
  if (group.people.size < SMALLEST_GROUP)
    return {
      ...{ ...common, verdict: 'too-few-people', requests: 0, ...NO_FIGURES },
      ...{ perNurse: null, publishedMinutes: null },
    }
  const seed = `${ask.site}/${ask.from}/${ask.to}/ward/${ward}/${shift}`
  const figures = yield* waitFigures(group, shifts, assumed, seed)
  const perNurse = each(figures, nurses)
  const published = perNurse === null ? null : (PUBLISHED.minutesPerShift[NURSES] ?? null)
  return { ...common, ...figures, perNurse, publishedMinutes: published }
}

/** Of the hours that nurses work: their own where the site has some, else everybody's. */
function nursesOf({ shifts }: ReportAsk, name: string): number | null {
  const own = shifts.filter((s) => s.staffGroup === NURSES)
  const used = own.length > 0 ? own : shifts.filter((s) => s.staffGroup === undefined)
  return used.find((s) => s.name === name)?.nurses ?? null
}

/** A wait holds one nurse of the ward; over a shift they share them. */
function each(
  { minutesPerShift, interval }: Pick<WardRow, 'minutesPerShift' | 'interval'>,
  nurses: number | null,
): Shown | null {
  if (nurses === null || minutesPerShift === null || interval === null) return null
  const of = (minutes: number) => round(minutes / nurses, 2)
  return { value: of(minutesPerShift), interval: [of(interval[0]), of(interval[1])] }
}
