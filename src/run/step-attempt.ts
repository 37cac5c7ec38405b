import { type Attempt, type AttemptEffect, type AttemptInput, stepAttempt } from '../core/deliver/attempt.ts'
import type { AttemptId } from '../core/ids.ts'
import type { Step } from '../core/step.ts'
import type { Tx } from '../ports/store.ts'

/**
 * Steps a stored attempt by its machine. A phone's receipt and its provider's answer may come at one moment: whoever is
 * second steps on what the first has left.
 * @returns what it came to; undefined: there is no such attempt
 */
export async function stepStored(
  tx: Tx,
  id: AttemptId,
  input: AttemptInput,
): Promise<Step<Attempt, AttemptEffect> | undefined> {
  for (;;) {
    const before = await tx.attempts.get(id)
    if (before === undefined) return undefined
    const step = stepAttempt(before, input)
    const [next] = step
    if (next === before || (await tx.attempts.save(next, before.state, input.at))) return step
  }
}
