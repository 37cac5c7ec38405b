import type { Device } from '../core/deliver/device.ts'
import type { Store } from '../ports/store.ts'
import { turn } from './slices.ts'

/** Devices that are read in one transaction: a few milliseconds. */
const AT_ONCE = 250

/**
 * Every device that was enrolled, by id. A large trust has twenty thousand, so they are read in parts, and pages are stored
 * between two of them; what changes meanwhile may be read as before or as after.
 */
export async function everyDevice(store: Pick<Store, 'transact'>): Promise<readonly Device[]> {
  const all: Device[] = []
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after
    const part = await store.transact((tx) => tx.devices.part(from, AT_ONCE))
    all.push(...part.devices)
    after = part.next
    if (after !== undefined) await turn()
  }
  return all
}
