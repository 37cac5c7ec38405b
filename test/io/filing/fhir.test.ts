import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { createServer as createPlain, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { type FhirSettings, fhirWay } from '../../../src/io/filing/fhir.ts'
import { selfSignedCertificate } from '../../../src/io/x509.ts'
import { aDocument, FHIR_NAMES, PATIENT } from '../../support/documents.ts'
import { Epr } from '../../support/epr.ts'

let now = 1_000_000
const clock = { now: () => now, after: () => ({ cancel: () => undefined }) }
const soon = () => AbortSignal.timeout(30_000)

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

const bodyOf = async (request: IncomingMessage) => {
  let text = ''
  for await (const part of request) text += part
  return text
}

async function listen(handle: RequestListener, tls?: object): Promise<string> {
  const server = tls ? createSecure(tls, handle) : createPlain(handle)
  server.listen(0, '127.0.0.1')
  await new Promise((up) => server.once('listening', up))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((down) => server.close(down))
  })
  return `http${tls ? 's' : ''}://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The record system behind HTTP, with whatever a test wants to come before it. */
async function serve(
  epr: Epr,
  before: (request: IncomingMessage, body: string) => { status: number; body?: unknown } | undefined = () =>
    undefined,
  tls?: object,
) {
  const seen: string[] = []
  const base = await listen(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    seen.push(`${request.method} ${url.pathname}`)
    const body = await bodyOf(request)
    const said =
      before(request, body) ??
      (url.pathname === '/r4/metadata'
        ? { status: 200, body: { resourceType: 'CapabilityStatement' } }
        : url.pathname === '/r4/Patient'
          ? epr.patients(url.searchParams)
          : epr.transaction(JSON.parse(body)))
    response.writeHead(said.status, { 'content-type': 'application/fhir+json' })
    response.end(
      said.body === undefined ? '' : typeof said.body === 'string' ? said.body : JSON.stringify(said.body),
    )
  }, tls)
  return { url: `${base}/r4/`, seen }
}

const wayTo = (url: string, more: Partial<FhirSettings> = {}) => {
  const way = fhirWay({ url, names: FHIR_NAMES, lookUp: true, ...more }, clock)
  closers.push(() => way.close())
  return way
}

test('files once, corrects in place and marks as an error, over the wire', async () => {
  const epr = new Epr()
  const { url, seen } = await serve(epr)
  const way = wayTo(url)
  expect(await way.probe(soon())).toBeUndefined()
  expect(await way.look?.(PATIENT, soon())).toEqual({ kind: 'one', name: 'Mary Jones', born: '1960-02-01' })
  const first = { kind: 'taken', answer: '200', reference: 'Communication/1/_history/1' }
  expect(await way.send(aDocument(), soon())).toEqual(first)
  expect(await way.send(aDocument(), soon())).toEqual(first)
  const before = { kind: 'there', version: 1 } as const
  await way.send(aDocument({ version: 2, before, words: 'Corrected' }), soon())
  expect(epr.communications).toHaveLength(1)
  expect(epr.communications[0].payload[0].contentString).toBe('Asked: Corrected')
  await way.send(aDocument({ version: 3, before, act: 'withdraw' }), soon())
  expect(epr.communications).toMatchObject([{ status: 'entered-in-error' }])
  expect(new Set(seen)).toEqual(new Set(['GET /r4/metadata', 'GET /r4/Patient', 'POST /r4']))
})

describe('a server that misbehaves', () => {
  test.each([
    ['cuts the line', (r: IncomingMessage) => void r.socket.destroy(), 'filing-away'],
    ['answers with a page', () => ({ status: 200, body: '<html>log in</html>' }), 'filing-answer-unreadable'],
    ['never stops talking', () => ({ status: 200, body: 'x'.repeat(1_200_000) }), 'filing-answer-unreadable'],
    ['sends us elsewhere', () => ({ status: 307 }), 'filing-away'],
  ])('%s: tried again', async (_, before, fault) => {
    const { url } = await serve(new Epr(), before as () => undefined)
    expect(await wayTo(url).send(aDocument(), soon())).toMatchObject({ kind: 'later', fault })
    expect(await wayTo(url).look?.(PATIENT, soon())).toMatchObject({ kind: 'away' })
    expect(await wayTo(url).probe(soon())).toMatch(/^filing-/)
  })

  test('one that says half of an answer is not believed, one that is slow is left at the deadline', async () => {
    const half = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': '500' })
      response.write('{"resourceType":"Bundle","type":"transaction-response","entry":[')
      setTimeout(() => response.destroy(), 20)
    })
    expect(await wayTo(half).send(aDocument(), soon())).toEqual({ kind: 'later', fault: 'filing-away' })
    const slow = await listen(() => undefined)
    expect(await wayTo(slow).send(aDocument(), AbortSignal.timeout(50))).toEqual({
      kind: 'later',
      fault: 'filing-away',
    })
    expect(await wayTo('http://127.0.0.1:9').send(aDocument(), soon())).toEqual({
      kind: 'later',
      fault: 'filing-away',
    })
  })
})

test('with a certificate of ours where the server asks for one, and only with an authority that we trust', async () => {
  const subject = { commonName: 'epr', names: ['127.0.0.1'] }
  const server = selfSignedCertificate(subject, Date.now(), 3_600_000)
  const ours = selfSignedCertificate({ commonName: 'bleepd', names: ['bleepd'] }, Date.now(), 3_600_000)
  const names: string[] = []
  const { url } = await serve(
    new Epr(),
    (request) => {
      names.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN))
      return undefined
    },
    { ...server, ca: ours.cert, requestCert: true, rejectUnauthorized: true },
  )
  expect(await wayTo(url, { tls: { ca: server.cert, ...ours } }).send(aDocument(), soon())).toMatchObject({
    kind: 'taken',
  })
  expect(names).toEqual(['bleepd'])
  expect(await wayTo(url, { tls: { ca: server.cert } }).send(aDocument(), soon())).toMatchObject({
    kind: 'later',
  })
  expect(await wayTo(url).send(aDocument(), soon())).toEqual({ kind: 'later', fault: 'filing-untrusted' })
})

describe('OAuth client credentials', () => {
  const grants: { auth: string; form: URLSearchParams }[] = []
  let answer: { status: number; body: unknown }
  let good = 't1'
  const setUp = async () => {
    grants.length = 0
    good = 't1'
    answer = { status: 200, body: { access_token: 't1', token_type: 'Bearer', expires_in: 300 } }
    const issuer = await listen(async (request, response) => {
      grants.push({
        auth: String(request.headers.authorization ?? ''),
        form: new URLSearchParams(await bodyOf(request)),
      })
      response
        .writeHead(answer.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer.body))
    })
    const epr = new Epr()
    const { url } = await serve(epr, (request) =>
      request.headers.authorization === `Bearer ${good}` ? undefined : { status: 401, body: {} },
    )
    return { url, epr, token: { url: `${issuer}/token`, clientId: 'bleepd', scope: 'system/*.write' } }
  }

  test('by a secret; the token is kept while it lasts, and asked for anew when it was refused', async () => {
    const { url, token } = await setUp()
    const way = wayTo(url, { token: { ...token, secret: 'a secret: of ours' } })
    expect(await way.send(aDocument(), soon())).toMatchObject({ kind: 'taken' })
    expect(await way.send(aDocument(), soon())).toMatchObject({ kind: 'taken' })
    expect(grants).toHaveLength(1)
    expect(grants[0]?.form.get('grant_type')).toBe('client_credentials')
    expect(grants[0]?.form.get('scope')).toBe('system/*.write')
    expect(grants[0]?.auth).toMatch(/^Basic /)
    now += 271_000
    await way.send(aDocument(), soon())
    expect(grants).toHaveLength(2)
    good = 't2'
    answer = { status: 200, body: { access_token: 't2', token_type: 'Bearer', expires_in: 300 } }
    expect(await way.send(aDocument(), soon())).toMatchObject({ kind: 'taken' })
    expect(grants).toHaveLength(3)
  })

  test('by a signed assertion, as NHS England asks for', async () => {
    const { url, token } = await setUp()
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    expect(
      await wayTo(url, { token: { ...token, key, keyId: 'k1' } }).send(aDocument(), soon()),
    ).toMatchObject({ kind: 'taken' })
    const [head = '', body = '', signature = ''] = (grants[0]?.form.get('client_assertion') ?? '').split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    expect(read(head)).toMatchObject({ alg: 'RS512', kid: 'k1' })
    expect(read(body)).toMatchObject({ iss: 'bleepd', sub: 'bleepd' })
    expect(
      verify(
        'sha512',
        Buffer.from(`${head}.${body}`),
        createPublicKey(publicKey.export({ format: 'pem', type: 'spki' })),
        Buffer.from(signature, 'base64url'),
      ),
    ).toBe(true)
  })

  test.each([
    [{ status: 401, body: { error: 'invalid_client' } }, 'filing-credentials'],
    [{ status: 400, body: { error: 'invalid_scope' } }, 'filing-credentials'],
    [{ status: 503, body: 'busy' }, 'filing-answer-unreadable'],
    [{ status: 200, body: { nothing: true } }, 'filing-answer-unreadable'],
  ])('a token endpoint that says %j', async (said, fault) => {
    const { url, token } = await setUp()
    answer = said
    expect(await wayTo(url, { token: { ...token, secret: 's' } }).send(aDocument(), soon())).toEqual({
      kind: 'later',
      fault,
    })
  })
})
