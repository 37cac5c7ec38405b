import type { Instant } from '../../src/core/instant.ts'
import type { Reach } from '../../src/io/channels/provider.ts'
import type { VapidKeys } from '../../src/io/channels/vapid.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
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
  /** What this process takes the time to be, from its first to its last moment. */
  readonly now: Instant
}

/** What it tells its parent, once for each attempt that is stored as taken. */
const TAKEN = 'taken'

process.once('message', async (told: OutboxChild) => {
  // Time stands still: nothing is given up or tried again because the machine is busy.
  const clock: Clock = {
    now: () => told.now,
    after(ms, run) {
      const soon = ms === 0 ? setImmediate(run) : undefined
      return { cancel: () => clearImmediate(soon) }
    },
  }
  const store = await openSqlite(told.store)
  startOutbox({
    store,
    clock,
    random: systemRandom,
    log: quietLog,
    metrics: {
      ...quietMetrics,
      count(name, labels) {
        if (name === 'bleepbridge_attempts_total' && labels?.result === TAKEN) process.send?.(TAKEN)
      },
    },
    channels: new Map([['webpush', webPush(told.push, clock, told.reach)]]),
    privacy: 'opaque',
    owner: `process-${process.pid}`,
    apply: async () => {},
    concurrency: 8,
  })
})
