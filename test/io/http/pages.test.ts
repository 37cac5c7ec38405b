import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

/** What a phone fetches to open the app for the first time and to keep it. */
const FIRST = ['/app/', '/app/worker.js', '/app/manifest.webmanifest', '/app/icon.svg', '/app/icon-192.png']
const get = (url: string, encoding = 'br, gzip') =>
  bed.http.app.inject({ url, headers: { 'accept-encoding': encoding } })

test('the whole app is at most 120 kB over the wire, and its page names nothing else to fetch', async () => {
  let bytes = 0
  for (const file of FIRST) {
    const said = await get(file)
    expect([file, said.statusCode]).toEqual([file, 200])
    bytes += said.rawPayload.length
  }
  expect(bytes).toBeLessThanOrEqual(120_000)
  expect(bytes).toBeGreaterThan(40_000)
  const { body } = await get('/app/', 'identity')
  const markup = body.replace(/<script.*?<\/script>/s, '')
  const named = [...markup.matchAll(/(?:href|src)="(\/[^"#]*)"/g)].map(([, path]) => path)
  expect(named.filter((path) => !FIRST.includes(path ?? ''))).toEqual([])
  const shell = readFileSync(new URL('../../../src/web/app/shell.js', import.meta.url), 'utf8')
  const kept = /const FILES = \[([^\]]*)\]/.exec(shell)?.[1] ?? ''
  expect(named.filter((path) => !kept.includes(`'${path}'`))).toEqual([])
})

test('the page of the app may run what is in it and nothing else, and is not sent twice', async () => {
  const { body, headers } = await get('/app/', 'identity')
  const policy = String(headers['content-security-policy'])
  const digest = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  expect(policy).toContain(digest(/<script type="module">(.*?)<\/script>/s.exec(body)?.[1]))
  expect(policy).toContain(digest(/<style>(.*?)<\/style>/s.exec(body)?.[1]))
  expect(policy).not.toMatch(/unsafe/)
  const again = { 'accept-encoding': 'br', 'if-none-match': String(headers.etag) }
  expect((await bed.http.app.inject({ url: '/app/', headers: again })).statusCode).toBe(304)
})

test('a browser that takes no compression gets the plain file; the same file is not sent twice', async () => {
  const plain = await get('/app/main.js', 'identity')
  expect(plain.headers['content-encoding']).toBeUndefined()
  expect(plain.body).toContain('import ')
  const { etag } = (await get('/app/main.js')).headers
  const again = await bed.http.app.inject({
    url: '/app/main.js',
    headers: { 'accept-encoding': 'br', 'if-none-match': String(etag) },
  })
  expect(again.statusCode).toBe(304)
})

test('nothing of the interface is compressed: lengths would tell what is in it', async () => {
  const headers = { 'accept-encoding': 'br', authorization: `Bearer ${KEYS.switchboard}` }
  const said = await bed.http.app.inject({ url: '/api/v1/directory', headers })
  expect([said.statusCode, said.headers['content-encoding']]).toEqual([200, undefined])
})
