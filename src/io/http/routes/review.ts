import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { problem, reviewView } from '../../../core/desk/views.ts'
import { asId, type BleepId } from '../../../core/ids.ts'
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
