import fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { problem } from '../../../src/core/desk/views.ts'
import { type AlertId, asId } from '../../../src/core/ids.ts'
import { Dear } from '../../../src/io/http/dear.ts'
import { askerOf, limits } from '../../../src/io/http/limits.ts'
import { linkTo, list, nextPath } from '../../../src/io/http/parts-of.ts'
import { Refused } from '../../../src/io/http/problem.ts'
import {
  del,
  get,
  id,
  instant,
  listed,
  type Mount,
  note,
  open,
  post,
  put,
  raw,
} from '../../../src/io/http/route.ts'
import type { Caller, Outcome } from '../../../src/ports/desk.ts'

// The one form that every route has: who may, what is checked before, and how its value or its refusal leaves.

const CALLER: Caller = { kind: 'operator', access: 'switchboard', operator: 'op' }
const gives = z.object({ said: z.string() })
const ok = (said: string): Outcome<{ said: string }> => ({ ok: true, value: { said } })

let app: FastifyInstance
let routes: RouteOptions[]
let caller: Caller | null
let permitted: unknown[]
let dears: string[]
let may: Outcome<undefined>
beforeEach(() => {
  routes = []
  permitted = []
  dears = []
  caller = CALLER
  may = { ok: true, value: undefined }
  app = fastify()
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler)
  app.decorateRequest('caller', null)
  app.addHook('onRequest', async (request) => {
    request.caller = caller
  })
  app.addHook('onRoute', (route) => void routes.push(route))
  app.setErrorHandler((error, _, reply) =>
    error instanceof Refused
      ? reply.code(409).send({ fault: error.fault, stands: error.stands })
      : reply.code(500).send({ why: String(error) }),
  )
})
class Counted extends Dear {
  override do<T>(asker: string, work: () => Promise<T> | T): Promise<T> {
    dears.push(asker)
    return super.do(asker, work)
  }
}
const on = (mount: Mount) => {
  mount(app, {
    dear: new Counted(),
    permit: async (of, actions) => {
      permitted.push(of, actions)
      return may
    },
  })
}
const told = { summary: 'A route', tag: 'tests' }
const said = async (url: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE' = 'GET', payload?: object) => {
  const answer = await app.inject({ method, url, ...(payload ? { payload } : {}) })
  return [answer.statusCode, answer.json()]
}

describe('a route', () => {
  test.each([
    ['GET', get],
    ['POST', post],
    ['PUT', put],
    ['DELETE', del],
  ] as const)('by %s answers with the value of what it runs', async (method, of) => {
    on(of('/x', { ...told, gives, run: () => ok('done') }))
    expect(await said('/x', method)).toEqual([200, { said: 'done' }])
  })

  test('says when something was made', async () => {
    on(post('/x', { ...told, gives, status: 201, run: async () => ok('made') }))
    expect(await said('/x', 'POST')).toEqual([201, { said: 'made' }])
  })

  test('is given what was checked, and who asks', async () => {
    on(
      put('/x/:id', {
        ...{ ...told, gives },
        params: z.object({ id: z.string().transform((text) => text.toUpperCase()) }),
        query: z.object({ n: z.coerce.number() }),
        body: z.object({ at: z.string().trim() }),
        run: ({ params, query, body, caller, request }) =>
          ok([params.id, query.n + 1, body.at, caller.kind, request.method].join()),
      }),
    )
    expect(await said('/x/a?n=1', 'PUT', { at: ' now ' })).toEqual([200, { said: 'A,2,now,operator,PUT' }])
    expect((await said('/x/a?n=one', 'PUT', { at: 'now' }))[0]).toBe(500)
  })

  test('is refused with how things stand', async () => {
    const stands = {
      alert: 'a1',
      version: 3,
      phase: 'ringing' as const,
      sentence: 'Dr A is coming',
      coming: [],
    }
    on(get('/x', { ...told, gives, run: () => ({ ok: false, fault: { code: 'alert-unknown' }, stands }) }))
    expect(await said('/x')).toEqual([409, { fault: { code: 'alert-unknown' }, stands }])
  })

  test('without its sign-in hook is a defect', async () => {
    caller = null
    on(get('/x', { ...told, gives, run: () => ok('done') }))
    expect(await said('/x')).toEqual([500, { why: expect.stringContaining('without its sign-in hook') }])
    expect(permitted).toEqual([])
  })

  test.each([
    ['nothing', {}, []],
    ['one thing', { may: 'board.read' }, ['board.read']],
    ['one of several', { may: ['board.read', 'alert.read'] }, ['board.read', 'alert.read']],
  ] as const)('that needs leave for %s asks for that, before anything is done', async (_, needs, actions) => {
    let ran = 0
    const run = () => {
      ran += 1
      return ok('done')
    }
    on(get('/x', { ...told, gives, ...needs, run }))
    await said('/x')
    expect([permitted, ran]).toEqual([[CALLER, actions], 1])
    may = { ok: false, fault: { code: 'not-permitted' } }
    expect(await said('/x')).toEqual([409, { fault: { code: 'not-permitted' } }])
    expect(ran).toBe(1)
  })

  test('that reads much waits its turn, by who asks; any other does not', async () => {
    on(get('/x', { ...told, gives, dear: true, run: () => ok('done') }))
    on(get('/y', { ...told, gives, run: () => ok('done') }))
    expect([await said('/x'), await said('/y')]).toEqual([
      [200, { said: 'done' }],
      [200, { said: 'done' }],
    ])
    expect(dears).toEqual(['operator/op'])
  })
})

describe('what a route tells of itself', () => {
  const shown = () => {
    const [route] = routes
    return { ...route?.schema, ...route?.config, head: route?.exposeHeadRoute }
  }
  test('is its summary, its room, its answers, and what its parts have to be', () => {
    const [params, query, body] = [z.object({ id: z.string() }), z.object({}), z.object({})]
    on(
      post('/x/:id', {
        ...{
          ...told,
          params,
          query,
          body,
          gives,
          status: 202,
          may: 'board.read',
          refuses: [404, 409],
          limit: 7,
        },
        ...{ produces: ['text/csv'], run: () => ok('done') },
      }),
    )
    expect(shown()).toMatchObject({
      ...{ summary: 'A route', tags: ['tests'], params, querystring: query, body, produces: ['text/csv'] },
      response: { 202: gives, 403: problem, 404: problem, 409: problem },
      rateLimit: { max: 7, timeWindow: '1 minute' },
    })
    expect(Object.keys(shown()).includes('security')).toBe(false)
  })

  test('is no more than that where it says nothing else', () => {
    on(get('/x', { ...told, gives, run: () => ok('done') }))
    expect(routes[0]?.schema).toEqual({ summary: 'A route', tags: ['tests'], response: { 200: gives } })
    expect(shown()).toMatchObject({ head: undefined })
    expect(Object.keys(shown()).includes('rateLimit')).toBe(false)
  })

  test('of a stream is that it has no head', () => {
    on(raw('GET', '/x', { ...told, head: false, reply: async (_, reply) => reply.send('x') }))
    expect(routes).toHaveLength(1)
    expect(routes[0]?.schema).toEqual({ summary: 'A route', tags: ['tests'], response: {} })
  })

  test('of one that writes its own answer is what that is, where it says so', () => {
    on(raw('GET', '/x', { ...told, gives, reply: async (_, reply) => reply.send({ said: 'x' }) }))
    expect(routes[0]?.schema).toMatchObject({ response: { 200: gives } })
  })

  test('of one for everybody is that nobody need sign in', () => {
    on(
      open('GET', '/x', {
        ...told,
        gives: { 200: gives, 503: gives },
        refuses: [429],
        answer: async () => ok('x'),
      }),
    )
    expect(routes[0]?.schema).toEqual({
      ...{ summary: 'A route', tags: ['tests'], security: [] },
      response: { 200: gives, 503: gives, 429: problem },
    })
  })
})

test('a route for everybody asks nobody who they are', async () => {
  caller = null
  on(
    open('POST', '/x', {
      ...{ ...told, gives: { 200: gives }, body: z.object({ a: z.string().trim() }) },
      answer: async ({ body, request }) => ({ said: `${body.a} ${request.method}` }),
    }),
  )
  expect(await said('/x', 'POST', { a: ' b ' })).toEqual([200, { said: 'b POST' }])
  expect(permitted).toEqual([])
})

test('ids, instants, notes and lists are what they are called', () => {
  const one = id<AlertId>
  expect(one().parse('a')).toBe('a')
  for (const bad of ['', 'x'.repeat(65)]) expect(one().safeParse(bad).success).toBe(false)
  expect(one().safeParse('x'.repeat(64)).success).toBe(true)
  expect(instant.parse('2026-11-30T09:00:00+01:00')).toBe(Date.UTC(2026, 10, 30, 8))
  expect(instant.safeParse('2026-11-30T09:00:00').success).toBe(false)
  expect([note.parse(' x '), note.safeParse('x'.repeat(241)).success]).toEqual(['x', false])
  expect(listed('rows', { ok: true, value: [1, 2] })).toEqual({ ok: true, value: { rows: [1, 2] } })
  const refused = { ok: false, fault: { code: 'not-permitted' } } as const
  expect(listed('rows', refused)).toBe(refused)
})

describe('a list', () => {
  const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `r${i}` }))
  const mount = (n: number) =>
    on(
      list('/rows', 'rows', ({ id }) => id, {
        ...told,
        query: z.object({ q: z.string().optional() }),
        gives: z.object({ now: z.string(), rows: z.array(z.object({ id: z.string() })) }),
        run: async ({ query, caller }) => ({
          ok: true,
          value: { now: `${query.q} ${caller.kind}`, rows: rows(n) },
        }),
      }),
    )

  test('comes whole where it is short, with all that stands beside it', async () => {
    mount(2)
    const answer = await app.inject('/rows?q=x')
    expect(answer.json()).toEqual({ now: 'x operator', rows: rows(2) })
    expect(answer.headers.link).toBeUndefined()
  })

  test('comes in parts with the path of the next, in its body and as a link, with all that was asked', async () => {
    mount(3)
    const answer = await app.inject('/rows?q=x&limit=2')
    const next = '/rows?q=x&limit=2&cursor=2.r1'
    expect(answer.json()).toEqual({ now: 'x operator', rows: rows(2), next })
    expect(answer.headers.link).toBe(`<${next}>; rel="next"`)
    expect((await app.inject(next)).json()).toEqual({ now: 'x operator', rows: [{ id: 'r2' }] })
  })

  test('has five hundred rows in a part and a thousand at most', async () => {
    mount(1001)
    const count = async (url: string) => (await app.inject(url)).json().rows?.length
    expect([await count('/rows'), await count('/rows?limit=1000'), await count('/rows?limit=1001')]).toEqual([
      ...[500, 1000, undefined],
    ])
    expect((await said('/rows?limit=0'))[0]).toBe(500)
  })

  test('that is refused is refused', async () => {
    const refuse = { ok: false, fault: { code: 'not-permitted' } } as const
    on(
      list('/rows', 'rows', (row) => String(row), {
        ...{ ...told, gives: z.object({ rows: z.array(z.object({})) }), run: async () => refuse },
      }),
    )
    expect(await said('/rows')).toEqual([409, { fault: { code: 'not-permitted' } }])
  })
})

test('the path of the next part is what was asked, with another cursor', () => {
  expect(nextPath('/a?cursor=1&q=x%20y', '2.b')).toBe('/a?cursor=2.b&q=x+y')
  expect(nextPath('/a?since=1', '7', 'since')).toBe('/a?since=7')
  expect(linkTo('/a')).toBe('</a>; rel="next"')
})

describe('how often', () => {
  afterEach(() => void vi.useRealTimers())
  beforeEach(async () => {
    // The minute does not end while a slow machine counts.
    vi.useFakeTimers({ toFake: ['Date'] })
    app = fastify()
    app.decorateRequest('caller', null)
    app.addHook('onRequest', async (request) => {
      request.caller = caller
    })
    await limits(app)
    app.get('/few', { config: { rateLimit: { max: 2, timeWindow: '1 minute' } } }, async () => 'x')
    app.get('/usual', async () => 'x')
  })
  const often = async (times: number, url = '/few', from = '203.0.113.9') => {
    const codes: number[] = []
    for (let i = 0; i < times; i++) codes.push((await app.inject({ url, remoteAddress: from })).statusCode)
    return codes
  }

  test('a route may be asked a minute is counted for each caller, not for their address', async () => {
    expect(await often(3)).toEqual([200, 200, 429])
    caller = { kind: 'device', access: 'holder', device: asId('d1') }
    expect(await often(3)).toEqual([200, 200, 429])
    caller = { kind: 'device', access: 'holder', device: asId('d2') }
    expect(await often(3)).toEqual([200, 200, 429])
  })

  test('strangers may ask it is counted by address, however that is written', async () => {
    caller = null
    expect(await often(2)).toEqual([200, 200])
    expect(await often(1, '/few', '::ffff:203.0.113.9')).toEqual([429])
    expect(await often(1, '/few', '203.0.113.10')).toEqual([200])
  })

  test('anything may be asked is three thousand times a minute; nobody is told how many are left', async () => {
    const codes = await often(3001, '/usual')
    expect([codes.slice(0, 3000).every((code) => code === 200), codes[3000]]).toEqual([true, 429])
    for (const url of ['/few', '/usual']) {
      const { headers } = await app.inject(url)
      expect(Object.keys(headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([])
    }
  })
})

test('whoever asks is a caller by name or an address', async () => {
  const bare = fastify()
  bare.decorateRequest('caller', null)
  let of: Caller | null = null
  bare.get('/', async (request) => {
    request.caller = of
    return askerOf(request)
  })
  const asker = async () => (await bare.inject({ url: '/', remoteAddress: '::ffff:203.0.113.9' })).body
  expect(await asker()).toBe('address/203.0.113.9')
  of = CALLER
  expect(await asker()).toBe('operator/op')
  of = { kind: 'device', access: 'ward', device: asId('d1') }
  expect(await asker()).toBe('device/d1')
})
