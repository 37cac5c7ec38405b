import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problem } from '../../../core/desk/views.ts'
import { ownPage, type Sessions } from '../auth.ts'
import type { HttpParts } from '../parts.ts'
import { Refused } from '../problem.ts'

/** Console sign-in: an operator's key becomes a session cookie that no script can read and no other site can use. */
export const sessionRoutes =
  ({ desk }: HttpParts, sessions: Sessions): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/session',
      {
        config: { rateLimit: { max: 10, timeWindow: '1 minute' } },
        schema: {
          summary: 'Sign in at the console',
          tags: ['switchboard'],
          security: [],
          body: z.object({
            operator: z.string().trim().min(1).max(64),
            key: z.string().min(1).max(256),
          }),
          response: { 204: z.null(), 401: problem, 429: problem },
        },
      },
      async (request, reply) => {
        if (!ownPage(request, false)) throw new Refused({ code: 'cross-site' })
        const cookie = sessions.open(request.body.operator, request.body.key)
        desk.signedIn(request.body.operator, cookie !== undefined)
        if (cookie === undefined) throw new Refused({ code: 'not-signed-in' })
        return reply.code(204).header('set-cookie', cookie).send(null)
      },
    )
    app.delete(
      '/session',
      { schema: { summary: 'Sign out', tags: ['switchboard'], security: [], response: { 204: z.null() } } },
      async (request, reply) => {
        const who = await sessions.identify(request)
        if ('kind' in who) desk.signedOut(who)
        return reply.code(204).header('set-cookie', sessions.end).send(null)
      },
    )
  }
