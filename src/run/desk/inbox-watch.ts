import type { DeviceId } from '../../core/ids.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { lookWhenRung } from './look-when-rung.ts'

/** Rows looked at in one go. */
const LOOK = 500

/** Wakes the connected phones that were told something, and no others. */
export interface InboxWatch {
  watch(device: DeviceId, run: () => void): () => void
  /** Something about the device itself changed: let its connection look. */
  poke(device: DeviceId): void
}

/**
 * One look at the inbox for each ring serves every connected phone. A look that misses a row of another writer costs a phone
 * its next beat, never the row.
 */
export function createInboxWatch(parts: StoreTools): InboxWatch {
  const { store } = parts
  const watched = new Map<DeviceId, Set<() => void>>()
  let cursor: number | undefined
  let unwatch = () => {}

  const poke = (device: DeviceId) => {
    for (const run of watched.get(device) ?? []) run()
  }

  const rung = lookWhenRung('inbox', parts, async () => {
    if (watched.size === 0) return false
    const since = cursor ?? 'last'
    const rows = await store.transact((tx) => tx.inbox.told(since, LOOK))
    cursor = rows.at(-1)?.cursor ?? cursor ?? 0
    for (const device of new Set(rows.map((row) => row.device))) poke(device)
    return rows.length === LOOK
  })

  return {
    poke,
    watch(device, run) {
      const first = watched.size === 0
      const runs = watched.get(device) ?? new Set()
      watched.set(device, runs.add(run))
      if (first) {
        // From here on: what lies before, the phone itself pulls.
        cursor = undefined
        unwatch = store.wake.on('inbox', rung)
        rung()
      }
      return () => {
        runs.delete(run)
        if (runs.size === 0 && watched.get(device) === runs) watched.delete(device)
        if (watched.size === 0) unwatch()
      }
    },
  }
}
