import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeAll(async () => {
  bed = await openBed()
})
afterAll(() => bed.close())

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

test('the door leads to the console, and a folder to its page', async () => {
  const root = await get('/')
  expect([root.statusCode, root.headers.location]).toEqual([302, '/console/'])
  const folder = await get('/console')
  expect([folder.statusCode, folder.headers.location]).toEqual([301, '/console/'])
  expect((await get('/console/', 'identity')).body).toMatch(/<!doctype html>/i)
})

test.each(['/app/', '/console/', '/ward/'])(
  'what stands in %s before any script runs is said',
  async (url) => {
    const { body, headers } = await get(url, 'identity')
    const markup = body.replace(/<(script|style).*?<\/\1>/gs, '')
    expect(markup).toContain('<html lang="en-GB">')
    expect(markup).toMatch(/<title>[^{<]{3,}<\/title>/)
    expect(markup).toContain('needs JavaScript.')
    expect(markup).not.toMatch(/\{\w/)
    const again = await bed.http.app.inject({ url, headers: { 'if-none-match': String(headers.etag) } })
    expect(again.statusCode).toBe(304)
    expect((await get(`${url}index.html`)).statusCode).toBe(404)
  },
)

test.each(['/vendor/lit-html.js', '/shared/catalogue.js', '/app/version.js', '/app/worker.js'])(
  '%s is a script that browsers ask about each time',
  async (url) => {
    const said = await get(url, 'identity')
    expect([said.statusCode, said.headers['content-type'], said.headers['cache-control']]).toEqual([
      ...[200, 'text/javascript; charset=utf-8', 'no-cache'],
    ])
  },
)

test('the worker changes with every file of the screens, and so does the page', async () => {
  const [version, worker, page] = [
    await get('/app/version.js', 'identity'),
    await get('/app/worker.js', 'identity'),
    await get('/app/', 'identity'),
  ]
  const [, release] = /^export const VERSION = '([0-9a-f]{16})'\n$/.exec(version.body) ?? []
  expect(worker.body.endsWith(`\n// ${release}\n`)).toBe(true)
  expect(page.headers).toMatchObject({
    ...{ etag: `"${release}"`, 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' },
  })
  expect((await get('/console/main.js', 'identity')).headers['cache-control']).toBe('no-cache')
})

test('files that are no part of a screen are not there', async () => {
  for (const url of ['/tsconfig.json', '/app/tsconfig.json', '/README.md', '/.biome.json', '/app/.hidden'])
    expect([url, [400, 403, 404].includes((await get(url)).statusCode)]).toEqual([url, true])
})

test('large files are packed as the browser takes it, small ones are not', async () => {
  const coding = async (url: string, encoding: string) =>
    (await get(url, encoding)).headers['content-encoding']
  expect([
    await coding('/shared/catalogue.js', 'br, gzip'),
    await coding('/shared/catalogue.js', 'gzip'),
    await coding('/app/version.js', 'br, gzip'),
  ]).toEqual(['br', 'gzip', undefined])
})
