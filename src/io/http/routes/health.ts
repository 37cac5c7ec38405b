import { z } from 'zod'
import { healthView } from '../../../core/desk/views.ts'
import type { HttpParts } from '../parts.ts'
import { type Mount, open } from '../route.ts'

const tag = 'health'
const gives = { 200: healthView, 503: healthView }

/** For load balancers, Prometheus and clocks: no sign-in, and nothing about a page or a person. */
export const healthRoutes = (parts: HttpParts): readonly Mount[] => [
  open('GET', '/healthz', {
    ...{ summary: 'The process is alive', tag, gives },
    async answer(_ask, reply) {
      const health = parts.alive()
      reply.code(health.status === 'not-ready' ? 503 : 200)
      return health
    },
  }),
  open('GET', '/readyz', {
    ...{ summary: 'Fit to page, or every reason why not', tag, gives },
    async answer(_ask, reply) {
      const health = await parts.ready()
      reply.code(health.status === 'not-ready' ? 503 : 200)
      return health
    },
  }),
  open('GET', '/metrics', {
    ...{ summary: 'Prometheus figures', tag, produces: ['text/plain'] },
    async answer({ request }, reply) {
      const page = await parts.metrics(request.headers.accept)
      return reply.type(page.type).send(page.body)
    },
  }),
  open('GET', '/api/v1/time', {
    ...{ summary: 'Our clock, for a device to measure its own against', tag },
    gives: { 200: z.object({ now: z.iso.datetime(), ms: z.number() }) },
    async answer() {
      const now = parts.clock.now()
      return { now: new Date(now).toISOString(), ms: now }
    },
  }),
]
