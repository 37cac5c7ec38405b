import type { Outcome } from '../../core/deliver/attempt.ts'
import type { ChannelId } from '../../core/deliver/channels.ts'
import type { Device } from '../../core/deliver/device.ts'
import { GoneHosts, heardGone, SECOND_TRY, stillThere } from '../../core/deliver/gone.ts'
import { laneOf } from '../../core/deliver/lanes.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'
import type { Timer } from '../../ports/clock.ts'
import { StoreFault } from '../../ports/store.ts'
import type { StoreTools } from '../../ports/tools.ts'
import { defect } from '../defect.ts'
import { change } from './outbox-rows.ts'

export interface AddressParts extends StoreTools {
  /** Rings a device without a sound by its own channel, to see whether its address is there; absent: never asked. */
  readonly probe?: ((device: Device) => Promise<Outcome | undefined>) | undefined
}

/** What providers say of addresses: one that is said to be gone is tried once more after a while, without a sound. */
export class Addresses {
  readonly #parts: AddressParts
  readonly #count: (channel: ChannelId, result: string) => void
  readonly #hosts = new GoneHosts()
  readonly #due = new Map<DeviceId, Timer>()

  constructor(parts: AddressParts, count: (channel: ChannelId, result: string) => void) {
    this.#parts = parts
    this.#count = count
  }

  /** What the device's own channel said of an attempt. */
  heard(device: Device, outcome: Outcome): void {
    const { clock, probe } = this.#parts
    if (outcome.kind !== 'taken' && outcome.kind !== 'dead') return
    this.#hosts.heard(laneOf(device), device.id, outcome.kind === 'dead', clock.now())
    if (outcome.kind === 'taken' || device.saidGone !== undefined || probe === undefined) return
    this.#due.get(device.id)?.cancel()
    const timer = clock.after(SECOND_TRY, () => {
      this.#due.delete(device.id)
      this.#tryAgain(device.id, probe).catch((error: unknown) => {
        // Where the store is away the next call to this phone is its second try.
        if (!(error instanceof StoreFault)) defect(this.#parts, 'task-failed', 'outbox', error)
      })
    })
    this.#due.set(device.id, timer)
  }

  doubted(device: Device, at: Instant): boolean {
    return this.#hosts.doubted(laneOf(device), at)
  }

  end(): void {
    for (const timer of this.#due.values()) timer.cancel()
  }

  async #tryAgain(id: DeviceId, probe: NonNullable<AddressParts['probe']>): Promise<void> {
    const { store, clock } = this.#parts
    const device = await store.transact((tx) => tx.devices.get(id))
    if (device?.state !== 'active' || device.saidGone === undefined) return
    const outcome = await probe(device)
    if (outcome?.kind !== 'taken' && outcome?.kind !== 'dead') return
    const now = clock.now()
    this.#hosts.heard(laneOf(device), id, outcome.kind === 'dead', now)
    const doubted = this.doubted(device, now)
    await store.transact((tx) =>
      change(tx, device, (known) =>
        outcome.kind === 'taken' ? stillThere(known) : heardGone(known, now, doubted),
      ),
    )
    store.wake.ring('phones')
    this.#count(device.channel, outcome.kind)
  }
}
