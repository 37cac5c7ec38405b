import { createHmac } from 'node:crypto'
import fastify from 'fastify'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Session } from '../../../src/core/identity/session.ts'
import { asId } from '../../../src/core/ids.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/instant.ts'
import {
  cookie,
  createSessions,
  digestOf,
  ownPage,
  type SessionParts,
  same,
} from '../../../src/io/http/auth.ts'
import type { Operator } from '../../../src/io/http/parts.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// Whose a request is: by its token, its cookie or the machine it comes from, and every form of each that is not quite right.

const SECRET = 'a session key for tests only'
const CLERK = 'a-key-of-the-clerk-000'
const WALL = 'a-key-of-the-wall-0000'
const OPERATORS: readonly Operator[] = [
  { operator: 'ward.clerk', role: 'switchboard', tokenDigest: digestOf(CLERK) },
  { operator: 'corridor', role: 'wall', tokenDigest: digestOf(WALL) },
]
const clerk = { kind: 'operator', access: 'switchboard', operator: 'ward.clerk' }
const NOW = 1_000_000_000
const nobody = { code: 'not-signed-in' }
const crossSite = { code: 'cross-site' }

let clock: VirtualClock
/** When each session was last used, as the desk was told. */
let used: unknown[]
let stands: Awaited<ReturnType<SessionParts['desk']['sessionStands']>>
beforeEach(() => {
  clock = new VirtualClock(NOW)
  used = []
  stands = 'stands'
})

function made(config: Partial<SessionParts['config']> = {}, kept: readonly Session[] = []) {
  const sessions = createSessions({
    clock,
    random: { bytes: (n) => new Uint8Array(n).fill(7) },
    config: { operators: OPERATORS, sessionKey: SECRET, ...config },
    desk: {
      identify: async (digest) =>
        digest === digestOf('a-token-of-a-new-phone')
          ? 'waiting'
          : digest === digestOf('a-token-of-a-phone-0')
            ? { kind: 'device', access: 'holder', device: asId('phone') }
            : undefined,
      sessionStands: async (_, at) => {
        used.push(at)
        return stands
      },
    },
    signIn: { find: async (id) => kept.find((one) => one.id === id) },
  })
  const app = fastify({ exposeHeadRoutes: true })
  for (const url of ['/me', '/api/v1/stream'])
    app.all(url, async (request) => ({
      who: await sessions.identify(request),
      of: await sessions.of(request),
    }))
  /** Who a request counts as. */
  const who = async (
    headers: Record<string, string>,
    { method = 'GET', url = '/me', from = '203.0.113.9' } = {},
  ) => {
    const asked = { method: method as 'GET', url, headers, remoteAddress: from }
    return (await app.inject(asked)).json().who
  }
  const bare = (setCookie: string | undefined) => setCookie?.split(';')[0] ?? ''
  return { sessions, who, bare }
}
const mac = (text: string) => createHmac('sha256', SECRET).update(text).digest('base64url')

describe('a token', () => {
  test.each<[string, string, unknown]>([
    ['of an operator', `Bearer ${CLERK}`, clerk],
    ['of a phone', 'Bearer a-token-of-a-phone-0', { kind: 'device', access: 'holder', device: 'phone' }],
    ['of a phone that is not yet somebody’s', 'Bearer a-token-of-a-new-phone', { code: 'device-waiting' }],
    ['of nobody', 'Bearer a-token-of-nobody-at-all', nobody],
    ['of another sort', `Basic ${CLERK}`, nobody],
    ['behind something else', `X Bearer ${CLERK}`, nobody],
    ['before something else', `Bearer ${CLERK} more`, nobody],
    ['too short to be one', 'Bearer a-key-of-the-cl', nobody],
    ['too long to be one', `Bearer ${'a'.repeat(257)}`, nobody],
    ['with a sign that none has', 'Bearer a-key-of-the-clerk,000', nobody],
  ])('%s', async (_, authorization, who) => {
    expect(await made().who({ authorization })).toEqual(who)
  })

  test('counts from any site and for every method: no browser sends one by itself', async () => {
    const headers = { authorization: `Bearer ${CLERK}`, 'sec-fetch-site': 'cross-site' }
    expect(await made().who(headers, { method: 'POST' })).toEqual(clerk)
  })

  test('goes before a cookie', async () => {
    const { sessions, who, bare } = made()
    const headers = {
      authorization: 'Bearer a-token-of-a-phone-0',
      cookie: bare(sessions.open('corridor', WALL)),
    }
    expect(await who(headers)).toMatchObject({ kind: 'device' })
  })
})

describe('a cookie of an operator', () => {
  test('is given for the right key of the right name alone', () => {
    const { sessions } = made()
    expect(sessions.open('ward.clerk', CLERK)).toBeDefined()
    expect(sessions.open('ward.clerk', WALL)).toBeUndefined()
    expect(sessions.open('corridor', CLERK)).toBeUndefined()
    expect(sessions.open('nobody', CLERK)).toBeUndefined()
    expect([sessions.knows('corridor'), sessions.knows('nobody')]).toEqual([true, false])
  })

  test('says whose it is, until when, and which it is, with our signature; scripts and other sites never see it', () => {
    const until = NOW + 12 * HOUR
    const session = Buffer.from(new Uint8Array(16).fill(7)).toString('base64url')
    const signed = mac(`ward.clerk\n${until}\n${session}\n${digestOf(CLERK)}`)
    expect(made().sessions.open('ward.clerk', CLERK)).toBe(
      `bleepd=ward%2Eclerk.${until}.${session}.${signed}; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict`,
    )
  })

  test('behind TLS is bound to this host and to TLS', async () => {
    const { sessions, who, bare } = made({ tls: {} })
    const given = sessions.open('ward.clerk', CLERK) ?? ''
    expect(given).toMatch(/^__Host-bleepd=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/)
    expect(sessions.end).toBe('__Host-bleepd=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict; Secure')
    expect(await who({ cookie: bare(given) })).toMatchObject(clerk)
    expect(await who({ cookie: bare(given).replace('__Host-', '') })).toEqual(nobody)
  })

  test('is taken away by one that is over', () => {
    expect(made().sessions.end).toBe('bleepd=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict')
  })

  test('lasts as the site says; a wall’s a year', async () => {
    const { sessions, who, bare } = made({ sessionLasts: HOUR })
    const [desk, wall] = [sessions.open('ward.clerk', CLERK), sessions.open('corridor', WALL)]
    expect(desk).toContain('Max-Age=3600;')
    expect(wall).toContain(`Max-Age=${365 * 86_400};`)
    const session = Buffer.from(new Uint8Array(16).fill(7)).toString('base64url')
    expect(await who({ cookie: bare(desk) })).toEqual({ ...clerk, until: NOW + HOUR, session })
    clock.advance(HOUR - 1)
    expect(await who({ cookie: bare(desk) })).toMatchObject(clerk)
    clock.advance(1)
    expect(await who({ cookie: bare(desk) })).toEqual(nobody)
    clock.advance(364 * DAY)
    expect(await who({ cookie: bare(wall) })).toMatchObject({ access: 'wall' })
    clock.advance(DAY)
    expect(await who({ cookie: bare(wall) })).toEqual(nobody)
  })

  const forged: [string, (parts: string[]) => (string | undefined)[]][] = [
    ['of somebody else', ([, ...rest]) => ['corridor', ...rest]],
    ['of nobody', ([, ...rest]) => ['nobody', ...rest]],
    ['of a longer life', ([who, until, ...rest]) => [who, String(Number(until) + 1), ...rest]],
    ['of no life', ([who, , ...rest]) => [who, 'soon', ...rest]],
    ['of another name', ([who, until, , mac]) => [who, until, 'x'.repeat(22), mac]],
    ['with another signature', ([who, until, session]) => [who, until, session, 'x'.repeat(43)]],
    ['with a part of its signature', ([who, until, session, mac]) => [who, until, session, mac?.slice(1)]],
    ['with none', ([who, until, session]) => [who, until, session]],
    ['with less', ([who, until]) => [who, until]],
    ['with a name alone', ([who]) => [who]],
    ['that is empty', () => []],
  ]
  test.each(forged)('%s is nobody’s', async (_, how) => {
    const { sessions, who, bare } = made()
    const parts = bare(sessions.open('ward.clerk', CLERK)).slice('bleepd='.length).split('.')
    expect(await who({ cookie: `bleepd=${parts.join('.')}` })).toMatchObject(clerk)
    expect(await who({ cookie: `bleepd=${how(parts).join('.')}` })).toEqual(nobody)
  })

  test('whose key was changed is over, and one of another daemon’s secret never was', async () => {
    const given = made().sessions.open('ward.clerk', CLERK)
    const changed = made({ operators: [{ ...OPERATORS[0]!, tokenDigest: digestOf('another-key-00000') }] })
    expect(await changed.who({ cookie: changed.bare(given) })).toEqual(nobody)
    const { sessionKey: _, ...config } = { operators: OPERATORS, sessionKey: '' }
    const other = createSessions({
      ...{ clock, random: { bytes: (n) => new Uint8Array(n) }, config },
      desk: { identify: async () => undefined, sessionStands: async () => 'stands' },
      signIn: { find: async () => undefined },
    })
    expect(other.open('ward.clerk', CLERK)?.split('.')[3]).not.toBe(given?.split('.')[3])
  })

  test('that was ended is nobody’s; one that is shut hides the words', async () => {
    const { sessions, who, bare } = made()
    const headers = { cookie: bare(sessions.open('ward.clerk', CLERK)) }
    expect(await who(headers)).not.toHaveProperty('shut')
    stands = 'shut'
    expect(await who(headers)).toMatchObject({ ...clerk, shut: true })
    stands = 'ended'
    expect(await who(headers)).toEqual(nobody)
  })

  test.each<[string, Record<string, string>, string, unknown]>([
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 'POST', clerk],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 'POST', crossSite],
    ['another name of this site', { 'sec-fetch-site': 'same-site' }, 'PUT', crossSite],
    ['an old browser on our own page', { origin: 'https://bridge', host: 'bridge' }, 'POST', clerk],
    ['an old browser elsewhere', { origin: 'https://evil', host: 'bridge' }, 'POST', crossSite],
    ['an origin that is none', { origin: 'null', host: 'bridge' }, 'POST', crossSite],
    ['nobody says where', {}, 'DELETE', crossSite],
    ['another site that only looks', { 'sec-fetch-site': 'cross-site' }, 'GET', clerk],
    ['another site that asks what may be done', { 'sec-fetch-site': 'cross-site' }, 'OPTIONS', clerk],
  ])('sent by %s', async (_, headers, method, said) => {
    const { sessions, who, bare } = made()
    const asked = { ...headers, cookie: bare(sessions.open('ward.clerk', CLERK)) }
    const found = await who(asked, { method })
    if (said === clerk) expect(found).toMatchObject(clerk)
    else expect(found).toEqual(said)
  })

  test('tells when the screen was last touched: a stream tells nothing, and nobody touches it in the future', async () => {
    const { sessions, who, bare } = made()
    const headers = { cookie: bare(sessions.open('ward.clerk', CLERK)) }
    await who(headers)
    await who({ ...headers, 'bleepd-untouched': '90' })
    await who({ ...headers, 'bleepd-untouched': '0' })
    await who({ ...headers, 'bleepd-untouched': '-1' })
    await who({ ...headers, 'bleepd-untouched': 'long' })
    await who(headers, { url: '/api/v1/stream' })
    expect(used).toEqual([NOW, NOW - 90 * SECOND, NOW, undefined, undefined, undefined])
  })
})

describe('a cookie of a person', () => {
  const until = NOW + HOUR
  const kept: Session = { id: 'p-1', who: 'dr.b', role: 'admin', way: 'passkey', began: NOW, until }

  test('says no more than which session it is', () => {
    expect(made().sessions.cookieOf(kept)).toBe(
      `bleepd=.${until}.p-1.${mac(`person\n${until}\np-1`)}; Max-Age=3600; Path=/; HttpOnly; SameSite=Strict`,
    )
    expect(made().sessions.cookieOf({ ...kept, until: NOW - MINUTE })).toContain('Max-Age=0;')
  })

  test('is theirs, by role and by name, while the database knows it and until its end', async () => {
    const person = made({}, [{ ...kept, person: asId('b') }])
    const headers = { cookie: person.bare(person.sessions.cookieOf(kept)) }
    const caller = { kind: 'operator', access: 'admin', operator: 'dr.b', until, session: 'p-1' }
    expect(await person.who(headers)).toEqual({ ...caller, person: 'b' })
    expect(await made({}, [kept]).who(headers)).toEqual(caller)
    expect(await made().who(headers)).toEqual(nobody)
    clock.advance(HOUR)
    expect(await person.who(headers)).toEqual(nobody)
  })

  test.each([
    ['of a longer life', `.${until + 1}.p-1.${mac(`person\n${until}\np-1`)}`],
    ['of another name', `.${until}.p-2.${mac(`person\n${until}\np-1`)}`],
    ['with no signature', `.${until}.p-1`],
    ['with less', `.${until}`],
    ['with nothing', '.'],
  ])('%s is nobody’s', async (_, value) => {
    const { who } = made({}, [kept, { ...kept, id: 'p-2' }])
    expect(await who({ cookie: `bleepd=${value}` })).toEqual(nobody)
  })
})

describe('this machine itself', () => {
  const trying = { loopback: { operator: 'demo', role: 'admin' } } as const
  const demo = { kind: 'operator', access: 'admin', operator: 'demo' }
  const here = { from: '127.0.0.1' }

  test.each<[string, Record<string, string>, { from: string; method?: string }, unknown]>([
    ['by its name', { host: 'localhost:8080' }, here, demo],
    ['by its address', { host: '127.0.0.1' }, here, demo],
    ['by its other address', { host: '[::1]:80' }, { from: '::1' }, demo],
    ['by an address of the other form', { host: 'LOCALHOST' }, { from: '::ffff:127.0.0.1' }, demo],
    ['by a name that was re-pointed at it', { host: 'evil.example' }, here, nobody],
    ['by a name that begins like it', { host: 'localhost.evil.example' }, here, nobody],
    ['by a name that ends like it', { host: 'evil-localhost' }, here, nobody],
    ['by what is no port', { host: 'localhost:80x' }, here, nobody],
    ['from elsewhere', { host: 'localhost' }, { from: '203.0.113.9' }, nobody],
    ['from a program that writes', { host: 'localhost' }, { ...here, method: 'POST' }, demo],
    [
      'from a page elsewhere that writes',
      { host: 'localhost', 'sec-fetch-site': 'cross-site' },
      { ...here, method: 'POST' },
      crossSite,
    ],
    ['from a page elsewhere that looks', { host: 'localhost', 'sec-fetch-site': 'cross-site' }, here, demo],
  ])('%s', async (_, headers, how, who) => {
    expect(await made(trying).who(headers, how)).toEqual(who)
  })

  test('is nobody where the site does not say so', async () => {
    expect(await made().who({ host: 'localhost' }, here)).toEqual(nobody)
  })
})

test.each<[string | undefined, string | undefined]>([
  ['bleepd=a', 'a'],
  ['theme=dark; bleepd=a', 'a'],
  ['bleepd=a; theme=dark', 'a'],
  ['theme=dark;bleepd=a=b=', 'a=b='],
  ['xbleepd=a', undefined],
  ['bleepd', ''],
  ['', undefined],
  [undefined, undefined],
])('of the cookies %j ours is %j', (header, value) => {
  expect(cookie(header, 'bleepd')).toBe(value)
})

test('two texts are the same only whole', () => {
  expect([same('abc', 'abc'), same('abc', 'abd'), same('abc', 'ab'), same('', 'a')]).toEqual([
    ...[true, false, false, false],
  ])
})

test('what no browser says a page has sent is taken or not, as is asked', async () => {
  const app = fastify()
  app.get('/', async (request) => [ownPage(request, true), ownPage(request, false)])
  expect((await app.inject('/')).json()).toEqual([false, true])
})
