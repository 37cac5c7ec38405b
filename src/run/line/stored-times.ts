import type { BleepId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'

/** When T1 was durable: known only after its commit, so it is kept here until T2 writes it into the bleep. */
export interface StoredTimes {
  onStored(bleep: BleepId, at: Instant): void
  /** Gives it once. `undefined` where another process stored the bleep, or too many came since. */
  storedAt(bleep: BleepId): Instant | undefined
}

const KEPT = 1000

export function storedTimes(): StoredTimes {
  const times = new Map<BleepId, Instant>()
  return {
    onStored(bleep, at) {
      times.set(bleep, at)
      if (times.size > KEPT) times.delete(times.keys().next().value ?? bleep)
    },
    storedAt(bleep) {
      const at = times.get(bleep)
      times.delete(bleep)
      return at
    },
  }
}
