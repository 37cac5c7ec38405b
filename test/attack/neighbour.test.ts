import { createServer, type Server, type ServerResponse } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { httpNeighbours } from '../../src/io/neighbours.ts'

/*
 * Whoever stands where the other node should be. Only that it is fit keeps a page from ringing here: nothing that is odd may
 * be taken for it.
 */

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
})

async function serve(answer: (response: ServerResponse, url: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    response.on('error', () => {})
    answer(response, request.url ?? '')
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const at = server.address()
  return `http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}`
}
const ask = (url: string) => httpNeighbours([{ node: 'other', url }]).ask()
const READY = JSON.stringify({ status: 'ready', reasons: [] })

test('a node that is ready is fit, and one that goes on apart says so', async () => {
  expect(await ask(await serve((r) => r.end(READY)))).toEqual([{ node: 'other', fit: true, apart: false }])
  const apart = JSON.stringify({ status: 'not-ready', reasons: [{ code: 'store-apart' }] })
  expect(await ask(await serve((r) => r.writeHead(503).end(apart)))).toEqual([
    { node: 'other', fit: false, apart: true },
  ])
})

test.each<[string, (response: ServerResponse, url: string) => void]>([
  [
    'sends us on to somebody who is',
    (r, url) => void (url === '/else' ? r.end(READY) : r.writeHead(302, { location: '/else' }).end()),
  ],
  [
    'is a page to sign in to a network',
    (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  ],
  ['says it by another word', (r) => r.end('{"status":"READY","reasons":[]}')],
  ['says it by a prototype', (r) => r.end('{"__proto__":{"status":"ready","reasons":[]}}')],
  ['says nothing', (r) => r.end()],
  ['breaks off', (r) => r.writeHead(200, { 'content-length': '900' }).write(READY, () => r.destroy())],
  ['says more than anybody has to say', (r) => r.end(`${READY.slice(0, -1)},"x":"${'x'.repeat(300_000)}"}`)],
])('one that %s counts as none', async (_, answer) => {
  expect(await ask(await serve(answer))).toEqual([])
})

test('one that never ends is left after a bound of bytes, or of time', async () => {
  const flood = (r: ServerResponse): void => {
    if (!r.destroyed) r.write('x'.repeat(65_536), () => setImmediate(flood, r))
  }
  for (const { fit } of await ask(await serve(flood))) expect(fit).toBe(false)
  expect(await ask(await serve((r) => void r.write('{')))).toEqual([
    { node: 'other', fit: false, apart: false, slow: true },
  ])
})
