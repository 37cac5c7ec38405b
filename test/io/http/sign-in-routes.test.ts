import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Session } from '../../../src/core/identity/session.ts'
import { HOUR, SECOND } from '../../../src/core/instant.ts'
import type { HttpParts } from '../../../src/io/http/parts.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

// What the routes of sign-in and of taking up a phone ask, how often they let anybody try, and what they leave behind.

const clock = new VirtualClock(Date.parse('2026-11-30T08:00:00Z'))
const OWN = { 'sec-fetch-site': 'same-origin' }
const ELSEWHERE = { 'sec-fetch-site': 'cross-site' }
const ANSWER = { id: 'key' }
const ASKED = { challenge: 'c', options: { rpId: 'x' } }

/** What each question is answered; anything else is a wrong key. */
let says: Record<string, unknown>
let asked: unknown[][]
const WRONG = { ok: false, fault: { code: 'key-wrong' } }
function answering<T extends object>(name: string): T {
  const door: T = new Proxy(Object.create(null), {
    get: (_, question) => {
      if (question === 'title') return 'NHSmail'
      if (question === 'phones') return true
      return (...given: unknown[]) => {
        const key = `${name}.${String(question)}`
        if (!QUIET.has(key)) asked.push([key, ...given])
        const said = key in says ? says[key] : WRONG
        return SAID_AT_ONCE.has(key) ? said : Promise.resolve(said)
      }
    },
  })
  return door
}
const QUIET = new Set(['desk.sessionStands', 'desk.permit', 'signIn.find', 'vouch.errand'])
const SAID_AT_ONCE = new Set(['vouch.errand'])

const session = (id: string): Session => ({
  ...{ id, who: 'jo.bloggs', role: 'governance', way: 'passkey' },
  ...{ began: clock.now(), until: clock.now() + HOUR },
})
const done = <T>(value: T) => ({ ok: true, value })

let bed: Bed
let safe: Bed
beforeAll(async () => {
  const parts: Partial<HttpParts> = {
    ...{ desk: answering('desk'), signIn: answering('signIn'), vouch: answering('vouch') },
  }
  bed = await openBed({ clock, parts })
  safe = await openBed({ clock, parts, config: { tls: {}, ntfy: 'https://ntfy.example/' } })
})
afterAll(async () => {
  await bed.close()
  await safe.close()
})
beforeEach(() => {
  asked = []
  says = { 'desk.sessionStands': 'stands', 'desk.permit': done(undefined), 'signIn.find': session('p-now') }
  // Whoever was wrong before may try again.
  clock.advance(HOUR)
})

type Headers = Record<string, string>
const ask = (what: string, body?: object, headers: Headers = OWN, from = '203.0.113.9', to = bed) => {
  const [method, path] = what.split(' ')
  return to.http.app.inject({
    ...{ method: method as 'GET', url: `/api/v1${path}`, headers, remoteAddress: from },
    ...(body === undefined ? {} : { payload: body }),
  })
}
const cookiesOf = (answer: { headers: object }) =>
  [Reflect.get(answer.headers, 'set-cookie') ?? []].flat().map((one) => String(one))
/** A cookie of this session, as somebody has it who came in before. */
async function cookieOf(id: string): Promise<string> {
  says['signIn.byPasskey'] = done(session(id))
  const answer = await ask('POST /session/passkey', { challenge: 'c', answer: ANSWER })
  asked = []
  delete says['signIn.byPasskey']
  return cookiesOf(answer)[0]?.split(';')[0] ?? ''
}

const SECRET = 'A'.repeat(32)
const BY_APP = { password: 'a password', secret: SECRET, code: '123456' }
const BY_KEY = { challenge: 'c', answer: ANSWER, label: 'Key' }
type Way = [what: string, body: object, question: unknown[], from: string]
const WAYS: readonly Way[] = [
  [
    'POST /session',
    { operator: ' Jo.Bloggs ', key: 'k', code: '123456' },
    ['signIn.byPassword', 'jo.bloggs', 'k', '123456'],
    'signIn.byPassword',
  ],
  [
    'POST /session/passkey',
    { challenge: 'c', answer: ANSWER },
    ['signIn.byPasskey', 'c', ANSWER],
    'signIn.byPasskey',
  ],
  [
    'POST /session/set-up',
    { name: ' jo.bloggs ', code: 'once', chosen: BY_APP },
    ['signIn.setUp', 'jo.bloggs', 'once', BY_APP],
    'signIn.setUp',
  ],
  [
    'POST /session/set-up',
    { name: 'jo.bloggs', code: 'once', chosen: BY_KEY },
    ['signIn.setUp', 'jo.bloggs', 'once', BY_KEY],
    'signIn.setUp',
  ],
]

describe('whoever comes in', () => {
  test.each(WAYS)('by %s %j gets a cookie and nothing else', async (what, body, question, key) => {
    says[key] = done(session('p-new'))
    const answer = await ask(what, body)
    expect(asked).toEqual([question])
    expect([answer.statusCode, answer.body]).toEqual([204, ''])
    expect(cookiesOf(answer)).toEqual([
      expect.stringMatching(
        /^bleepd=\.\d+\.p-new\.[\w-]+; Max-Age=3600; Path=\/; HttpOnly; SameSite=Strict$/,
      ),
    ])
  })

  test.each(WAYS)('by %s %j takes the place of whoever was there', async (what, body, question, key) => {
    const cookie = await cookieOf('p-now')
    says[key] = done(session('p-new'))
    await ask(what, body, { ...OWN, cookie })
    const before = expect.objectContaining({ operator: 'jo.bloggs', session: 'p-now' })
    expect(asked).toEqual([question, ['desk.signedOut', before]])
  })

  test.each(WAYS)('by %s %j has what another site’s page sends refused unasked', async (what, body) => {
    const answer = await ask(what, body, ELSEWHERE)
    expect([answer.json().code, asked]).toEqual(['cross-site', []])
  })

  test('who is wrong is out, and whoever was there stays', async () => {
    const cookie = await cookieOf('p-now')
    for (const [what, body, question] of WAYS) {
      asked = []
      const answer = await ask(what, body, { ...OWN, cookie })
      expect([answer.statusCode, answer.json().code, cookiesOf(answer)]).toEqual([401, 'key-wrong', []])
      expect(asked).toEqual([question])
    }
  })

  test.each([
    ['switchboard-op', KEYS.switchboard, true],
    ['switchboard-op', 'guess', false],
    // No account has such a name, so no password is looked at.
    ['-', 'guess', false],
  ])('as %s with the key %s is noted as such', async (operator, key, good) => {
    const answer = await ask('POST /session', { operator, key })
    expect(asked).toEqual([['desk.signedIn', operator, good]])
    expect(answer.statusCode).toBe(good ? 204 : 401)
  })
})

describe('a set-up', () => {
  test('begins with what the app and the browser need, for the right code alone', async () => {
    const body = { name: 'jo.bloggs', code: 'once' }
    const wrong = await ask('POST /session/set-up/challenge', body)
    expect([wrong.statusCode, wrong.json().code]).toEqual([401, 'key-wrong'])
    says['signIn.beginSetUp'] = done({
      name: 'jo.bloggs',
      secret: SECRET,
      link: 'otpauth://totp/x',
      ...ASKED,
    })
    const answer = await ask('POST /session/set-up/challenge', body)
    expect(asked.at(-1)).toEqual(['signIn.beginSetUp', 'jo.bloggs', 'once'])
    expect(answer.json()).toEqual({ secret: SECRET, qr: expect.stringMatching(/^<svg|^data:/), ...ASKED })
    expect((await ask('POST /session/set-up/challenge', body, ELSEWHERE)).json().code).toBe('cross-site')
  })

  test('a passkey of anybody begins with a challenge', async () => {
    says['signIn.ask'] = ASKED
    expect((await ask('POST /session/passkey/challenge')).json()).toEqual(ASKED)
  })
})

describe('tries', () => {
  const guess = async (operator: string, from?: string, code = 'key-wrong') => {
    says['signIn.byPassword'] = { ok: false, fault: { code } }
    return (await ask('POST /session', { operator, key: 'k' }, OWN, from)).json().code
  }
  const enter = async (operator: string, from?: string) => {
    says['signIn.byPassword'] = done(session('p-new'))
    return (await ask('POST /session', { operator, key: 'k' }, OWN, from)).statusCode
  }

  test('of one name from one address are ten; another address has its own', async () => {
    for (let i = 0; i < 10; i++) expect(await guess('jo')).toBe('key-wrong')
    asked = []
    expect(await guess('jo')).toBe('too-many-requests')
    expect(await guess('jo', '::ffff:203.0.113.9')).toBe('too-many-requests')
    expect(asked).toEqual([])
    expect(await guess('jo', '203.0.113.10')).toBe('key-wrong')
    // One comes back every six seconds.
    clock.advance(6 * SECOND)
    expect([await guess('jo'), await guess('jo')]).toEqual(['key-wrong', 'too-many-requests'])
  })

  test('of all names from one address are sixty, and no name pays for what was refused so', async () => {
    for (let i = 0; i < 60; i++) expect(await guess(`name-${i}`)).toBe('key-wrong')
    for (let i = 0; i < 20; i++) expect(await guess('jo')).toBe('too-many-requests')
    expect(await guess('jo', '203.0.113.10')).toBe('key-wrong')
    clock.advance(10 * SECOND)
    for (let i = 0; i < 10; i++) expect(await guess('jo')).toBe('key-wrong')
    expect(await guess('other')).toBe('too-many-requests')
  })

  test('that were right do not count, and forget the wrong ones of that name', async () => {
    for (let i = 0; i < 9; i++) await guess('jo')
    for (let i = 0; i < 70; i++) expect(await enter('jo')).toBe(204)
    for (let i = 0; i < 10; i++) expect(await guess('jo')).toBe('key-wrong')
    expect(await guess('jo')).toBe('too-many-requests')
  })

  test('that only lack the second factor do not count, and forget nothing', async () => {
    for (let i = 0; i < 9; i++) await guess('jo')
    for (let i = 0; i < 70; i++)
      expect(await guess('jo', undefined, 'second-factor-wanted')).toBe('second-factor-wanted')
    expect([await guess('jo'), await guess('jo')]).toEqual(['key-wrong', 'too-many-requests'])
  })
})

describe('signing out', () => {
  test('ends the session and takes its cookie away', async () => {
    const cookie = await cookieOf('p-now')
    const answer = await ask('DELETE /session', undefined, { ...OWN, cookie })
    expect(asked).toEqual([['desk.signedOut', expect.objectContaining({ session: 'p-now' })]])
    expect([answer.statusCode, cookiesOf(answer)]).toEqual([
      204,
      ['bleepd=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict'],
    ])
  })

  test('of one that was ended takes the cookie away all the same; another site ends nothing', async () => {
    const cookie = await cookieOf('p-now')
    const other = await ask('DELETE /session', undefined, { ...ELSEWHERE, cookie })
    expect([other.json().code, cookiesOf(other)]).toEqual(['cross-site', []])
    says['desk.sessionStands'] = 'ended'
    const answer = await ask('DELETE /session', undefined, { ...OWN, cookie })
    expect([answer.statusCode, cookiesOf(answer).length, asked]).toEqual([204, 1, []])
  })
})

describe('one’s own account', () => {
  const ACCOUNT = { name: 'jo.bloggs', kept: true, password: true, app: true, passkeys: [], sessions: [] }
  test.each<[what: string, body: object | undefined, question: unknown[], status: number, value: unknown]>([
    ['GET /account', undefined, ['signIn.account', 'p-now'], 200, ACCOUNT],
    ['POST /account/passkeys/challenge', undefined, ['signIn.beginPasskey', 'p-now'], 200, ASKED],
    ['POST /account/passkeys', BY_KEY, ['signIn.addPasskey', 'p-now', BY_KEY], 201, ACCOUNT],
    ['DELETE /account/passkeys/k1', undefined, ['signIn.removePasskey', 'p-now', 'k1'], 200, ACCOUNT],
    ['DELETE /account/sessions/s1', undefined, ['signIn.endSession', 'p-now', 's1'], 200, ACCOUNT],
  ])('%s %j is asked of the session that asks', async (what, body, question, status, value) => {
    const cookie = await cookieOf('p-now')
    const refused = await ask(what, body, { ...OWN, cookie })
    expect([asked, refused.json().code]).toEqual([[question], 'key-wrong'])
    says[String(question[0])] = done(value)
    const answer = await ask(what, body, { ...OWN, cookie })
    expect([answer.statusCode, answer.json()]).toEqual([status, value])
  })

  test('another password gives a new session in place of this one', async () => {
    const cookie = await cookieOf('p-now')
    const body = { before: 'old', password: 'new' }
    expect((await ask('POST /account/password', body, { ...OWN, cookie })).json().code).toBe('key-wrong')
    asked = []
    says['signIn.changePassword'] = done(session('p-new'))
    const answer = await ask('POST /account/password', body, { ...OWN, cookie })
    expect(asked).toEqual([
      ['signIn.changePassword', 'p-now', 'old', 'new'],
      ['desk.signedOut', expect.objectContaining({ session: 'p-now' })],
    ])
    expect([answer.statusCode, cookiesOf(answer)[0]?.split('.')[2]]).toEqual([204, 'p-new'])
  })
})

describe('by the provider', () => {
  const LAX = 'Path=/; HttpOnly; SameSite=Lax'
  const GONE = `bleepd-away=; Max-Age=0; ${LAX}`

  test.each([
    ['', 'console', false],
    ['?errand=phone&again=1', 'phone', true],
  ])('one is sent out%s with what the browser keeps meanwhile', async (query, errand, again) => {
    says['vouch.begin'] = done({ url: 'https://provider.example/x', kept: 'kept-here' })
    const answer = await ask(`GET /provider/start${query}`)
    expect(asked).toEqual([['vouch.begin', errand, again]])
    expect([answer.statusCode, answer.headers.location, cookiesOf(answer)]).toEqual([
      ...[303, 'https://provider.example/x', [`bleepd-away=kept-here; Max-Age=900; ${LAX}`]],
    ])
  })

  test('behind TLS that is bound to this host and to TLS', async () => {
    says['vouch.begin'] = done({ url: 'https://provider.example/x', kept: 'kept-here' })
    const answer = await ask('GET /provider/start', undefined, OWN, undefined, safe)
    expect(cookiesOf(answer)).toEqual([`__Host-bleepd-away=kept-here; Max-Age=900; ${LAX}; Secure`])
    says['vouch.finish'] = done({ errand: 'phone', code: 'ABCD' })
    const cookie = '__Host-bleepd-away=kept-here'
    await ask('GET /provider/back?code=x', undefined, { cookie }, undefined, safe)
    expect(asked.at(-1)).toEqual(['vouch.finish', 'code=x', 'kept-here'])
  })

  test('who cannot be sent out is back where they were, with why', async () => {
    for (const [errand, place] of [
      ['console', '/console/'],
      ['phone', '/app/'],
    ]) {
      const out = await ask(`GET /provider/start?errand=${errand}`)
      expect([out.statusCode, out.headers.location]).toEqual([303, `${place}#refused=key-wrong`])
      says['vouch.errand'] = errand
      const back = await ask('GET /provider/back?error=x', undefined, { cookie: 'bleepd-away=kept-here' })
      expect([back.statusCode, back.headers.location]).toEqual([303, `${place}#refused=key-wrong`])
      for (const answer of [out, back]) expect(cookiesOf(answer)).toEqual([GONE])
    }
  })

  test('what it says is handed on with what was kept, and nothing is made of what it leaves out', async () => {
    const query = 'code=a&state=b&iss=c&session_state=d&error=e&error_description=f'
    says['vouch.errand'] = 'console'
    await ask(`GET /provider/back?${query}`, undefined, { cookie: 'bleepd-away=kept-here' })
    await ask('GET /provider/back?state=b')
    expect(asked).toEqual([
      ['vouch.finish', query, 'kept-here'],
      ['vouch.finish', 'state=b', ''],
    ])
  })

  test('a person comes in to the console in place of whoever was there', async () => {
    const cookie = await cookieOf('p-now')
    says['vouch.finish'] = done({ errand: 'console', session: session('p-new') })
    const answer = await ask('GET /provider/back?code=x', undefined, { cookie })
    expect(asked.at(-1)).toEqual(['desk.signedOut', expect.objectContaining({ session: 'p-now' })])
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/console/'])
    expect(cookiesOf(answer)).toEqual([GONE, expect.stringMatching(/^bleepd=\.\d+\.p-new\./)])
  })

  test('a phone comes back with its code, and signs nobody out', async () => {
    const cookie = await cookieOf('p-now')
    says['vouch.finish'] = done({ errand: 'phone', code: 'ABCD' })
    const answer = await ask('GET /provider/back?code=x', undefined, { cookie })
    expect([answer.statusCode, answer.headers.location]).toEqual([303, '/app/#enrol=ABCD'])
    expect([cookiesOf(answer), asked.length]).toEqual([[GONE], 1])
  })

  test('its word of a sign-out is taken or not', async () => {
    for (const [good, status] of [
      [true, 200],
      [false, 400],
    ] as const) {
      says['vouch.signedOut'] = good
      const answer = await ask('POST /provider/signed-out', { logout_token: 'a.b.c' }, {})
      expect([answer.statusCode, asked.at(-1)]).toEqual([status, ['vouch.signedOut', 'a.b.c']])
    }
  })
})

describe('a phone', () => {
  const owner = { kind: 'person', id: 'p', name: 'Dr P' }
  const device = {
    ...{ id: 'd', label: 'Phone', channel: 'socket', owner, state: 'active' },
    enrolled: '2026-11-30T08:00:00.000Z',
  }
  const enrol = (from?: string) => ask('POST /devices', { code: ' ABCD-EFGH ' }, {}, from)
  const signedIn = { authorization: `Bearer ${KEYS.switchboard}`, host: 'bridge.example' }

  test('is taken up by its code, and is a phone on the socket where it says no more', async () => {
    says['desk.enrol'] = done({ device, token: 't' })
    const answer = await enrol()
    expect([answer.statusCode, answer.json()]).toEqual([201, { device, token: 't' }])
    expect(asked).toEqual([
      ['desk.enrol', { code: 'ABCD-EFGH', label: 'Phone', channel: 'socket', address: '' }],
    ])
  })

  test('may be tried ten times from one address; right codes do not count, nor does a neighbour', async () => {
    says['desk.enrol'] = done({ device, token: 't' })
    for (let i = 0; i < 30; i++) expect((await enrol()).statusCode).toBe(201)
    says['desk.enrol'] = WRONG
    for (let i = 0; i < 10; i++) expect((await enrol()).json().code).toBe('key-wrong')
    asked = []
    const more = [await enrol(), await enrol('::ffff:203.0.113.9')]
    expect(more.map((one) => one.json().code)).toEqual(['too-many-requests', 'too-many-requests'])
    expect(asked).toEqual([])
    expect((await enrol('203.0.113.10')).json().code).toBe('key-wrong')
    clock.advance(6 * SECOND)
    expect([(await enrol()).json().code, (await enrol()).json().code]).toEqual([
      'key-wrong',
      'too-many-requests',
    ])
  })

  test.each([
    ['person', 'app', { kind: 'person', person: 'x' }],
    ['role', 'app', { kind: 'role', role: 'x' }],
    ['ward', 'ward', { kind: 'ward', ward: 'x' }],
  ])('of a %s is led to the %s by which whoever asked has reached us', async (kind, page, meant) => {
    const code = { code: 'ABCD', expires: '2026-11-30T08:15:00.000Z', owner: { ...owner, kind } }
    says['desk.code'] = done(code)
    const link = `http://bridge.example/${page}/#enrol=ABCD`
    const answer = await ask('POST /enrolments', { kind, id: 'x' }, signedIn)
    expect([answer.statusCode, answer.json()]).toEqual([201, { ...code, link, qr: expect.anything() }])
    expect(asked).toEqual([['desk.code', expect.anything(), meant]])
  })

  test('hears its topic from a server with TLS unless that is said otherwise', async () => {
    says['desk.enterWay'] = done({ device: { ...device, channel: 'ntfy' }, texted: false, topic: 'secret' })
    const body = { kind: 'person', id: 'p', channel: 'ntfy' }
    const answer = await ask('POST /nudges', body, signedIn, undefined, safe)
    expect([answer.statusCode, answer.json().link]).toEqual([201, 'ntfy://ntfy.example/secret'])
  })
})

test('the sign-in page is told of the provider and of accounts where there are any', async () => {
  says['signIn.ways'] = { accounts: true }
  expect((await ask('GET /session/ways')).json()).toEqual({
    ...{ keys: true, accounts: true, provider: 'NHSmail', phones: true },
  })
})
