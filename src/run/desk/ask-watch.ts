import type { DeviceId } from '../../core/ids.ts'
import { HOUR, type Millis } from '../../core/instant.ts'
import type { Stored } from '../../ports/tools.ts'

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

/** One look at what wards have asked serves every screen. A look that fails costs a screen its next beat. */
export function createAskWatch({ store, clock }: Stored): AskWatch {
  const watched = new Set<Watched>()
  let marks: ReadonlyMap<string, string> = new Map()
  let busy = false
  let again = false
  let stops: readonly (() => void)[] = []

  const look = async (): Promise<void> => {
    again = true
    if (busy) return
    busy = true
    try {
      while (again && watched.size > 0) {
        again = false
        const now = await store.transact((tx) => tx.asks.marks(clock.now() - 12 * HOUR))
        const before = marks
        marks = now
        for (const { ward, run } of watched) if (before.get(ward) !== now.get(ward)) run()
        await new Promise<void>((done) => clock.after(PAUSE, done))
      }
    } finally {
      busy = false
    }
  }
  const rung = (): void => void look().catch(() => undefined)

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
