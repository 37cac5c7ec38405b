import { CHANNEL_IDS, type ChannelId } from '../../core/deliver/channels.ts'
import type { Device, Proof } from '../../core/deliver/device.ts'
import { provedBy, rollKey } from '../../core/deliver/proof.ts'
import type { Instant } from '../../core/instant.ts'
import type { Tx } from '../../ports/store.ts'

/**
 * Self-test and roll-call are no attempts of any alert: their receipts go to the note that started them, and the device is
 * known to ring. False where neither was asked by this id.
 */
export async function testReceipt(
  tx: Tx,
  device: Device,
  id: string,
  stage: string,
  at: number,
): Promise<boolean> {
  const roll = await tx.notes.get(rollKey(device.id))
  const channel = CHANNEL_IDS.find((one) => one === (isRecord(roll) ? roll[id] : undefined))
  if (channel !== undefined) {
    await prove(tx, device, channel, { at, by: 'roll-call' })
    return true
  }
  const key = `self-test/${device.id}`
  const note = await tx.notes.get(key)
  if (!isRecord(note)) return false
  const rang = isRecord(note.rings) ? note.rings[id] : undefined
  const way = CHANNEL_IDS.find((one) => one === (note.test === id ? device.channel : rang))
  if (way === undefined) return false
  await tx.notes.set(key, { ...note, [stage]: at }, at)
  await tx.alone(`device/${device.id}`)
  const fresh = (await tx.devices.get(device.id)) ?? device
  const { tested = { at } } = fresh
  const shown = provedBy(fresh, way, { at, by: 'self-test' })
  await tx.devices.save({ ...shown, tested: { ...tested, heard: tested.heard ?? at } })
  return true
}

/** Rings whose receipt may still come: a phone tries each way of its own, and people press twice. */
const RINGS = 8

/** What is noted of a self-test: which ring went by which way, with those of the tests just before. */
export function selfTestNote(before: unknown, rings: Readonly<Record<string, ChannelId>>, at: Instant) {
  const known = isRecord(before) && isRecord(before.rings) ? Object.entries(before.rings) : []
  return { at, rings: Object.fromEntries([...known, ...Object.entries(rings)].slice(-RINGS)) }
}

/** The device says that it was rung by this way: it is shown to work. */
export async function prove(tx: Tx, device: Device, channel: ChannelId, proof: Proof): Promise<void> {
  if (provedBy(device, channel, proof) === device) return
  await tx.alone(`device/${device.id}`)
  const fresh = (await tx.devices.get(device.id)) ?? device
  await tx.devices.save(provedBy(fresh, channel, proof))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
