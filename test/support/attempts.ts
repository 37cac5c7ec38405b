import type { Attempt } from '../../src/core/deliver/attempt.ts'
import type { Device } from '../../src/core/deliver/device.ts'
import { asId } from '../../src/core/ids.ts'

const ALERT = '0190aaaa-bbbb-7ccc-8ddd-eeeeffff0000'

/** An attempt of an emergency that is under way, on a device's own channel. */
export const anEmergency = (device: Device, more: Partial<Attempt> = {}): Attempt => ({
  id: asId('0190aaaa-0000-7000-8000-00000000a11e'),
  key: `k/${device.id}/${device.channel}`,
  alert: asId(ALERT),
  person: asId('p1'),
  device: device.id,
  channel: device.channel,
  purpose: 'ask',
  class: 'emergency',
  state: 'handed',
  try: 0,
  created: Date.now(),
  due: Date.now(),
  expires: Date.now() + 300_000,
  reason: 'first-sighting',
  ...more,
})
