import { z } from 'zod'
import type { Instant } from '../instant.ts'
import { traitsOf } from './channels.ts'
import type { Device } from './device.ts'

/** Where the store keeps which push key is in use (notes). */
export const PUSH_KEY = 'push-key'

/** The public half that phones subscribe with, and since when it is not the one before; 0: nobody has another. */
const noteSchema = z.object({ key: z.string(), since: z.number() })
export type PushKeyNote = z.infer<typeof noteSchema>

/** What is to be kept now that this is the key. The first key of all replaces none. */
export function pushKeyNote(before: unknown, key: string, now: Instant): PushKeyNote {
  const known = noteSchema.safeParse(before).data
  if (known?.key === key) return known
  return { key, since: known === undefined ? 0 : now }
}

/** Phones whose address was made with an earlier key: push services refuse what the new one signs. */
export function withOldKey(devices: readonly Device[], { since }: PushKeyNote): number {
  const old = (d: Device) => (d.subscribed ?? d.enrolled) < since
  return devices.filter((d) => traitsOf(d.channel).ourKey === true && d.state === 'active' && old(d)).length
}
