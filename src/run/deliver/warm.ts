import type { ChannelId } from '../../core/deliver/channels.ts'
import { type Millis, SECOND } from '../../core/instant.ts'
import type { Channel } from '../../ports/channel.ts'
import type { Store } from '../../ports/store.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

/** Enough of them to know every push service that the site's phones have. */
const SOME = 200
/** A phone that was enrolled just now may be rung by the next page. */
const EVERY: Millis = 10 * SECOND

/** Has each channel ready for the phones there are, so that their first push is as quick as their tenth. */
export function startWarm(
  parts: Omit<LoopTools, 'wake'> & {
    readonly store: Store
    readonly channels: ReadonlyMap<ChannelId, Channel>
  },
): Loop {
  const { store, channels } = parts
  const warm = async (): Promise<void> => {
    const devices = await store.transact((tx) => tx.devices.newest(SOME))
    for (const [id, channel] of channels)
      channel.warm?.(devices.flatMap(({ channel: of, address }) => (of === id ? [address] : [])))
  }
  return startLoop('warm', [], EVERY, warm, { ...parts, wake: store.wake })
}
