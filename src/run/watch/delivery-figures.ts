import { type Millis, SECOND } from '../../core/instant.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Metrics } from '../../ports/metrics.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, startLoop } from '../loop.ts'

export interface DeliveryFiguresParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

const EVERY: Millis = 5 * SECOND

/**
 * How many attempts wait although they are due, and how long the oldest has waited. It is counted here and not in the
 * outbox, because an outbox that stands still would not count.
 */
export function startDeliveryFigures({ store, clock, log, metrics }: DeliveryFiguresParts): Loop {
  const measure = async () => {
    const now = clock.now()
    const waiting = await store.transact((tx) => tx.attempts.waiting(now))
    metrics.gauge('bleepbridge_attempts_waiting', waiting.count)
    metrics.gauge('bleepbridge_attempts_oldest_seconds', Math.max(0, now - (waiting.oldest ?? now)) / 1000)
  }
  return startLoop('delivery-figures', [], EVERY, measure, { clock, wake: store.wake, log, metrics })
}
