import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { inboxView } from '../../../core/desk/views.ts'
import { given } from '../../../core/given.ts'
import type { AttemptId } from '../../../core/ids.ts'
import { RECEIPT_STAGES, RECEIPT_WAYS } from '../../../core/vocabulary.ts'
import type { HttpParts } from '../parts.ts'
import { get, id, instant, type Mount, post, raw } from '../route.ts'
import { STREAM, type Streams } from '../stream.ts'

const tag = 'device'
const cursor = z.coerce
  .number()
  .int()
  .min(0)
  .describe('The last cursor the device has kept; 0 or absent: all')
const query = z.object({ since: cursor.optional() })
const rang = id<AttemptId>()
  .optional()
  .describe('What the push named that made the device look: a node that cannot know it answers 503')

/** What a device must know, what it reports back, and the live stream for phone and board. */
export const inboxRoutes = ({ desk }: HttpParts, streams: Streams): readonly Mount[] => [
  get('/inbox', {
    ...{
      summary: say('routes.whatDeviceMustKnowSince'),
      tag,
      query: query.extend({ rang }),
    },
    ...{ may: 'inbox.read', gives: inboxView },
    run: ({ caller, query }) => desk.inbox(caller, query.since ?? 0, query.rang),
  }),
  post('/receipts', {
    ...{ summary: say('routes.deviceSaysHowFarAttempt'), tag },
    ...{ may: 'inbox.read', refuses: [404], gives: z.object({ moved: z.boolean() }) },
    body: z.object({
      attempt: id<AttemptId>(),
      stage: z.enum(RECEIPT_STAGES),
      by: z
        .enum(RECEIPT_WAYS)
        .optional()
        .describe('How the device learnt of it: only that way is shown to work'),
      at: instant.optional().describe('The device’s own clock: a claim, stored apart'),
    }),
    run: ({ caller, body: { at, by, ...receipt } }) =>
      desk.receipt(caller, { ...receipt, ...given({ by, claimed: at }) }),
  }),
  raw('GET', STREAM, {
    summary: say('routes.serverSentEventsBoardChanges'),
    ...{ tag, query, produces: ['text/event-stream'], head: false },
    reply: async ({ caller, request }, reply) => {
      await streams.open(caller, request, reply)
      return undefined
    },
  }),
]
