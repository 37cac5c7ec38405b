import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { readinessView } from '../../../core/desk/readiness-view.ts'
import { estateView, siteView } from '../../../core/desk/site-views.ts'
import { dailyTestsView } from '../../../core/desk/test-views.ts'
import { raised } from '../../../core/desk/views.ts'
import { FAULTS } from '../../../core/faults.ts'
import { foreseenSchema, weekSchema } from '../../../core/foresee/view.ts'
import { given } from '../../../core/given.ts'
import type { HttpParts } from '../parts.ts'
import { get, type Mount, note, post } from '../route.ts'

const tag = 'site'
const faultsView = z.object({
  faults: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['info', 'warning', 'alarm']),
      sentence: z.string(),
      remedy: z.string(),
    }),
  ),
})

/** The site itself: is it fit to page, which links are ill and what to do, and do the morning tests come through. */
export const siteRoutes = ({ desk }: HttpParts): readonly Mount[] => [
  get('/site', {
    ...{
      summary: say('routes.whatBoardMustKnowBeside'),
      tag,
    },
    ...{ may: 'board.read', gives: siteView },
    run: ({ caller }) => desk.site(caller),
  }),
  get('/readiness', {
    ...{
      summary: say('routes.whoCrashRolesCanRung'),
      tag,
    },
    ...{ may: 'board.read', gives: readinessView },
    run: ({ caller }) => desk.readiness(caller),
  }),
  post('/who', {
    ...{ summary: say('ready.whatPageWouldLeadTo'), tag, may: 'rota.read', gives: foreseenSchema },
    body: z.object({
      number: z.string().trim().min(1).max(40).describe('A bleep number, or `ric:1310720/3`'),
      text: note.optional().describe('Its words; nothing is kept of them'),
      at: z.iso.datetime({ offset: true }).optional().describe('Absent: now'),
    }),
    run: ({ caller, body: { number, text, at } }) =>
      desk.foresee(caller, { number, ...given({ text, at: at === undefined ? undefined : Date.parse(at) }) }),
  }),
  get('/who/week', {
    ...{ summary: say('routes.whereWeekHasGaps'), tag, may: 'rota.read', gives: weekSchema },
    ...{ dear: true, limit: 120 },
    query: z.object({ from: z.coerce.number().int().min(0).max(1_000_000).default(0) }),
    run: ({ caller, query }) => desk.week(caller, query.from),
  }),
  get('/supervised', {
    summary: say('routes.everyFeedTransmitterProvider'),
    ...{ tag, may: 'feeds.read', gives: estateView },
    run: ({ caller }) => desk.estate(caller),
  }),
  get('/faults', {
    ...{ summary: say('routes.whatEachFaultCodeMeans'), tag, gives: faultsView },
    run: () => ({
      ok: true,
      value: { faults: Object.entries(FAULTS).map(([code, fault]) => ({ code, ...fault })) },
    }),
  }),
  get('/daily-tests', {
    ...{
      summary: say('routes.dailyTestsWhoExpectedWho'),
      tag,
    },
    ...{ may: 'tests.read', gives: dailyTestsView },
    run: ({ caller }) => desk.dailyTests(caller),
  }),
  post('/daily-tests/:id/calls', {
    ...{
      summary: say('routes.makeTheTestCallNow'),
      tag,
      params: z.object({ id: z.string().min(1).max(64) }),
    },
    ...{ may: 'tests.call', refuses: [404], gives: raised, status: 201 },
    run: ({ caller, params }) => desk.callTest(caller, params.id),
  }),
]
