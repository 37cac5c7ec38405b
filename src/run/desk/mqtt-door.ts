import { traitsOf } from '../../core/deliver/channels.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Caller, Desk } from '../../ports/desk.ts'
import type { MqttDoor, SignedDoor } from '../../ports/mqtt-door.ts'
import type { Store } from '../../ports/store.ts'

/** How often an answer that still fits is given anew when others answer in the same moment. */
const TRIES = 5

/**
 * Receipts and answers given by MQTT go through the same desk as a phone's. Such a device shows one bell and two
 * buttons, and knows no versions: it answers the alert as it stands now, and asking twice changes nothing.
 */
export function mqttDoor(desk: Desk, store: Store): MqttDoor {
  const caller = (device: DeviceId): Caller => ({ kind: 'device', access: 'holder', device })
  return {
    async receipt(device, attempt, stage) {
      await desk.receipt(caller(device), { attempt, stage })
    },
    async answer(device, attempt, answer) {
      const alert = await store.transact(async (tx) => {
        const found = await tx.attempts.get(attempt)
        return found?.device === device ? tx.alerts.get(found.alert) : undefined
      })
      if (alert === undefined) return 'not-asked'
      for (let version = alert.version, left = TRIES; ; left--) {
        const said = await desk.answer(caller(device), alert.id, { answer, version })
        if (said.ok) return said.value.outcome
        if (said.stands?.again !== true || left === 0) return said.fault.code
        version = said.stands.version
      }
    },
  }
}

/** @param hmac HMAC-SHA256 of a text under a key, in hexadecimal */
export function signedBy(store: Store, hmac: (key: string, text: string) => string): SignedDoor['vouches'] {
  return async (id, text, mac) => {
    const { device, token } = await store.transact(async (tx) => ({
      device: await tx.devices.get(id),
      token: await tx.devices.tokenOf(id),
    }))
    if (device === undefined || !traitsOf(device.channel).byBroker || token === undefined) return false
    if (device.state !== 'active' && device.state !== 'dead') return false
    // Both are hashes under a key that the asker does not have: how long the comparison takes tells nothing of use.
    return hmac(token, `${hmac(token, text)}`) === hmac(token, mac)
  }
}
