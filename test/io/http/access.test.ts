import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed, sha256 } from '../../support/desk-bed.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

let bed: Bed
let clock: VirtualClock
beforeEach(async () => {
  clock = new VirtualClock()
  bed = await openBed({ clock })
})
afterEach(() => bed.close())

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const PATIENT = {
  text: 'ARREST WARD 7B PT 943 476 5919 DOB 12/03/1950 RING 01865 741166',
  kind: 'adult-arrest',
  class: 'emergency',
  place: 'WARD 7B',
  callBack: '4421',
  roles: ['med-reg', 'porter-lead'],
} as const

test('without a sign-in every route but health, enrolment and sign-in is refused with what to do', async () => {
  for (const url of ['/api/v1/alerts', '/api/v1/inbox', '/api/v1/me', '/api/v1/stream', '/api/v1/audit']) {
    const refused = await bed.http.app.inject({ url })
    expect(refused.statusCode).toBe(401)
    expect(refused.json()).toMatchObject({
      code: 'not-signed-in',
      remedy: expect.stringContaining('Sign in'),
    })
  }
  for (const url of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/api/v1/time']) {
    expect((await bed.http.app.inject({ url })).statusCode).toBe(200)
  }
})

test('every answer forbids other scripts, frames and hosts', async () => {
  for (const url of ['/console/', '/app/', '/api/v1/alerts', '/nowhere', '/vendor/lit-html.js']) {
    const { headers } = await bed.http.app.inject({ url })
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
  }
})

test('files outside the screens cannot be had', async () => {
  for (const url of [
    '/tsconfig.json',
    '/..%2fmain.ts',
    '/app/../../main.ts',
    '/app/tsconfig.json',
    '/.git',
  ]) {
    expect([400, 403, 404]).toContain((await bed.http.app.inject({ url })).statusCode)
  }
})

async function signIn(key: string) {
  return bed.http.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { operator: 'switchboard-op', key },
  })
}

test('a console session lasts its time, speaks only for our own pages, and ends when the key changes', async () => {
  expect((await signIn('wrong')).statusCode).toBe(401)
  const cookie = String((await signIn(KEYS.switchboard)).headers['set-cookie'])
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/)
  const session = { cookie: cookie.split(';')[0] ?? '' }
  expect((await bed.http.app.inject({ url: '/api/v1/alerts', headers: session })).statusCode).toBe(200)

  const write = (headers: Record<string, string>) =>
    bed.http.app.inject({
      method: 'POST',
      url: '/api/v1/enrolments',
      headers: { ...session, ...headers },
      payload: { kind: 'role', id: 'med-reg' },
    })
  expect((await write({})).json()).toMatchObject({ code: 'cross-site' })
  expect((await write({ 'sec-fetch-site': 'cross-site' })).json()).toMatchObject({ code: 'cross-site' })
  expect((await write({ origin: 'https://elsewhere.example' })).json()).toMatchObject({ code: 'cross-site' })
  expect((await write({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(201)
  expect((await write({ origin: 'http://localhost:8080', host: 'localhost:8080' })).statusCode).toBe(201)

  const forged = { cookie: session.cookie.replace(/\d{13}/, '9999999999999') }
  expect((await bed.http.app.inject({ url: '/api/v1/alerts', headers: forged })).statusCode).toBe(401)

  const changed = await openBed({
    clock,
    config: {
      operators: [{ operator: 'switchboard-op', role: 'switchboard', tokenDigest: sha256('another key') }],
    },
  })
  expect((await changed.http.app.inject({ url: '/api/v1/alerts', headers: session })).statusCode).toBe(401)
  await changed.close()

  clock.advance(13 * 3_600_000)
  expect((await bed.http.app.inject({ url: '/api/v1/alerts', headers: session })).statusCode).toBe(401)
})

test('with a session key of the site a restart signs nobody out', async () => {
  const config = { sessionKey: 'a key from the secrets folder' }
  const before = await openBed({ clock, config })
  const signed = await before.http.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { operator: 'switchboard-op', key: KEYS.switchboard },
  })
  const headers = { cookie: String(signed.headers['set-cookie']).split(';')[0] ?? '' }
  await before.close()
  const after = await openBed({ clock, config })
  expect((await after.http.app.inject({ url: '/api/v1/alerts', headers })).statusCode).toBe(200)
  await after.close()
})

test('a cookie that cannot be decoded is nobody, not a fault of ours', async () => {
  const headers = { cookie: 'bleepd=%E0%A4%A.9999999999999.mac' }
  expect((await bed.http.app.inject({ url: '/api/v1/alerts', headers })).statusCode).toBe(401)
})

test('sign-in and enrolment cannot be tried without end', async () => {
  for (let i = 0; i < 10; i++) expect((await signIn('guess')).statusCode).toBe(401)
  const refused = await signIn(KEYS.switchboard)
  expect(refused.statusCode).toBe(429)
  expect(refused.json()).toMatchObject({ code: 'too-many-requests' })
  const enrol = () =>
    bed.http.app.inject({ method: 'POST', url: '/api/v1/devices', payload: { code: 'AAAA-BBBB' } })
  for (let i = 0; i < 10; i++) expect((await enrol()).json()).toMatchObject({ code: 'code-wrong' })
  expect((await enrol()).statusCode).toBe(429)
})

test('this machine is trusted only where that is configured, and only under its own name', async () => {
  const demo = await openBed({ config: { loopback: { operator: 'demo', role: 'switchboard' } } })
  const get = (headers: Record<string, string>) =>
    demo.http.app.inject({ url: '/api/v1/alerts', headers, remoteAddress: '127.0.0.1' })
  expect((await get({ host: 'localhost:8080' })).statusCode).toBe(200)
  expect((await get({ host: 'rebound.example' })).statusCode).toBe(401)
  const far = await demo.http.app.inject({
    url: '/api/v1/alerts',
    headers: { host: 'localhost' },
    remoteAddress: '10.0.0.7',
  })
  expect(far.statusCode).toBe(401)
  const forged = await demo.http.app.inject({
    method: 'POST',
    url: '/api/v1/enrolments',
    headers: { host: 'localhost', origin: 'https://elsewhere.example' },
    payload: { kind: 'role', id: 'med-reg' },
  })
  expect(forged.json()).toMatchObject({ code: 'cross-site' })
  await demo.close()
})

test('each role reads what it needs of a patient and no more', async () => {
  const phone = await bed.enrol({ person: bed.holder('med-reg') })
  const alert = await bed.call(PATIENT)
  const read = async (key: string) => {
    const board = await bed.http.app.inject({ url: '/api/v1/alerts', headers: bearer(key) })
    const one = await bed.http.app.inject({ url: `/api/v1/alerts/${alert.id}`, headers: bearer(key) })
    return { card: board.json().alerts[0], all: board.body + one.body, status: one.statusCode }
  }
  const doctor = await read(phone.token)
  expect(doctor.card.words).toBe(PATIENT.text)

  const switchboard = await read(KEYS.switchboard)
  expect(switchboard.card.words).toBe('ARREST WARD 7B PT [NHS number] DOB [date] RING 01865 741166')
  expect(switchboard.card.callBack).toBe('4421')

  const governance = await read(KEYS.governance)
  expect(governance.card.words).toBe('ARREST WARD 7B PT [NHS number] DOB [date] RING [telephone]')
  const name = bed.roster.current().people.get(bed.holder('med-reg'))?.name ?? ''
  expect(governance.all).not.toContain(name)
  expect(governance.all).not.toContain('4421')

  const estates = await read(KEYS.estates)
  expect(estates.status).toBe(403)
  expect(estates.all).not.toMatch(/ARREST|WARD|4421|943/)
  expect(estates.all).not.toContain(name)
})

test('replies are words too: masked for governance, none for the administrator', async () => {
  const alert = await bed.call(PATIENT)
  await bed.alerts.apply(alert.id, {
    ...{ kind: 'said', at: clock.now(), by: { kind: 'switchboard', operator: 'op' } },
    said: { kind: 'note', text: 'PT 943 476 5919 MOVED' },
  })
  const thread = async (key: string) =>
    (await bed.http.app.inject({ url: `/api/v1/alerts/${alert.id}`, headers: bearer(key) })).json().thread
  expect(await thread(KEYS.governance)).toMatchObject([{ text: 'PT [NHS number] MOVED' }])
  expect(await thread(KEYS.admin)).toMatchObject([{ text: '' }])
})

test('a request that does not fit is told where, and nothing else', async () => {
  const refused = await bed.http.app.inject({
    method: 'POST',
    url: '/api/v1/alerts/x/answers',
    headers: bearer(KEYS.switchboard),
    payload: { answer: 'perhaps', version: 1 },
  })
  expect(refused.statusCode).toBe(400)
  expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(refused.json()).toMatchObject({
    code: 'request-invalid',
    detail: expect.stringContaining('/answer'),
  })
  expect((await bed.http.app.inject({ url: '/api/v1/nothing' })).json()).toMatchObject({
    code: 'route-unknown',
  })
})

test('OpenAPI is printed from the routes, with every promised one in it', async () => {
  const { openapi, paths } = (await bed.http.app.inject({ url: '/openapi.json' })).json()
  expect(openapi).toMatch(/^3\.1/)
  const said = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(said).toEqual(
    expect.arrayContaining([
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /api/v1/alerts',
      'GET /api/v1/alerts/{id}',
      'POST /api/v1/alerts/{id}/answers',
      'POST /api/v1/receipts',
      'GET /api/v1/inbox',
      'POST /api/v1/devices',
      'GET /api/v1/stream',
      'GET /api/v1/reports/{name}',
    ]),
  )
})

test('reports are for those who read them, by name and span, and nothing in them runs', async () => {
  const get = (key: string, name: string) =>
    bed.http.app.inject({
      url: `/api/v1/reports/${name}?from=2026-11-21T20:00:00Z&to=2026-11-22T08:00:00Z&shift=night&format=json`,
      headers: bearer(key),
    })
  const report = await get(KEYS.governance, 'shift')
  expect(report.json()).toMatchObject({ from: '2026-11-21T20:00:00Z', shift: 'night', format: 'json' })
  expect(report.headers['content-security-policy']).not.toContain('script')
  expect((await get(KEYS.estates, 'shift')).json()).toMatchObject({ code: 'not-permitted' })
  expect((await get(KEYS.governance, 'other')).statusCode).toBe(404)
})

test('the description is made once: who has it is told so, and it comes packed', async () => {
  const whole = await bed.http.app.inject({ url: '/openapi.json' })
  const etag = String(whole.headers.etag)
  const again = await bed.http.app.inject({ url: '/openapi.json', headers: { 'if-none-match': etag } })
  expect([again.statusCode, again.body]).toEqual([304, ''])
  const packed = await bed.http.app.inject({ url: '/openapi.json', headers: { 'accept-encoding': 'gzip' } })
  expect(packed.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(packed.rawPayload).toString()).toBe(whole.body)
})

test('figures are for this machine, for addresses that the site names, and for who shows their token', async () => {
  const site = await openBed({
    config: { metrics: { allow: ['192.0.2.9'], tokenDigest: sha256('scraper') } },
  })
  const ask = async (remoteAddress: string, key?: string) =>
    (
      await site.http.app.inject({
        ...{ url: '/metrics', remoteAddress, headers: key === undefined ? {} : bearer(key) },
      })
    ).statusCode
  expect(await ask('127.0.0.1')).toBe(200)
  expect(await ask('192.0.2.9')).toBe(200)
  expect(await ask('192.0.2.8')).toBe(401)
  expect(await ask('192.0.2.8', 'scraper')).toBe(200)
  expect(await ask('192.0.2.8', KEYS.switchboard)).toBe(401)
  await site.close()
})

test('a forwarded address counts from a proxy that the site names, and from nobody else', async () => {
  const config = { trustedProxies: ['192.0.2.1'], metrics: { allow: ['192.0.2.9'] } }
  const site = await openBed({ config })
  const ask = async (remoteAddress: string) => {
    const headers = { 'x-forwarded-for': '192.0.2.9' }
    return (await site.http.app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  }
  expect(await ask('192.0.2.1')).toBe(200)
  expect(await ask('192.0.2.8')).toBe(401)
  await site.close()
})
