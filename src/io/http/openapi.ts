import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
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

/**
 * A route as OpenAPI: what every signed-in route and every checked request may refuse is added here, once, and every
 * refusal is told as the problem details it is.
 */
export const transformRoute: Transform = (route) => {
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
  const made = jsonSchemaTransform({ ...route, schema: schema.hide ? schema : { ...schema, response } })
  if (isRecord(made.schema.response))
    for (const [status, shape] of Object.entries(made.schema.response)) {
      if (response[status] === problem)
        made.schema.response[status] = {
          description: REFUSALS[status] ?? 'Refused',
          content: { [PROBLEM_TYPE]: { schema: shape } },
        }
    }
  return made
}

/** For routes whose body is not JSON: metrics, the stream, reports. */
const ANYTHING = z.string().describe('Not JSON: see the media type')

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** The description, made once: it is a megabyte, and changes with the program alone. */
export function describe(app: FastifyInstance): void {
  let made: { readonly text: Buffer; readonly packed: Buffer; readonly tag: string } | undefined
  app.get(
    '/openapi.json',
    { schema: { hide: true }, config: { rateLimit: { max: 60, timeWindow: '1 minute' } } },
    (request, reply) => {
      const { text, packed, tag } = made ?? {}
      if (text === undefined || packed === undefined || tag === undefined)
        throw new Error('not described yet')
      reply.header('etag', tag).header('cache-control', 'no-cache').header('vary', 'accept-encoding')
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      const packs = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      if (packs) reply.header('content-encoding', 'gzip')
      return reply.type('application/json; charset=utf-8').send(packs ? packed : text)
    },
  )
  app.addHook('onReady', async () => {
    const text = Buffer.from(JSON.stringify(app.swagger()))
    made = {
      ...{ text, packed: gzipSync(text) },
      tag: `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`,
    }
  })
}
