import type { Outcome } from '../../ports/desk.ts'
import { Refused } from './problem.ts'

/** The value of what the desk said; a refusal leaves by the error handler as problem details. */
export async function orRefusal<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const said = await outcome
  if (!said.ok) throw new Refused(said.fault, said.stands)
  return said.value
}
