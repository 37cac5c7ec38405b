import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { callsView, startedView } from '../../../core/desk/call-views.ts'
import { previewSchema } from '../../../core/foresee/view.ts'
import { given } from '../../../core/given.ts'
import type { HttpParts } from '../parts.ts'
import { get, type Mount, note, post } from '../route.ts'

const tag = 'calls'
const fields = z.object({
  kind: z.string().trim().min(1).max(64).optional().describe('One of the site’s list'),
  to: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .describe('A bleep number, or `role:…`, `team:…`, `person:…`'),
  place: z.string().trim().max(80).optional(),
  text: note.optional().describe('What is said'),
  from: z
    .string()
    .trim()
    .regex(/^[\d +]{0,20}$/, 'a telephone number')
    .optional()
    .describe('The telephone it was asked from'),
})
const ask = fields.refine(({ kind, to }) => kind !== undefined || to !== undefined, {
  error: say('routes.aKindOrWhomTo'),
})
const started = fields
  .extend({
    press: z
      .uuid()
      .optional()
      .describe(
        'One for each press: the same again within minutes is answered with the call that came of it',
      ),
    confirm: z
      .string()
      .max(64)
      .optional()
      .describe(
        'A call to many people: `held` for a held press, or what a first operator’s call waits under',
      ),
  })
  .refine(({ kind, to, confirm }) => kind !== undefined || to !== undefined || confirm !== undefined, {
    error: say('routes.kindWhomCallCallConfirm'),
  })

/** An empty field of a form says nothing. */
const filled = <T extends object>(body: T) =>
  given(Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '')) as T)

/** The switchboard starts a call. */
export const callRoutes = ({ desk }: HttpParts): readonly Mount[] => [
  get('/calls', {
    ...{ summary: say('routes.whatCanStartedHerePlaces'), tag },
    ...{ may: 'alert.manage', gives: callsView },
    run: ({ caller }) => desk.calls(caller),
  }),
  post('/calls/preview', {
    ...{ summary: say('routes.whoWouldRungWhichWays'), tag },
    ...{ may: 'alert.manage', refuses: [404, 409], body: ask, gives: previewSchema },
    run: ({ caller, body }) => desk.previewCall(caller, filled(body)),
  }),
  post('/calls', {
    ...{ summary: say('routes.startsCallPhonesRadioAt'), tag },
    ...{ may: 'alert.manage', refuses: [404, 409], gives: startedView, status: 201 },
    body: started,
    run: ({ caller, body }) => desk.startCall(caller, filled(body)),
  }),
]
