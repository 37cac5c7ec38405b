import { afterEach, describe, expect, test } from 'vitest'
import { vapidKeys } from '../../../hardware/simulators/push-crypto.ts'
import { startPushService } from '../../../hardware/simulators/push-service.ts'
import type { Attempt } from '../../../src/core/deliver/attempt.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import type { Class } from '../../../src/core/vocabulary.ts'
import { apn } from '../../../src/io/channels/apn.ts'
import { fcm } from '../../../src/io/channels/fcm.ts'
import { nudge } from '../../../src/io/channels/nudge.ts'
import { webPush } from '../../../src/io/channels/webpush.ts'
import { systemClock } from '../../../src/io/clock.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { APNS_TOPIC, fakeApns } from '../../support/providers/apns.ts'
import { fakeFcm } from '../../support/providers/fcm.ts'
import { fakeGateway } from '../../support/providers/sms.ts'

/** What each class is on the wire of each provider: one emergency is as loud on every make of phone. */
const clock = systemClock(() => {})
const CLASSES = ['emergency', 'urgent', 'routine', 'test'] as const
/** Seconds that an attempt has left, and what they are called when it arrives a moment later. */
const LEFT = 300
const TAG = '0190aaaabbbb7ccc8dddeeeeffff0000'

const cleanUp: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of cleanUp.splice(0)) await one.close()
})

async function sendAll(channel: Channel, device: Device, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) for (const c of CLASSES) await send(channel, device, c)
}

async function send(channel: Channel, device: Device, c: Class, more: Partial<Attempt> = {}): Promise<void> {
  const attempt = anEmergency(device, { class: c, expires: clock.now() + LEFT * 1000, ...more })
  const bell = doorbell(attempt, 'opaque', undefined)
  expect(await channel.send(attempt, device, bell, AbortSignal.timeout(30_000))).toMatchObject({
    kind: 'taken',
  })
}

const isLeft = (seconds: number) => seconds > LEFT - 10 && seconds <= LEFT

describe('Web Push', () => {
  test('urgency, time to live and topic (RFC 8030 clause 5.2 to 5.4), over connections that are kept', async () => {
    const service = await startPushService()
    const keys = vapidKeys()
    const phone = service.subscribe(keys.publicKey)
    const channel = webPush({ subject: 'mailto:it@hospital.example', ...keys }, clock, { ca: service.ca })
    cleanUp.push(channel, service)
    await sendAll(channel, aPhone('phone', 'webpush', phone.subscription), 3)
    expect(phone.pushes.slice(0, 4).map(({ urgency }) => urgency)).toEqual(['high', 'high', 'normal', 'high'])
    expect(phone.pushes.every(({ ttl, topic }) => isLeft(ttl) && topic === TAG)).toBe(true)
    expect(service.connections).toBe(1)
    expect(service.faults).toEqual([])
  })

  test('a browser that asks for it can show the doorbell without our worker; a roll-call is shown by none', async () => {
    const service = await startPushService()
    const keys = vapidKeys()
    const phone = service.subscribe(keys.publicKey)
    const app = 'https://bleeps.example.nhs.uk'
    const vapid = { subject: 'mailto:it@hospital.example', ...keys }
    const channel = webPush(vapid, clock, { ca: service.ca }, app)
    cleanUp.push(channel, service)
    const device = aPhone('phone', 'webpush', { ...phone.subscription, declarative: true })
    await send(channel, device, 'emergency')
    const said = JSON.parse(phone.pushes[0]?.text ?? '')
    expect(said).toMatchObject({
      web_push: 8030,
      mutable: true,
      notification: {
        title: 'Emergency call',
        body: 'Unlock to read',
        tag: TAG,
        data: { class: 'emergency' },
      },
      // As ever, for a worker that runs.
      ...{ id: said.notification.data.id, class: 'emergency', purpose: 'ask', tag: TAG },
    })
    expect(said.notification.navigate).toMatch(/^https:\/\/bleeps\.example\.nhs\.uk\/app\/#\/alert\//)
    await send(channel, device, 'test', { reason: 'roll-call' })
    await send(channel, aPhone('phone', 'webpush', phone.subscription), 'emergency')
    for (const { text } of phone.pushes.slice(1)) expect(JSON.parse(text)).not.toHaveProperty('web_push')
  })
})

describe('APNs', () => {
  test('interruption level, sound, expiration and collapse id, on one session', async () => {
    const apple = await fakeApns()
    const channel = apn({ ...apple.credentials, topic: APNS_TOPIC, sandbox: false }, clock, apple.reach)
    cleanUp.push(channel, apple)
    await sendAll(channel, { ...aPhone('phone', 'apn'), address: 'ab'.repeat(32) }, 3)
    const aps = apple.pushes.slice(0, 4).map(({ body }) => body)
    expect(aps).toMatchObject([
      { aps: { 'interruption-level': 'critical', sound: { critical: 1, volume: 1, name: 'emergency.caf' } } },
      { aps: { 'interruption-level': 'time-sensitive', sound: { critical: 0, name: 'urgent.caf' } } },
      { aps: { 'interruption-level': 'active', sound: { critical: 0, name: 'routine.caf' } } },
      { aps: { 'interruption-level': 'active', sound: { critical: 0, name: 'test.caf' } } },
    ])
    for (const { headers } of apple.pushes) {
      expect(headers['apns-priority']).toBe('10')
      expect(headers['apns-collapse-id']).toBe(TAG)
      expect(isLeft(Number(headers['apns-expiration']) - clock.now() / 1000)).toBe(true)
    }
    expect(apple.sessions).toBe(1)
    expect(apple.faults).toEqual([])
  })
})

describe('FCM', () => {
  test('priority, time to live, collapse key and channel, with one access token over one connection', async () => {
    const google = await fakeFcm()
    const channel = fcm({ serviceAccount: google.serviceAccount }, clock, google.reach)
    cleanUp.push(channel, google)
    await sendAll(channel, aPhone('phone', 'fcm', { token: 'registration-token-of-a-phone' }), 3)
    const android = google.pushes.map(({ message }) => message.android)
    expect(
      android
        .slice(0, 4)
        .map(({ data: { channel, importance, fullScreen, volume } }) => [
          channel,
          importance,
          fullScreen,
          volume,
        ]),
    ).toEqual([
      ['emergency', 'max', 'true', '1'],
      ['urgent', 'high', 'true', '1'],
      ['routine', 'default', 'false', '0.6'],
      ['test', 'default', 'false', '0.3'],
    ])
    for (const { priority, ttl, collapse_key: key, data } of android) {
      expect([priority, key, data.tag]).toEqual(['high', TAG, TAG])
      expect(isLeft(Number.parseFloat(ttl))).toBe(true)
    }
    expect([google.tokensGiven, google.faults]).toEqual([1, []])
    // One for the token, one for every push.
    expect(google.connections).toBe(2)
  })
})

describe('nudge', () => {
  test('says how urgent it is and to look, and not a word more', async () => {
    const gateway = await fakeGateway()
    const channel = nudge({ url: gateway.url, token: 'letmein' }, clock, { ca: gateway.ca })
    cleanUp.push(channel, gateway)
    await sendAll(channel, { ...aPhone('number', 'nudge'), address: '+447700900123' })
    expect(gateway.texts.map(({ to, text, class: c }) => [to, c, text])).toEqual([
      ['+447700900123', 'emergency', 'Emergency call. Open Bleep Bridge.'],
      ['+447700900123', 'urgent', 'Urgent bleep. Open Bleep Bridge.'],
      ['+447700900123', 'routine', 'Bleep. Open Bleep Bridge.'],
      ['+447700900123', 'test', 'Test call. Open Bleep Bridge.'],
    ])
    expect(gateway.faults).toEqual([])
  })
})
