import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { digestOf, same } from '../auth.ts'
import { DIRECTORY, type Gate } from '../gate.ts'
import type { HttpParts } from '../parts.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
/** Each once, and no longer than a directory has reason to ask: what reads filters goes as deep as they are. */
const query = z.record(z.string(), z.string().max(1000))
const MOST = 64 * 1024

/** SCIM 2.0 below `/scim/v2`, for whoever shows the token of the configuration; it has a media type of its own. */
export async function scimRoutes(
  app: FastifyInstance,
  { scim, config }: HttpParts,
  gate: Pick<Gate, 'knows' | 'forgets'>,
): Promise<void> {
  const token = config.scimDigest
  if (scim === undefined || token === undefined) return
  app.addContentTypeParser(
    'application/scim+json',
    { parseAs: 'string', bodyLimit: MOST },
    (_, body, done) => {
      try {
        done(null, JSON.parse(String(body)))
      } catch {
        done(null, undefined)
      }
    },
  )
  app.route({
    method: [...methods],
    url: '/scim/v2/*',
    bodyLimit: MOST,
    // A directory tells of twenty thousand people within a minute.
    config: { rateLimit: { max: 60_000, timeWindow: '1 minute' } },
    schema: { hide: true },
    async handler(request, reply) {
      const shown = /^Bearer ([\w.~+/=-]{16,512})$/.exec(request.headers.authorization ?? '')?.[1]
      const known = shown !== undefined && same(digestOf(shown), token)
      if (known) gate.knows(request.raw, DIRECTORY)
      else gate.forgets(request.raw)
      const method = methods.find((one) => one === request.method) ?? 'GET'
      const asked = query.safeParse(request.query)
      const path = new URL(request.url, 'http://x').pathname.slice('/scim/v2'.length)
      const answer = !known
        ? refusal(401, say('refusals.scimToken'))
        : asked.success
          ? await scim({ method, path, query: asked.data, body: request.body })
          : refusal(400, say('refusals.scimQuery'))
      reply.code(answer.status).type('application/scim+json').serializer(String)
      return reply.send(answer.body === undefined ? '' : JSON.stringify(answer.body))
    },
  })
}

const refusal = (status: number, detail: string) => ({
  status,
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail },
})
