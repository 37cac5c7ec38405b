import type { DeviceId } from '../ids.ts'
import { type Instant, MINUTE, type Millis } from '../instant.ts'
import type { ChannelId } from './channels.ts'
import type { Device } from './device.ts'

/** After this a phone whose address is said to be gone is tried once more. */
export const SECOND_TRY: Millis = MINUTE
/** A far end that says it of so many phones within this, and reaches none, speaks of itself. */
const PHONES = 3
const WITHIN: Millis = 10 * MINUTE

/** The device after its provider said that the address is gone: dropped the second time, and only the address. */
export function heardGone(device: Device, at: Instant, doubted: boolean): Device {
  if (device.state !== 'active') return device
  if (device.saidGone === undefined) return { ...device, saidGone: at }
  if (doubted || at - device.saidGone < SECOND_TRY) return device
  return { ...stillThere(device), state: 'dead' }
}

/** The device after its provider took something for it; the same object where nothing else was ever said. */
export function stillThere(device: Device): Device {
  if (device.saidGone === undefined) return device
  const { saidGone: _, ...known } = device
  return known
}

/** Whether a device may be tried by this channel: one whose push address is dead still listens on the hospital network. */
export function isReachable({ state, channel: own }: Device, channel: ChannelId): boolean {
  return state === 'active' || (state === 'dead' && channel !== own)
}

/** Far ends (a push service, a channel) that say of one phone after another that its address is gone. */
export class GoneHosts {
  readonly #said = new Map<string, Map<DeviceId, Instant>>()

  /** @param gone the address is gone; otherwise a push was taken */
  heard(host: string, device: DeviceId, gone: boolean, at: Instant): void {
    if (!gone) this.#said.delete(host)
    else this.#said.set(host, (this.#said.get(host) ?? new Map()).set(device, at))
  }

  doubted(host: string, at: Instant): boolean {
    const said = [...(this.#said.get(host)?.values() ?? [])]
    return said.filter((when) => at - when < WITHIN).length >= PHONES
  }
}
