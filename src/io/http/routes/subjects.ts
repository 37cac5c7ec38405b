import { z } from 'zod'
import { say } from '../../../core/catalogue/say.ts'
import { copyCsv } from '../../../core/desk/copy.ts'
import {
  chainView,
  erasureView,
  foundView,
  holdView,
  subjectCopy,
  traceView,
} from '../../../core/desk/govern-views.ts'
import { given } from '../../../core/given.ts'
import type { BleepId, PersonId } from '../../../core/ids.ts'
import type { ErasureAsk, HoldAsk } from '../../../ports/govern-desk.ts'
import type { HttpParts } from '../parts.ts'
import { list } from '../parts-of.ts'
import { orRefusal } from '../reply.ts'
import { get, id, instant, listed, type Mount, post, raw } from '../route.ts'

const tag = 'subjects'
const params = z.object({ id: z.string().min(1).max(64) })
const span = { from: instant, to: instant }
const reason = z.string().trim().min(3).max(240).describe('Why: goes on the audit; a case number, no name')
const bleeps = z.array(id<BleepId>()).min(1).max(500)
const person = id<PersonId>()

/** In the body and never in the address: what is sought is somebody's data, and addresses are logged on the way. */
const sought = z
  .object({
    text: z.string().trim().min(3).max(120).optional().describe('NHS number, part of a name, any words'),
    number: z.string().min(1).max(32).optional().describe('Only bleeps to this number'),
    person: person.optional().describe('Bleeps this member of staff was asked on'),
    ...span,
    reason,
  })
  .refine((a) => a.text !== undefined || a.number !== undefined || a.person !== undefined, {
    error: say('routes.nameWhatSoughtTextNumber'),
  })
const erase = z.union([z.strictObject({ bleeps, reason }), z.strictObject({ person, reason })])
const keep = z.union([
  z.strictObject({ bleeps, reason }),
  z.strictObject({ ...span, reason }),
  z.strictObject({ person, reason }),
])
/** One without the other proves nothing, and would look as if it did. */
const place = z
  .object({
    seq: z.coerce.number().int().positive().optional().describe('A place that was written down'),
    digest: z.hex().length(64).optional().describe('And the digest it had'),
  })
  .refine(({ seq, digest }) => (seq === undefined) === (digest === undefined), {
    error: say('routes.placeAndDigest'),
  })
const refuses = [404, 409] as const
const reads = { tag, refuses, may: 'subject.read' } as const
const acts = { tag, refuses, may: 'subject.erase' } as const

/** One person's data: find, copy, trace, hold, erase. For governance alone, every act with its reason on the audit. */
export const subjectRoutes = ({ govern }: HttpParts): readonly Mount[] => [
  post('/subjects/find', {
    ...{ summary: say('routes.bleepsHoldSomebodysData'), ...reads, body: sought },
    ...{ dear: true, limit: 60 },
    gives: foundView,
    run: ({ caller, body: { reason, ...about } }) => govern.find(caller, given(about), reason),
  }),
  raw('POST', '/subjects/copy', {
    ...{ summary: say('routes.sameOneDocumentItsTime'), ...reads, body: sought },
    ...{ dear: true, limit: 60 },
    produces: ['application/json', 'text/csv'],
    query: z.object({ format: z.enum(['json', 'csv']).default('json') }),
    gives: z.union([subjectCopy, z.string()]),
    async reply({ caller, query, body: { reason, ...about } }, reply) {
      const copy = await orRefusal(govern.copy(caller, given(about), reason))
      if (query.format === 'json') return reply.send(copy)
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .serializer((text: string) => text)
        .send(copyCsv(copy))
    },
  }),
  post('/subjects/trace/:id', {
    ...{ summary: say('routes.whoSentBleepAlertWhose'), ...reads, params },
    ...{ dear: true, limit: 60 },
    ...{ body: z.object({ reason }), gives: traceView },
    run: ({ caller, params, body }) => govern.trace(caller, params.id, body.reason),
  }),
  raw('POST', '/subjects/incident/:id', {
    ...{ summary: 'One call replayed minute by minute, signed and chained', ...reads, params },
    ...{ dear: true, limit: 20, produces: ['application/jsonl', 'text/html'] },
    body: z.object({ reason, names: z.boolean().default(false).describe('With names and every word') }),
    query: z.object({ format: z.enum(['jsonl', 'html']).default('jsonl') }),
    gives: z.string(),
    async reply({ caller, params, query, body }, reply) {
      const pack = await orRefusal(govern.incident(caller, params.id, body.reason, body.names, query.format))
      return reply
        .type(query.format === 'html' ? 'text/html; charset=utf-8' : 'application/jsonl; charset=utf-8')
        .serializer((text: string) => text)
        .send(pack)
    },
  }),
  list('/subjects/erasures', 'erasures', ({ id }) => id, {
    ...{ summary: say('routes.erasuresPlannedUnderWayAnd'), ...reads },
    gives: z.object({ erasures: z.array(erasureView) }),
    run: async ({ caller }) => listed('erasures', await govern.erasures(caller)),
  }),
  post('/subjects/erasures', {
    ...{ summary: say('routes.planErasureWhatWouldGo'), ...acts },
    ...{ dear: true, limit: 60 },
    ...{ body: erase, gives: erasureView, status: 201 },
    run: ({ caller, body }) => govern.plan(caller, eraseOf(body), body.reason),
  }),
  get('/subjects/erasures/:id', {
    ...{ summary: say('routes.oneErasurePlannedWhatBecame'), ...reads, params, gives: erasureView },
    run: ({ caller, params }) => govern.erasure(caller, params.id),
  }),
  post('/subjects/erasures/:id/do', {
    ...{ summary: say('routes.doWhatPlannedEverythingLooked'), ...acts, params, gives: erasureView },
    run: ({ caller, params }) => govern.carryOut(caller, params.id),
  }),
  list('/subjects/holds', 'holds', ({ id }) => id, {
    ...{ summary: say('routes.whatKeptFromKeepTimes'), ...reads },
    gives: z.object({ holds: z.array(holdView) }),
    run: async ({ caller }) => listed('holds', await govern.holds(caller)),
  }),
  post('/subjects/holds', {
    ...{ summary: say('routes.holdBleepsEverythingSpanPerson'), ...acts, body: keep },
    ...{ gives: holdView, status: 201 },
    run: ({ caller, body }) => govern.hold(caller, holdOf(body), body.reason),
  }),
  post('/subjects/holds/:id/release', {
    ...{ summary: say('routes.investigationOverKeepTimes'), ...acts, params },
    ...{ body: z.object({ reason }), gives: holdView },
    run: ({ caller, params, body }) => govern.release(caller, params.id, body.reason),
  }),
  get('/audit/verify', {
    ...{ summary: say('routes.followAuditChainFromIts'), tag: 'records' },
    ...{ may: 'audit.read', gives: chainView, dear: true },
    query: place,
    run: ({ caller, query: { seq, digest } }) =>
      govern.verify(caller, seq === undefined || digest === undefined ? undefined : { seq, digest }),
  }),
]

function eraseOf(body: z.output<typeof erase>): ErasureAsk {
  return 'person' in body ? { person: body.person } : { bleeps: body.bleeps }
}

function holdOf(body: z.output<typeof keep>): HoldAsk {
  if ('person' in body) return { person: body.person }
  return 'bleeps' in body ? { bleeps: body.bleeps } : { span: { from: body.from, to: body.to } }
}
