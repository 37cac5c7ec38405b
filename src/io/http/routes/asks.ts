import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { askChoices, askMade, asksView, askView } from '../../../core/desk/ask-views.ts'
import { given } from '../../../core/given.ts'
import type { BleepId, RoleId } from '../../../core/ids.ts'
import { CLASSES } from '../../../core/vocabulary.ts'
import type { HttpParts } from '../parts.ts'
import { list } from '../parts-of.ts'
import { get, id, instant, type Mount, note, post } from '../route.ts'

const tag = 'asks'
const params = z.object({ id: id<BleepId>() })
const short = z.string().trim().max(80).optional()

/** As a ward or a person with a phone: ask for somebody, and follow what becomes of it. */
export const askRoutes = ({ desk }: HttpParts): readonly Mount[] => [
  post('/asks', {
    ...{ summary: say('routes.askWhoeverHoldsRoleGoes'), tag, may: 'ask.make' },
    ...{ refuses: [404, 409, 429], gives: askMade, status: 201 },
    body: z.object({
      role: id<RoleId>(),
      urgency: z.enum(CLASSES).describe('A class that the site lets people ask by; see the choices'),
      about: z
        .object({ place: short, identifier: short.describe('Masked for whoever need not know') })
        .default({ place: undefined, identifier: undefined }),
      what: note.min(1).describe('What is happening'),
      want: z.string().trim().max(120).optional().describe('What is wanted'),
      callBack: z
        .string()
        .trim()
        .regex(/^\+?[\d ]{3,20}$/)
        .optional()
        .describe('The telephone to ring'),
    }),
    run({ caller, body: { role, urgency, about, what, want, callBack } }) {
      return desk.ask(caller, { role, urgency, words: { what, ...given({ ...about, want, callBack }) } })
    },
  }),
  list('/asks', 'asks', ({ id }) => id, {
    summary: say('routes.callersOwnAsksNewestFirst'),
    ...{ tag, may: 'ask.read', gives: asksView },
    query: z.object({ since: instant.optional().describe('At or after; at most twelve hours back') }),
    run: ({ caller, query }) => desk.asks(caller, query.since),
  }),
  get('/asks/choices', {
    ...{ summary: say('routes.whoCanAskedHowUrgent'), tag, may: 'ask.make', gives: askChoices },
    run: ({ caller }) => desk.askChoices(caller),
  }),
  post('/asks/:id/told', {
    summary: say('routes.receiptWhoeverAskedHasBeen'),
    ...{ tag, params, may: 'ask.read', refuses: [404], gives: askView, limit: 300 },
    body: z.object({ said: z.string().min(1).max(400).describe('As `said` of the ask that was shown') }),
    run: ({ caller, params, body }) => desk.askTold(caller, params.id, body.said),
  }),
  post('/asks/:id/replies', {
    ...{ summary: say('routes.wordWhoeverAskedRecordCall'), tag, params },
    ...{ may: 'ask.make', refuses: [404, 409, 429], gives: askView, limit: 60 },
    body: z.object({ text: note.min(1) }),
    run: ({ caller, params, body }) => desk.askReply(caller, params.id, body.text),
  }),
]
