import type { Bleep } from '../../core/bleep/bleep.ts'
import type { Directory } from '../../core/directory/directory.ts'
import type { BleepId } from '../../core/ids.ts'
import { HOUR, type Instant, MINUTE, SECOND } from '../../core/instant.ts'
import { type Fact, factOf } from '../../core/measure/facts/fact.ts'
import {
  hopsOf,
  LIVE_HOPS,
  legs,
  ownHops,
  type StampedHop,
  stampsOf,
  toAcceptance,
} from '../../core/measure/hops.ts'
import type { Metrics } from '../../ports/metrics.ts'
import { markIn, notedMark, type PageMark } from '../../ports/page-mark.ts'
import { type Store, StoreFault, type Tx } from '../../ports/store.ts'
import { observeHop } from '../observe-hop.ts'

/** Where settling has come to. */
const CURSOR = 'facts-until'
/** By then a bleep has been answered or will not be: the window of every figure, twice. */
export const SETTLED = 30 * MINUTE
/** Bleeps in one transaction: two milliseconds, so that no page waits behind them. */
const BATCH = 20

/** The same where a report reads what has not settled, at any hour and as often as it is asked for: half a millisecond. */
const FRESH_BATCH = 5

/** Told of a bleep of which no fact can be made, because of a defect: it is left out, and the others are not. */
export type LeftOut = (bleep: BleepId, error: unknown) => void

/** Makes facts of bleeps that have settled. Gives how many; call again while it gives more than none. */
export async function settleFacts(
  store: Store,
  directory: Directory,
  now: Instant,
  metrics?: Metrics,
  leftOut?: LeftOut,
): Promise<number> {
  const timed: Timed[] = []
  const made = await store.transact(async (tx) => {
    const { bleeps, next } = await nextBatch(tx, await factsMark(tx), now - SETTLED)
    if (bleeps.length === 0) return 0
    await tx.facts.put(await factsOf(tx, bleeps, directory, leftOut, timed))
    await tx.notes.set(CURSOR, notedMark(next), now)
    return bleeps.length
  })
  if (metrics !== undefined) for (const one of timed) observeLegs(metrics, one)
  return made
}

/** The hops of a bleep that has settled. */
interface Timed {
  readonly bleep: Bleep
  readonly hops: readonly StampedHop[]
}

const LIVE: ReadonlySet<string> = new Set(LIVE_HOPS)

/** Only after the commit, and only of what has settled: every leg is counted once, by one node. */
function observeLegs(metrics: Metrics, { bleep, hops }: Timed): void {
  const name = bleep.meaning?.class ?? 'routine'
  const labels = { class: bleep.meaning?.class ?? 'unclassified' }
  for (const { hop, at } of ownHops(bleep))
    if (hop !== 'first-byte' && !LIVE.has(hop)) observeHop(metrics, bleep, hop, at)
  const all = legs(stampsOf(hops), name)
  for (const leg of all)
    metrics.observe(
      'bleepbridge_leg_seconds',
      leg.took / SECOND,
      { ...labels, hop: leg.hop },
      { bleep: bleep.id },
    )
  const owners = toAcceptance(all)
  if (owners === undefined) return
  for (const [owner, took] of Object.entries(owners))
    metrics.observe('bleepbridge_owner_seconds', took / SECOND, { ...labels, owner })
}

/** Stored instants have fractions of a millisecond. No two readings of the clock are closer together than this. */
const EPSILON = 0.001

/** The next bleeps in order of receipt, `size` at most however many came at one instant, and where to go on. */
export async function nextBatch(
  tx: Tx,
  from: PageMark,
  to: Instant,
  size = BATCH,
): Promise<{ readonly bleeps: readonly Bleep[]; readonly next: PageMark }> {
  // One more, because the last of a batch that is just full must not wait for a later bleep to count as done.
  const found = await tx.bleeps.page(from, to, size + 1)
  const bleeps = found.slice(0, size)
  const last = bleeps.at(-1)
  if (last === undefined) return { bleeps, next: from }
  const isCut = found.length > size
  return { bleeps, next: isCut ? { at: last.received, id: last.id } : beginning(last.received + EPSILON) }
}

/** Before every bleep that was received then. */
export const beginning = (at: Instant): PageMark => ({ at, id: '' })

/** Every bleep received before it has its fact. */
export async function factsUntil(tx: Tx): Promise<Instant> {
  return (await factsMark(tx)).at
}

const factsMark = async (tx: Tx): Promise<PageMark> => markIn(await tx.notes.get(CURSOR)) ?? beginning(0)

/** The facts of the bleeps that have not settled, straight from their rows. */
export async function* freshFacts(
  store: Store,
  directory: Directory,
  from: Instant,
  to: Instant,
  leftOut?: LeftOut,
): AsyncGenerator<readonly Fact[]> {
  // A page is received after its first byte, by as long as it took on the air: a minute at the very slowest.
  const until = await store.transact(factsMark)
  let next = until.at < from ? beginning(from) : until
  for (;;) {
    const facts = await store.transact(async (tx) => {
      const { bleeps, next: after } = await nextBatch(tx, next, to + HOUR, FRESH_BATCH)
      next = after
      return bleeps.length === 0 ? undefined : factsOf(tx, bleeps, directory, leftOut)
    })
    if (facts === undefined) return
    yield facts.filter((fact) => fact.at >= from && fact.at < to)
  }
}

async function factsOf(
  tx: Tx,
  bleeps: readonly Bleep[],
  directory: Directory,
  leftOut?: LeftOut,
  timed: Timed[] = [],
): Promise<Fact[]> {
  const facts: Fact[] = []
  for (const bleep of bleeps) {
    try {
      const alert = await tx.alerts.byBleep(bleep.id)
      const events = alert === undefined ? [] : await tx.alerts.events(alert.id)
      const hops = hopsOf(bleep, await tx.hops.of(bleep.id))
      facts.push(factOf(bleep, alert, events, hops, directory, await tx.asks.get(bleep.id)))
      timed.push({ bleep, hops })
    } catch (error) {
      if (leftOut === undefined || error instanceof StoreFault) throw error
      leftOut(bleep.id, error)
    }
  }
  return facts
}
