import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/instant.ts'
import { systemClock } from '../../../src/io/clock.ts'
import { openProvider } from '../../../src/io/identity/provider.ts'
import type { Clock } from '../../../src/ports/clock.ts'
import { type Bed, openBed } from '../../support/desk-bed.ts'
import { type OidcBed, openProviderBed } from '../../support/provider.ts'

/* Against a real provider (oidc-provider), with keys that rotate, sign-outs, a clock that is out, and the provider down. */
const REDIRECT = 'http://localhost:9/api/v1/provider/back'
const CONSULTANT = 'lm-owens'
const real = systemClock(() => {})
/** So much later than it is. */
let later = 0
const clock: Clock = { ...real, now: () => real.now() + later }
let bed: Bed
let oidc: OidcBed
let person = ''
const told: string[] = []
const ear = createServer((request, response) => {
  let body = ''
  request.on('data', (some) => {
    body += some
  })
  request.on('end', async () => {
    const answer = await bed.http.app.inject({
      ...{ method: 'POST', url: '/api/v1/provider/signed-out', payload: body },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
    told.push(`${answer.statusCode} ${body}`)
    response.writeHead(answer.statusCode).end()
  })
})

beforeAll(async () => {
  await new Promise<void>((done) => ear.listen(0, '127.0.0.1', done))
  const at = ear.address()
  const port = typeof at === 'object' && at !== null ? at.port : 0
  oidc = await openProviderBed({ redirect: REDIRECT, backChannel: `http://localhost:${port}/` })
  const settings = { issuer: oidc.issuer, clientId: 'bleeps', clientSecret: 'a secret for tests' }
  bed = await openBed({
    clock,
    vouch: {
      provider: openProvider({ ...settings, scope: 'openid profile', skewSeconds: 60 }, clock),
      back: REDIRECT,
      rules: {
        ...{ name: 'preferred_username', person: 'employee_id', groups: 'groups' },
        roles: [
          { group: 'bleeps-switchboard', role: 'switchboard' },
          { group: 'bleeps-governance', role: 'governance' },
        ],
      },
    },
  })
  person = bed.holder('med-reg')
})
afterAll(async () => {
  await bed.close()
  await oidc.close().catch(() => undefined)
  ear.close()
})
beforeEach(() => {
  later = 0
  oidc.who = 'jo'
  oidc.people.set('jo', {
    preferred_username: 'jo.bloggs@example.nhs.uk',
    employee_id: person,
    groups: ['all-staff', 'bleeps-governance'],
  })
})

const cookies = (answer: { headers: object }) =>
  [Reflect.get(answer.headers, 'set-cookie') ?? []].flat().map((one) => String(one).split(';')[0] ?? '')
const get = (url: string, cookie = '') => bed.http.app.inject({ url, headers: { cookie } })
const me = async (cookie: string) => get('/api/v1/me', cookie)

/** Out to the provider and back, in a browser of its own. */
async function come(query = '') {
  const start = await get(`/api/v1/provider/start${query}`)
  expect(start.statusCode).toBe(303)
  const [away = ''] = cookies(start)
  const back = new URL(await oidc.walk(String(start.headers.location)))
  const answer = await get(`/api/v1/provider/back${back.search}`, away)
  const cookie = cookies(answer).find((one) => one.startsWith('bleepd=')) ?? ''
  return { answer, away, back, cookie, to: String(answer.headers.location) }
}

test('a person comes in with the role of the first group, and the record knows them by name', async () => {
  const { answer, cookie, to } = await come()
  expect([answer.statusCode, to]).toEqual([303, '/console/'])
  expect((await me(cookie)).json()).toMatchObject({
    ...{ name: 'jo.bloggs@example.nhs.uk', access: 'governance', person },
  })
  const ways = (await get('/api/v1/session/ways')).json()
  expect(ways).toMatchObject({ provider: 'NHSmail', phones: true })
})

test('a code is taken once, from the browser that went for it, and only with what we signed', async () => {
  const { back, away } = await come()
  const again = await get(`/api/v1/provider/back${back.search}`, away)
  expect(again.headers.location).toBe('/console/#refused=provider-refused')
  const other = await get(`/api/v1/provider/back${back.search}`)
  expect(other.headers.location).toBe('/console/#refused=provider-refused')
  const forged = await get(`/api/v1/provider/back${back.search}`, away.replace(/.$/, 'x'))
  expect(forged.headers.location).toBe('/console/#refused=provider-refused')
  const stale = await get('/api/v1/provider/start')
  later = 16 * MINUTE
  const late = new URL(await oidc.walk(String(stale.headers.location)))
  const answer = await get(`/api/v1/provider/back${late.search}`, cookies(stale)[0])
  expect(answer.headers.location).toBe('/console/#refused=provider-refused')
})

test('without a group there is no role, and claims that are no text count for nothing', async () => {
  oidc.people.set('jo', { preferred_username: 'jo', groups: ['all-staff'], employee_id: person })
  expect((await come()).to).toBe('/console/#refused=sign-in-no-role')
  oidc.people.set('jo', { preferred_username: ['jo'], groups: { 'bleeps-switchboard': true } })
  expect((await come()).to).toBe('/console/#refused=sign-in-no-role')
  oidc.people.set('jo', {
    preferred_username: 'jo',
    groups: ['bleeps-switchboard'],
    employee_id: 'constructor',
  })
  const { cookie } = await come()
  expect((await me(cookie)).json()).not.toHaveProperty('person')
})

test('a phone is taken up with it for the person that it is, and for nobody whom the directory lacks', async () => {
  const { to } = await come('?errand=phone')
  const code = /^\/app\/#enrol=([A-Z2-9-]+)$/.exec(to)?.[1] ?? ''
  const enrolled = await bed.desk.enrol({ code, label: 'Own', channel: 'socket', address: '' })
  expect(enrolled).toMatchObject({ ok: true, value: { device: { owner: { id: person } } } })
  oidc.people.set('jo', { preferred_username: 'jo', employee_id: CONSULTANT, groups: ['bleeps-switchboard'] })
  expect((await come('?errand=phone')).to).toBe('/app/#refused=sign-in-no-person')
})

test('a sign-out at the provider ends the session here within seconds, and a token counts once', async () => {
  const { cookie } = await come()
  expect((await me(cookie)).statusCode).toBe(200)
  await oidc.signOut()
  await expect.poll(() => told.length).toBe(1)
  expect(told[0]).toMatch(/^200 logout_token=/)
  later = 3 * SECOND
  expect((await me(cookie)).statusCode).toBe(401)
  const replay = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/provider/signed-out', payload: told[0]?.slice(4) ?? '' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(replay.statusCode).toBe(400)
  const made = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/provider/signed-out', payload: 'logout_token=a.b.c' },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(made.statusCode).toBe(400)
})

test('people of the provider see where they are signed in here, and end one of those and nobody else’s', async () => {
  const [one, second] = [(await come()).cookie, (await come()).cookie]
  // Another person of the provider who is called the same.
  oidc.who = 'jo2'
  oidc.people.set('jo2', { preferred_username: 'jo.bloggs@example.nhs.uk', groups: ['bleeps-governance'] })
  oidc.browser()
  const { cookie: namesake } = await come()
  const account = async (cookie: string) => (await get('/api/v1/account', cookie)).json()
  const seen = await account(one)
  expect(seen).toMatchObject({ kept: false, password: false, passkeys: [] })
  expect((await account(namesake)).sessions).toHaveLength(1)
  const end = (id: string, cookie: string) =>
    bed.http.app.inject({
      ...{ method: 'DELETE', url: `/api/v1/account/sessions/${id}` },
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    })
  const other = (await account(second)).sessions.find((session: { own: boolean }) => session.own)
  await end(other.id, namesake)
  expect((await me(second)).statusCode).toBe(200)
  const left = await end(other.id, one)
  expect(left.json().sessions).toHaveLength(seen.sessions.length - 1)
  later = 3 * SECOND
  expect([(await me(one)).statusCode, (await me(second)).statusCode]).toEqual([200, 401])
  // Nothing that is kept elsewhere changes here.
  const password = { before: 'x', password: 'four words of no sense' }
  const changed = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/account/password', payload: password },
    headers: { cookie: one, 'sec-fetch-site': 'same-origin' },
  })
  expect(changed.json().code).toBe('account-none')
  oidc.browser()
})

test('new keys of the provider are taken by themselves', async () => {
  await come()
  await oidc.rotate()
  await expect.poll(async () => (await come()).to, { interval: 500 }).toBe('/console/')
})

test('a clock that is a minute out does, one that is an hour out does not', async () => {
  later = 45 * SECOND
  expect((await come()).to).toBe('/console/')
  later = -45 * SECOND
  expect((await come()).to).toBe('/console/')
  later = 3 * 60 * MINUTE
  expect((await come()).to).toBe('/console/#refused=provider-refused')
})

test('signing in again asks the person anew', async () => {
  await come()
  const { to, cookie } = await come('?again=1')
  expect(to).toBe('/console/')
  expect((await me(cookie)).statusCode).toBe(200)
})

test('with the provider down whoever is in stays in, and whoever comes is told what to do', async () => {
  const { cookie } = await come()
  await oidc.down()
  expect((await me(cookie)).statusCode).toBe(200)
  later = 61 * MINUTE
  expect((await get('/api/v1/provider/start')).headers.location).toBe('/console/#refused=provider-down')
  expect((await me(cookie)).statusCode).toBe(200)
})
