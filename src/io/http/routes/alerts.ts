import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { alertView } from '../../../core/desk/alert-views.ts'
import { answered, boardView, raised } from '../../../core/desk/views.ts'
import { given } from '../../../core/given.ts'
import type { AlertId, BleepId, PersonId, RoleId } from '../../../core/ids.ts'
import { ANSWERS, PHASES, STAND_DOWNS } from '../../../core/vocabulary.ts'
import type { HttpParts } from '../parts.ts'
import { linkTo, nextPath, partNext, partQuery } from '../parts-of.ts'
import { orRefusal } from '../reply.ts'
import { get, id, instant, type Mount, note, post, raw } from '../route.ts'

const tag = 'alerts'
const params = z.object({ id: id<AlertId>() })
const version = z.number().int().min(0).describe('The version that was on the screen')
const person = id<PersonId>()
  .optional()
  .describe('Switchboard: who said it on the telephone; shared handset: which of its holders says it')

const word = z.string().trim().min(1).max(80).optional()
/** For the switchboard: any of these looks through all calls, closed ones too. */
const sought = {
  from: instant.optional().describe('Raised at or after; three days ago unless named'),
  to: instant.optional().describe('Raised at or before'),
  q: word.describe('Any words: kind, place, number, what was said, people'),
  number: word.describe('Bleep number, from its beginning'),
  place: word,
  kind: word.describe('Kind id, or its words'),
  role: word.describe('A role that was asked, by name'),
  cursor: z.string().max(120).optional().describe('From the part before'),
}

const manage = z.discriminatedUnion('action', [
  z.object({ action: z.literal('close'), version, note: note.optional() }),
  z.object({
    ...{ action: z.literal('stand-down'), version, note: note.optional() },
    reason: z.enum(STAND_DOWNS).describe('Told to everybody who is on the call'),
  }),
  z.object({ action: z.literal('finish'), version, note: note.optional() }),
  z.object({ action: z.literal('page-by-radio'), version }),
  z.object({ action: z.literal('undo'), version, person: id<PersonId>() }),
  z.object({ action: z.literal('take-over'), version }),
  z.object({ action: z.literal('ask-again'), version }),
  z.object({ action: z.literal('release'), version, person: id<PersonId>() }),
  z.object({ action: z.literal('also-ask'), version, role: id<RoleId>() }),
  z.object({
    ...{ action: z.literal('tick'), version, done: z.boolean() },
    step: z.string().min(1).max(120).describe('A step of the run sheet, by its words'),
  }),
])

/** Words, or a role that is needed: its holders are rung, for a second opinion or another pair of hands. */
const saying = z
  .object({
    kind: z.enum(['eta', 'need-role', 'note']),
    text: note.min(1).optional(),
    role: id<RoleId>().optional().describe('With `need-role`: asks whoever holds it'),
    person,
  })
  .refine(({ kind, text, role }) => (role === undefined ? text !== undefined : kind === 'need-role'), {
    error: say('routes.textRoleNeedRole'),
  })

/** A minute, of one phone or operator: more than anybody writes. */
const NOTES = 60

/** Board, one alert, and everything a person may say to it. */
export const alertRoutes = ({ desk }: HttpParts): readonly Mount[] => [
  raw('GET', '/alerts', {
    summary: say('routes.alertsMostUrgentFirstAll'),
    tag,
    may: ['board.read', 'alert.read'],
    query: z.object({
      phase: z.enum(['open', ...PHASES]).optional(),
      since: instant.optional().describe('Raised at or after'),
      hospital: z.string().max(32).optional().describe('Only its calls, by the site’s id of the hospital'),
      ...sought,
      limit: partQuery.limit,
    }),
    gives: boardView.extend(partNext),
    async reply({ caller, query: { phase, since, hospital, cursor, limit, ...wanted }, request }, reply) {
      const finds = Object.values(wanted).some((part) => part !== undefined)
      if (finds) return reply.send(await orRefusal(desk.find(caller, given({ ...wanted, hospital, cursor }))))
      const { cursor: next, ...board } = await orRefusal(
        desk.board(caller, given({ phase, since, hospital, cursor, limit })),
      )
      const path = next && nextPath(request.url, next)
      if (path) reply.header('link', linkTo(path))
      return reply.send({ ...board, ...(path ? { next: path } : {}) })
    },
  }),
  get('/alerts/:id', {
    ...{ summary: say('routes.oneAlertItsWholeTime'), tag, params },
    ...{ may: 'alert.read', refuses: [404, 410], gives: alertView },
    run: ({ caller, params }) => desk.alert(caller, params.id),
  }),
  post('/alerts/:id/answers', {
    ...{ summary: say('routes.answerAlertStaleVersionRefused'), tag, params },
    ...{ may: 'alert.answer', refuses: [404, 409], gives: answered },
    body: z.object({ answer: z.enum(ANSWERS), version, note: note.optional(), person }),
    run: ({ caller, params, body }) => desk.answer(caller, params.id, given(body)),
  }),
  post('/alerts/:id/actions', {
    summary: say('routes.whatSwitchboardDoesAlertTake'),
    ...{ tag, params, may: 'alert.manage', refuses: [404, 409], body: manage, gives: answered },
    run: ({ caller, params, body }) => desk.manage(caller, params.id, given(body)),
  }),
  post('/alerts/:id/joined/:joined', {
    summary: say('routes.whatJoinedCallAnotherOne'),
    ...{ tag, params: params.extend({ joined: id<BleepId>() }) },
    ...{ may: 'alert.manage', refuses: [404], gives: raised, status: 201 },
    run: ({ caller, params }) => desk.separate(caller, params.id, params.joined),
  }),
  post('/alerts/:id/thread', {
    summary: say('routes.shortReplyAmongResponders'),
    ...{
      tag,
      params,
      may: 'thread.write',
      refuses: [404, 409, 429],
      body: saying,
      gives: answered,
      limit: NOTES,
    },
    run: ({ caller, params, body }) => desk.say(caller, params.id, { ...given(body), text: body.text ?? '' }),
  }),
]
