import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { inboxView, problem, RECEIPT_STAGES } from '../../../core/desk/views.ts'
import { type AttemptId, asId } from '../../../core/ids.ts'
import { parseInstant } from '../../../core/instant.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'
import { createStreams, STREAM } from '../stream.ts'

const cursor = z.coerce
  .number()
  .int()
  .min(0)
  .describe('The last cursor the device has kept; 0 or absent: all')

/** What a device must know, what it reports back, and the live stream for phone and board. */
export const inboxRoutes =
  (parts: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    const { desk } = parts
    const streams = createStreams(parts)
    // The listener waits for every connection, and knows these no more.
    app.addHook('preClose', async () => streams.end())
    app.get(
      '/inbox',
      {
        schema: {
          summary: 'What this device must know since a cursor: at least once, in order',
          tags: ['device'],
          querystring: z.object({ since: cursor.optional() }),
          response: { 200: inboxView, 403: problem },
        },
      },
      (request) => settled(desk.inbox(callerOf(request), request.query.since ?? 0)),
    )

    app.post(
      '/receipts',
      {
        schema: {
          summary: 'The device says how far an attempt came; only this counts as delivered',
          tags: ['device'],
          body: z.object({
            attempt: z.string().min(1).max(64),
            stage: z.enum(RECEIPT_STAGES),
            at: z.iso
              .datetime({ offset: true })
              .optional()
              .describe('The device’s own clock: a claim, stored apart'),
          }),
          response: { 200: z.object({ moved: z.boolean() }), 403: problem, 404: problem },
        },
      },
      (request) => {
        const { attempt, stage, at } = request.body
        const claimed = at === undefined ? undefined : parseInstant(at)
        return settled(
          desk.receipt(callerOf(request), {
            attempt: asId<AttemptId>(attempt),
            stage,
            ...(claimed === undefined ? {} : { claimed }),
          }),
        )
      },
    )

    app.get(
      STREAM,
      {
        exposeHeadRoute: false,
        schema: {
          summary: 'Server-sent events: board changes for the console, the inbox from a cursor for a device',
          tags: ['device', 'alerts'],
          querystring: z.object({ since: cursor.optional() }),
          produces: ['text/event-stream'],
        },
      },
      (request, reply) => streams.open(callerOf(request), request, reply),
    )
  }
