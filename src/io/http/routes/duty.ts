import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { directoryView, meView, offerView, rotaView } from '../../../core/desk/people-views.ts'
import { problem } from '../../../core/desk/views.ts'
import { asId, type PersonId, type RoleId } from '../../../core/ids.ts'
import { DAY, parseInstant } from '../../../core/instant.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

const params = z.object({ role: z.string().min(1).max(64) })
const refusals = { 403: problem, 404: problem, 409: problem }

/** Who am I, who is on, and who takes over. */
export const dutyRoutes =
  ({ desk, clock }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/me',
      {
        schema: {
          summary: 'The caller: name, roles now, open hand-overs, device',
          tags: ['duty'],
          response: { 200: meView },
        },
      },
      (request) => settled(desk.me(callerOf(request))),
    )

    app.get(
      '/directory',
      {
        schema: {
          summary: 'People and roles, for picking whom to enrol or hand over to',
          tags: ['duty'],
          response: { 200: directoryView, 403: problem },
        },
      },
      (request) => settled(desk.directory(callerOf(request))),
    )

    app.put(
      '/duty',
      {
        schema: {
          summary: 'On or off duty: off duty, this person is not asked until they are on again',
          tags: ['duty'],
          body: z.object({ on: z.boolean() }),
          response: { 200: meView, ...refusals },
        },
      },
      (request) => settled(desk.duty(callerOf(request), request.body.on)),
    )

    app.get(
      '/handovers',
      {
        schema: {
          summary: 'Open hand-overs: a device’s own, or all for the switchboard',
          tags: ['duty'],
          response: { 200: z.object({ offers: z.array(offerView) }), 403: problem },
        },
      },
      async (request) => {
        return { offers: [...(await settled(desk.offers(callerOf(request))))] }
      },
    )

    app.post(
      '/handovers/:role',
      {
        schema: {
          summary: 'Offer a role to somebody; it is theirs once they take it',
          tags: ['duty'],
          params,
          body: z.object({ to: z.string().min(1).max(64), force: z.boolean().default(false) }),
          response: { 201: offerView, ...refusals },
        },
      },
      (request, reply) => {
        const role = asId<RoleId>(request.params.role)
        const to = asId<PersonId>(request.body.to)
        const caller = callerOf(request)
        reply.code(201)
        return settled(request.body.force ? desk.force(caller, role, to) : desk.offer(caller, role, to))
      },
    )

    for (const act of ['take', 'refuse'] as const) {
      app.post(
        `/handovers/:role/${act}`,
        {
          schema: {
            summary:
              act === 'take'
                ? 'Take the role that was offered'
                : 'Refuse the role that was offered, or take one’s own offer back',
            tags: ['duty'],
            params,
            response: { 200: offerView, ...refusals },
          },
        },
        (request) => settled(desk[act](callerOf(request), asId<RoleId>(request.params.role))),
      )
    }

    app.get(
      '/rota',
      {
        schema: {
          summary: 'Who holds each role now, with gaps and double cover in a span (24 hours unless named)',
          tags: ['duty'],
          querystring: z.object({
            from: z.iso.datetime({ offset: true }).optional(),
            to: z.iso.datetime({ offset: true }).optional(),
          }),
          response: { 200: rotaView, 403: problem },
        },
      },
      (request) => {
        const from = parseInstant(request.query.from ?? '') ?? clock.now()
        const to = parseInstant(request.query.to ?? '') ?? from + DAY
        return settled(desk.rota(callerOf(request), { from, to }))
      },
    )
  }
