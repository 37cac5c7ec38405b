import { type Millis, SECOND } from '../core/instant.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { Store } from '../ports/store.ts'
import { type Loop, startLoop } from './loop.ts'

export interface DeliveryFiguresParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

const EVERY: Millis = 5 * SECOND

/**
 * How many attempts wait although they are due, how long the oldest has, and which devices are enrolled. Apart from
 * the outbox, so that an outbox that stands still is seen.
 */
export function startDeliveryFigures({ store, clock, log, metrics }: DeliveryFiguresParts): Loop {
  const measure = async () => {
    const now = clock.now()
    const { waiting, devices } = await store.transact(async (tx) => ({
      waiting: await tx.attempts.waiting(now),
      devices: await tx.devices.list(),
    }))
    metrics.gauge('bleepbridge_attempts_waiting', waiting.count)
    metrics.gauge('bleepbridge_attempts_oldest_seconds', Math.max(0, now - (waiting.oldest ?? now)) / 1000)
    const counts = Map.groupBy(devices, ({ channel, state }) => `${channel} ${state}`)
    for (const [key, found] of counts) {
      const [channel = '', device = ''] = key.split(' ')
      metrics.gauge('bleepbridge_devices', found.length, { channel, device })
    }
  }
  return startLoop('delivery-figures', [], EVERY, measure, { clock, wake: store.wake, log, metrics })
}
