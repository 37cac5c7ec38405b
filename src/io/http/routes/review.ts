import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problem, raised, reviewView, strangersView } from '../../../core/desk/views.ts'
import { asId, type BleepId, type RoleId } from '../../../core/ids.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

/** Bleeps that ring no phone and wait for the switchboard. */
export const reviewRoutes =
  ({ desk }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/review',
      {
        schema: {
          summary: 'Bleeps that rang nobody and wait for a human, oldest first',
          tags: ['alerts'],
          response: { 200: reviewView, 403: problem },
        },
      },
      (request) => settled(desk.review(callerOf(request))),
    )

    app.get(
      '/review/strangers',
      {
        schema: {
          summary: 'Radio addresses of the last day that no directory holds, most often heard first',
          tags: ['alerts'],
          response: { 200: strangersView, 403: problem },
        },
      },
      (request) => settled(desk.strangers(callerOf(request))),
    )

    app.post(
      '/review/:id/ask',
      {
        schema: {
          summary: 'The switchboard has read a bleep that rang nobody and puts it to a role',
          tags: ['alerts'],
          params: z.object({ id: z.string().min(1).max(64) }),
          body: z.object({ role: z.string().min(1).max(64) }),
          response: { 201: raised, 403: problem, 404: problem },
        },
      },
      (request, reply) => {
        reply.code(201)
        const { id } = request.params
        return settled(desk.reviewAsk(callerOf(request), asId<BleepId>(id), asId<RoleId>(request.body.role)))
      },
    )

    app.post(
      '/review/:id/seen',
      {
        schema: {
          summary: 'Somebody has acted on this bleep: it waits no more; what still waits is given',
          tags: ['alerts'],
          params: z.object({ id: z.string().min(1).max(64) }),
          response: { 200: reviewView, 403: problem, 404: problem },
        },
      },
      (request) => settled(desk.reviewed(callerOf(request), asId<BleepId>(request.params.id))),
    )
  }
