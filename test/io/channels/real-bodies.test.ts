import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { doorbell } from '../../../src/core/deliver/payload.ts'
import { notify } from '../../../src/io/channels/notify.ts'
import { ntfy } from '../../../src/io/channels/ntfy.ts'
import { systemClock } from '../../../src/io/clock.ts'
import type { Channel } from '../../../src/ports/channel.ts'
import { anEmergency } from '../../support/attempts.ts'
import { aPhone } from '../../support/delivery.ts'
import { type FakeNotify, fakeNotify, NOTIFY_KEY, NOTIFY_TEMPLATE } from '../../support/providers/notify.ts'
import { type FakeNtfy, fakeNtfy, NTFY_TOKEN } from '../../support/providers/ntfy.ts'

/* What each refusal comes to, by the bodies that the services' own documentation and source give. */
const clock = systemClock(() => {})

async function sent(
  channel: Channel,
  device: ReturnType<typeof aPhone>,
  place: string | undefined = undefined,
): Promise<string> {
  const attempt = anEmergency(device)
  const bell = doorbell(attempt, place === undefined ? 'opaque' : 'place', place)
  const said = await channel.send(attempt, device, bell, AbortSignal.timeout(30_000))
  return said.kind === 'taken' ? 'taken' : `${said.kind} ${said.fault}`
}

const answers = (status: number, body: object) => (_: unknown, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
  return true
}

describe('a server of ntfy', () => {
  let server: FakeNtfy
  let channel: Channel
  const phone = { ...aPhone('phone', 'ntfy'), address: 't'.repeat(43) }
  beforeAll(async () => {
    server = await fakeNtfy()
    const settings = { url: server.url, token: NTFY_TOKEN, app: 'https://bleeps.example' }
    channel = ntfy(settings, clock, { ca: server.ca }, (text) => `mac${text.length}`)
  })
  afterAll(async () => {
    await channel.close()
    await server.close()
  })

  test.each([
    [401, 40_101, 'unauthorized', 'refused provider-credentials'],
    [403, 40_301, 'forbidden', 'refused provider-credentials'],
    [404, 40_401, 'page not found', 'refused push-refused'],
    [413, 41_301, 'attachment too large, or bandwidth limit reached', 'refused push-too-large'],
    [429, 42_901, 'limit reached: too many requests', 'later provider-busy'],
    [429, 42_908, 'limit reached: daily message quota reached', 'later provider-busy'],
    [500, 50_001, 'internal server error', 'later provider-unavailable'],
    [507, 50_701, 'cannot publish to UnifiedPush topic', 'later provider-unavailable'],
  ] as const)('that says %i (%i, %s)', async (http, code, error, outcome) => {
    server.interfere(answers(http, { code, http, error, link: 'https://ntfy.sh/docs/publish/' }))
    expect(await sent(channel, phone)).toBe(outcome)
    server.interfere(undefined)
    expect(await sent(channel, phone)).toBe('taken')
  })

  test('a place of any length and script arrives whole in its characters, far below what becomes an attachment', async () => {
    for (const place of ['Ward Llŷn a’r Cylch, gwely ŵ', `${'Ward '.repeat(7)}🚑🚑🚑`, '🚑'.repeat(3000)]) {
      expect(await sent(channel, phone, place)).toBe('taken')
      const text = server.received.at(-1) ?? ''
      expect(text).toContain([...place].slice(0, 38).join(''))
      expect(text.isWellFormed()).toBe(true)
      expect(text).not.toMatch(/\\ud[89a-f]/i)
      expect(Buffer.byteLength(text)).toBeLessThan(4096)
    }
    expect(server.faults).toEqual([])
  })

  test('a server that is gone is tried again', async () => {
    const away = ntfy(
      { url: 'https://127.0.0.1:9', token: NTFY_TOKEN, app: 'https://bleeps.example' },
      clock,
      {},
      () => 'mac',
    )
    expect(await sent(away, phone)).toBe('later provider-unreachable')
    await away.close()
  })
})

describe('GOV.UK Notify', () => {
  let service: FakeNotify
  let channel: Channel
  const number = { ...aPhone('number', 'notify'), address: '+447700900123' }
  beforeAll(async () => {
    service = await fakeNotify()
    const settings = { apiKey: NOTIFY_KEY, template: NOTIFY_TEMPLATE, url: service.url, replies: false }
    channel = notify(settings, clock, { ca: service.ca }, { report: () => {}, spent: () => {} })
  })
  afterAll(async () => {
    await channel.close()
    await service.close()
  })

  test.each([
    [400, 'ValidationError', 'phone_number Not enough digits', 'dead push-address-bad'],
    [400, 'ValidationError', 'template_id is not a valid UUID', 'refused push-refused'],
    [
      ...([400, 'BadRequestError', 'Can’t send to this recipient using a team-only API key'] as const),
      'refused provider-credentials',
    ],
    [
      ...([400, 'BadRequestError', 'Can’t send to this recipient when service is in trial mode'] as const),
      'refused provider-credentials',
    ],
    [
      ...([403, 'AuthError', 'Error: Your system clock must be accurate to within 30 seconds'] as const),
      'refused provider-credentials',
    ],
    [403, 'AuthError', 'Invalid token: API key not found', 'refused provider-credentials'],
    [404, 'NoResultFound', 'No result found', 'refused push-refused'],
    [
      ...([429, 'RateLimitError', 'Exceeded rate limit for key type LIVE of 3000 per 60 seconds'] as const),
      'later provider-busy',
    ],
    [429, 'TooManyRequestsError', 'Exceeded send limits (250000) for today', 'refused text-limit'],
    [500, 'Exception', 'Internal server error', 'later provider-unavailable'],
  ] as const)('that says %i %s: %s', async (status, error, message, outcome) => {
    service.interfere(answers(status, { status_code: status, errors: [{ error, message }] }))
    expect(await sent(channel, number)).toBe(outcome)
    service.interfere(undefined)
    expect(await sent(channel, number)).toBe('taken')
  })
})
