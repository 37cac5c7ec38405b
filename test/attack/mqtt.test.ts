import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { asId } from '../../src/core/ids.ts'
import { signedBy } from '../../src/run/desk/mqtt-door.ts'
import { type Bed, openBed, sha256 } from '../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')

async function enrol(channel: 'mqtt' | 'socket') {
  const { id, token } = await bed.enrol({ person: bed.holder('med-reg') })
  await bed.store.transact(async (tx) => {
    const device = await tx.devices.get(asId(id))
    if (device) await tx.devices.save({ ...device, channel })
  })
  return { id, key: sha256(token) }
}

test('only the device itself can say what its secret signs, and only an MQTT device', async () => {
  const vouches = signedBy(bed.store, hmac)
  const [display, phone] = [await enrol('mqtt'), await enrol('socket')]
  const text = 'attempt-1\naccepted'
  const mac = hmac(display.key, text)
  expect(await vouches(asId(display.id), text, mac)).toBe(true)
  expect(await vouches(asId(display.id), 'attempt-1\ndeclined', mac)).toBe(false)
  expect(await vouches(asId(display.id), text, hmac(phone.key, text))).toBe(false)
  expect(await vouches(asId(phone.id), text, hmac(phone.key, text))).toBe(false)
  for (const none of ['', 'x', mac.slice(1), mac.toUpperCase()])
    expect(await vouches(asId(display.id), text, none)).toBe(false)
  expect(await vouches(asId('nobody'), text, mac)).toBe(false)
})

test('a device that was revoked signs nothing more', async () => {
  const vouches = signedBy(bed.store, hmac)
  const display = await enrol('mqtt')
  await bed.desk.revoke(
    { kind: 'operator', access: 'switchboard', operator: 'switchboard-op' },
    asId(display.id),
  )
  expect(await vouches(asId(display.id), 'a\naccepted', hmac(display.key, 'a\naccepted'))).toBe(false)
})
