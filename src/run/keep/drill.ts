import { DAY, type Instant, MINUTE, type Millis, printInstant, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Backups } from '../../ports/backups.ts'
import type { Erased, ErasedLedger } from '../../ports/ledger.ts'
import type { Tx } from '../../ports/store.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

/** What came of restoring a copy elsewhere; `troubles` empty: a daemon could go on from it. */
export interface Drilled {
  readonly troubles: readonly string[]
  readonly counts?: {
    readonly bleeps: number
    readonly newest?: Instant
    readonly open: number
    readonly devices: number
    /** Erasures from after it was made, which were done again. */
    readonly erasedAgain: number
  }
  readonly seconds: number
}

/** What is done to copies beside the work, in threads of their own. */
export interface CopyWork {
  drill(path: string, erased: readonly Erased[]): Promise<Drilled>
  /** Erases in a copy what was erased since; gives how many bleeps and people it was done for. */
  erase(path: string, erased: readonly Erased[]): Promise<number>
}

export interface DrillParts extends StoreTools, LoopTools {
  readonly backups: Backups
  readonly ledger: ErasedLedger
  readonly work: CopyWork
  readonly every: Millis
  /** How long a copy is kept at most. */
  readonly days: number
}

export interface Drills extends Loop {
  readonly troubles: () => readonly Finding[]
}

/** The last drill, where every node and command can see it. */
const LAST = 'drill/restore'
const LOOK: Millis = 10 * MINUTE

export interface LastDrill extends Drilled {
  readonly at: Instant
  readonly copy: string
}

/** Restores the newest copy elsewhere and counts what is in it; on the record, with what came of it. */
export async function drillNow(
  {
    store,
    clock,
    backups,
    ledger,
    work,
  }: Pick<DrillParts, 'store' | 'clock' | 'backups' | 'ledger' | 'work'>,
  actor: string,
): Promise<LastDrill | undefined> {
  const [newest] = (await backups.list()).toSorted((a, b) => b.made - a.made)
  if (newest === undefined) return undefined
  const drilled = await work
    .drill(newest.path, await ledger.since(newest.made))
    .catch((error: unknown): Drilled => ({ troubles: [String(error)], seconds: 0 }))
  const last = { ...drilled, at: clock.now(), copy: newest.path }
  await store.transact(async (tx) => {
    await tx.notes.set(LAST, last, last.at)
    await tx.audit.append({
      ...{ at: last.at, actor, action: 'drill.restore', subject: '' },
      outcome: drilled.troubles.length === 0 ? 'done' : 'refused',
      detail: { bleeps: drilled.counts?.bleeps ?? 0 },
    })
  })
  return last
}

/** A copy from before an erasure holds what was erased: it goes there too. */
export async function reachCopies({
  backups,
  ledger,
  work,
}: Pick<DrillParts, 'backups' | 'ledger' | 'work'>): Promise<
  readonly { readonly copy: string; readonly erased: number }[]
> {
  const reached: { copy: string; erased: number }[] = []
  for (const copy of await backups.list()) {
    const since = await ledger.since(copy.erased ?? copy.made)
    const last = since.at(-1)
    if (last === undefined) continue
    const erased = await work.erase(copy.path, since)
    await backups.renote(copy, last.at + 0.001)
    reached.push({ copy: copy.path, erased })
  }
  return reached
}

/** Drills on a schedule, tells what came of it, and erases in older copies what was erased since they were made. */
export function startDrills(parts: DrillParts): Drills {
  const { store, clock, log, metrics, ledger, every, days } = parts
  const started = clock.now()
  let troubles: readonly Finding[] = []

  async function turn(): Promise<void> {
    for (const { copy, erased } of await reachCopies(parts)) log.info('copy-erased', { copy, erased })
    await ledger.prune(clock.now() - (days + 1) * DAY)
    const known = await store.transact((tx) => tx.notes.get(LAST))
    const before = isDrill(known) ? known : undefined
    const due = before === undefined ? started + LOOK : before.at + every
    const last = clock.now() >= due ? ((await drillNow(parts, 'bleepd')) ?? before) : before
    if (last !== undefined && last !== before) {
      const { copy, counts, seconds } = last
      if (last.troubles.length === 0) log.info('drill-restored', { copy, ...counts, seconds })
      else log.error('drill-failed', { fault: 'drill-failed', copy, detail: last.troubles.join('; ') })
    }
    tell(last)
  }

  function tell(last: LastDrill | undefined): void {
    const good = last !== undefined && last.troubles.length === 0
    const age = clock.now() - (last?.at ?? started)
    if (good) metrics.gauge('bleepbridge_restore_drill_age_seconds', age / SECOND)
    const detail = last?.troubles.join('; ') ?? ''
    troubles = [
      ...(last === undefined || good ? [] : [{ code: 'drill-failed' as const, subject: 'drill', detail }]),
      ...(age > 2 * every ? [{ code: 'drill-old' as const, subject: 'drill' }] : []),
    ]
  }

  const loop = startLoop('drills', [], LOOK, turn, parts)
  return { stop: loop.stop, troubles: () => troubles }
}

/** What came of the last drill, as the board shows it; undefined: there was none. */
export async function lastDrill(tx: Tx) {
  const last = await tx.notes.get(LAST)
  if (!isDrill(last)) return undefined
  const { at, troubles, counts } = last
  return {
    ...{ at: printInstant(at), good: troubles.length === 0, troubles: [...troubles] },
    ...(counts === undefined ? {} : { bleeps: counts.bleeps }),
    ...(counts?.newest === undefined ? {} : { newest: printInstant(counts.newest) }),
  }
}

function isDrill(note: unknown): note is LastDrill {
  return typeof note === 'object' && note !== null && 'at' in note && 'troubles' in note
}
