import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bed, KEYS, openBed } from '../../support/desk-bed.ts'

let bed: Bed
beforeEach(async () => {
  bed = await openBed()
})
afterEach(() => bed.close())

const SHELL = readFileSync(new URL('../../../src/web/app/shell.js', import.meta.url), 'utf8')
const FILES = [...SHELL.matchAll(/^ {2}'(\/[^']+)',$/gm)].map(([, file]) => file ?? '')
const get = (url: string, encoding = 'br, gzip') =>
  bed.http.app.inject({ url, headers: { 'accept-encoding': encoding } })

test('the whole app is at most 120 kB over the wire', async () => {
  expect(FILES.length).toBeGreaterThan(40)
  let bytes = 0
  for (const file of FILES) {
    const said = await get(file)
    expect([file, said.statusCode]).toEqual([file, 200])
    bytes += said.rawPayload.length
  }
  expect(bytes).toBeLessThanOrEqual(120_000)
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
