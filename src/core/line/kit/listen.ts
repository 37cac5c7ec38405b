import type { Instant, Millis } from '../../instant.ts'
import { type Arrival, type Held, lastHeldAt, pump } from './held.ts'
import type { Owed } from './owed.ts'
import type { LineEffect } from './protocol.ts'

/**
 * Reads what has come, up to the next page that must be stored first. What was held so long that its sender has given
 * up (it spoke again, or twice `patience` has passed) is still read, but gets no answer: an answer that late would be taken for that of a later question.
 */
export function listen(
  owed: Owed,
  held: Held,
  patience: Millis,
  take: (byte: number, at: Instant, began: Instant) => void,
  out: LineEffect[],
  now: Instant,
  fresh?: Arrival,
): void {
  const latest = fresh?.at ?? lastHeldAt(held)
  pump(
    held,
    () => owed.waiting === undefined,
    (byte, at, began) => {
      owed.stale = (latest !== undefined && latest >= at + patience) || now >= at + 2 * patience
      const before = out.length
      take(byte, at, began)
      if (owed.stale && out.length > before)
        out.push(...out.splice(before).filter((effect) => effect.kind !== 'reply'))
    },
    (bytes) => out.push({ kind: 'discard', bytes, fault: 'line-too-long' }),
    fresh,
  )
  owed.stale = false
}
