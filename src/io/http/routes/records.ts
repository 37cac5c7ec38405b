import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { at, auditView, problem } from '../../../core/desk/views.ts'
import { permits } from '../../../core/govern/permit.ts'
import { printInstant } from '../../../core/instant.ts'
import { feedView } from '../../../core/measure/watch/feed-view.ts'
import { REPORT_POLICY } from '../headers.ts'
import type { HttpParts } from '../parts.ts'
import { Refused } from '../problem.ts'
import { callerOf, settled } from '../reply.ts'

const when = z
  .string()
  .min(1)
  .max(40)
  .describe('As for `bleepd report`: with an offset, or civil time of the site')

/** What is read afterwards: feeds, reports, audit. */
export const recordRoutes =
  (parts: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/feeds',
      {
        schema: {
          summary: 'Every feed: is it open, when did it last speak, what to do',
          tags: ['records'],
          response: { 200: z.object({ feeds: z.array(feedView) }), 403: problem },
        },
      },
      async (request) => {
        return { feeds: [...(await settled(parts.desk.feeds(callerOf(request))))] }
      },
    )

    app.get(
      '/audit',
      {
        schema: {
          summary: 'The audit chain from a sequence number on',
          tags: ['records'],
          querystring: z.object({ since: z.coerce.number().int().min(0).default(0) }),
          response: { 200: auditView, 403: problem },
        },
      },
      (request) => settled(parts.desk.audit(callerOf(request), request.query.since)),
    )

    app.get(
      '/reports',
      {
        schema: {
          summary: 'Shifts of the last seven days that a report can be had of, newest first',
          tags: ['records'],
          response: {
            200: z.object({ shifts: z.array(z.object({ name: z.string(), from: at, to: at })) }),
            403: problem,
          },
        },
      },
      async (request) => {
        if (!permits(callerOf(request).access, 'reports.read')) throw new Refused({ code: 'not-permitted' })
        const shifts = [...(parts.shifts?.() ?? [])].sort((a, b) => b.from - a.from)
        return {
          shifts: shifts.map(({ name, from, to }) => ({
            ...{ name, from: printInstant(from), to: printInstant(to) },
          })),
        }
      },
    )

    app.get(
      '/reports/:name',
      {
        schema: {
          summary: 'Latency and time saved, as `bleepd report` prints them',
          tags: ['records'],
          produces: ['application/json', 'text/csv', 'text/html'],
          params: z.object({ name: z.string().min(1).max(40) }),
          querystring: z.object({
            from: when,
            to: when,
            shift: z.string().max(40).optional(),
            format: z.enum(['json', 'csv', 'html']).default('json'),
          }),
        },
      },
      async (request, reply) => {
        const { from, to, shift, format } = request.query
        await settled(parts.desk.reporting(callerOf(request), request.params.name, format))
        const made = await parts.report?.({
          name: request.params.name,
          from,
          to,
          format,
          ...(shift === undefined ? {} : { shift }),
        })
        if (made === undefined) throw new Refused({ code: 'route-unknown' })
        if (!made.ok) throw new Refused(made.fault)
        return reply
          .header('content-security-policy', REPORT_POLICY)
          .type(made.value.type)
          .send(made.value.body)
      },
    )
  }
