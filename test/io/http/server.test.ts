import { X509Certificate } from 'node:crypto'
import { createServer } from 'node:net'
import { connect } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { selfSigned } from '../../../hardware/simulators/certificate.ts'
import type { HttpConfig } from '../../../src/io/http/parts.ts'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'
import { quietLog } from '../../support/quiet.ts'

// What every answer has in common, and what becomes of a request that no route can answer.

let bed: Bed
let secure: Bed
let logged: unknown[]
const said: Partial<Bed['desk']> = {}
beforeAll(async () => {
  const log = { ...quietLog, error: (name: string, fields?: object) => void logged.push([name, fields]) }
  const first = await openBed()
  const desk = new Proxy(first.desk, { get: (of, name) => Reflect.get(said, name) ?? Reflect.get(of, name) })
  bed = await openBed({ store: first.store, parts: { desk, log } })
  await first.http.close()
  secure = await openBed({ config: { tls: {} } })
})
afterAll(async () => {
  await bed.close()
  await secure.close()
})
beforeEach(() => {
  logged = []
  for (const name of Object.keys(said)) Reflect.deleteProperty(said, name)
})

const auth = { authorization: `Bearer ${KEYS.switchboard}` }
const get = (url: string, headers: Record<string, string> = auth) => bed.http.app.inject({ url, headers })

test('every answer is kept by nobody, tells browsers what is forbidden, and of TLS only where there is TLS', async () => {
  for (const url of ['/healthz', '/api/v1/me', '/nowhere']) {
    const { headers } = await get(url)
    expect(headers).toMatchObject({
      ...{ 'cache-control': 'no-store', 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' },
      ...{ 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' },
      ...{ 'referrer-policy': 'no-referrer', 'permissions-policy': expect.stringContaining('camera=()') },
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    })
    expect(headers['strict-transport-security']).toBeUndefined()
  }
  const { headers } = await secure.http.app.inject('/healthz')
  expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
})

test('a path that there is not is told so', async () => {
  for (const url of ['/nowhere', '/api/v1/nowhere']) {
    const answer = await get(url)
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'route-unknown'])
  }
})

test.each<[string, string, Record<string, string>, string | undefined]>([
  ['a path that cannot be read', '/%', {}, undefined],
  [
    'a body that is too long',
    '/api/v1/session',
    { 'content-type': 'application/json' },
    `"${'x'.repeat(17_000)}"`,
  ],
  [
    'a form that is too long',
    '/api/v1/session',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'x'.repeat(17_000),
  ],
  ['a body that is no JSON', '/api/v1/session', { 'content-type': 'application/json' }, '{'],
  ['a body of another type', '/api/v1/session', { 'content-type': 'text/xml' }, '<a/>'],
  [
    'a form without what is asked',
    '/api/v1/session',
    { 'content-type': 'application/x-www-form-urlencoded' },
    'a=b',
  ],
])('%s is no request', async (_, url, headers, payload) => {
  const answer = await bed.http.app.inject({ method: 'POST', url, headers, ...(payload ? { payload } : {}) })
  expect([answer.statusCode, answer.json().code, logged]).toEqual([400, 'request-invalid', []])
})

test('a form is read by its names', async () => {
  const answer = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/session', payload: `operator=switchboard-op&key=${KEYS.switchboard}` },
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  expect(answer.statusCode).toBe(204)
})

describe('a defect of ours', () => {
  test('is told whole to the log, by the route and never by its path, and to the asker by its code alone', async () => {
    const error = new TypeError('planted')
    said.alert = () => Promise.reject(error)
    const answer = await get('/api/v1/alerts/0192-secret')
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'request-failed'])
    expect(answer.body).not.toContain('planted')
    expect(logged).toEqual([['defect', { fault: 'request-failed', subject: '/api/v1/alerts/:id', error }]])
  })

  test('is an answer that does not fit what was promised', async () => {
    said.calls = () => Promise.resolve(JSON.parse('{"ok":true,"value":{"kinds":7}}'))
    expect((await get('/api/v1/calls')).statusCode).toBe(500)
    expect(logged).toMatchObject([['defect', { fault: 'request-failed', subject: '/api/v1/calls' }]])
  })
})

test('who was first is told to whoever was second', async () => {
  const stands = {
    alert: 'a1',
    version: 3,
    phase: 'covered',
    sentence: 'Dr A is coming',
    coming: [],
  } as const
  said.answer = async () => ({
    ...{ ok: false, fault: { code: 'alert-unknown' } },
    stands: { ...stands, coming: [] },
  })
  const answer = await bed.http.app.inject({
    ...{ method: 'POST', url: '/api/v1/alerts/a1/answers', headers: auth },
    payload: { answer: 'accepted', version: 1 },
  })
  expect(answer.json()).toMatchObject({ code: 'alert-unknown', stands })
})

test('a sign-in that is none is refused before anything is asked', async () => {
  let looked = 0
  said.me = async () => {
    looked += 1
    return { ok: false, fault: { code: 'not-permitted' } }
  }
  for (const headers of [{}, { authorization: 'Bearer no-such-token-000' }]) {
    const answer = await get('/api/v1/me', headers)
    expect([answer.statusCode, answer.json().code, answer.headers['www-authenticate']]).toEqual([
      ...[401, 'not-signed-in', 'Bearer'],
    ])
  }
  expect(looked).toBe(0)
})

describe('the door', () => {
  const open = async (config: Partial<HttpConfig>) => {
    const one = await openBed({ config })
    const listening = await one.http.listen()
    await one.close()
    return listening
  }
  test.each([
    ['127.0.0.1', 'localhost'],
    ['0.0.0.0', 'localhost'],
    ['127.0.0.2', '127.0.0.2'],
  ])('at %s is opened by a browser here at %s', async (host, name) => {
    const listening = await open({ host })
    if (!listening.ok) throw new Error(listening.fault.code)
    expect(listening.value.url).toBe(`http://${name}:${listening.value.port}`)
    expect(listening.value.port).toBeGreaterThan(0)
  })

  test('by TLS says so', async () => {
    const listening = await open({ tls: {} })
    expect(listening.ok && listening.value.url).toMatch(/^https:/)
  })

  test('shows another certificate to whoever comes from now on', async () => {
    const [first, second] = [selfSigned(), selfSigned()]
    const one = await openBed({ config: { tls: first } })
    const listening = await one.http.listen()
    if (!listening.ok) throw new Error(listening.fault.code)
    const shown = () =>
      new Promise<string>((told, failed) => {
        const socket = connect({ port: listening.value.port, rejectUnauthorized: false }, () => {
          told(socket.getPeerCertificate().serialNumber)
          socket.destroy()
        })
        socket.on('error', failed)
      })
    const serial = ({ cert }: { cert: string }) => new X509Certificate(cert).serialNumber
    expect(await shown()).toBe(serial(first))
    one.http.renew(second)
    expect(await shown()).toBe(serial(second))
    await one.close()
  })

  test('that is taken says which, and why', async () => {
    const taken = createServer()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    const at = taken.address()
    const port = typeof at === 'object' && at !== null ? at.port : 0
    expect(await open({ port })).toEqual({
      ok: false,
      fault: { code: 'listen-failed', detail: `127.0.0.1:${port} EADDRINUSE` },
    })
    await new Promise((done) => taken.close(done))
  })
})
