import type { Bleep } from '../core/bleep/bleep.ts'
import type { Directory } from '../core/directory/directory.ts'
import { HOUR, type Instant, MINUTE } from '../core/instant.ts'
import { type Fact, factOf } from '../core/measure/fact.ts'
import type { Store, Tx } from '../ports/store.ts'

/** Where digesting has come to: every bleep received before it has its fact. */
const CURSOR = 'facts-until'
/** By then a bleep has been answered or will not be: the window of every figure, twice. */
export const SETTLED = 30 * MINUTE
/** Bleeps in one transaction: a few milliseconds, so that no page waits behind a report. */
const BATCH = 100

/** Makes facts of bleeps that have settled. Gives how many; call again while it gives more than none. */
export async function digest(store: Store, directory: Directory, now: Instant): Promise<number> {
  return store.transact(async (tx) => {
    const { bleeps, next } = await batch(tx, await digestedUntil(tx), now - SETTLED)
    if (bleeps.length === 0) return 0
    await tx.facts.put(await factsOf(tx, bleeps, directory))
    await tx.notes.set(CURSOR, next, now)
    return bleeps.length
  })
}

/** Stored instants have parts of a millisecond; no two clock readings are nearer than this. */
const EPSILON = 0.001

/** The next bleeps in order of receipt, never cut between two of one instant, and where to go on. */
async function batch(
  tx: Tx,
  from: Instant,
  to: Instant,
): Promise<{ readonly bleeps: readonly Bleep[]; readonly next: Instant }> {
  for (let limit = BATCH; ; limit *= 2) {
    const bleeps = await tx.bleeps.between(from, to, limit)
    const last = bleeps[bleeps.length - 1]?.received ?? from
    if (bleeps.length < limit) return { bleeps, next: last + EPSILON }
    if (bleeps[0]!.received < last) return { bleeps: bleeps.filter((b) => b.received < last), next: last }
  }
}

export async function digestedUntil(tx: Tx): Promise<Instant> {
  const noted = await tx.notes.get(CURSOR)
  return typeof noted === 'number' ? noted : 0
}

/** The facts of the bleeps that have not settled, straight from their rows. */
export async function* freshFacts(
  store: Store,
  directory: Directory,
  from: Instant,
  to: Instant,
): AsyncGenerator<readonly Fact[]> {
  // A page is received after its first byte, by as long as it took on the air: a minute at the very slowest.
  const until = await store.transact(digestedUntil)
  let next = Math.max(until, from)
  for (;;) {
    const facts = await store.transact(async (tx) => {
      const { bleeps, next: after } = await batch(tx, next, to + HOUR)
      next = after
      return factsOf(tx, bleeps, directory)
    })
    if (facts.length === 0) return
    yield facts.filter((fact) => fact.at >= from && fact.at < to)
  }
}

async function factsOf(tx: Tx, bleeps: readonly Bleep[], directory: Directory): Promise<Fact[]> {
  const facts: Fact[] = []
  for (const bleep of bleeps) {
    const alert = await tx.alerts.byBleep(bleep.id)
    const events = alert === undefined ? [] : await tx.alerts.events(alert.id)
    facts.push(factOf(bleep, alert, events, await tx.hops.of(bleep.id), directory))
  }
  return facts
}
