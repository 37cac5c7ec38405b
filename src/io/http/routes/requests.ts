import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { requestView, reviewView } from '../../../core/desk/govern-views.ts'
import { given } from '../../../core/given.ts'
import { GROUNDS } from '../../../core/govern/grounds.ts'
import { DECISIONS, REQUEST_KINDS, VERIFIED_BY } from '../../../core/govern/request.ts'
import type { BleepId, PersonId } from '../../../core/ids.ts'
import type { HttpParts } from '../parts.ts'
import { list } from '../parts-of.ts'
import { orRefusal } from '../reply.ts'
import { get, id, instant, listed, type Mount, post, raw } from '../route.ts'

const tag = 'requests'
const params = z.object({ id: z.string().min(1).max(64) })
const ofItem = z.object({ id: z.string().min(1).max(64), bleep: id<BleepId>() })
const reason = z.string().trim().min(3).max(240).describe('A case number, no name')
const refuses = [404, 409] as const
const reads = { tag, refuses, may: 'subject.read' } as const
const acts = { tag, refuses, may: 'subject.erase', gives: requestView } as const

const asked = z
  .strictObject({
    kind: z.enum(REQUEST_KINDS),
    text: z.string().trim().min(3).max(120).optional().describe('NHS number, name, any words'),
    number: z.string().min(1).max(32).optional(),
    person: id<PersonId>().optional(),
    received: instant.optional().describe('When it came, where that was not now'),
    reason,
  })
  .refine((a) => a.text !== undefined || a.number !== undefined || a.person !== undefined, {
    error: say('routes.nameWhatSoughtTextNumber'),
  })
const decisions = z.object({
  items: z
    .array(
      z.strictObject({ bleep: id<BleepId>(), what: z.enum(DECISIONS), ground: z.enum(GROUNDS).optional() }),
    )
    .min(1)
    .max(2000),
})
const reviewed = z.object({
  places: z
    .array(
      z.strictObject({
        place: z.string().min(1).max(200),
        hide: z.boolean(),
        because: z.string().trim().min(3).max(240),
      }),
    )
    .min(1)
    .max(500),
})
const sealing = z.object({
  passphrase: z.string().min(16).max(200).describe('Told to the person another way than the pack'),
})

/** What people ask about their own data: verify, find, decide, approve, carry out, answer. For governance alone. */
export const requestRoutes = ({ govern: { requests } }: HttpParts): readonly Mount[] => [
  list('/subjects/requests', 'requests', ({ id }) => id, {
    ...{ summary: say('routes.requestsTheNewestFirst'), ...reads },
    gives: z.object({ requests: z.array(requestView) }),
    run: async ({ caller }) => listed('requests', await requests.list(caller)),
  }),
  post('/subjects/requests', {
    ...{ summary: say('routes.enterRequestDueWithinMonth'), ...acts, body: asked, status: 201 },
    run: ({ caller, body: { kind, reason, received, ...about } }) =>
      requests.open(caller, given({ kind, about: given(about), received }), reason),
  }),
  get('/subjects/requests/:id', {
    ...{ summary: say('routes.oneRequestWhatFoundWords'), ...reads, params, gives: requestView },
    dear: true,
    run: ({ caller, params }) => requests.get(caller, params.id),
  }),
  post('/subjects/requests/:id/verify', {
    ...{
      summary: say('routes.whoAsksIsProved'),
      ...acts,
      params,
      body: z.object({ how: z.enum(VERIFIED_BY) }),
    },
    run: ({ caller, params, body }) => requests.step(caller, params.id, { kind: 'verified', how: body.how }),
  }),
  post('/subjects/requests/:id/find', {
    ...{
      summary: say('routes.lookEverythingKeptAgain'),
      ...acts,
      params,
    },
    ...{ dear: true, limit: 60 },
    run: ({ caller, params }) => requests.find(caller, params.id),
  }),
  post('/subjects/requests/:id/decide', {
    ...{
      summary: say('routes.giveEraseRestrictRefuseItem'),
      ...acts,
      params,
    },
    body: decisions,
    run: ({ caller, params, body }) =>
      requests.step(caller, params.id, { kind: 'decided', items: body.items.map((item) => given(item)) }),
  }),
  get('/subjects/requests/:id/items/:bleep', {
    ...{ summary: say('routes.whatOneItemMayName'), ...reads, params: ofItem, gives: reviewView },
    run: ({ caller, params }) => requests.review(caller, params.id, params.bleep),
  }),
  post('/subjects/requests/:id/items/:bleep', {
    ...{ summary: say('routes.hideLeaveEachReason'), ...acts, params: ofItem, body: reviewed },
    run: ({ caller, params, body }) =>
      requests.step(caller, params.id, { kind: 'reviewed', bleep: params.bleep, places: body.places }),
  }),
  post('/subjects/requests/:id/approve', {
    ...{ summary: say('routes.everythingDecidedSecondPerson'), ...acts, params },
    run: ({ caller, params }) => requests.step(caller, params.id, { kind: 'approved' }),
  }),
  post('/subjects/requests/:id/do', {
    ...{ summary: say('routes.carryOutWhatApprovedLook'), ...acts, params, dear: true },
    run: ({ caller, params }) => requests.carryOut(caller, params.id),
  }),
  post('/subjects/requests/:id/withdraw', {
    ...{ summary: say('routes.whoeverAskedDoesNotAny'), ...acts, params },
    run: ({ caller, params }) => requests.step(caller, params.id, { kind: 'withdrawn' }),
  }),
  raw('POST', '/subjects/requests/:id/pack', {
    ...{ summary: say('routes.packPersonLockedAgeFormat'), tag, refuses, may: 'subject.erase' },
    ...{ dear: true, limit: 20, params, body: sealing, produces: ['application/octet-stream'] },
    query: z.object({ form: z.enum(['page', 'data']).default('page') }),
    gives: z.string(),
    async reply({ caller, params, query, body }, reply) {
      const pack = await orRefusal(requests.pack(caller, params.id, body.passphrase))
      return reply.type('application/octet-stream').send(Buffer.from(pack[query.form]))
    },
  }),
  post('/subjects/restricted/:bleep/lift', {
    ...{ summary: say('routes.wordsWereRestrictedUsedAgain'), tag, refuses, may: 'subject.erase' },
    ...{ params: z.object({ bleep: id<BleepId>() }), body: z.object({ reason }) },
    gives: z.object({ lifted: z.boolean() }),
    run: ({ caller, params, body }) => requests.lift(caller, params.bleep, body.reason),
  }),
]
