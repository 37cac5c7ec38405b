import type { Directory } from '../../core/directory/directory.ts'
import { hospitalOf } from '../../core/directory/number-plan.ts'
import { asId, type BleepId } from '../../core/ids.ts'
import { HOUR, type Instant, printInstant } from '../../core/instant.ts'
import { callColumns, unpackCalls } from '../../core/measure/facts/call-columns.ts'
import { type FactColumns, factColumns, unpackFacts } from '../../core/measure/facts/fact-columns.ts'
import { hopsOf, stampsOf } from '../../core/measure/hops.ts'
import type { Report, ReportAsk } from '../../core/measure/report/report.ts'
import { ReportMaker } from '../../core/measure/report/report-maker.ts'
import { figuresOf } from '../../core/measure/watch/found.ts'
import type { Clock } from '../../ports/clock.ts'
import type { CallRow, Pack } from '../../ports/measured.ts'
import type { PageMark } from '../../ports/page-mark.ts'
import type { Store } from '../../ports/store.ts'
import { inSlices, restful } from '../slices.ts'
import { allFound } from './found-notes.ts'
import { packedUntil } from './packs.ts'
import { freshFacts, type LeftOut } from './settle-facts.ts'

/** Rows in one transaction: a few milliseconds each, because the daemon pages people between them. */
const PAGE = 500
const PACKS = 4

export type ReportRequest = Omit<
  ReportAsk,
  'hospitalOf' | 'zone' | 'made' | 'roleNames' | 'availability' | 'air'
>

/**
 * Reads the store page by page and makes a report. Between pages, and between groups while figuring, every other task
 * of the process has its turn.
 */
export async function makeReport(
  parts: {
    readonly store: Store
    readonly directory: Directory
    readonly clock: Clock
    readonly leftOut?: LeftOut
  },
  request: ReportRequest,
): Promise<Report> {
  const { store, directory, clock, leftOut } = parts
  const maker = new ReportMaker({
    ...request,
    zone: directory.zone,
    hospitalOf: (number) => hospitalOf(number, directory),
    made: clock.now(),
    roleNames: new Map([...directory.roles].map(([id, role]) => [id, role.name])),
    ...figuresOf(await store.transact(allFound)),
  })
  // A database in this process answers without leaving the turn; others get theirs only when we say so.
  const turn = restful(clock)
  const { baseline } = request
  if (baseline !== undefined)
    for await (const facts of allFacts(store, directory, baseline.from, baseline.to, leftOut)) {
      maker.addBaseline(facts, baseline.from, baseline.to)
      await turn()
    }
  for await (const facts of allFacts(store, directory, request.from, request.to, leftOut)) {
    maker.add(facts, request.from, request.to)
    await turn()
  }
  for (const span of spans(request)) {
    const [first, end] = [span.from - 2 * HOUR, span.to + 2 * HOUR]
    for await (const pack of packs(store, 'calls', first, end)) {
      maker.addCalls(unpackCalls(pack.data), first, end)
      await turn()
    }
    for await (const calls of looseCalls(store, first, end)) {
      maker.addCalls(callColumns(calls, maker.zone), first, end)
      await turn()
    }
  }
  const figured = await inSlices(maker.finish(), turn)
  const { emergency } = figured
  return {
    ...figured,
    emergency: {
      ...emergency,
      slowest: await slowest(store, maker),
      misses: await misses(store, maker, emergency.misses),
    },
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

/** The emergencies that were not on a phone in time, with the ward that each named. */
async function misses(
  store: Store,
  maker: ReportMaker,
  listed: Report['emergency']['misses'],
): Promise<Report['emergency']['misses']> {
  const out: Report['emergency']['misses'][number][] = []
  for (const [i, { bleep }] of maker.misses.entries()) {
    const row =
      bleep === undefined ? undefined : await store.transact((tx) => tx.bleeps.get(asId<BleepId>(bleep)))
    out.push({ ...listed[i]!, place: row?.meaning?.place ?? null })
  }
  return out
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
  leftOut?: LeftOut,
): AsyncGenerator<FactColumns> {
  for await (const pack of packs(store, 'facts', from, to)) yield unpackFacts(pack.data)
  const packed = await store.transact((tx) => packedUntil(tx, 'facts'))
  let mark: PageMark = { at: Math.max(from, packed), id: '' }
  for (;;) {
    const page = await store.transact((tx) => tx.facts.page(mark, to, PAGE))
    const last = page[page.length - 1]
    if (last === undefined) break
    yield factColumns(page)
    mark = { at: last.at, id: last.bleep }
  }
  for await (const facts of freshFacts(store, directory, from, to, leftOut)) yield factColumns(facts)
}

async function* looseCalls(store: Store, from: Instant, to: Instant): AsyncGenerator<readonly CallRow[]> {
  const packed = await store.transact((tx) => packedUntil(tx, 'calls'))
  let mark: PageMark = { at: Math.max(from, packed), id: '' }
  for (;;) {
    const page = await store.transact((tx) => tx.calls.page(mark, to, PAGE))
    const last = page[page.length - 1]
    if (last === undefined) return
    yield page
    mark = { at: last.arrived, id: last.id }
  }
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
