import type { Directory } from '../core/directory/directory.ts'
import { asId } from '../core/ids.ts'
import { HOUR, type Instant, type Millis, printInstant } from '../core/instant.ts'
import type { AvailabilityFigures } from '../core/measure/availability.ts'
import type { Fact } from '../core/measure/fact.ts'
import { hopsOf, stampsOf } from '../core/measure/hops.ts'
import type { AirFigures } from '../core/measure/overair.ts'
import { unpackCalls, unpackFacts } from '../core/measure/pack.ts'
import type { Report, ReportAsk } from '../core/measure/report.ts'
import { ReportMaker } from '../core/measure/report-maker.ts'
import type { Clock } from '../ports/clock.ts'
import type { PageMark } from '../ports/page-mark.ts'
import type { Pack, Store } from '../ports/store.ts'
import { freshFacts } from './digest.ts'
import { packedUntil } from './packs.ts'

/** Rows in one transaction: some milliseconds each, because the daemon pages people between them. */
const PAGE = 2000
const PACKS = 4

export type ReportRequest = Omit<ReportAsk, 'zone' | 'made' | 'roleNames' | 'availability' | 'air'>

/** Notes that supervision keeps for reports. */
export const SUPERVISION_NOTE = 'supervision'
export const AIR_NOTE = 'over-the-air'

/** How long others in this process may have to wait for a report: less than an alert's budget. */
const LONGEST_TURN: Millis = 20

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
  // A database in this process answers without leaving the turn; others get theirs only when we say so.
  let since = clock.now()
  const turn = async (): Promise<void> => {
    if (clock.now() - since < LONGEST_TURN) return
    await new Promise<void>((next) => clock.after(0, next))
    since = clock.now()
  }
  const { baseline } = request
  if (baseline !== undefined)
    for await (const facts of allFacts(store, directory, baseline.from, baseline.to)) {
      for (const fact of facts) maker.addBaseline(fact)
      await turn()
    }
  for await (const facts of allFacts(store, directory, request.from, request.to)) {
    for (const fact of facts) maker.add(fact)
    await turn()
  }
  for (const span of spans(request)) {
    const [first, end] = [span.from - 2 * HOUR, span.to + 2 * HOUR]
    for await (const pack of packs(store, 'calls', first, end)) {
      for (const call of unpackCalls(pack.doc))
        if (call.arrived >= first && call.arrived < end) maker.addCall(call)
      await turn()
    }
    const packed = await store.transact((tx) => packedUntil(tx, 'calls'))
    await eachPage(
      Math.max(first, packed),
      (mark) => store.transact((tx) => tx.calls.page(mark, end, PAGE)),
      (row) => ({ at: row.arrived, id: row.id }),
      (row) => maker.addCall(row),
      turn,
    )
  }
  const steps = maker.finish()
  for (;;) {
    const step = steps.next()
    if (step.done) return withSlowest(step.value, await slowest(store, maker))
    await turn()
  }
}

/** Hops of the emergencies worth drawing; recipients are numbered, so that nobody is named in a file. */
async function slowest(store: Store, maker: ReportMaker): Promise<Report['emergency']['slowest']> {
  const out: Report['emergency']['slowest'][number][] = []
  for (const { bleep, at } of maker.slowest) {
    const stamps = await store.transact(async (tx) => {
      const [row, rows] = [await tx.bleeps.get(asId(bleep)), await tx.hops.of(asId(bleep))]
      return stampsOf(row === undefined ? rows : hopsOf(row, rows))
    })
    // Its hops have had their keep time: it counts in every figure and is drawn no more.
    if (stamps.length === 0) continue
    const order = [...new Set(stamps.map((s) => s.of))].filter((of) => of !== undefined)
    out.push({
      at: printInstant(at),
      stamps: stamps.map((s) => (s.of === undefined ? s : { ...s, of: `${order.indexOf(s.of) + 1}` })),
    })
  }
  return out
}

function withSlowest(report: Report, drawn: Report['emergency']['slowest']): Report {
  return { ...report, emergency: { ...report.emergency, slowest: drawn } }
}

/** Baseline and span, joined where they touch: call records must come once and in order. */
function spans({ from, to, baseline }: ReportRequest): { from: Instant; to: Instant }[] {
  if (baseline === undefined) return [{ from, to }]
  const [a, b] = baseline.from <= from ? [baseline, { from, to }] : [{ from, to }, baseline]
  return a.to + 4 * HOUR >= b.from ? [{ from: a.from, to: Math.max(a.to, b.to) }] : [a, b]
}

/** What is packed, then what is loose, then what has not settled. */
async function* allFacts(
  store: Store,
  directory: Directory,
  from: Instant,
  to: Instant,
): AsyncGenerator<Iterable<Fact>> {
  for await (const pack of packs(store, 'facts', from, to)) yield within(unpackFacts(pack.doc), from, to)
  const packed = await store.transact((tx) => packedUntil(tx, 'facts'))
  let mark: PageMark = { at: Math.max(from, packed), id: '' }
  for (;;) {
    const page = await store.transact((tx) => tx.facts.page(mark, to, PAGE))
    const last = page[page.length - 1]
    if (last === undefined) break
    yield page
    mark = { at: last.at, id: last.bleep }
  }
  yield* freshFacts(store, directory, from, to)
}

function* within(facts: Iterable<Fact>, from: Instant, to: Instant): Generator<Fact> {
  for (const fact of facts) if (fact.at >= from && fact.at < to) yield fact
}

async function* packs(store: Store, kind: Pack['kind'], from: Instant, to: Instant): AsyncGenerator<Pack> {
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const page = await store.transact((tx) => tx.packs.page(kind, from, to, after, PACKS))
    const last = page[page.length - 1]
    if (last === undefined) return
    yield* page
    after = last.first
  }
}

async function eachPage<Row>(
  from: Instant,
  read: (mark: PageMark) => Promise<readonly Row[]>,
  markOf: (row: Row) => PageMark,
  take: (row: Row) => void,
  turn: () => Promise<void>,
): Promise<void> {
  let mark: PageMark = { at: from, id: '' }
  for (;;) {
    const page = await read(mark)
    for (const row of page) take(row)
    const last = page[page.length - 1]
    if (last === undefined) return
    mark = markOf(last)
    await turn()
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
