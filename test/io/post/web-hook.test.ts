import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { webHook } from '../../../src/io/post/web-hook.ts'
import type { Letter } from '../../../src/ports/post.ts'

const SECRET = 'a secret of the site, long enough'
const NOW = 1_800_000_000_000
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function receiver(status = 200, headers: Record<string, string> = {}) {
  const got: { headers: IncomingMessage['headers']; body: string }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      got.push({ headers: request.headers, body })
      if (status === 0) return
      response.writeHead(status, headers)
      response.end('ok')
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  ends.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` }
}

const LETTER: Letter = {
  ...{ id: 'l1', by: 'estates', to: [], subject: 's', written: NOW },
  text: 'Demo, node-1: <a> & *b* (roof).',
}
const send = (url: string, shape: 'teams' | 'slack' | 'plain', within = 30_000) =>
  webHook({ name: 'estates', url, secret: SECRET, shape, least: 'alarm', afterMs: 0 }, () => NOW).carry(
    LETTER,
    AbortSignal.timeout(within),
  )

test('signed over time and body, with an id that makes a second sending known', async () => {
  const { got, url } = await receiver()
  expect(await send(url, 'plain')).toEqual({ kind: 'taken' })
  const [{ headers, body }] = got as [(typeof got)[number]]
  const mac = createHmac('sha256', SECRET).update(`1800000000.${body}`).digest('hex')
  expect(headers['bleep-signature']).toBe(`t=1800000000,v1=${mac}`)
  expect(headers['idempotency-key']).toBe('l1')
  expect(JSON.parse(body)).toEqual({ id: 'l1', text: LETTER.text, at: '2027-01-15T08:00:00.000Z' })
})

test('as Slack and Teams read it, so that no sign of a fault becomes a link, a mention or bold', async () => {
  const { got, url } = await receiver()
  await send(url, 'slack')
  await send(url, 'teams')
  expect(JSON.parse(got[0]?.body ?? '')).toEqual({ text: 'Demo, node-1: &lt;a&gt; &amp; *b* (roof).' })
  expect(JSON.parse(got[1]?.body ?? '')).toMatchObject({
    type: 'message',
    attachments: [
      { content: { type: 'AdaptiveCard', body: [{ text: 'Demo, node-1: \\<a\\> & \\*b\\* (roof).' }] } },
    ],
  })
})

test.each([
  [429, { 'retry-after': '7' }, { kind: 'later', fault: 'post-unreachable', after: 7000 }],
  [503, {}, { kind: 'later', fault: 'post-unreachable' }],
  [404, {}, { kind: 'refused', fault: 'post-refused' }],
  [401, {}, { kind: 'refused', fault: 'post-refused' }],
  [302, { location: 'http://127.0.0.1:1/' }, { kind: 'later', fault: 'post-unreachable' }],
  [0, {}, { kind: 'later', fault: 'post-unreachable' }],
] as const)('%i comes to %j', async (status, headers, wanted) => {
  const { url } = await receiver(status, headers as Record<string, string>)
  expect(await send(url, 'plain', 300)).toEqual(wanted)
})
