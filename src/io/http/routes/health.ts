import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { healthView } from '../../../core/desk/views.ts'
import type { HttpParts } from '../parts.ts'

/** For load balancers, Prometheus and clocks: no sign-in, and nothing about a page or a person. */
export const healthRoutes =
  (parts: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['health']
    app.get(
      '/healthz',
      {
        schema: {
          summary: 'The process is alive',
          tags,
          security: [],
          response: { 200: healthView, 503: healthView },
        },
      },
      async (_request, reply) => {
        const health = parts.alive()
        reply.code(health.status === 'not-ready' ? 503 : 200)
        return health
      },
    )
    app.get(
      '/readyz',
      {
        schema: {
          summary: 'Fit to page, or every reason why not',
          tags,
          security: [],
          response: { 200: healthView, 503: healthView },
        },
      },
      async (_request, reply) => {
        const health = await parts.ready()
        reply.code(health.status === 'not-ready' ? 503 : 200)
        return health
      },
    )
    app.get(
      '/metrics',
      { schema: { summary: 'Prometheus figures', tags, security: [], produces: ['text/plain'] } },
      async (request, reply) => {
        const page = await parts.metrics(request.headers.accept)
        return reply.type(page.type).send(page.body)
      },
    )
    app.get(
      '/api/v1/time',
      {
        schema: {
          summary: 'Our clock, for a device to measure its own against',
          tags,
          security: [],
          response: { 200: z.object({ now: z.iso.datetime(), ms: z.number() }) },
        },
      },
      async () => {
        const now = parts.clock.now()
        return { now: new Date(now).toISOString(), ms: now }
      },
    )
  }
