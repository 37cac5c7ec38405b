import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { estateView, siteView } from '../../../core/desk/site-views.ts'
import { dailyTestsView } from '../../../core/desk/test-views.ts'
import { problem, raised } from '../../../core/desk/views.ts'
import { FAULTS } from '../../../core/faults.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

const faultsView = z.object({
  faults: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['info', 'warning', 'alarm']),
      sentence: z.string(),
      remedy: z.string(),
    }),
  ),
})

/** The site itself: is it fit to page, which links are ill and what to do, and do the morning tests come through. */
export const siteRoutes =
  ({ desk }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    const tags = ['site']
    app.get(
      '/site',
      {
        schema: {
          summary: 'What a board must know beside the alerts: fitness, ill links, roles that nobody carries',
          tags,
          response: { 200: siteView, 403: problem },
        },
      },
      (request) => settled(desk.site(callerOf(request))),
    )

    app.get(
      '/supervised',
      {
        schema: {
          summary:
            'Every feed, transmitter, provider and phone group: state, since, why, what to do, and its month',
          tags,
          response: { 200: estateView, 403: problem },
        },
      },
      (request) => settled(desk.estate(callerOf(request))),
    )

    app.get(
      '/faults',
      {
        schema: { summary: 'What each fault code means and what to do', tags, response: { 200: faultsView } },
      },
      async () => ({
        faults: Object.entries(FAULTS).map(([code, { severity, sentence, remedy }]) => ({
          ...{ code, severity, sentence, remedy },
        })),
      }),
    )

    app.get(
      '/daily-tests',
      {
        schema: {
          summary: 'The daily tests: who was expected, who answered and when, who did not; newest first',
          tags,
          response: { 200: dailyTestsView, 403: problem },
        },
      },
      (request) => settled(desk.dailyTests(callerOf(request))),
    )

    app.post(
      '/daily-tests/:id/calls',
      {
        schema: {
          summary: 'Make the test call now',
          tags,
          params: z.object({ id: z.string().min(1).max(64) }),
          response: { 201: raised, 403: problem, 404: problem },
        },
      },
      (request, reply) => {
        reply.code(201)
        return settled(desk.callTest(callerOf(request), request.params.id))
      },
    )
  }
