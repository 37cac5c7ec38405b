import type { FastifyRequest } from 'fastify'
import type { Caller, Outcome } from '../../ports/desk.ts'
import { Refused } from './problem.ts'

/** The caller of a signed-in route; the sign-in hook has answered everybody else. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('a signed-in route ran without its sign-in hook')
  return request.caller
}

/** The value of what the desk said; a refusal leaves by the error handler as problem details. */
export async function settled<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const said = await outcome
  if (!said.ok) throw new Refused(said.fault, said.stands)
  return said.value
}
