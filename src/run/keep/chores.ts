import type { Directory } from '../../core/directory/directory.ts'
import type { Keeps } from '../../core/govern/retain.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import { WINDOW } from '../../core/measure/report/match.ts'
import type { Report } from '../../core/measure/report/report.ts'
import { shiftSummaries } from '../../core/measure/report/shift-summary.ts'
import { type ShiftSpan, shiftsEnded } from '../../core/measure/report/shifts.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { apart, defect } from '../defect.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { packSome } from './packs.ts'
import { makeReport, type ReportRequest } from './report.ts'
import { createRetention } from './retention.ts'
import { sealSome } from './seal-words.ts'
import { indexSome } from './search-index.ts'
import { factsUntil, type LeftOut, settleFacts } from './settle-facts.ts'

export interface ChoreParts extends LoopTools {
  readonly store: Store
  readonly directory: () => Directory
  readonly settings: Pick<ReportRequest, 'site' | 'shifts' | 'baseline'>
  readonly keeps: Keeps
  readonly telemetry?: Telemetry
  /** Keeps a finished shift's report, where the site asked for files. */
  readonly keep?: (report: Report, span: ShiftSpan) => Promise<void>
}

const EVERY: Millis = MINUTE
/** Batches in one turn: catching up after an outage must not hold the loop for minutes. */
const BATCHES = 100
/** Where telling of shifts has come to. */
const TOLD = 'shifts-told-until'
/** Waits begun at the very end of a shift must have had their whole window, and the records a moment to arrive. */
const AFTER_SHIFT: Millis = WINDOW + MINUTE
/** Weeks behind a shift that its time saved is told by. */
const BEHIND: Millis = 28 * DAY

/** What one node does for all, now and then: facts of settled bleeps, the summary of each shift that ended, the purge. */
export function startChores(given: ChoreParts): Loop {
  const leader = leaderOf(given.store, 'chores')
  const parts = { ...given, store: leader.store }
  const retention = createRetention(parts)
  // None waits for another that has failed: what must be erased goes although a report cannot be made.
  const chores = {
    digest: digestSettled,
    pack: packSettled,
    seal: sealSettled,
    index: indexSettled,
    shifts: tellShifts,
    retention: () => retention.turn(),
  }
  const loop = startLoop(
    'chores',
    [],
    EVERY,
    async () => {
      if (!(await leader.leads())) return
      for (const [name, chore] of Object.entries(chores))
        await apart(
          parts,
          'task-failed',
          `chores/${name}`,
          () => chore(parts),
          () => undefined,
        )
    },
    parts,
  )
  return {
    async stop() {
      retention.halt()
      await loop.stop()
      await leader.leave()
    },
  }
}

async function digestSettled(parts: ChoreParts): Promise<void> {
  const { store, clock, directory, metrics } = parts
  for (let i = 0; i < BATCHES; i++)
    if ((await settleFacts(store, directory(), clock.now(), metrics, leftOut(parts))) === 0) break
}

const leftOut =
  (parts: ChoreParts): LeftOut =>
  (bleep, error) =>
    defect(parts, 'report-failed', bleep, error)

async function packSettled({ store, clock, directory }: ChoreParts): Promise<void> {
  const settled = await store.transact(factsUntil)
  for (const kind of ['facts', 'calls'] as const)
    for (let i = 0; i < BATCHES; i++)
      if (!(await packSome(store, kind, directory().zone, settled, clock.now()))) break
}

async function sealSettled({ store, clock, keeps }: ChoreParts): Promise<void> {
  for (let i = 0; i < BATCHES; i++) {
    if (!(await sealSome(store, clock.now(), keeps))) break
    await new Promise<void>((next) => void clock.after(0, next))
  }
}

async function indexSettled({ store, clock, directory }: ChoreParts): Promise<void> {
  const local = (text: string) => (directory().hospitalNumbers?.(text) ?? []).map(({ said }) => said)
  for (let i = 0; i < BATCHES; i++) {
    if ((await indexSome(store, clock.now(), local)) === 0) break
    await new Promise<void>((next) => void clock.after(0, next))
  }
}

async function tellShifts(parts: ChoreParts): Promise<void> {
  const { store, clock, settings, telemetry, keep } = parts
  if (telemetry === undefined && keep === undefined) return
  const now = clock.now()
  const until = now - AFTER_SHIFT
  const told = await store.transact((tx) => tx.notes.get(TOLD))
  // The first time there is nothing to catch up with: the shift that ends next is the first one told.
  const from: Instant = typeof told === 'number' ? told : until
  for (const span of shiftsEnded(settings.shifts, parts.directory().zone, from, until)) {
    const shift = span.name
    const source = { store, directory: parts.directory(), clock, leftOut: leftOut(parts) }
    const tell = async (): Promise<void> => {
      const one = await makeReport(source, { ...settings, shift, from: span.from, to: span.to })
      const weeks = await makeReport(source, { ...settings, shift, from: span.to - BEHIND, to: span.to })
      for (const summary of shiftSummaries(span, one, weeks)) telemetry?.shift(summary)
      await keep?.(one, span)
    }
    await apart(parts, 'report-failed', `${shift}/${span.to}`, tell, () => undefined)
  }
  await store.transact((tx) => tx.notes.set(TOLD, until, now))
}
