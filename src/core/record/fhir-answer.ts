import { z } from 'zod'
import type { FaultCode } from '../faults.ts'
import type { Looked } from './looked.ts'
import type { Patient } from './patient.ts'
import type { FilingAnswer } from './send.ts'

const outcome = z.object({
  resourceType: z.literal('OperationOutcome'),
  issue: z.array(
    z.object({
      code: z.string(),
      expression: z.array(z.string()).optional(),
      details: z.object({ coding: z.array(z.object({ code: z.string().optional() })).optional() }).optional(),
    }),
  ),
})

const transaction = z.object({
  resourceType: z.literal('Bundle'),
  type: z.literal('transaction-response'),
  entry: z.array(z.object({ response: z.object({ status: z.string(), location: z.string().optional() }) })),
})

/** Statuses that are about this moment and not about what was sent. */
const LATER: Readonly<Record<number, FaultCode>> = {
  401: 'filing-credentials',
  403: 'filing-credentials',
  408: 'filing-away',
  409: 'filing-busy',
  425: 'filing-busy',
  429: 'filing-busy',
}

/** What the record made of a transaction. An answer that cannot be read proves nothing: it is asked again. */
export function readTransaction(status: number, body: unknown): FilingAnswer {
  if (status >= 200 && status < 300) {
    const read = transaction.safeParse(body)
    if (!read.success) return { kind: 'later', fault: 'filing-answer-unreadable', why: [String(status)] }
    const failed = read.data.entry.filter(({ response }) => !/^2\d\d/.test(response.status))
    if (failed.length > 0)
      return { kind: 'refused', why: failed.map(({ response }) => response.status.slice(0, 3)) }
    const location = read.data.entry[0]?.response.location
    return { kind: 'taken', answer: String(status), ...referenceOf(location) }
  }
  const why = [String(status), ...codesOf(body)]
  const fault = LATER[status]
  if (fault !== undefined) return { kind: 'later', fault, why }
  if (status >= 400 && status < 500) return { kind: 'refused', why }
  return { kind: 'later', fault: 'filing-away', why }
}

/** Codes of an OperationOutcome; its sentences may name a patient and are not kept. */
function codesOf(body: unknown): readonly string[] {
  const read = outcome.safeParse(body)
  if (!read.success) return []
  return read.data.issue.flatMap(({ code, expression, details }) => [
    code,
    ...(details?.coding ?? []).flatMap((c) => c.code ?? []),
    ...(expression ?? []),
  ])
}

function referenceOf(location: string | undefined) {
  const reference =
    location && /(Communication\/[A-Za-z0-9.-]{1,64}(?:\/_history\/[A-Za-z0-9.-]{1,64})?)$/.exec(location)
  return reference ? { reference: reference[1] ?? '' } : {}
}

const found = z.object({
  resourceType: z.literal('Bundle'),
  entry: z
    .array(
      z.object({
        search: z.object({ mode: z.string().optional() }).optional(),
        resource: z.looseObject({ resourceType: z.string() }).optional(),
      }),
    )
    .optional(),
})

const person = z.looseObject({
  resourceType: z.literal('Patient'),
  active: z.boolean().optional(),
  identifier: z.array(z.object({ system: z.string().optional(), value: z.string().optional() })).optional(),
  name: z
    .array(
      z.object({
        use: z.string().optional(),
        text: z.string().optional(),
        family: z.string().optional(),
        given: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  birthDate: z.string().optional(),
  link: z.array(z.object({ type: z.string() })).optional(),
})

/** Who the record says has this number. */
export function readPatients(body: unknown, patient: Patient, system: string): Looked {
  const read = found.safeParse(body)
  if (!read.success) return { kind: 'away', fault: 'filing-answer-unreadable' }
  const people = (read.data.entry ?? []).flatMap(({ search, resource }) => {
    if (search?.mode !== undefined && search.mode !== 'match') return []
    const one = person.safeParse(resource)
    return one.success ? [one.data] : []
  })
  // A server that does not know our search gives everybody: only who has the number counts.
  const named = people.filter((one) =>
    (one.identifier ?? []).some((i) => i.system === system && i.value?.replace(/\s/g, '') === patient.value),
  )
  if (named.length < people.length) return { kind: 'away', fault: 'filing-answer-unreadable' }
  const [one] = named
  if (one === undefined) return { kind: 'none' }
  const replaced = one.active === false || (one.link ?? []).some(({ type }) => type === 'replaced-by')
  if (named.length > 1 || replaced) return { kind: 'several' }
  const name = (one.name ?? []).find(({ use }) => use === 'official' || use === 'usual') ?? one.name?.[0]
  const said = name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim()
  return {
    kind: 'one',
    ...(said === '' || said === undefined ? {} : { name: said }),
    ...(one.birthDate === undefined ? {} : { born: one.birthDate }),
  }
}
