import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { healthView } from '../../../core/desk/views.ts'
import { type Instant, SECOND } from '../../../core/instant.ts'
import { digestOf, LOOPBACK, same } from '../auth.ts'
import { plain } from '../gate.ts'
import type { HttpParts, Rendered } from '../parts.ts'
import { Refused } from '../problem.ts'
import { type Mount, open } from '../route.ts'

const tag = 'health'
const gives = { 200: healthView, 503: healthView }

/** Figures are printed at most this often, however many ask. */
const PRINTED = 2 * SECOND

/** For load balancers, Prometheus and clocks: no sign-in, and nothing about a page or a person. */
export function healthRoutes(parts: HttpParts): readonly Mount[] {
  const figures = printedSeldom(parts)
  return [
    open('GET', '/healthz', {
      ...{ summary: say('routes.theProcessIsAlive'), tag, gives },
      async answer(_ask, reply) {
        const health = parts.alive()
        reply.code(health.status === 'not-ready' ? 503 : 200)
        return health
      },
    }),
    open('GET', '/readyz', {
      ...{ summary: say('routes.fitPageEveryReasonWhy'), tag, gives },
      async answer(_ask, reply) {
        const health = await parts.ready()
        reply.code(health.status === 'not-ready' ? 503 : 200)
        return health
      },
    }),
    open('GET', '/metrics', {
      ...{
        summary: say('routes.prometheusFigures'),
        tag,
        produces: ['text/plain'],
        refuses: [401],
        limit: 300,
      },
      async answer({ request }, reply) {
        if (!mayScrape(parts.config, request)) throw new Refused({ code: 'not-signed-in' })
        const page = await figures(request.headers.accept)
        return reply.type(page.type).send(page.body)
      },
    }),
    open('GET', '/api/v1/time', {
      ...{ summary: say('routes.ourClockDeviceMeasureIts'), tag },
      gives: { 200: z.object({ now: z.iso.datetime(), ms: z.number() }) },
      async answer() {
        const now = parts.clock.now()
        return { now: new Date(now).toISOString(), ms: now }
      },
    }),
  ]
}

/** This machine, the addresses that the site names, and whoever shows its token. */
function mayScrape({ metrics }: HttpParts['config'], request: FastifyRequest): boolean {
  const address = plain(request.ip)
  if (LOOPBACK.has(address) || metrics?.allow.includes(address)) return true
  const token = /^Bearer (\S{1,256})$/.exec(request.headers.authorization ?? '')?.[1]
  return (
    token !== undefined && metrics?.tokenDigest !== undefined && same(metrics.tokenDigest, digestOf(token))
  )
}

function printedSeldom({ clock, metrics }: HttpParts): HttpParts['metrics'] {
  const printed = new Map<boolean, { readonly at: Instant; readonly page: Promise<Rendered> }>()
  return (accept = '') => {
    const open = accept.includes('application/openmetrics-text')
    const last = printed.get(open)
    const age = clock.now() - (last?.at ?? Number.NEGATIVE_INFINITY)
    if (last !== undefined && age >= 0 && age < PRINTED) return last.page
    const page = metrics(accept)
    printed.set(open, { at: clock.now(), page })
    return page
  }
}
