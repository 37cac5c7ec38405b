import type { Lease, Store } from '../ports/store.ts'

/** A duty that one node does for all. */
export interface Leader {
  /** Whether it is ours now; asks for it where nobody has it, and anew where the database took it back. */
  leads(): Promise<boolean>
  /** Lets another node have it. */
  leave(): Promise<void>
}

export function leaderOf(store: Pick<Store, 'lead'>, duty: string): Leader {
  let lease: Lease | undefined
  return {
    async leads() {
      // A session that broke took its lock with it: another node may lead by now.
      if (lease?.held() !== true) lease = await store.lead(duty)
      return lease !== undefined
    },
    async leave() {
      await lease?.release()
    },
  }
}
