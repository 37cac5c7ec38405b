import type { DeviceId } from '../../core/ids.ts'
import type { Channel } from '../../ports/channel.ts'

/** Writes one event to a connected device. False when the connection is gone, or so far behind that it is given up. */
type Ring = (data: string) => boolean

/** The LAN socket: devices connected to this node now. HTTP's event stream attaches them. */
export interface SocketChannel extends Channel {
  readonly id: 'socket'
  /** Keeps a device's connection until the returned function is called. A device may be connected more than once. */
  attach(device: DeviceId, ring: Ring): () => void
  connected(device: DeviceId): boolean
  /** Devices connected now. */
  readonly size: number
}

/**
 * Rings devices that are connected over the hospital network; works with the internet cut. `taken` means that the
 * bytes were given to a live connection; a device that is not connected is refused at once, so that the other way is
 * not waited for.
 */
export function socketChannel(): SocketChannel {
  const attached = new Map<DeviceId, Set<Ring>>()
  return {
    id: 'socket',
    get size() {
      return attached.size
    },
    connected: (device) => attached.has(device),
    attach(device, ring) {
      const rings = attached.get(device) ?? new Set()
      attached.set(device, rings.add(ring))
      return () => {
        rings.delete(ring)
        if (rings.size === 0 && attached.get(device) === rings) attached.delete(device)
      }
    },
    async send(_attempt, device, bell) {
      const data = JSON.stringify(bell)
      let rung = 0
      for (const ring of attached.get(device.id) ?? []) if (ring(data)) rung += 1
      return rung > 0 ? { kind: 'taken' } : { kind: 'refused', fault: 'socket-absent' }
    },
    async close() {
      attached.clear()
    },
  }
}
