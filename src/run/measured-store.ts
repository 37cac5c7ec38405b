import { SECOND } from '../core/instant.ts'
import { type Store, StoreFault } from '../ports/store.ts'
import type { Tools } from '../ports/tools.ts'

/** The same store, with every transaction timed and every refusal of the database counted. */
export function measuredStore(store: Store, { clock, metrics }: Pick<Tools, 'clock' | 'metrics'>): Store {
  return {
    wake: store.wake,
    lead: (duty) => store.lead(duty),
    measure: () => store.measure(),
    tidy: () => store.tidy(),
    close: () => store.close(),
    async transact(work, within) {
      const began = clock.now()
      try {
        const done = await store.transact(work, within)
        metrics.observe('bleepbridge_store_commit_seconds', (clock.now() - began) / SECOND)
        return done
      } catch (error) {
        if (error instanceof StoreFault)
          metrics.count('bleepbridge_store_faults_total', { fault: error.code })
        throw error
      }
    },
  }
}
