import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Device } from '../../../src/core/deliver/device.ts'
import { asId, type DeviceId } from '../../../src/core/ids.ts'
import { MINUTE } from '../../../src/core/instant.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let phone: { token: string; id: string }
const clock = new VirtualClock(Date.UTC(2026, 8, 8, 12))

beforeEach(async () => {
  bed = await openBed({ clock })
  const person = bed.holder('med-reg')
  phone = await bed.enrol({ person })
  const entered = (id: string, channel: Device['channel'], more: Partial<Device> = {}): Device => ({
    ...{ id: asId<DeviceId>(id), owner: { kind: 'person', person }, label: id, channel },
    ...{ address: '+447700900123', state: 'active', enrolled: clock.now() - MINUTE, ...more },
  })
  await bed.store.transact(async (tx) => {
    const proved = { voice: { at: clock.now() - MINUTE, by: 'self-test' as const } }
    await tx.devices.add(entered('desk', 'voice', { proved }), 't1')
    await tx.devices.add(entered('mobile', 'modem'), 't2')
    await tx.devices.add(entered('gone', 'ntfy', { state: 'revoked' }), 't3')
    const stranger = { kind: 'person', person: bed.holder('surg-reg') } as const
    await tx.devices.add(entered('other', 'voice', { owner: stranger }), 't4')
  })
})
afterEach(() => bed.close())

const ask = async (method: 'GET' | 'PUT', key = phone.token, payload?: object) => {
  const said = await bed.http.app.inject({
    ...{ method, url: '/api/v1/ways', headers: { authorization: `Bearer ${key}` } },
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: said.statusCode, body: said.json() }
}
const order = (body: { ways: { device: string }[] }) => body.ways.map(({ device }) => device)

test('a person reads their ways in order, what was last shown to ring, and how a number ends', async () => {
  const { status, body } = await ask('GET')
  expect(status).toBe(200)
  expect(order(body)).toEqual([phone.id, 'desk', 'mobile'])
  expect(body).toMatchObject({
    chosen: false,
    ways: [
      { here: true, channel: 'socket' },
      { number: '…123', shown: [{ channel: 'voice', at: '2026-09-08T11:59:00.000Z', how: 'self-test' }] },
      { channel: 'modem', shown: [{ channel: 'modem' }] },
    ],
  })
})

test('their own choice stands until it is given back, and is what a call goes by', async () => {
  const chosen = await ask('PUT', phone.token, { order: ['desk', phone.id] })
  expect([chosen.status, chosen.body.chosen, order(chosen.body)]).toEqual([
    200,
    true,
    ['desk', phone.id, 'mobile'],
  ])
  const { id } = await bed.call({ text: 'REVIEW', kind: 'review', class: 'routine', roles: ['med-reg'] })
  const rung = await bed.store.transact((tx) => tx.attempts.ofAlert(id))
  expect(rung.map(({ device, channel }) => [device, channel])).toEqual([['desk', 'voice']])
  const back = await ask('PUT', phone.token, { order: [] })
  expect([back.body.chosen, order(back.body)]).toEqual([false, [phone.id, 'desk', 'mobile']])
})

test('nobody orders what is not theirs, and a console has no ways', async () => {
  expect((await ask('PUT', phone.token, { order: ['other'] })).status).toBe(404)
  expect((await ask('PUT', phone.token, { order: ['gone'] })).status).toBe(404)
  expect((await ask('GET', KEYS.switchboard)).status).toBe(403)
  const ward = await bed.enrol({ ward: 'Ward 7B' }).catch(() => undefined)
  if (ward) expect((await ask('GET', ward.token)).status).toBeGreaterThanOrEqual(400)
})
