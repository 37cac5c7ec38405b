import { MINUTE, type Millis, SECOND } from '../../core/instant.ts'
import type { Finding } from '../../core/measure/watch/standing.ts'
import type { Machine } from '../../ports/machine.ts'
import { type Loop, type LoopTools, startLoop } from '../loop.ts'

export interface TimeWatch extends Loop {
  troubles(): readonly Finding[]
}

const EVERY: Millis = 5 * MINUTE
/** A machine that has just begun, or lost its time server for a moment, may say no so often. */
const IN_A_ROW = 3
const WITHIN: Millis = 5 * SECOND

/**
 * Whether the machine's own time service keeps its clock. A clock that nobody sets strays by seconds a day, and no
 * step and no neighbour shows it; rotas change at the wrong minute all the same. Where the machine cannot say, nothing is
 * told.
 */
export function startTimeWatch(
  parts: LoopTools & { readonly machine: Pick<Machine, 'keepsTime'> },
): TimeWatch {
  const { clock, machine } = parts
  let nots = 0

  async function look(): Promise<void> {
    const deadline = new AbortController()
    const late = clock.after(WITHIN, () => deadline.abort())
    const keeps = await machine.keepsTime?.(deadline.signal).finally(() => late.cancel())
    nots = keeps === false ? nots + 1 : 0
  }

  const loop = startLoop('time-watch', [], EVERY, look, parts)
  return {
    stop: loop.stop,
    troubles: () => (nots < IN_A_ROW ? [] : [{ code: 'clock-unkept', subject: 'clock' }]),
  }
}
