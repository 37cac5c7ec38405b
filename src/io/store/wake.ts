import type { Topic, Wake } from '../../ports/store.ts'

/** A wake that may be rung from outside, without telling others. */
export interface RingingWake extends Wake {
  heard(topic: Topic): void
}

/** Rings inside one process. `tell` passes a ring on to other nodes, where there are any. */
export function localWake(tell?: (topic: Topic) => void): RingingWake {
  const listeners = new Map<Topic, Set<() => void>>()
  const heard = (topic: Topic): void => {
    for (const run of listeners.get(topic) ?? []) run()
  }
  return {
    on(topic, run) {
      const set = listeners.get(topic) ?? new Set()
      listeners.set(topic, set)
      set.add(run)
      return () => void set.delete(run)
    },
    ring(topic) {
      heard(topic)
      tell?.(topic)
    },
    heard,
  }
}
