import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { at, auditView } from '../../../core/desk/views.ts'
import { given } from '../../../core/given.ts'
import { printInstant } from '../../../core/instant.ts'
import { feedView } from '../../../core/measure/watch/feed-view.ts'
import { REPORT_POLICY } from '../headers.ts'
import type { HttpParts } from '../parts.ts'
import { linkTo, list, nextPath, partNext, partQuery } from '../parts-of.ts'
import { Refused } from '../problem.ts'
import { orRefusal } from '../reply.ts'
import { get, listed, type Mount, raw } from '../route.ts'

const tag = 'records'
const when = z
  .string()
  .min(1)
  .max(40)
  .describe('As for `bleepd report`: with an offset, or civil time of the site')

/** What is read afterwards: feeds, reports, audit. */
export const recordRoutes = ({ desk, ...parts }: HttpParts): readonly Mount[] => [
  list('/feeds', 'feeds', ({ node, id }) => `${node}/${id}`, {
    ...{ summary: say('routes.everyFeedOpenWhenDid'), tag },
    ...{ may: 'feeds.read', gives: z.object({ feeds: z.array(feedView) }) },
    run: async ({ caller }) => listed('feeds', await desk.feeds(caller)),
  }),
  raw('GET', '/audit', {
    ...{ summary: say('routes.auditChainFromSequenceNumber'), tag, may: 'audit.read' },
    gives: auditView.extend(partNext),
    query: z.object({
      since: z.coerce.number().int().min(0).default(0).describe('Entries behind this one'),
      limit: partQuery.limit,
    }),
    async reply({ caller, query: { since, limit }, request }, reply) {
      const audit = await orRefusal(desk.audit(caller, since, limit))
      const last = audit.entries.length === limit ? audit.entries.at(-1) : undefined
      const path = last && nextPath(request.url, String(last.seq), 'since')
      if (path) reply.header('link', linkTo(path))
      return reply.send({ ...audit, ...(path ? { next: path } : {}) })
    },
  }),
  get('/reports', {
    ...{ summary: say('routes.shiftsLastSevenDaysReport'), tag },
    may: 'reports.read',
    gives: z.object({ shifts: z.array(z.object({ name: z.string(), from: at, to: at })) }),
    run() {
      const shifts = [...(parts.shifts?.() ?? [])].sort((a, b) => b.from - a.from)
      const shown = shifts.map(({ name, from, to }) => ({
        name,
        from: printInstant(from),
        to: printInstant(to),
      }))
      return { ok: true, value: { shifts: shown } }
    },
  }),
  raw('GET', '/shift-log', {
    ...{ summary: say('routes.switchboardsSheetEveryCallLast'), tag, may: 'alert.read' },
    ...{ dear: true, limit: 60 },
    produces: ['text/html'],
    async reply({ caller }, reply) {
      const page = await orRefusal(desk.shiftLog(caller))
      return reply
        .header('content-security-policy', REPORT_POLICY)
        .type('text/html; charset=utf-8')
        .send(page)
    },
  }),
  raw('GET', '/reports/:name', {
    ...{ summary: say('routes.latencyTimeSavedBleepdReport'), tag, may: 'reports.read' },
    ...{ dear: true, limit: 60 },
    produces: ['application/json', 'text/csv', 'text/html'],
    params: z.object({ name: z.string().min(1).max(40) }),
    query: z.object({
      ...{ from: when, to: when, shift: z.string().max(40).optional() },
      hospital: z.string().max(32).optional().describe('Only its bleeps, by the site’s id of the hospital'),
      format: z.enum(['json', 'csv', 'html']).default('json'),
    }),
    async reply({ caller, params: { name }, query }, reply) {
      await orRefusal(desk.reporting(caller, name, query.format))
      const made = await parts.report?.({ name, ...given(query) })
      if (made === undefined) throw new Refused({ code: 'route-unknown' })
      if (!made.ok) throw new Refused(made.fault)
      return reply
        .header('content-security-policy', REPORT_POLICY)
        .type(made.value.type)
        .send(made.value.body)
    },
  }),
]
