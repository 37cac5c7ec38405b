import fastify from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { Standing } from '../../../src/core/desk/views.ts'
import { FAULTS } from '../../../src/core/faults.ts'
import { faultOf, Refused, rawProblem, sendProblem } from '../../../src/io/http/problem.ts'
import { orRefusal } from '../../../src/io/http/reply.ts'
import { StoreFault } from '../../../src/ports/store.ts'

const STANDS: Standing = { alert: 'a1', version: 3, phase: 'ringing', sentence: 'Dr A is coming', coming: [] }

test('a refusal tells its code, what it means and what to do, and is kept by nobody', async () => {
  const app = fastify()
  app.get('/', (_, reply) => sendProblem(reply, { code: 'not-signed-in' }))
  app.get('/told', (_, reply) => sendProblem(reply, { code: 'request-invalid', detail: 'body' }, STANDS))
  const [bare, told] = [await app.inject('/'), await app.inject('/told')]
  const row = FAULTS['not-signed-in']
  expect(bare.json()).toEqual({
    ...{ type: 'urn:bleep-bridge:fault:not-signed-in', title: row.sentence, status: 401 },
    ...{ code: 'not-signed-in', remedy: row.remedy },
  })
  expect(bare.headers).toMatchObject({
    ...{
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'www-authenticate': 'Bearer',
    },
  })
  expect(told.statusCode).toBe(400)
  expect(told.json()).toMatchObject({ detail: 'body', stands: { version: 3 } })
  expect(told.headers['www-authenticate']).toBeUndefined()
})

test('on a connection without a request it is an answer whole, with its length', () => {
  const [head = '', body = ''] = rawProblem({ code: 'request-invalid' }).split('\r\n\r\n')
  expect(head.split('\r\n')).toEqual([
    'HTTP/1.1 400 Bad Request',
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ])
  expect(JSON.parse(body)).toMatchObject({ code: 'request-invalid' })
})

test.each<[string, unknown, unknown]>([
  ['a refusal', new Refused({ code: 'alert-unknown' }), { code: 'alert-unknown' }],
  ['a store that cannot work now', new StoreFault('store-busy'), { code: 'store-busy' }],
  ['too many requests', { statusCode: 429 }, { code: 'too-many-requests' }],
  ['a body of another type', { statusCode: 415 }, { code: 'request-invalid' }],
  ['a body that is too long', { statusCode: 413 }, { code: 'request-invalid' }],
  ['a request that is none', { statusCode: 400 }, { code: 'request-invalid' }],
  ['trouble of ours', { statusCode: 500 }, undefined],
  ['an answer that is none', { statusCode: 399 }, undefined],
  ['a status that is no number', { statusCode: '404' }, undefined],
  ['a defect', new TypeError('planted'), undefined],
  ['a text', 'planted', undefined],
  ['nothing', null, undefined],
])('%s is told as what it is', (_, error, fault) => {
  expect(faultOf(error)).toEqual(fault)
})

test('what does not fit is told by where it stands, and of a whole by what it is', async () => {
  const app = fastify().setValidatorCompiler(validatorCompiler)
  app.setErrorHandler((error, _, reply) => reply.send(faultOf(error)))
  const schema = {
    querystring: z.object({ limit: z.coerce.number().min(1) }),
    body: z.object({ a: z.string() }),
  }
  app.post('/', { schema }, async () => ({}))
  const asked = async (url: string, payload: object) =>
    (await app.inject({ method: 'POST', url, payload })).json()
  expect(await asked('/?limit=0', { a: 'a' })).toMatchObject({
    ...{ code: 'request-invalid', detail: expect.stringMatching(/^\/limit: \S/) },
  })
  expect(await asked('/?limit=1', [])).toMatchObject({ detail: expect.stringMatching(/^body: \S/) })
})

test('what the desk refuses leaves as a refusal, with how things stand', async () => {
  expect(await orRefusal(Promise.resolve({ ok: true as const, value: 7 }))).toBe(7)
  const refused = await orRefusal(
    Promise.resolve({ ok: false as const, fault: { code: 'alert-unknown' as const }, stands: STANDS }),
  ).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Refused)
  expect(refused).toMatchObject({
    fault: { code: 'alert-unknown' },
    stands: STANDS,
    message: 'alert-unknown',
  })
})
