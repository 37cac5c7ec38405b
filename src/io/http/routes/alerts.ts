import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { alertView } from '../../../core/desk/alert-views.ts'
import { ANSWERS, answered, boardView, PHASES, problem } from '../../../core/desk/views.ts'
import { type AlertId, asId, type PersonId, type RoleId } from '../../../core/ids.ts'
import { parseInstant } from '../../../core/instant.ts'
import type { Manage } from '../../../ports/desk.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

const id = z.string().min(1).max(64)
const params = z.object({ id })
const version = z.number().int().min(0).describe('The version that was on the screen')
const note = z.string().trim().max(240)
const person = id
  .optional()
  .describe('Switchboard: who said it on the telephone; shared handset: which of its holders says it')

const manage = z.discriminatedUnion('action', [
  z.object({ action: z.literal('close'), version, note: note.optional() }),
  z.object({ action: z.literal('take-over'), version }),
  z.object({ action: z.literal('ask-again'), version }),
  z.object({ action: z.literal('release'), version, person: id }),
  z.object({ action: z.literal('also-ask'), version, role: id }),
])

/** Board, one alert, and everything a person may say to it. */
export const alertRoutes =
  ({ desk }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/alerts',
      {
        schema: {
          summary: 'Alerts, most urgent first: all open ones unless a phase is named',
          tags: ['alerts'],
          querystring: z.object({
            phase: z.enum(['open', ...PHASES]).optional(),
            since: z.iso.datetime({ offset: true }).optional().describe('Raised at or after'),
          }),
          response: { 200: boardView, 403: problem },
        },
      },
      (request) => {
        const { phase, since } = request.query
        const from = since === undefined ? undefined : parseInstant(since)
        return settled(
          desk.board(callerOf(request), {
            ...(phase === undefined ? {} : { phase }),
            ...(from === undefined ? {} : { since: from }),
          }),
        )
      },
    )

    app.get(
      '/alerts/:id',
      {
        schema: {
          summary: 'One alert with its whole time line: hops, attempts, responders, reasons',
          tags: ['alerts'],
          params,
          response: { 200: alertView, 403: problem, 404: problem, 410: problem },
        },
      },
      (request) => settled(desk.alert(callerOf(request), asId<AlertId>(request.params.id))),
    )

    app.post(
      '/alerts/:id/answers',
      {
        schema: {
          summary: 'Answer an alert; a stale version is refused with what stands',
          tags: ['alerts'],
          params,
          body: z.object({
            answer: z.enum(ANSWERS),
            version,
            note: note.optional(),
            person,
          }),
          response: { 200: answered, 403: problem, 404: problem, 409: problem },
        },
      },
      (request) => {
        const { person, note: said, ...rest } = request.body
        return settled(
          desk.answer(callerOf(request), asId<AlertId>(request.params.id), {
            ...rest,
            ...(said === undefined ? {} : { note: said }),
            ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
          }),
        )
      },
    )

    app.post(
      '/alerts/:id/actions',
      {
        schema: {
          summary:
            'What the switchboard does to an alert: close, take over, ring again, release, ask another role',
          tags: ['alerts'],
          params,
          body: manage,
          response: { 200: answered, 403: problem, 404: problem, 409: problem },
        },
      },
      (request) =>
        settled(desk.manage(callerOf(request), asId<AlertId>(request.params.id), asManage(request.body))),
    )

    app.post(
      '/alerts/:id/thread',
      {
        schema: {
          summary: 'A short reply among responders and switchboard; a role that is needed is asked as well',
          tags: ['alerts'],
          params,
          body: saying,
          response: { 200: answered, 403: problem, 404: problem, 409: problem },
        },
      },
      (request) => {
        const { kind, text = '', role, person } = request.body
        return settled(
          desk.say(callerOf(request), asId<AlertId>(request.params.id), {
            kind,
            text,
            ...(role === undefined ? {} : { role: asId<RoleId>(role) }),
            ...(person === undefined ? {} : { person: asId<PersonId>(person) }),
          }),
        )
      },
    )
  }

/** Words, or a role that is needed: its holders are rung, for a second opinion or another pair of hands. */
const saying = z
  .object({
    kind: z.enum(['eta', 'need-role', 'note']),
    text: note.min(1).optional(),
    role: id.optional().describe('With `need-role`: asks whoever holds it'),
    person,
  })
  .refine(({ kind, text, role }) => (role === undefined ? text !== undefined : kind === 'need-role'), {
    error: 'text, or a role with need-role',
  })

function asManage(body: z.infer<typeof manage>): Manage {
  switch (body.action) {
    case 'close':
      return {
        action: 'close',
        version: body.version,
        ...(body.note === undefined ? {} : { note: body.note }),
      }
    case 'release':
      return { ...body, person: asId<PersonId>(body.person) }
    case 'also-ask':
      return { ...body, role: asId<RoleId>(body.role) }
    default:
      return body
  }
}
