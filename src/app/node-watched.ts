import { dirname, resolve } from 'node:path'
import type { Whole } from '../config/whole.ts'
import { thisMachine } from '../io/machine.ts'
import type { LagWatch } from '../run/watch/lag-watch.ts'
import type { NodeWatched } from '../run/watch/node-watch.ts'

/** What is watched of the machine that we run on, and within which bounds. */
export function nodeOf({ config }: Whole, lag: LagWatch): NodeWatched {
  const { store, watch } = config
  return {
    id: config.node,
    shares: store.kind === 'postgres',
    machine: thisMachine(store.kind === 'sqlite' ? dirname(resolve(config.folder, store.path)) : undefined),
    lag,
    bounds: {
      ...{ loop: watch.delayMs, memory: watch.memoryBytes, disk: watch.freeBytes },
      ...{ commit: watch.writeMs, clock: watch.clockMs, peers: watch.nodeMs },
    },
  }
}
