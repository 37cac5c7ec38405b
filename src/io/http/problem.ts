import type { FastifyReply } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import type { Problem } from '../../core/desk/views.ts'
import { FAULTS, type FaultValue } from '../../core/faults.ts'
import type { Outcome } from '../../ports/desk.ts'
import { StoreFault } from '../../ports/store.ts'

/** Media type of every refusal (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json'

type Stands = Extract<Outcome<never>, { ok: false }>['stands']

/** Carries a refusal from a route to the error handler, the one place that writes problem details. */
export class Refused extends Error {
  readonly fault: FaultValue
  readonly stands: Stands
  constructor(fault: FaultValue, stands?: Stands) {
    super(fault.code)
    this.fault = fault
    this.stands = stands
  }
}

/** RFC 9457 problem details from the fault table: the code is the type, the remedy says what to do. */
function problemOf(fault: FaultValue, stands?: Stands): Problem {
  const row = FAULTS[fault.code]
  return {
    type: `urn:bleep-bridge:fault:${fault.code}`,
    title: row.sentence,
    status: row.status,
    code: fault.code,
    remedy: row.remedy,
    ...(fault.detail === undefined ? {} : { detail: fault.detail }),
    ...(stands === undefined ? {} : { stands }),
  }
}

/** Bypasses the route's response schema: a problem has its own shape and holds nothing a reader may not see. */
export function sendProblem(reply: FastifyReply, fault: FaultValue, stands?: Stands): FastifyReply {
  const body = problemOf(fault, stands)
  if (body.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .serializer((text: string) => text)
    .send(JSON.stringify(body))
}

/** The same on a connection whose bytes never became a request; the connection ends with it. */
export function rawProblem(fault: FaultValue): string {
  const body = problemOf(fault)
  const text = JSON.stringify(body)
  return [
    `HTTP/1.1 ${body.status} Bad Request`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
    '',
    text,
  ].join('\r\n')
}

/** A thrown error as the fault a caller is told; `undefined` where it is a defect of ours and only the log may say more. */
export function faultOf(error: unknown): FaultValue | undefined {
  if (error instanceof Refused) return error.fault
  if (error instanceof StoreFault) return { code: error.code }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation
    const where = first?.instancePath
    return {
      code: 'request-invalid',
      detail: `${where === '/' ? error.validationContext : where}: ${first?.message}`,
    }
  }
  const status = statusOf(error)
  if (status === 429) return { code: 'too-many-requests' }
  if (status !== undefined && status >= 400 && status < 500) return { code: 'request-invalid' }
  return undefined
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}
