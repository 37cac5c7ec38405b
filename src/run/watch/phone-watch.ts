import { MINUTE, type Millis } from '../../core/instant.ts'
import type { DeviceCount } from '../../ports/devices.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface PhoneWatchParts extends LoopTools {
  readonly store: Store
}

/** Thousands of phones are counted each time, and what is looked for takes hours to come about. */
const EVERY: Millis = MINUTE

/** Tells how many devices are enrolled. Whether those who are on can be rung is watched by run/watch/roll-call.ts. */
export function startPhoneWatch(parts: PhoneWatchParts): Loop {
  const { store, clock, metrics } = parts
  const told = new Map<string, Pick<DeviceCount, 'channel' | 'state'>>()

  const look = async (): Promise<void> => {
    const counts = await store.transact((tx) => tx.devices.tally(clock.now()))
    const alike = Map.groupBy(counts, ({ channel, state }) => `${channel} ${state}`)
    for (const [key, [one]] of alike) if (one !== undefined) told.set(key, one)
    // A sort of which the last one has gone is told as none.
    for (const [key, { channel, state }] of told) {
      const count = (alike.get(key) ?? []).reduce((all, one) => all + one.count, 0)
      metrics.gauge('bleepbridge_devices', count, { channel, device: state })
    }
  }
  return startLoop('phone-watch', [], EVERY, look, parts)
}
