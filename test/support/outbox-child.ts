import type { Reach } from '../../src/io/channels/provider.ts'
import type { VapidKeys } from '../../src/io/channels/vapid.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import { systemClock } from '../../src/io/clock.ts'
import { systemRandom } from '../../src/io/random.ts'
import { openSqlite } from '../../src/io/store/open.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { startOutbox } from '../../src/run/deliver/outbox.ts'
import { quietLog, quietMetrics } from './quiet.ts'

/** An outbox as a process of its own, to be killed: the crash test tells it where its store is and what time it is. */
export interface OutboxChild {
  readonly store: string
  readonly push: VapidKeys
  readonly reach: Reach
  /** Milliseconds that this process is ahead of the machine's clock, so that leases of a dead one have lapsed. */
  readonly ahead: number
}

process.once('message', async (told: OutboxChild) => {
  const real = systemClock(() => {})
  const clock: Clock = { now: () => real.now() + told.ahead, after: (ms, run) => real.after(ms, run) }
  const store = await openSqlite(told.store)
  startOutbox({
    store,
    clock,
    random: systemRandom,
    log: quietLog,
    metrics: quietMetrics,
    channels: new Map([['webpush', webPush(told.push, clock, told.reach)]]),
    privacy: 'opaque',
    owner: `process-${process.pid}`,
    apply: async () => {},
    concurrency: 8,
  })
})
