import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { meView, waiverView } from '../../../core/desk/people-views.ts'
import { policyPage } from '../../../core/desk/policy-page.ts'
import type { PersonId } from '../../../core/ids.ts'
import { REPORT_POLICY } from '../headers.ts'
import type { HttpParts } from '../parts.ts'
import { orRefusal } from '../reply.ts'
import { id, instant, type Mount, post, raw } from '../route.ts'

const tag = 'policy'

/** What the trust's own policy asks of people here. */
export const policyRoutes = ({ desk }: HttpParts): readonly Mount[] => [
  raw('GET', '/policy', {
    ...{ summary: say('routes.policyInForce'), tag, may: 'audit.read', dear: true, limit: 60 },
    produces: ['application/json', 'text/html'],
    query: z.object({ format: z.enum(['json', 'html']).default('json') }),
    async reply({ caller, query: { format } }, reply) {
      const view = await orRefusal(desk.policy(caller))
      if (format === 'json') return reply.send(view)
      return reply
        .header('content-security-policy', REPORT_POLICY)
        .type('text/html; charset=utf-8')
        .send(policyPage(view))
    },
  }),
  post('/accepted-use', {
    ...{ summary: say('routes.signTermsOfUse'), tag, may: 'device.self', gives: meView, limit: 30 },
    body: z.object({ version: z.string().min(1).max(40) }),
    run: ({ caller, body }) => desk.acceptUse(caller, body.version),
  }),
  post('/drills/:person/waiver', {
    ...{ summary: say('routes.waiveDrill'), tag, may: 'handover.force', refuses: [404] },
    params: z.object({ person: id<PersonId>() }),
    body: z.object({ reason: z.string().trim().min(3).max(200), until: instant }),
    gives: waiverView,
    run: ({ caller, params, body }) => desk.waiveDrill(caller, params.person, body),
  }),
]
