import { type Lease, type Store, StoreFault } from '../ports/store.ts'

/** A duty that one node does for all. */
export interface Leader {
  /** Whether it is ours now; asks for it where nobody has it, and anew where it has lapsed. */
  leads(): Promise<boolean>
  /** The store for the duty's own work: the database itself refuses a node that leads no more, whatever that believes. */
  readonly store: Store
  /** Lets another node have it. */
  leave(): Promise<void>
}

export function leaderOf(store: Store, duty: string): Leader {
  let lease: Lease | undefined
  return {
    async leads() {
      // A node that could not renew its lease may be led by another by now.
      if (lease?.held() !== true) lease = await store.lead(duty)
      return lease !== undefined
    },
    store: {
      ...store,
      async transact(work, within) {
        const ours = lease
        if (ours === undefined) throw new StoreFault('lead-lost')
        return store.transact(async (tx) => {
          await tx.fence(ours)
          return work(tx)
        }, within)
      },
    },
    async leave() {
      await lease?.release()
    },
  }
}
