import type { Directory } from '../../core/directory/directory.ts'
import type { Keeps } from '../../core/govern/retain.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../../core/instant.ts'
import { WINDOW } from '../../core/measure/report/match.ts'
import type { Report } from '../../core/measure/report/report.ts'
import { shiftSummaries } from '../../core/measure/report/shift-summary.ts'
import { type ShiftSpan, shiftsEnded } from '../../core/measure/report/shifts.ts'
import type { Store } from '../../ports/store.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { leaderOf } from '../leader.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'
import { digest, digestedUntil } from './digest.ts'
import { packSome } from './packs.ts'
import { makeReport, type ReportRequest } from './report.ts'
import { createRetention } from './retention.ts'

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
const BATCHES = 20
/** Where telling of shifts has come to. */
const TOLD = 'shifts-told-until'
/** Waits begun at the very end of a shift must have had their whole window, and the records a moment to arrive. */
const AFTER_SHIFT: Millis = WINDOW + MINUTE
/** Weeks behind a shift that its time saved is told by. */
const BEHIND: Millis = 28 * DAY

/** What one node does for all, now and then: facts of settled bleeps, the summary of each shift that ended, the purge. */
export function startChores(parts: ChoreParts): Loop {
  const leader = leaderOf(parts.store, 'chores')
  const retention = createRetention(parts)
  const loop = startLoop(
    'chores',
    [],
    EVERY,
    async () => {
      if (!(await leader.leads())) return
      for (let i = 0; i < BATCHES; i++)
        if ((await digest(parts.store, parts.directory(), parts.clock.now(), parts.metrics)) === 0) break
      await packSettled(parts)
      await tellShifts(parts)
      await retention.turn()
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

async function packSettled({ store, clock, directory }: ChoreParts): Promise<void> {
  const digested = await store.transact(digestedUntil)
  for (const kind of ['facts', 'calls'] as const)
    for (let i = 0; i < BATCHES; i++)
      if (!(await packSome(store, kind, directory().zone, digested, clock.now()))) break
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
    const directory = parts.directory()
    const shift = span.name
    const one = await makeReport(
      { store, directory, clock },
      { ...settings, shift, from: span.from, to: span.to },
    )
    const weeks = await makeReport(
      { store, directory, clock },
      { ...settings, shift, from: span.to - BEHIND, to: span.to },
    )
    for (const summary of shiftSummaries(span, one, weeks)) telemetry?.shift(summary)
    await keep?.(one, span)
  }
  await store.transact((tx) => tx.notes.set(TOLD, until, now))
}
