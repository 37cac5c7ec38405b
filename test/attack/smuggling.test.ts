import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../src/io/clock.ts'
import { type Bed, KEYS, openBed } from '../support/desk-bed.ts'

// Messages that two readers could read differently, written byte by byte to the real server.

let bed: Bed
let port: number
beforeAll(async () => {
  bed = await openBed({ clock: systemClock(() => {}) })
  const listening = await bed.http.listen()
  if (!listening.ok) throw new Error(listening.fault.code)
  port = Number(new URL(listening.value.url).port)
})
afterAll(() => bed.close())

/** Every status that comes back before the connection ends. */
function said(bytes: string): Promise<number[]> {
  return new Promise((done) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => done([...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, code]) => Number(code))))
  })
}
const lines = (...all: string[]) => all.join('\r\n')
const HOST = 'Host: 127.0.0.1'
const JSON_TYPE = 'Content-Type: application/json'
const SECOND = lines('GET /api/v1/alerts HTTP/1.1', HOST, `Authorization: Bearer ${KEYS.switchboard}`, '', '')

test.each([
  ['a length beside chunks', ['Transfer-Encoding: chunked', 'Content-Length: 4']],
  ['two lengths', ['Content-Length: 4', 'Content-Length: 5']],
  ['a length that is no number', ['Content-Length: 4x']],
  ['chunks under a name that only looks so', ['Transfer-Encoding: xchunked']],
  ['a folded header', ['X-A: b', ' Transfer-Encoding: chunked', 'Content-Length: 4']],
])('%s is refused, and what stands behind it is no request', async (_, headers) => {
  const first = lines('POST /api/v1/session HTTP/1.1', HOST, JSON_TYPE, ...headers, '', '0\r\n\r\n')
  expect(await said(first + SECOND)).toEqual([400])
})

test('a line feed alone, a naked return and a nought make no header', async () => {
  for (const bad of ['X-A: b\nX-B: c', 'X-A: b\rX-B: c', 'X-A: b\0c']) {
    const codes = await said(lines('GET /healthz HTTP/1.1', HOST, bad, 'Connection: close', '', ''))
    expect([bad, codes]).toEqual([bad, [400]])
  }
})

test('methods that nothing here has are refused: TRACE tells nobody their headers', async () => {
  for (const method of ['TRACE', 'CONNECT', 'PROPFIND', 'PATCH']) {
    const codes = await said(
      lines(`${method} /healthz HTTP/1.1`, HOST, 'Cookie: secret=1', 'Connection: close', '', ''),
    )
    expect([method, codes.every((code) => code >= 400)]).toEqual([method, true])
  }
})

test('a header that never ends is cut off', async () => {
  const codes = await said(lines('GET /healthz HTTP/1.1', HOST, `X-A: ${'a'.repeat(40_000)}`, '', ''))
  expect(codes.every((code) => code >= 400)).toBe(true)
})

const as = (key: string, method: 'GET' | 'POST', path: string, payload?: string) =>
  bed.http.app.inject({
    ...{ method, url: `/api/v1${path}` },
    headers: {
      authorization: `Bearer ${key}`,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(payload === undefined ? {} : { payload }),
  })

test('a parameter given twice is refused, not the last one taken', async () => {
  expect((await as(KEYS.switchboard, 'GET', '/alerts?phase=open&phase=closed')).statusCode).toBe(400)
  expect((await as(KEYS.governance, 'GET', '/audit?since=1&since=2')).statusCode).toBe(400)
})

test('a body with a prototype in it is refused, however deep', async () => {
  for (const body of ['{"__proto__":{"role":"x"}}', '{"to":"9999","constructor":{"prototype":{"a":1}}}'])
    expect((await as(KEYS.switchboard, 'POST', '/calls', body)).statusCode).toBe(400)
})

test('nothing outside the table of files is served, whatever its path is made of', async () => {
  for (const path of [
    '/console/../../package.json',
    '/console/%2e%2e/%2e%2e/package.json',
    '/console/..%2f..%2fpackage.json',
    '/app/%00',
    '/console/constructor',
    '/console/__proto__',
    '//etc/passwd',
    '/.git/config',
  ]) {
    const answer = await bed.http.app.inject({ url: path })
    expect([
      path,
      [301, 302, 400, 404].includes(answer.statusCode),
      answer.body.includes('"dependencies"'),
    ]).toEqual([path, true, false])
  }
})
