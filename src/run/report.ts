import type { Directory } from '../core/directory/directory.ts'
import { HOUR, type Instant } from '../core/instant.ts'
import type { AvailabilityFigures } from '../core/measure/availability.ts'
import type { AirFigures } from '../core/measure/overair.ts'
import type { Report, ReportAsk } from '../core/measure/report.ts'
import { ReportMaker } from '../core/measure/report-maker.ts'
import type { Clock } from '../ports/clock.ts'
import type { PageMark, Store } from '../ports/store.ts'
import { freshFacts } from './digest.ts'

/** Rows in one transaction: some milliseconds each, because the daemon pages people between them. */
const PAGE = 2000

export type ReportRequest = Omit<ReportAsk, 'zone' | 'made' | 'roleNames' | 'availability' | 'air'>

/** Notes that supervision keeps for reports. */
export const SUPERVISION_NOTE = 'supervision'
export const AIR_NOTE = 'over-the-air'

/**
 * Reads the store page by page and makes a report. Between pages, and between groups while figuring, every other task
 * of the process has its turn.
 */
export async function makeReport(
  parts: { readonly store: Store; readonly directory: Directory; readonly clock: Clock },
  request: ReportRequest,
): Promise<Report> {
  const { store, directory, clock } = parts
  const maker = new ReportMaker({
    ...request,
    zone: directory.zone,
    made: clock.now(),
    roleNames: new Map([...directory.roles].map(([id, role]) => [id, role.name])),
    ...(await noted(store)),
  })
  const { baseline } = request
  if (baseline !== undefined)
    for await (const facts of allFacts(store, directory, baseline.from, baseline.to))
      for (const fact of facts) maker.addBaseline(fact)
  for await (const facts of allFacts(store, directory, request.from, request.to))
    for (const fact of facts) maker.add(fact)
  for (const span of spans(request))
    await eachPage(
      span.from - 2 * HOUR,
      (mark) => store.transact((tx) => tx.calls.page(mark, span.to + 2 * HOUR, PAGE)),
      (row) => ({ at: row.arrived, id: row.id }),
      (row) => maker.addCall(row),
    )
  const steps = maker.finish()
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await new Promise<void>((turn) => clock.after(0, turn))
  }
}

/** Baseline and span, joined where they touch: call records must come once and in order. */
function spans({ from, to, baseline }: ReportRequest): { from: Instant; to: Instant }[] {
  if (baseline === undefined) return [{ from, to }]
  const [a, b] = baseline.from <= from ? [baseline, { from, to }] : [{ from, to }, baseline]
  return a.to + 4 * HOUR >= b.from ? [{ from: a.from, to: Math.max(a.to, b.to) }] : [a, b]
}

async function* allFacts(store: Store, directory: Directory, from: Instant, to: Instant) {
  let mark: PageMark = { at: from, id: '' }
  for (;;) {
    const page = await store.transact((tx) => tx.facts.page(mark, to, PAGE))
    const last = page[page.length - 1]
    if (last === undefined) break
    yield page
    mark = { at: last.at, id: last.bleep }
  }
  yield* freshFacts(store, directory, from, to)
}

async function eachPage<Row>(
  from: Instant,
  read: (mark: PageMark) => Promise<readonly Row[]>,
  markOf: (row: Row) => PageMark,
  take: (row: Row) => void,
): Promise<void> {
  let mark: PageMark = { at: from, id: '' }
  for (;;) {
    const page = await read(mark)
    for (const row of page) take(row)
    const last = page[page.length - 1]
    if (last === undefined) return
    mark = markOf(last)
  }
}

async function noted(store: Store) {
  const [availability, air] = await store.transact(async (tx) => [
    await tx.notes.get(SUPERVISION_NOTE),
    await tx.notes.get(AIR_NOTE),
  ])
  return {
    availability: (Array.isArray(availability) ? availability : []) as readonly AvailabilityFigures[],
    air: (Array.isArray(air) ? air : []) as readonly AirFigures[],
  }
}
