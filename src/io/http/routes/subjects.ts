import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { copyCsv } from '../../../core/desk/copy.ts'
import {
  chainView,
  erasureView,
  foundView,
  holdView,
  subjectCopy,
  traceView,
} from '../../../core/desk/govern-views.ts'
import { problem } from '../../../core/desk/views.ts'
import type { About } from '../../../core/govern/subject.ts'
import { asId, type BleepId, type PersonId } from '../../../core/ids.ts'
import type { ErasureAsk, HoldAsk } from '../../../ports/govern-desk.ts'
import type { HttpParts } from '../parts.ts'
import { callerOf, settled } from '../reply.ts'

const id = z.string().min(1).max(64)
const params = z.object({ id })
const when = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
const reason = z.string().trim().min(3).max(240).describe('Why: goes on the audit; a case number, no name')
const bleeps = z
  .array(id.transform((text): BleepId => asId(text)))
  .min(1)
  .max(500)
const person = id.transform((text): PersonId => asId(text))

/** In the body and never in the address: what is sought is somebody's data, and addresses are logged on the way. */
const sought = z
  .object({
    text: z.string().trim().min(3).max(120).optional().describe('NHS number, part of a name, any words'),
    number: z.string().min(1).max(32).optional().describe('Only bleeps to this number'),
    person: person.optional().describe('Bleeps this member of staff was asked on'),
    from: when,
    to: when,
    reason,
  })
  .refine((a) => a.text !== undefined || a.number !== undefined || a.person !== undefined, {
    error: 'name what is sought: text, number or person',
  })
const erase = z.union([z.strictObject({ bleeps, reason }), z.strictObject({ person, reason })])
const keep = z.union([
  z.strictObject({ bleeps, reason }),
  z.strictObject({ from: when, to: when, reason }),
  z.strictObject({ person, reason }),
])
const refusals = { 403: problem, 404: problem, 409: problem }
const tags = ['subjects']

/** One person's data: find, copy, trace, hold, erase. For governance alone, every act with its reason on the audit. */
export const subjectRoutes =
  ({ govern }: HttpParts): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/subjects/find',
      {
        schema: {
          ...{ summary: 'Bleeps that hold somebody’s data; identifiers masked', tags, body: sought },
          response: { 200: foundView, ...refusals },
        },
      },
      (request) => settled(govern.find(callerOf(request), aboutOf(request.body), request.body.reason)),
    )

    app.post(
      '/subjects/copy',
      {
        schema: {
          ...{ summary: 'The same as one document, or its time line as a table', tags, body: sought },
          produces: ['application/json', 'text/csv'],
          querystring: z.object({ format: z.enum(['json', 'csv']).default('json') }),
          response: { 200: z.union([subjectCopy, z.string()]), ...refusals },
        },
      },
      async (request, reply) => {
        const { reason } = request.body
        const copy = await settled(govern.copy(callerOf(request), aboutOf(request.body), reason))
        if (request.query.format === 'json') return copy
        return reply
          .type('text/csv; charset=utf-8; header=present')
          .serializer((text: string) => text)
          .send(copyCsv(copy))
      },
    )

    app.post(
      '/subjects/trace/:id',
      {
        schema: {
          ...{ summary: 'Who was sent a bleep or alert, whose phone had it, who looked', tags, params },
          body: z.object({ reason }),
          response: { 200: traceView, ...refusals },
        },
      },
      (request) => settled(govern.trace(callerOf(request), request.params.id, request.body.reason)),
    )

    app.get(
      '/subjects/erasures',
      {
        schema: {
          ...{ summary: 'Erasures planned, under way and done', tags },
          response: { 200: z.object({ erasures: z.array(erasureView) }), 403: problem },
        },
      },
      async (request) => ({ erasures: [...(await settled(govern.erasures(callerOf(request))))] }),
    )

    app.post(
      '/subjects/erasures',
      {
        schema: {
          ...{ summary: 'Plan an erasure: what would go, what stays and why; nothing is changed', tags },
          body: erase,
          response: { 201: erasureView, ...refusals },
        },
      },
      async (request, reply) => {
        const planned = await settled(
          govern.plan(callerOf(request), eraseOf(request.body), request.body.reason),
        )
        reply.code(201)
        return planned
      },
    )

    app.get(
      '/subjects/erasures/:id',
      {
        schema: {
          ...{ summary: 'One erasure: as planned, or what became of it', tags, params },
          response: { 200: erasureView, ...refusals },
        },
      },
      (request) => settled(govern.erasure(callerOf(request), request.params.id)),
    )

    app.post(
      '/subjects/erasures/:id/do',
      {
        schema: {
          ...{ summary: 'Do what was planned; everything is looked at again', tags, params },
          response: { 200: erasureView, ...refusals },
        },
      },
      (request) => settled(govern.carryOut(callerOf(request), request.params.id)),
    )

    app.get(
      '/subjects/holds',
      {
        schema: {
          ...{ summary: 'What is kept from keep times and erasure, and why', tags },
          response: { 200: z.object({ holds: z.array(holdView) }), 403: problem },
        },
      },
      async (request) => ({ holds: [...(await settled(govern.holds(callerOf(request))))] }),
    )

    app.post(
      '/subjects/holds',
      {
        schema: {
          ...{ summary: 'Hold bleeps, everything of a span, or a person', tags, body: keep },
          response: { 201: holdView, ...refusals },
        },
      },
      async (request, reply) => {
        const held = await settled(govern.hold(callerOf(request), holdOf(request.body), request.body.reason))
        reply.code(201)
        return held
      },
    )

    app.post(
      '/subjects/holds/:id/release',
      {
        schema: {
          ...{ summary: 'The investigation is over: keep times and erasure count again', tags, params },
          body: z.object({ reason }),
          response: { 200: holdView, ...refusals },
        },
      },
      (request) => settled(govern.release(callerOf(request), request.params.id, request.body.reason)),
    )

    app.get(
      '/audit/verify',
      {
        schema: {
          summary: 'Follow the audit chain from its first entry to its last',
          tags: ['records'],
          querystring: z.object({
            seq: z.coerce.number().int().positive().optional().describe('A place that was written down'),
            digest: z.hex().length(64).optional().describe('And the digest it had'),
          }),
          response: { 200: chainView, 403: problem },
        },
      },
      (request) => {
        const { seq, digest } = request.query
        const anchor = seq === undefined || digest === undefined ? undefined : { seq, digest }
        return settled(govern.verify(callerOf(request), anchor))
      },
    )
  }

function aboutOf({ text, number, person, from, to }: z.output<typeof sought>): About {
  return {
    ...(text === undefined ? {} : { text }),
    ...(number === undefined ? {} : { number }),
    ...(person === undefined ? {} : { person }),
    ...{ from, to },
  }
}

function eraseOf(body: z.output<typeof erase>): ErasureAsk {
  return 'person' in body ? { person: body.person } : { bleeps: body.bleeps }
}

function holdOf(body: z.output<typeof keep>): HoldAsk {
  if ('person' in body) return { person: body.person }
  return 'bleeps' in body ? { bleeps: body.bleeps } : { span: { from: body.from, to: body.to } }
}
