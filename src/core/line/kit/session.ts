import type { Instant, Millis } from '../../instant.ts'
import { type Arrival, type Drawn, draw, emptyHeld, type Held, lastHeldAt } from './held.ts'
import { type Owed, startOwed } from './owed.ts'
import type { LineEffect } from './protocol.ts'

/** What every machine keeps that answers a sender: what it owes, and what it has not yet read for that. */
export interface Session {
  readonly owed: Owed
  readonly held: Held
}

export function startSession(): Session {
  return { owed: startOwed(), held: emptyHeld() }
}

/**
 * Gives what has come, byte by byte, up to the next page that must be stored first; whoever draws acts on each before
 * the next. What was held so long that its sender has given up (it spoke again, or twice `patience` has passed) is still
 * given, but gets no answer: an answer that late would be taken for that of a later question.
 */
export function* heard(
  { owed, held }: Session,
  patience: Millis,
  out: LineEffect[],
  now: Instant,
  fresh?: Arrival,
): Generator<Drawn, void> {
  const latest = fresh?.at ?? lastHeldAt(held)
  for (const drawn of draw(held, () => owed.waiting === undefined, out, fresh)) {
    const { at } = drawn
    owed.stale = (latest !== undefined && latest >= at + patience) || now >= at + 2 * patience
    const before = out.length
    yield drawn
    if (owed.stale && out.length > before)
      out.push(...out.splice(before).filter((effect) => effect.kind !== 'reply'))
  }
  owed.stale = false
}
