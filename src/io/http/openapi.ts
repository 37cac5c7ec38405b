import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import fastify, { type FastifyInstance, type RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { say } from '../../core/catalogue/say.ts'
import { problem } from '../../core/desk/views.ts'
import { PROBLEM_TYPE } from './problem.ts'

/** What each refusal means, wherever it is given. */
const REFUSALS: Readonly<Record<string, string>> = {
  400: say('routes.requestDoesNotFitIts'),
  401: say('routes.youAreNotSignedIn'),
  403: say('routes.signMayNotDo'),
  404: say('routes.nothingHasIdNoneYours'),
  409: say('routes.somethingChangedSinceLast'),
  429: say('routes.tooManyTries'),
}

type Transform = typeof jsonSchemaTransform

/** Said once: every route may refuse, and with it in each of them the description was seven times as large. */
const PROBLEM: object = z.toJSONSchema(problem)

/**
 * A route as OpenAPI: what every signed-in route and every checked request may refuse is added here, once, and every
 * refusal is told as the problem details it is.
 */
const transformRoute: Transform = (route) => {
  const { schema } = route
  const refusals: Record<string, unknown> = {}
  if (schema.body ?? schema.querystring ?? schema.params) refusals[400] = problem
  if (schema.security === undefined) refusals[401] = problem
  const stated = isRecord(schema.response) ? schema.response : {}
  const response: Record<string, unknown> = {
    ...(Object.keys(stated).length === 0 ? { 200: ANYTHING } : {}),
    ...refusals,
    ...stated,
  }
  const own = Object.entries(response).filter(([, shape]) => shape !== problem)
  const made = jsonSchemaTransform({
    ...route,
    schema: schema.hide ? schema : { ...schema, response: Object.fromEntries(own) },
  })
  if (isRecord(made.schema.response))
    for (const [status, shape] of Object.entries(response))
      if (shape === problem)
        made.schema.response[status] = {
          description: REFUSALS[status] ?? 'Refused',
          content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/problem' } } },
        }
  return made
}

/** For routes whose body is not JSON: metrics, the stream, reports. */
const ANYTHING = z.string().describe('Not JSON: see the media type')

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

interface Description {
  readonly text: Buffer
  readonly packed: Buffer
  readonly tag: string
}

const OPENAPI = '3.1.0'
const packed = promisify(gzip)

/**
 * The description of every route that is added after this call. It is half a megabyte and changes with the program alone. It
 * is made when somebody first asks for it, a route at a time, because pages are read on the same thread; a start does not
 * wait for it, nor for the library that makes it.
 */
export function describe(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void (route.method === 'HEAD' || routes.push(route)))
  const make = async (): Promise<Description> => {
    const text = Buffer.from(JSON.stringify(await gathered(routes)))
    const digest = createHash('sha256').update(text).digest('hex')
    return { text, packed: await packed(text), tag: `"${digest.slice(0, 32)}"` }
  }
  let made: Promise<Description> | undefined
  app.get(
    '/openapi.json',
    { schema: { hide: true }, config: { rateLimit: { max: 60, timeWindow: '1 minute' } } },
    async (request, reply) => {
      made ??= make().catch((error: unknown) => {
        made = undefined
        throw error
      })
      const { text, packed, tag } = await made
      reply.header('etag', tag).header('cache-control', 'no-cache').header('vary', 'accept-encoding')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      const packs = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      if (packs) reply.header('content-encoding', 'gzip')
      return reply.type('application/json; charset=utf-8').send(packs ? packed : text)
    },
  )
}

/** The library looks only at routes of its own server, so these are laid on one that serves nobody. */
async function gathered(routes: readonly RouteOptions[]): Promise<unknown> {
  const shapes = new Map<string, ReturnType<Transform>>()
  const nameOf = (route: Pick<RouteOptions, 'method' | 'url'>) => `${route.method} ${route.url}`
  for (const route of routes) {
    const { schema = {}, url } = route
    shapes.set(nameOf(route), transformRoute({ schema, url, route, openapiObject: { openapi: OPENAPI } }))
    await turn()
  }
  const { default: swagger } = await import('@fastify/swagger')
  const told = fastify({ exposeHeadRoutes: false })
  await told.register(swagger, {
    openapi: {
      openapi: OPENAPI,
      info: {
        title: 'Bleep Bridge',
        description: say('routes.whatThisIs'),
        version: '1',
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
        schemas: { problem: PROBLEM },
      },
      security: [{ token: [] }],
    },
    transform: ({ route, schema, url }) => shapes.get(nameOf(route)) ?? { schema, url },
  })
  for (const { method, url } of routes) told.route({ method, url, handler: () => undefined })
  await told.ready()
  return told.swagger()
}
