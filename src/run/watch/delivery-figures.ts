import { type Millis, SECOND } from '../../core/instant.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { type Loop, startLoop } from '../loop.ts'

const EVERY: Millis = 5 * SECOND

/**
 * How many attempts wait although they are due, and how long the oldest has waited. It is counted here and not in the
 * outbox, because an outbox that stands still would not count.
 */
export function startDeliveryFigures(tools: StoreTools): Loop {
  const { store, clock, metrics } = tools
  const measure = async () => {
    const now = clock.now()
    const waiting = await store.transact((tx) => tx.attempts.waiting(now))
    metrics.gauge('bleepbridge_attempts_waiting', waiting.count)
    metrics.gauge('bleepbridge_attempts_oldest_seconds', Math.max(0, now - (waiting.oldest ?? now)) / 1000)
  }
  return startLoop('delivery-figures', [], EVERY, measure, { ...tools, wake: store.wake })
}
