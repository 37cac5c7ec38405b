import type { DeviceId } from '../../core/ids.ts'
import type { Store } from '../../ports/store.ts'

/** Rows looked at in one go. */
const LOOK = 500

/** Wakes the connected phones that were told something, and no others. */
export interface InboxWatch {
  watch(device: DeviceId, run: () => void): () => void
  /** Something about the device itself changed: let its connection look. */
  poke(device: DeviceId): void
}

/**
 * One look at the inbox for each ring serves every connected phone. A look that fails or misses a row of another
 * writer costs a phone its next beat, never the row.
 */
export function createInboxWatch(store: Store): InboxWatch {
  const watched = new Map<DeviceId, Set<() => void>>()
  let cursor: number | undefined
  let busy = false
  let again = false
  let unwatch = () => {}

  const poke = (device: DeviceId) => {
    for (const run of watched.get(device) ?? []) run()
  }

  const look = async () => {
    again = true
    if (busy) return
    busy = true
    try {
      while (again && watched.size > 0) {
        again = false
        const since = cursor ?? 'last'
        const rows = await store.transact((tx) => tx.inbox.told(since, LOOK))
        cursor = rows.at(-1)?.cursor ?? cursor ?? 0
        if (rows.length === LOOK) again = true
        for (const device of new Set(rows.map((row) => row.device))) poke(device)
      }
    } finally {
      busy = false
    }
  }

  return {
    poke,
    watch(device, run) {
      const first = watched.size === 0
      const runs = watched.get(device) ?? new Set()
      watched.set(device, runs.add(run))
      if (first) {
        // From here on: what lies before, the phone itself pulls.
        cursor = undefined
        unwatch = store.wake.on('inbox', () => void look().catch(() => undefined))
        void look().catch(() => undefined)
      }
      return () => {
        runs.delete(run)
        if (runs.size === 0 && watched.get(device) === runs) watched.delete(device)
        if (watched.size === 0) unwatch()
      }
    },
  }
}
