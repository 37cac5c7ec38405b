import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vapidKeys } from '../../../hardware/simulators/push-crypto.ts'
import { type PushService, startPushService } from '../../../hardware/simulators/push-service.ts'
import type { Device } from '../../../src/core/deliver/device.ts'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { apn } from '../../../src/io/channels/apn.ts'
import { fcm } from '../../../src/io/channels/fcm.ts'
import { nudge } from '../../../src/io/channels/nudge.ts'
import { webPush } from '../../../src/io/channels/webpush.ts'
import { systemClock } from '../../../src/io/clock.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { APNS_TOPIC, type FakeApns, fakeApns } from '../../support/providers/apns.ts'
import { type FakeFcm, fakeFcm } from '../../support/providers/fcm.ts'
import { type FakeGateway, fakeGateway } from '../../support/providers/sms.ts'

/** What every answer of every provider comes to, over its real protocol. Only `dead` drops the device. */
const clock = systemClock(() => {})

async function send(channel: Channel, device: Device): Promise<string> {
  const attempt = anEmergency(device)
  const said = await channel.send(
    attempt,
    device,
    doorbell(attempt, 'opaque', undefined),
    AbortSignal.timeout(30_000),
  )
  return said.kind === 'taken' ? 'taken' : `${said.kind} ${said.fault}`
}

const BY_STATUS = [
  [200, 'taken'],
  [201, 'taken'],
  [202, 'taken'],
  [400, 'refused push-refused'],
  [401, 'refused provider-credentials'],
  [403, 'refused provider-credentials'],
  [404, 'dead push-address-dead'],
  [405, 'refused push-refused'],
  [408, 'later provider-timeout'],
  [410, 'dead push-address-dead'],
  [413, 'refused push-too-large'],
  [429, 'later provider-busy'],
  [500, 'later provider-unavailable'],
  [502, 'later provider-unavailable'],
  [503, 'later provider-unavailable'],
  [504, 'later provider-unavailable'],
] as const

describe('Web Push', () => {
  let service: PushService
  let channel: Channel
  let phone: Device
  beforeAll(async () => {
    service = await startPushService()
    const keys = vapidKeys()
    channel = webPush({ subject: 'mailto:it@hospital.example', ...keys }, clock, { ca: service.ca })
    phone = aPhone('phone', 'webpush', service.subscribe(keys.publicKey).subscription)
  })
  afterAll(async () => {
    await channel.close()
    await service.close()
  })

  test.each(BY_STATUS)('%i: %s', async (status, outcome) => {
    service.interfere((_request, response) => {
      response.writeHead(status)
      response.end()
      return true
    })
    expect(await send(channel, phone)).toBe(outcome)
  })
})

describe('nudge', () => {
  let gateway: FakeGateway
  let channel: Channel
  beforeAll(async () => {
    gateway = await fakeGateway()
    channel = nudge({ url: gateway.url, token: 'letmein' }, clock, { ca: gateway.ca })
  })
  afterAll(async () => {
    await channel.close()
    await gateway.close()
  })

  // The hook speaks for itself, not for one telephone.
  test.each(BY_STATUS)('%i: %s, and no number is ever dropped', async (status, outcome) => {
    gateway.interfere((_request, response) => {
      response.writeHead(status)
      response.end()
      return true
    })
    const number = { ...aPhone('number', 'nudge'), address: '+447700900123' }
    expect(await send(channel, number)).toBe(outcome.startsWith('dead') ? 'refused push-refused' : outcome)
  })
})

describe('APNs', () => {
  let apple: FakeApns
  let channel: Channel
  const phone = { ...aPhone('phone', 'apn'), address: 'ab'.repeat(32) }
  beforeAll(async () => {
    apple = await fakeApns()
    channel = apn({ ...apple.credentials, topic: APNS_TOPIC, sandbox: false }, clock, apple.reach)
  })
  afterAll(async () => {
    await channel.close()
    await apple.close()
  })

  test('a token that is not known, before any was: our settings may be wrong, and the device is kept', async () => {
    apple.answer = { status: 400, reason: 'BadDeviceToken' }
    expect(await send(channel, phone)).toBe('refused provider-credentials')
    apple.answer = { status: 200 }
    expect(await send(channel, phone)).toBe('taken')
  })

  // "Handling notification responses from APNs", the table of reasons.
  test.each([
    [400, 'BadCollapseId', 'refused push-refused'],
    [400, 'BadDeviceToken', 'dead push-address-dead'],
    [400, 'BadExpirationDate', 'refused push-refused'],
    [400, 'BadMessageId', 'refused push-refused'],
    [400, 'BadPriority', 'refused push-refused'],
    [400, 'BadTopic', 'refused provider-credentials'],
    [400, 'DeviceTokenNotForTopic', 'refused provider-credentials'],
    [400, 'DuplicateHeaders', 'refused push-refused'],
    [400, 'IdleTimeout', 'later provider-unavailable'],
    [400, 'InvalidPushType', 'refused push-refused'],
    [400, 'MissingDeviceToken', 'refused push-refused'],
    [400, 'MissingTopic', 'refused provider-credentials'],
    [400, 'PayloadEmpty', 'refused push-refused'],
    [400, 'TopicDisallowed', 'refused provider-credentials'],
    [403, 'BadCertificate', 'refused provider-credentials'],
    [403, 'BadCertificateEnvironment', 'refused provider-credentials'],
    [403, 'ExpiredProviderToken', 'later provider-unavailable'],
    [403, 'Forbidden', 'refused provider-credentials'],
    [403, 'InvalidProviderToken', 'refused provider-credentials'],
    [403, 'MissingProviderToken', 'refused provider-credentials'],
    [403, 'UnrelatedKeyIdInToken', 'refused provider-credentials'],
    [403, 'BadEnvironmentKeyIdInToken', 'refused provider-credentials'],
    [404, 'BadPath', 'refused push-refused'],
    [404, undefined, 'refused push-refused'],
    [405, 'MethodNotAllowed', 'refused push-refused'],
    [410, 'ExpiredToken', 'dead push-address-dead'],
    [410, 'Unregistered', 'dead push-address-dead'],
    [413, 'PayloadTooLarge', 'refused push-too-large'],
    [429, 'TooManyProviderTokenUpdates', 'later provider-busy'],
    [429, 'TooManyRequests', 'later provider-busy'],
    [500, 'InternalServerError', 'later provider-unavailable'],
    [500, undefined, 'later provider-unavailable'],
    [503, 'ServiceUnavailable', 'later provider-unavailable'],
    [503, 'Shutdown', 'later provider-unavailable'],
    [503, undefined, 'later provider-unavailable'],
  ] as const)('%i %s: %s', async (status, reason, outcome) => {
    apple.answer = reason === undefined ? { status } : { status, reason }
    expect(await send(channel, phone)).toBe(outcome)
  })

  test.each([404, 410, 503])(
    '%i as a web page of something in between: the device is kept',
    async (status) => {
      apple.answer = { status, html: '<h1>Not here</h1>' }
      expect(await send(channel, phone)).toMatch(/^later/)
    },
  )
})

describe('FCM', () => {
  let google: FakeFcm
  let channel: Channel
  const phone = aPhone('phone', 'fcm', { token: 'registration-token-of-a-phone' })
  beforeAll(async () => {
    google = await fakeFcm()
    channel = fcm({ serviceAccount: google.serviceAccount }, clock, google.reach)
  })
  afterAll(async () => {
    await channel.close()
    await google.close()
  })

  // FCM HTTP v1, `ErrorCode`.
  test.each([
    [400, 'INVALID_ARGUMENT', 'refused push-refused'],
    [401, 'THIRD_PARTY_AUTH_ERROR', 'refused provider-credentials'],
    [403, 'SENDER_ID_MISMATCH', 'refused provider-credentials'],
    [404, 'UNREGISTERED', 'dead push-address-dead'],
    [429, 'QUOTA_EXCEEDED', 'later provider-busy'],
    [500, 'INTERNAL', 'later provider-unavailable'],
    [503, 'UNAVAILABLE', 'later provider-unavailable'],
    [500, undefined, 'later provider-unavailable'],
  ] as const)('%i %s: %s', async (status, errorCode, outcome) => {
    google.answer = errorCode === undefined ? { status } : { status, errorCode }
    expect(await send(channel, phone)).toBe(outcome)
  })

  test.each([
    [400, 'refused provider-credentials'],
    [401, 'refused provider-credentials'],
    [404, 'later provider-unavailable'],
    [429, 'later provider-unavailable'],
    [503, 'later provider-unavailable'],
  ])('no access token, %i: %s', async (status, outcome) => {
    google.answer = { status: 200 }
    google.tokenStatus = status
    const fresh = fcm({ serviceAccount: google.serviceAccount }, clock, google.reach)
    expect(await send(fresh, phone)).toBe(outcome)
    google.tokenStatus = 200
    expect(await send(fresh, phone)).toBe('taken')
    await fresh.close()
  })
})
