import { afterEach, beforeEach, expect, test } from 'vitest'
import { vapidKeys } from '../../hardware/simulators/push-crypto.ts'
import { type Push, type PushService, startPushService } from '../../hardware/simulators/push-service.ts'
import { asId } from '../../src/core/ids.ts'
import { webPush } from '../../src/io/channels/webpush.ts'
import { systemClock } from '../../src/io/clock.ts'
import { aPhone, type DeliveryRig, deliveryRig, SECRET_TEXT } from '../support/delivery.ts'

const clock = systemClock(() => {})
const keys = vapidKeys()
const ALERT = '0190aaaa-0000-7000-8000-000000000001'
const TAG = '0190aaaa000070008000000000000001'
let service: PushService
let rig: DeliveryRig

beforeEach(async () => {
  service = await startPushService()
  const channel = webPush({ subject: 'mailto:it@hospital.example', ...keys }, clock, {
    ca: service.ca,
    connections: 16,
  })
  rig = await deliveryRig(clock, [channel])
})

afterEach(async () => {
  await rig.close()
  await service.close()
})

test('an alert in the store becomes an encrypted push on a phone, hop by hop, and says nothing but its class', async () => {
  const outbox = rig.start()
  const push = await new Promise<Push>((done) => {
    const { subscription } = service.subscribe(keys.publicKey, done)
    void rig.ask(ALERT, 'urgent', [aPhone('phone', 'webpush', subscription)])
  })
  expect(JSON.parse(push.text)).toEqual({ id: 'attempt-1', class: 'urgent', purpose: 'ask', tag: TAG })
  expect(push).toMatchObject({ urgency: 'high', topic: TAG })
  expect(push.ttl).toBeGreaterThan(890)
  for (const word of SECRET_TEXT.split(' ')) expect(push.text).not.toContain(word)

  await outbox.stop()
  expect(await rig.attempts(ALERT)).toMatchObject([{ state: 'taken', try: 0 }])
  expect((await rig.hops(ALERT)).map((hop) => [hop.hop, hop.device])).toEqual([
    ['handed', 'phone'],
    ['taken', 'phone'],
  ])
  expect(service.faults).toEqual([])
})

test('a subscription that is gone is doubted once, and says that the person was not reached by it', async () => {
  const { subscription, unsubscribe } = service.subscribe(keys.publicKey)
  unsubscribe()
  const outbox = rig.start()
  await rig.ask(ALERT, 'urgent', [aPhone('phone', 'webpush', subscription)])
  while (rig.told.length === 0) await new Promise((turn) => setImmediate(turn))
  await outbox.stop()
  expect(await rig.attempts(ALERT)).toMatchObject([{ state: 'dead', fault: 'push-address-dead' }])
  const device = await rig.store.transact((tx) => tx.devices.get(asId('phone')))
  expect(device).toMatchObject({ state: 'active', saidGone: expect.any(Number) })
  expect(rig.told).toMatchObject([{ kind: 'unreachable', person: 'p1', reason: 'path-failed', alert: ALERT }])
})
