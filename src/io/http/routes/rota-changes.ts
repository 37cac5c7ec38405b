import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { rotaChange, rotaChangesView } from '../../../core/desk/change-views.ts'
import { problem } from '../../../core/desk/views.ts'
import { parseInstant } from '../../../core/instant.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

const refusals = { 403: problem, 404: problem, 409: problem }

/** Changes of the rota made by hand: overrides, leave, swaps. */
export const rotaChangeRoutes =
  ({ desk, clock }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/rota/changes',
      {
        schema: {
          summary:
            'Overrides, leave and swaps entered by hand that are not over yet, or ended after an instant',
          tags: ['duty'],
          querystring: z.object({ since: z.iso.datetime({ offset: true }).optional() }),
          response: { 200: rotaChangesView, 403: problem },
        },
      },
      (request) =>
        settled(desk.rotaChanges(callerOf(request), parseInstant(request.query.since ?? '') ?? clock.now())),
    )

    app.post(
      '/rota/changes',
      {
        schema: {
          summary: 'Enter an override, leave or a swap; gives the changes that stand',
          tags: ['duty'],
          body: rotaChange,
          response: { 201: rotaChangesView, ...refusals },
        },
      },
      (request, reply) => {
        reply.code(201)
        return settled(desk.changeRota(callerOf(request), request.body))
      },
    )

    app.delete(
      '/rota/changes/:id',
      {
        schema: {
          summary: 'Take a change back: the rota is as if it had never been made, the record of both stays',
          tags: ['duty'],
          params: z.object({ id: z.string().min(1).max(64) }),
          response: { 200: rotaChangesView, ...refusals },
        },
      },
      (request) => settled(desk.takeBackRotaChange(callerOf(request), request.params.id)),
    )
  }
