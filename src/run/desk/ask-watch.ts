import type { DeviceId } from '../../core/ids.ts'
import { HOUR, type Millis } from '../../core/instant.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { lookWhenRung } from './look-when-rung.ts'

/** Wakes the screens of wards of which something has changed, and no others. */
export interface AskWatch {
  watch(device: DeviceId, run: () => void): () => void
}

/** Between two looks. A call that goes out is several events within some milliseconds, and each ward hears of all at once. */
const PAUSE: Millis = 100

interface Watched {
  readonly ward: string
  readonly run: () => void
}

/** One look at what wards have asked serves every screen. */
export function createAskWatch(parts: StoreTools): AskWatch {
  const { store, clock } = parts
  const watched = new Set<Watched>()
  let marks: ReadonlyMap<string, string> = new Map()
  let stops: readonly (() => void)[] = []

  const rung = lookWhenRung('asks', parts, async () => {
    if (watched.size === 0) return false
    const now = await store.transact((tx) => tx.asks.marks(clock.now() - 12 * HOUR))
    const before = marks
    marks = now
    for (const { ward, run } of watched) if (before.get(ward) !== now.get(ward)) run()
    await new Promise<void>((done) => clock.after(PAUSE, done))
    return false
  })

  return {
    watch(device, run) {
      let entry: Watched | undefined
      let gone = false
      const find = async (): Promise<void> => {
        const owner = (await store.transact((tx) => tx.devices.get(device)))?.owner
        if (gone || owner?.kind !== 'ward') return
        entry = { ward: owner.ward, run }
        watched.add(entry)
        if (watched.size === 1)
          stops = (['alerts', 'bleeps'] as const).map((topic) => store.wake.on(topic, rung))
        rung()
      }
      find().catch(() => undefined)
      return () => {
        gone = true
        if (entry !== undefined) watched.delete(entry)
        if (watched.size > 0) return
        for (const stop of stops) stop()
        stops = []
      }
    },
  }
}
