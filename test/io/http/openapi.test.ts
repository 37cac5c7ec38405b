import { gunzipSync } from 'node:zlib'
import fastify, { type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { problem } from '../../../src/core/desk/views.ts'
import { describe as described } from '../../../src/io/http/openapi.ts'

let app: FastifyInstance
beforeEach(async () => {
  app = fastify()
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
  described(app)
  const gives = { 200: z.object({ said: z.string() }) }
  const route = (url: string, schema: object) => app.post(url, { schema }, async () => ({ said: 'x' }))
  route('/signed/:id', { params: z.object({ id: z.string() }), response: { ...gives, 409: problem } })
  route('/query', { querystring: z.object({ n: z.number().max(7) }), response: gives })
  route('/body', { body: z.object({ a: z.string() }), response: gives })
  route('/bare', { response: gives })
  route('/open', { security: [], response: { ...gives, 429: problem, 418: problem } })
  route('/text', { produces: ['text/csv'] })
  route('/hidden', { hide: true, response: gives })
})
const get = async (headers: Record<string, string> = {}) => app.inject({ url: '/openapi.json', headers })
const answers = async (path: string) => (await get()).json().paths[path]?.post?.responses

test('what a route may answer is its own, and what every checked or signed-in route may refuse', async () => {
  expect(Object.keys(await answers('/signed/{id}'))).toEqual(['200', '400', '401', '409'])
  expect(Object.keys(await answers('/query'))).toEqual(['200', '400', '401'])
  expect(Object.keys(await answers('/body'))).toEqual(['200', '400', '401'])
  expect(Object.keys(await answers('/bare'))).toEqual(['200', '401'])
  expect(Object.keys(await answers('/open'))).toEqual(['200', '418', '429'])
  expect(await answers('/hidden')).toBeUndefined()
})

test('a refusal is told as problem details, by what it means', async () => {
  const { 401: signIn, 418: unusual } = { ...(await answers('/bare')), ...(await answers('/open')) }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } }
  expect(signIn).toEqual({ description: expect.stringMatching(/signed in/i), content })
  expect(unusual).toEqual({ description: 'Refused', content })
  const { components } = (await get()).json()
  expect(Object.keys(components.schemas.problem.properties)).toEqual(
    expect.arrayContaining(['type', 'title', 'status', 'code', 'remedy']),
  )
})

test('an answer has its shape; one that is no JSON says to look at its media type', async () => {
  const [shaped, text] = [await answers('/bare'), await answers('/text')]
  expect(shaped['200'].content['application/json'].schema.properties).toEqual({ said: { type: 'string' } })
  expect(JSON.stringify(text['200'])).toContain('see the media type')
  expect(Object.keys(text)).toEqual(['200', '401'])
})

test('it says what it is, and that a token is wanted', async () => {
  expect((await get()).json()).toMatchObject({
    ...{
      openapi: '3.1.0',
      info: { title: 'Bleep Bridge', version: '1', description: expect.stringMatching(/\w/) },
    },
    ...{ security: [{ token: [] }] },
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  })
})

test('it is made once, packed for whoever takes that, and not sent again to whoever has it', async () => {
  const plain = await get()
  expect(plain.headers).toMatchObject({
    ...{
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'accept-encoding',
    },
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  })
  expect(plain.headers['content-encoding']).toBeUndefined()
  const packed = await get({ 'accept-encoding': 'br, gzip;q=0.5' })
  expect(packed.headers['content-encoding']).toBe('gzip')
  expect(gunzipSync(packed.rawPayload).toString()).toBe(plain.body)
  expect((await get({ 'accept-encoding': 'xgzipx' })).headers['content-encoding']).toBeUndefined()
  const had = await get({ 'if-none-match': String(plain.headers.etag) })
  expect([had.statusCode, had.body]).toEqual([304, ''])
  expect((await get({ 'if-none-match': '"other"' })).statusCode).toBe(200)
})

test('one that could not be made is made anew for whoever asks next', async () => {
  let broken = true
  const schema = {
    get summary() {
      if (broken) throw new TypeError('planted')
      return 'Late'
    },
  }
  app.get('/late', { schema }, async () => 'x')
  expect((await get()).statusCode).toBe(500)
  broken = false
  expect((await get()).statusCode).toBe(200)
})
