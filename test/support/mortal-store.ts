import type { Store, Tx } from '../../src/ports/store.ts'

/** Where the process dies: just before a commit becomes durable, or just after, when nobody has heard of it yet. */
export interface Death {
  /** Counting only transactions that write, from 1. */
  readonly commit: number
  readonly when: 'before' | 'after'
}

export interface MortalStore extends Store {
  readonly dead: () => boolean
  readonly commits: () => number
}

class Died extends Error {}

const READS = new Set([
  'get',
  'byBleep',
  'byToken',
  'list',
  'events',
  'withoutFuture',
  'countByPhase',
  'oldestOpen',
  'of',
  'ofAlert',
  'owned',
  'next',
  'since',
  'recent',
  'sightings',
  'inStage',
  'between',
  'unfiled',
  'firstOpen',
  'changed',
  'figures',
  'owes',
])

/** A store whose process dies at one commit: from then on nothing it is asked ever happens. */
export function mortal(inner: Store, death: Death | undefined): MortalStore {
  let commits = 0
  let dead = false
  return {
    ...inner,
    dead: () => dead,
    commits: () => commits,
    async transact(work) {
      if (dead) throw new Died()
      let wrote = false
      const result = await inner.transact(async (tx) => {
        const done = await work(
          watched(tx, () => {
            wrote = true
          }),
        )
        // Everything was written and nothing is durable: SQLite has this transaction alone, so the count is exact.
        if (wrote && death?.when === 'before' && commits + 1 === death.commit) {
          dead = true
          throw new Died()
        }
        return done
      })
      if (wrote) commits += 1
      if (wrote && death?.when === 'after' && commits === death.commit) dead = true
      if (dead) throw new Died()
      return result
    },
  }
}

function watched(tx: Tx, onWrite: () => void): Tx {
  return new Proxy(tx, {
    get(target, table) {
      const value: unknown = Reflect.get(target, table)
      if (typeof value !== 'object' || value === null) return value
      return new Proxy(value, {
        get(of, method) {
          const call: unknown = Reflect.get(of, method)
          if (typeof call === 'function' && !READS.has(String(method)) && table !== 'notes') onWrite()
          return call
        },
      })
    },
  })
}
