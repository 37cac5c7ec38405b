import { TOTP } from 'otpauth'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../../src/core/instant.ts'
import { systemRandom } from '../../../src/io/random.ts'
import { createAccounts } from '../../../src/run/keep/accounts.ts'
import { type Bed, openBed, sha256 } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
let accounts: ReturnType<typeof createAccounts>
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
  accounts = createAccounts({ store: bed.store, clock, random: systemRandom, digest: sha256 })
})
afterEach(() => bed.close())

const OWN = { 'sec-fetch-site': 'same-origin' }
const PASSWORD = 'four words of no sense'
const send = (method: 'POST' | 'DELETE', url: string, payload?: object, cookie = '') =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${url}`, headers: { ...OWN, cookie } },
    ...(payload === undefined ? {} : { payload }),
  })
const look = async (cookie: string, url = '/me') =>
  bed.http.app.inject({ url: `/api/v1${url}`, headers: { cookie } })
const cookieOf = (answer: { headers: object }) =>
  String(Reflect.get(answer.headers, 'set-cookie')).split(';')[0] ?? ''
const codeNow = (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.now() })

/** An account that its person has set up with a password and an app. */
async function person(name = 'jo.bloggs', more: { expires?: number; breakGlass?: true } = {}) {
  const made = await accounts.add('cli:root', { name, role: 'governance', ...more })
  if (!made.ok) throw new Error(made.fault.code)
  const { code } = made.value
  const { secret } = (await send('POST', '/session/set-up/challenge', { name, code })).json()
  const chosen = { password: PASSWORD, secret, code: codeNow(secret) }
  const done = await send('POST', '/session/set-up', { name, code, chosen })
  expect(done.statusCode).toBe(204)
  return { secret: String(secret), code, cookie: cookieOf(done) }
}
const signIn = (code?: string, password = PASSWORD, operator = 'jo.bloggs') =>
  send('POST', '/session', { operator, key: password, ...(code === undefined ? {} : { code }) })

test('a person sets an account up once, and comes in with password and code', async () => {
  const { secret, code, cookie } = await person()
  expect((await look(cookie)).json()).toMatchObject({ name: 'jo.bloggs', access: 'governance' })
  // Whoever has a copy of the database has no code by it.
  const kept = await bed.store.transact((tx) => tx.accounts.get('jo.bloggs'))
  expect(JSON.stringify(kept)).not.toContain(secret)
  const again = await send('POST', '/session/set-up/challenge', { name: 'jo.bloggs', code })
  expect(again.json().code).toBe('set-up-code-wrong')

  clock.advance(30 * SECOND)
  expect((await signIn()).json().code).toBe('second-factor-wanted')
  const entered = await signIn(codeNow(secret), PASSWORD, 'Jo.Bloggs ')
  expect([entered.statusCode, (await look(cookieOf(entered))).statusCode]).toEqual([204, 200])
})

test('a wrong password, a wrong code, a used code and an unknown name let nobody in', async () => {
  const { secret } = await person()
  clock.advance(30 * SECOND)
  const code = codeNow(secret)
  expect((await signIn(code, 'not the password')).json().code).toBe('key-wrong')
  expect((await signIn('000000')).json().code).toBe('second-factor-wrong')
  expect((await signIn(code)).statusCode).toBe(204)
  expect((await signIn(code)).json().code).toBe('second-factor-wrong')
  expect((await signIn(code, PASSWORD, 'nobody.here')).json().code).toBe('key-wrong')
})

test('guesses of the code behind a right password stop, wherever they come from', async () => {
  const { secret } = await person()
  clock.advance(MINUTE)
  for (let i = 0; i < 10; i++) {
    await bed.http.app.inject({
      ...{ method: 'POST', url: '/api/v1/session', headers: OWN, remoteAddress: `192.0.2.${i}` },
      payload: { operator: 'jo.bloggs', key: PASSWORD, code: '000000' },
    })
  }
  expect((await signIn(codeNow(secret))).statusCode).toBe(429)
  clock.advance(11 * MINUTE)
  expect((await signIn(codeNow(secret))).statusCode).toBe(204)
})

test('a revoked or expired account is out within seconds, its sessions too, without a restart', async () => {
  const [one, two] = [await person('jo.bloggs', { expires: clock.now() + DAY }), await person('al.smith')]
  await accounts.revoke('cli:root', 'al.smith')
  clock.advance(3 * SECOND)
  expect([(await look(one.cookie)).statusCode, (await look(two.cookie)).statusCode]).toEqual([200, 401])
  expect((await signIn(codeNow(two.secret), PASSWORD, 'al.smith')).json().code).toBe('key-wrong')
  await accounts.expire('cli:root', 'jo.bloggs', clock.now())
  clock.advance(3 * SECOND)
  expect((await look(one.cookie)).statusCode).toBe(401)
  clock.advance(30 * SECOND)
  expect((await signIn(codeNow(one.secret))).json().code).toBe('key-wrong')
})

test('another password ends every other session of the account and gives a new one', async () => {
  const { secret, cookie } = await person()
  clock.advance(30 * SECOND)
  const other = cookieOf(await signIn(codeNow(secret)))
  const short = await send('POST', '/account/password', { before: PASSWORD, password: 'short' }, cookie)
  expect(short.json().code).toBe('password-short')
  const wrong = await send(
    'POST',
    '/account/password',
    { before: 'guess', password: 'long enough now' },
    cookie,
  )
  expect(wrong.json().code).toBe('key-wrong')
  const done = await send(
    'POST',
    '/account/password',
    { before: PASSWORD, password: 'long enough now' },
    cookie,
  )
  clock.advance(3 * SECOND)
  const stand = [cookieOf(done), cookie, other].map(async (c) => (await look(c)).statusCode)
  expect(await Promise.all(stand)).toEqual([200, 401, 401])
})

test('signing out ends the session in the database, and no cookie can be made up', async () => {
  const { cookie } = await person()
  const forged = cookie.replace(/\.[^.]+$/, '.AAAA')
  expect((await look(forged)).statusCode).toBe(401)
  await send('DELETE', '/session', undefined, cookie)
  expect((await look(cookie)).statusCode).toBe(401)
  expect(await bed.store.transact((tx) => tx.sessions.list(clock.now()))).toEqual([])
})

test('what is kept holds no password, and each act is on the record under its person', async () => {
  await person('jo.bloggs', { breakGlass: true })
  const [kept] = await accounts.list()
  expect(kept?.password).toMatch(/^scrypt\$32768\$8\$3\$/)
  expect(JSON.stringify(kept)).not.toContain(PASSWORD)
  await bed.trail.flush()
  const rows = await bed.store.transact((tx) => tx.audit.since(0, 20))
  expect(rows.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    'cli:root account.add',
    'jo.bloggs account.set-up',
    'jo.bloggs session.break-glass',
  ])
})

test('a set-up code lasts a day, and a reset makes another and closes what was open', async () => {
  const { cookie } = await person()
  const made = await accounts.reset('cli:root', 'jo.bloggs')
  clock.advance(3 * SECOND)
  expect((await look(cookie)).statusCode).toBe(401)
  expect((await signIn('123456')).json().code).toBe('key-wrong')
  clock.advance(DAY)
  const late = { name: 'jo.bloggs', code: made.ok ? made.value.code : '' }
  expect((await send('POST', '/session/set-up/challenge', late)).json().code).toBe('set-up-code-wrong')
})

test('an operator with a key of the configuration comes in as before and has no account', async () => {
  const entered = await send('POST', '/session', { operator: 'admin-op', key: 'admin-key-for-tests-0000' })
  expect(entered.statusCode).toBe(204)
  expect((await look(cookieOf(entered), '/account')).json().code).toBe('account-none')
  expect((await look('', '/session/ways')).json()).toEqual({ keys: true, accounts: false, phones: false })
})

test('a password that others use is refused, at set-up and afterwards', async () => {
  const { cookie } = await person()
  const said = await send('POST', '/account/password', { before: PASSWORD, password: 'iloveyou1234' }, cookie)
  expect([said.statusCode, said.json().code]).toEqual([400, 'password-guessable'])
  const made = await accounts.add('cli:root', { name: 'al.smith', role: 'admin' })
  const code = made.ok ? made.value.code : ''
  const { secret } = (await send('POST', '/session/set-up/challenge', { name: 'al.smith', code })).json()
  const chosen = { password: 'al.smith2026', secret, code: codeNow(secret) }
  const begun = await send('POST', '/session/set-up', { name: 'al.smith', code, chosen })
  expect([begun.statusCode, begun.json().code]).toEqual([400, 'password-guessable'])
})

test('people see where they are signed in and end one of those, and nobody else’s', async () => {
  const [one, other] = [await person(), await person('al.smith')]
  clock.advance(30 * SECOND)
  const second = cookieOf(await signIn(codeNow(one.secret)))
  const listed = (await look(one.cookie, '/account')).json().sessions
  expect(listed).toMatchObject([
    { own: false, way: 'password' },
    { own: true, way: 'password' },
  ])
  // No name by which a session is kept stands on a screen or in an address.
  const kept = await bed.store.transact((tx) => tx.sessions.list(clock.now()))
  for (const { id } of kept) expect(JSON.stringify(listed)).not.toContain(id)
  await send('DELETE', `/account/sessions/${listed[0].id}`, undefined, other.cookie)
  expect((await look(second)).statusCode).toBe(200)
  const left = await send('DELETE', `/account/sessions/${listed[0].id}`, undefined, one.cookie)
  expect(left.json().sessions).toEqual([listed[1]])
  clock.advance(3 * SECOND)
  const stand = [one.cookie, second, other.cookie].map(async (c) => (await look(c)).statusCode)
  expect(await Promise.all(stand)).toEqual([200, 401, 200])
})

test('a screen that was left open makes nobody a way in: passkeys change by a fresh sign-in alone', async () => {
  const { secret, cookie } = await person()
  expect((await send('POST', '/account/passkeys/challenge', {}, cookie)).statusCode).toBe(200)
  clock.advance(11 * MINUTE)
  const answer = { challenge: 'x', answer: {}, label: 'Key' }
  for (const [method, path, body] of [
    ['POST', '/account/passkeys/challenge', {}],
    ['POST', '/account/passkeys', answer],
    ['DELETE', '/account/passkeys/x', undefined],
  ] as const) {
    const said = await send(method, path, body, cookie)
    expect([path, said.statusCode, said.json().code]).toEqual([path, 403, 'sign-in-old'])
  }
  const fresh = cookieOf(await signIn(codeNow(secret)))
  expect((await send('POST', '/account/passkeys/challenge', {}, fresh)).statusCode).toBe(200)
})
